import GatehouseCore

/// An attachment whose bytes go along.
struct OutgoingFile: Sendable {
    /// Its place in the envelope's `data.attachments`.
    var index: Int
    /// Without control characters and slashes; never empty.
    var name: String
    var mediaType: String
    var bytes: [UInt8]
}

/// A job with what presets ask of its envelope.
struct OutgoingMessage: Sendable {
    var job: DeliveryJob
    var files: [OutgoingFile] = []
    /// Names and sizes of the attachments that do not go along, with the reason.
    var leftOut: [String] = []
    var priority: String?
    /// The target's queue, unless triage names another.
    var queue: String?

    private var data: JSONValue? { job.envelope["data"] }

    var type: String { job.envelope["type"]?.string ?? "" }
    var channel: String { data?["channel"]?.string ?? "" }
    var account: String? { data?["account"]?.string }
    var text: String { data?.pointer("/body/text")?.string ?? "" }
    var strippedText: String? { data?.pointer("/body/stripped_text")?.string }
    var triage: JSONValue? { data?["triage"] }
    var callback: JSONValue? { data?["callback"] }
    var call: JSONValue? { data?["call"] }
    var givenSubject: String? { data?["subject"]?.string }
    var attachments: [JSONValue] {
        job.stored.mayHaveAttachments ? data?["attachments"]?.array ?? [] : []
    }
    var level: UrgencyLevel { triage?.pointer("/urgency/level")?.string.flatMap(UrgencyLevel.init) ?? .normal }
    /// A person's own new words, not a note on them: edits, deletions and machines' mail are notes.
    var isPersonsMessage: Bool {
        type != EventType.messageRevised.rawValue && type != EventType.messageDeleted.rawValue
            && (data?["automated"]?.string ?? Automation.no.rawValue) == Automation.no.rawValue
    }

    /// The one for whom the ticket is: `customer`, or the first of `from`.
    var customer: JSONValue? { data?["customer"] ?? data?["from"]?[0] }

    /// The customer's address if it is one plain address, which no system can read as two or as a header.
    var customerAddress: String? {
        guard let address = customer?["email"]?.string, address.utf8.count <= 254 else { return nil }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let isPlain = address.unicodeScalars.allSatisfy {
            $0.value > 0x20 && $0.value != 0x7F && !(0x80..<0xA0).contains($0.value)
                && !",;<>()[]\"\\:".unicodeScalars.contains($0)
        }
        return isPlain ? address : nil
    }

    /// `Alice <alice@example.org>`, or whatever else is known, in one line.
    var customerLine: String? {
        guard let customer else { return nil }
        let name = customer["name"]?.string
        let rest = ["email", "phone", "username", "id"].compactMap { customer[$0]?.text }
        let line = [name, rest.first.map { name == nil ? $0 : "<\($0)>" }].compactMap { $0 }.joined(separator: " ")
        return line.isEmpty ? nil : TicketText.oneLine(line, limit: 200)
    }
}

/// Chooses the attachments that go along with a message, and fetches their bytes.
struct FileSelection {
    var fileLimit: Int
    var totalLimit: Int
    /// The endings of names that are taken, in small letters and with their dots; nil for all.
    var endings: [String]?

    func select(
        _ message: inout OutgoingMessage,
        content: (String) throws -> [UInt8]?,
        withoutFiles: Bool
    ) rethrows {
        var total = 0
        for (index, attachment) in message.attachments.enumerated() {
            let name = Self.name(attachment, index)
            let size = attachment["size"]?.int64.map { Int(clamping: $0) }
            let label = size.map { "\(name) (\(Self.words($0)))" } ?? name
            let type = attachment["detected_type"]?.string ?? attachment["media_type"]?.string
            if withoutFiles {
                message.leftOut.append("\(label): the ticket system would not take it")
            } else if !isTaken(name) {
                message.leftOut.append("\(label): the ticket system takes no files of this kind")
            } else if let size, size > fileLimit || size > totalLimit - total {
                message.leftOut.append(
                    "\(label): \(fileLimit == 0 ? "this ticket system takes no files" : "too large")"
                )
            } else if let digest = attachment["sha256"]?.string, let bytes = try content(digest) {
                guard bytes.count <= fileLimit, bytes.count <= totalLimit - total else {
                    message.leftOut.append("\(label): too large")
                    continue
                }
                // Request Tracker refuses the whole ticket for a file without content; its name says all there is.
                guard !bytes.isEmpty else {
                    message.leftOut.append("\(label): empty")
                    continue
                }
                total += bytes.count
                let safeType = Self.mediaType(type)
                message.files.append(OutgoingFile(index: index, name: name, mediaType: safeType, bytes: bytes))
            } else {
                message.leftOut.append("\(label): \(attachment["status"]?.string ?? "missing")")
            }
        }
    }

    private func isTaken(_ name: String) -> Bool {
        guard let endings, let dot = name.lastIndex(of: ".") else { return true }
        return endings.contains(name[dot...].lowercased())
    }

    /// Names from outside are never paths.
    private static func name(_ attachment: JSONValue, _ index: Int) -> String {
        let given = TicketText.oneLine(attachment["name"]?.string ?? "", limit: 120)
        let safe = String(given.map { "/\\\"".contains($0) ? "_" : $0 })
        let isDots = safe.allSatisfy { $0 == "." }
        return isDots ? "attachment-\(index + 1)" : safe
    }

    private static func mediaType(_ text: String?) -> String {
        let parts = (text ?? "").lowercased().split(separator: "/", omittingEmptySubsequences: false)
        let isType =
            parts.count == 2
            && parts.allSatisfy {
                !$0.isEmpty && $0.utf8.count <= 100
                    && $0.utf8.allSatisfy {
                        (48...57).contains($0) || (97...122).contains($0) || "!#$&-^_.+".utf8.contains($0)
                    }
            }
        return isType ? parts.joined(separator: "/") : "application/octet-stream"
    }

    static func words(_ bytes: Int) -> String {
        switch bytes {
        case ..<1024: "\(bytes) bytes"
        case ..<(1 << 20): "\((bytes + 512) >> 10) KiB"
        default: "\((bytes + (1 << 19)) >> 20) MiB"
        }
    }
}
