import GatehouseCore

/// The message's text and attachments, decoded.
struct MailBody {
    private(set) var body = Body()
    private(set) var attachments: [AttachmentInfo] = []
    /// The attachments' bytes, by index.
    private(set) var contents: [Int: [UInt8]] = [:]
    private(set) var warnings: [String] = []
    /// RFC 5546's method, where a part is a calendar's.
    private(set) var calendarMethod: String?

    /// The charset under which a text was read that had no label, or a wrong one.
    private(set) var guessedCharset: String?

    private static let guessed = "charset_guessed:"
    /// A mail may have thousands of texts, and a guess costs as much as a long one.
    private var guessesLeft = 32

    private let message: [UInt8]
    private let tree: MIMETree
    private let descriptions: [PartDescription]
    private let limits: Limits

    init(_ message: [UInt8], _ tree: MIMETree, limits: Limits) {
        self.message = message
        self.tree = tree
        self.limits = limits
        descriptions = tree.parts.map { PartDescription(of: $0, in: message) }
        let selection = BodySelection(tree, descriptions) { content in
            content.contains { message[$0] > 0x20 }
        }
        takeTexts(selection)
        for index in selection.attachments { attach(index) }
        for part in tree.parts where part.contentType.value == "text/calendar" && calendarMethod == nil {
            calendarMethod = part.contentType.parameters["method"]?.uppercased()
        }
    }

    private mutating func takeTexts(_ selection: BodySelection) {
        var texts: [String] = []
        var htmls: [Int: String] = [:]
        var room = limits.textBytes
        for index in selection.htmlBody where isHTML(index) { htmls[index] = fitted(text(of: index, room), &room) }
        var textRoom = limits.textBytes
        for index in selection.textBody {
            if isHTML(index) {
                let html = htmls[index] ?? fitted(text(of: index, room), &room)
                htmls[index] = html
                texts.append(fitted(HTMLText.text(of: html), &textRoom))
            } else {
                texts.append(fitted(plainText(of: index, textRoom), &textRoom))
            }
        }
        let html = htmls.keys.sorted().compactMap { htmls[$0] }.joined(separator: "\n")
        body.text = joined(texts)
        body.html = htmls.isEmpty ? nil : html
        if !selection.textBody.isEmpty { body.format = format(selection.textBody) }
        if let html = body.html, body.text.trimmedBlanks.isEmpty { fillFromHTML(html) }
        if let index = selection.otherText { body.text = fitted(otherText(of: index, textRoom), &textRoom) }
    }

    /// An empty plain form is there for form's sake.
    private mutating func fillFromHTML(_ html: String) {
        let text = HTMLText.text(of: html)
        guard !text.trimmedBlanks.isEmpty else { return }
        var room = limits.textBytes
        body.text = fitted(text, &room)
        body.format = .html
    }

    /// - Parameter room: How many bytes are read.
    private mutating func otherText(of index: Int, _ room: Int) -> String {
        let bytes = decodedBytes(of: index)
        switch tree.parts[index].contentType.value {
        case "text/rtf": return UnicodeText.normalised(TNEFRichText(Array(bytes.prefix(room))).text)
        case "text/enriched", "text/richtext": return EnrichedText.text(of: decodedText(bytes, index, room))
        default: return decodedText(bytes, index, room)
        }
    }

    private func format(_ indices: [Int]) -> BodyFormat {
        if indices.allSatisfy(isHTML) { return .html }
        return indices.contains { !isHTML($0) && isFlowed($0) } ? .flowed : .plain
    }

    /// Texts one after the other, each from its own line on.
    private func joined(_ texts: [String]) -> String {
        guard texts.count != 1 else { return texts[0] }
        var result = ""
        for text in texts where !text.isEmpty {
            if !result.isEmpty, result.utf8.last != 0x0A { result += "\n" }
            result += text
        }
        return result
    }

    /// As much of the text as there is room for.
    private mutating func fitted(_ text: String, _ room: inout Int) -> String {
        guard text.utf8.count > room else {
            room -= text.utf8.count
            return text
        }
        warn("limit:text_bytes")
        var end = text.utf8.index(text.startIndex, offsetBy: room)
        room = 0
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }

    private func isHTML(_ index: Int) -> Bool { tree.parts[index].contentType.value == "text/html" }

    private func isFlowed(_ index: Int) -> Bool {
        tree.parts[index].contentType.parameters["format"]?.lowercased() == "flowed"
    }

    /// - Parameter room: How many bytes are read.
    private mutating func text(of index: Int, _ room: Int) -> String {
        decodedText(decodedBytes(of: index), index, room)
    }

    private mutating func decodedText(_ bytes: consuming [UInt8], _ index: Int, _ room: Int) -> String {
        if bytes.count > room {
            warn("limit:text_bytes")
            bytes.removeLast(bytes.count - Self.place(toCut: bytes, at: room))
        }
        // Cut before it is normalised, which takes its time.
        var left = room
        return UnicodeText.normalised(fitted(charsetDecoded(bytes, index), &left))
    }

