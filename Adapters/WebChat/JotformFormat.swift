import GatehouseCore

/// Jotform's webhook (https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/): a form about a form.
///
/// The answers are JSON text in `rawRequest`, under `q<number>_<name>`; `pretty` has the questions as people see them, and
/// loses answers with commas. Signatures are pictures as `data:` links, uploads are links.
struct JotformFormat: WebChatFormat {
    let format = MessageFormat(name: "jotform", summary: "Jotform webhook (multipart, urlencoded or JSON)")
    let provider = "jotform"
    let form = FormLayout.fields

    func confidence(in value: JSONValue, headers: [String: String]) -> Confidence? {
        guard value["formID"]?.text != nil else { return nil }
        let marks = ["submissionID", "rawRequest", "formTitle", "pretty", "webhookURL"]
        return marks.contains { value[$0] != nil } ? .certain : .possible
    }

    func read(_ document: ChatDocument, emit: (ParsedItem) throws -> Void) throws {
        let value = Self.first(document.value)
        try value.requireObject("the document")
        // One submission is one document: cut, it is no message.
        if document.isCut { return }
        guard let answers = try answers(of: value, document, emit) else { return }
        var message = ChatMessage()
        message.account = try value.wordField("formID")
        message.id = try value.wordField("submissionID") ?? answers.word("event_id")
        message.scope = message.account ?? ""
        message.conversationID = message.id.map { "submission-\($0)" }
        message.subject = value.word("formTitle")
        message.setFirstTime(value["created_at"], answers["submitDate"])
        var submission = JotformAnswers(pretty: value.word("pretty") ?? "", context: document.context)
        submission.read(answers)
        message.text = submission.lines.joined(separator: "\n")
        message.warnings += submission.warnings
        message.attachments = submission.files.map(\.info)
        message.setSender(submission.sender, customer: nil)
        var parsed = message.parsed(in: document)
        for (index, file) in submission.files.enumerated() where index < parsed.envelope.data.attachments.count {
            parsed.contents[index] = file.bytes
        }
        try emit(.message(parsed))
    }

    /// `rawRequest`, as text or already as an object; nil where it is no whole one, which `emit` has been told.
    private func answers(
        of value: JSONValue,
        _ document: ChatDocument,
        _ emit: (ParsedItem) throws -> Void
    ) throws -> JSONValue? {
        if let answers = value.object("rawRequest") { return answers }
        guard let raw = try value.textField("rawRequest") else {
            let detail = "There is no field 'rawRequest', which holds the answers of every submission."
            try emit(document.payload.rejected("no_answers", detail))
            return nil
        }
        let read = JSONDocument.readPartially(
            Array(raw.utf8),
            name: "\(document.payload.position):rawRequest",
            options: JSONOptions(limits: document.context.limits)
        )
        if read.error == nil, let answers = read.value, answers.members != nil { return answers }
        let place = read.error.map { " (line \($0.line), column \($0.column) of it: \($0.words))" } ?? ""
        let detail = "The answers in 'rawRequest' are no whole JSON object\(place)."
        try emit(document.payload.rejected("json_truncated", detail, at: value["rawRequest"]?.offset ?? 0))
        return nil
    }

    /// Of a field that came again the first counts; an object that JSON holds is as it is.
    private static func first(_ value: JSONValue) -> JSONValue {
        guard let members = value.members, members.contains(where: { $0.value.array != nil }) else { return value }
        return JSONValue(
            .object(
                members.map { member in
                    let first = member.value.array.flatMap(\.first) ?? member.value
                    return JSONMember(key: member.key, keyOffset: member.keyOffset, value: first)
                }
            ),
            offset: value.offset
        )
    }
}

/// The answers of one submission: who sent it, what they wrote, what they signed and uploaded.
struct JotformAnswers {
    private(set) var sender = Party(role: .customer)
    /// `question: answer`, in the form's order.
    private(set) var lines: [String] = []
    private(set) var files: [(info: AttachmentInfo, bytes: [UInt8]?)] = []
    private(set) var warnings: [String] = []
    private var links: Set<String> = []
    private let pretty: [UInt8]
    /// How many bytes of `pretty` may still be searched, all in all, and how many telephone fields tried.
    private var searchBudget = 16 << 20
    private var phoneBudget = 10
    /// How far `pretty` has been matched.
    private var place = 0
    private let context: IntakeContext

    init(pretty: String, context: IntakeContext) {
        self.pretty = Array(pretty.utf8)
        self.context = context
    }

    mutating func read(_ answers: JSONValue) {
        for member in answers.members ?? [] {
            guard let name = Self.questionName(member.key) else {
                if member.key == "temp_upload" || member.key == "file" { readFiles(member.value) }
                continue
            }
            read(member.value, name: name)
        }
        // Uploads stand under their question's name alone.
        for member in answers.members ?? [] where Self.questionName(member.key) == nil && member.value.array != nil {
            readFiles(member.value)
        }
    }

    /// `q3_yourName` is a question; `slug`, `preview`, `event_id` and so on are not.
    private static func questionName(_ key: String) -> String? {
        let bytes = Array(key.utf8)
        guard bytes.first == UInt8(ascii: "q"), let mark = bytes.firstIndex(of: UInt8(ascii: "_")), mark > 1 else {
            return nil
        }
        guard bytes[1..<mark].allSatisfy({ (48...57).contains($0) }) else { return nil }
        return String(decoding: bytes[(mark + 1)...], as: UTF8.self)
    }

    private mutating func read(_ value: JSONValue, name: String) {
        if let text = value.text {
            if readSignature(text, name: name) || readUpload(text) { return }
            add(text, name: name)
            note(text, name: name)
            return
        }
        if let choices = value.array {
            let texts = choices.compactMap(\.text)
            if !texts.isEmpty, texts.allSatisfy(Self.isLink) {
                for text in texts { _ = readUpload(text) }
            } else {
                add(texts.joined(separator: ", "), name: name)
            }
            return
        }
        guard let members = value.members else { return }
        let parts = members.compactMap(\.value.text).filter { !$0.isEmpty }
        let answer = value.word("full", "datetime") ?? parts.joined(separator: " ")
        add(answer, name: name)
        if value["first"] != nil || value["last"] != nil {
            sender.name = sender.name ?? Party.text(answer)
        } else if value["area"] != nil || value["phone"] != nil || value["full"] != nil {
            setPhone(answer)
        }
    }

    /// The question as people see it, where `pretty` tells; or else its name's words.
    private mutating func add(_ answer: String, name: String) {
        guard !answer.allSatisfy(\.isWhitespace) else { return }
        lines.append("\(label(of: answer) ?? Self.words(name)): \(answer)")
    }

    /// `pretty` is `question:answer, question:answer`; the questions come in the order of the answers.
    private mutating func label(of answer: String) -> String? {
        let needle = Array((":" + answer).utf8)
        let end = min(pretty.count, place + needle.count + (64 << 10))
        searchBudget -= end - place
        guard searchBudget > 0, needle.count <= end - place,
            let mark = ByteSearch.firstIndex(of: needle, in: pretty, place..<end)
        else { return nil }
        var start = mark
        // A question ends the answer before it: look back to the comma that divides them, not far.
        while start > place, mark - start < 300 {
            if start >= place + 2, pretty[start - 2] == UInt8(ascii: ","), pretty[start - 1] == 0x20 { break }
            start -= 1
        }
        guard mark - start < 300 else { return nil }
        place = mark + needle.count
        return Party.text(String(decoding: pretty[start..<mark], as: UTF8.self)).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `yourMessage` as `your message`.
    private static func words(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars {
            if scalar.value >= 65, scalar.value <= 90, !result.isEmpty { result += " " }
            result += scalar == "_" ? " " : String(scalar).lowercased()
        }
        return result
    }

    /// Fields that say who sent it, by their names and their shape.
    private mutating func note(_ text: String, name: String) {
        let name = name.lowercased()
        if sender.email == nil, Self.isAddress(text) {
            sender.email = text
        } else if name.contains("phone") || name.contains("tel") && !name.contains("tell") {
            setPhone(text)
        } else if sender.name == nil, name == "name" || name == "fullname" || name == "yourname" {
            sender.name = Party.text(text)
        }
    }

    private static func isAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count < 255, let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0 else { return false }
        return bytes[at...].contains(UInt8(ascii: ".")) && !text.contains(where: \.isWhitespace)
    }

    private mutating func setPhone(_ text: String) {
        guard sender.phone == nil, phoneBudget > 0 else { return }
        phoneBudget -= 1
        sender.setPhone(text, context: context, warnings: &warnings)
    }

    // MARK: - Files

    /// A `data:` link's bytes (RFC 2397).
    private mutating func readSignature(_ text: String, name: String) -> Bool {
        guard text.hasPrefix("data:"), let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")) else { return false }
        let head = String(text[..<comma]).dropFirst("data:".count)
        guard head.hasSuffix(";base64"), let bytes = Base64.decode(String(text[text.utf8.index(after: comma)...]))
        else {
            warnings.append("attachment_unreadable:\(UnicodeText.normalised(name))")
            return true
        }
        let type = String(head.dropLast(";base64".count))
        let ending = type.hasPrefix("image/") ? "." + type.dropFirst("image/".count) : ""
        files.append(
            (AttachmentInfo(bytes: bytes, name: UnicodeText.normalised(name + ending), mediaType: type), bytes)
        )
        return true
    }

    private mutating func readUpload(_ text: String) -> Bool {
        guard Self.isLink(text), text.contains("/uploads/") else { return false }
        if links.insert(text).inserted {
            files.append((.remote(url: text, name: nil, mediaType: nil), nil))
        }
        return true
    }

    private mutating func readFiles(_ value: JSONValue) {
        for file in value.array?.compactMap(\.text) ?? [] { _ = readUpload(file) }
    }

    private static func isLink(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && !text.contains(where: \.isWhitespace)
    }
}