    /// Behind the last blank or line end before `room`, where there is one near, so that no character is cut.
    private static func place(toCut bytes: [UInt8], at room: Int) -> Int {
        let nearest = max(0, room - 4096)
        if let blank = bytes[nearest..<room].lastIndex(where: { $0 <= 0x20 }) { return blank + 1 }
        var end = room
        while end > nearest, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    private mutating func charsetDecoded(_ bytes: consuming [UInt8], _ index: Int) -> String {
        let label = tree.parts[index].contentType.parameters["charset"]
        let guess: CharsetDecoder.Guess = { CharsetGuess.likeliest($0) }
        let decoded = CharsetDecoder.decode(
            bytes,
            label: label,
            isHTML: isHTML(index),
            likeliest: guessesLeft > 0 ? guess : nil
        )
        if let warning = decoded.warning {
            warnings.append(warning)
            guessesLeft -= 1
            if guessedCharset == nil, warning.hasPrefix(Self.guessed) {
                guessedCharset = String(warning.dropFirst(Self.guessed.count))
            }
        }
        return decoded.text
    }

    private mutating func plainText(of index: Int, _ room: Int) -> String {
        var bytes = decodedBytes(of: index)
        takeEncodedFiles(from: &bytes, index)
        let text = decodedText(consume bytes, index, room)
        guard isFlowed(index) else { return text }
        let deletesSpace = tree.parts[index].contentType.parameters["delsp"]?.lowercased() == "yes"
        return FlowedText.unwrap(text, deletesSpace: deletesSpace)
    }

    private mutating func decodedBytes(of index: Int) -> [UInt8] {
        let (bytes, warning) = TransferDecoder.decode(
            message,
            tree.parts[index].content,
            encoding: tree.parts[index].children.isEmpty ? descriptions[index].transferEncoding : ""
        )
        if let warning { warnings.append(warning) }
        return bytes
    }

    /// Files that were put into the text by uuencode or yEnc become attachments.
    private mutating func takeEncodedFiles(from bytes: inout [UInt8], _ index: Int) {
        // One more than fits shows that there are more: the rest stays in the text.
        let room = max(0, limits.attachmentCount - attachments.count)
        var files = UUEncoding.blocks(in: bytes, 0..<bytes.count, limit: room + 1)
            .map { ($0.range, $0.name, $0.bytes) }
        if files.isEmpty {
            let blocks = YEncoding.blocks(in: bytes, 0..<bytes.count, limit: room + 1)
            if blocks.contains(where: \.isDamaged) { warnings.append("yenc_damaged") }
            files = blocks.map { ($0.range, $0.name, $0.bytes) }
        }
        if files.count > room {
            warn("limit:attachments")
            files.removeLast(files.count - room)
        }
        guard !files.isEmpty else { return }
        var rest: [UInt8] = []
        var start = 0
        for (range, name, content) in files {
            rest += bytes[start..<range.lowerBound]
            start = range.upperBound
            var info = AttachmentInfo(bytes: content, name: name, mediaType: nil)
            info.part = tree.parts[index].number
            add(info, content)
        }
        bytes = rest + bytes[start...]
    }

    private mutating func attach(_ index: Int) {
        let part = tree.parts[index]
        let description = descriptions[index]
        let bytes = decodedBytes(of: index)
        if TNEFReader.isContainer(bytes), open(TNEFReader(bytes), part.number) { return }
        var info = AttachmentInfo(bytes: bytes, name: name(of: index, bytes), mediaType: part.contentType.value)
        if !description.disposition.value.isEmpty { info.disposition = description.disposition.value }
        info.contentID = description.contentID
        info.part = part.number
        add(info, bytes)
    }

    /// Takes the files out of a TNEF container, and its text where the mail has no other.
    ///
    /// - Returns: Whether all of it was read, so that the container itself need not be kept.
    private mutating func open(_ container: TNEFReader, _ part: String) -> Bool {
        if container.isDamaged { warnings.append("tnef_damaged") }
        let text = TNEFText(container)
        if body.text.isEmpty, body.html == nil, let own = text.body {
            body = own
            var (room, htmlRoom) = (limits.textBytes, limits.textBytes)
            body.text = fitted(own.text, &room)
            body.html = own.html.map { fitted($0, &htmlRoom) }
        }
        for file in text.files + container.files {
            var info = AttachmentInfo(bytes: file.bytes, name: file.name, mediaType: file.mediaType)
            info.contentID = file.contentID
            info.part = part
            add(info, file.bytes)
        }
        return !container.isDamaged
    }

    private mutating func add(_ info: AttachmentInfo, _ bytes: [UInt8]) {
        var info = info
        if attachments.count >= limits.attachmentCount {
            warn("limit:attachments")
            info.status = .omitted
        } else {
            contents[attachments.count] = bytes
        }
        attachments.append(info)
    }

    private mutating func warn(_ warning: String) {
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    private func name(of index: Int, _ bytes: [UInt8]) -> String? {
        if let name = descriptions[index].name { return name }
        switch tree.parts[index].contentType.value {
        case "message/rfc822", "message/global": return subject(of: bytes).map { $0 + ".eml" }
        case "text/calendar": return "invite.ics"
        default: return nil
        }
    }

    /// What an attached message is called: its subject.
    private func subject(of bytes: [UInt8]) -> String? {
        let header = HeaderBlock(of: bytes, in: LineEnds.start(of: bytes)..<bytes.count, limits: limits)
        guard let range = header.first(FieldName("subject"), in: bytes) else { return nil }
        var decoder = HeaderTextDecoder()
        let name = FileName.title(decoder.text(of: bytes, range.prefix(1000)))
        return name.isEmpty ? nil : name
    }
}
