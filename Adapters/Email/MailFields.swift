import GatehouseCore

/// The header fields that the envelope takes over, decoded.
struct MailFields {
    private let message: [UInt8]
    private let header: HeaderBlock
    private let charset: HeaderCharset
    private let limits: Limits
    private(set) var warnings: [String] = []

    init(_ message: [UInt8], _ header: HeaderBlock, _ charset: HeaderCharset, limits: Limits) {
        self.message = message
        self.header = header
        self.charset = charset
        self.limits = limits
    }

    private static let subject = FieldName("subject")
    private static let date = FieldName("date")
    private static let from = FieldName("from")
    private static let sender = FieldName("sender")
    private static let to = FieldName("to")
    private static let cc = FieldName("cc")
    private static let bcc = FieldName("bcc")
    private static let replyTo = FieldName("reply-to")
    private static let contentLanguage = FieldName("content-language")
    private static let messageID = FieldName("message-id")
    private static let inReplyTo = FieldName("in-reply-to")
    private static let references = FieldName("references")
    private static let delivery = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to"].map {
        FieldName($0)
    }

    mutating func fill(_ data: inout MessageData) {
        data.from = parties(Self.from)
        if data.from.isEmpty { data.from = parties(Self.sender) }
        data.to = allParties(Self.to)
        data.cc = allParties(Self.cc)
        data.bcc = allParties(Self.bcc)
        data.replyTo = allParties(Self.replyTo)
        data.customer = data.replyTo.first ?? data.from.first
        if let range = header.first(Self.subject, in: message) {
            var decoder = HeaderTextDecoder(charset: charset)
            let text = UnicodeText.normalised(decoder.text(of: message, range))
            data.subject = text.trimmedBlanks
            warnings += decoder.warnings
        }
        if let range = header.first(Self.contentLanguage, in: message) {
            let value = String(decoding: message[range], as: UTF8.self)
            data.languageHints = LanguageHint(.contentLanguage, value).map { [$0] } ?? []
        }
        data.messageID = ids(Self.messageID).first
        data.inReplyTo = ids(Self.inReplyTo)
        data.references = ids(Self.references)
        data.conversationID = data.references.first ?? data.inReplyTo.first ?? data.messageID
        fillDate(&data)
    }

    private mutating func fillDate(_ data: inout MessageData) {
        guard let range = header.first(Self.date, in: message) else { return }
        guard let parsed = MailDate.parse(message, range) else {
            if !unfold(message, range).isEmpty { warnings.append("date_unparsed") }
            return
        }
        data.times.sentAt = parsed.timestamp()
        data.times.precision = TimePrecision(rawValue: parsed.precision)
        data.times.zone = parsed.offsetSeconds == nil ? "assumed:UTC" : "stated"
    }

    /// The author is who the first field names: a second one can't take its place.
    private mutating func parties(_ name: FieldName) -> [Party] {
        header.first(name, in: message).map { parties(in: $0, limits.addressCount, areAuthors: true) } ?? []
    }

    /// Recipients of all fields of that name: some senders write one field for each.
    private mutating func allParties(_ name: FieldName) -> [Party] {
        var all: [Party] = []
        for field in header.fields where all.count < limits.addressCount && header.is(field, name, in: message) {
            all += parties(in: field.value, limits.addressCount - all.count)
        }
        return all
    }

    private mutating func parties(in range: Range<Int>, _ limit: Int, areAuthors: Bool = false) -> [Party] {
        let list = AddressListReader(message, range, limit: limit, charset: charset, keepsAddressAsName: areAuthors)
        warnings += list.warnings
        if list.isCut { warnings.append("limit:addresses") }
        return list.parties
    }

    private func ids(_ name: FieldName) -> [String] {
        header.first(name, in: message).map { MessageIDList.ids(in: message, $0) } ?? []
    }

    /// Whose mailbox the message was put into, as the last server noted it; the topmost such field counts.
    var deliveredTo: String? {
        for name in Self.delivery {
            guard let range = header.first(name, in: message) else { continue }
            let list = AddressListReader(message, range, limit: 1, charset: nil)
            if let address = list.parties.first?.email, address.contains("@") { return address }
        }
        return nil
    }
}

/// The charset of raw 8-bit text in a header, which has no place for a label: most likely that of the body.
///
/// Looked for when it is first asked for, since nearly no mail needs it.
final class HeaderCharset {
    private static let shown = ["subject", "from", "to", "cc", "reply-to"].map { FieldName($0) }

    private let find: () -> String?
    /// nil where nothing tells it.
    private(set) lazy var name = find()

    /// - Parameter guessed: Under which charset a text without a label was read.
    init(_ message: [UInt8], _ header: HeaderBlock, _ tree: MIMETree, guessed: String?) {
        find = {
            if let guessed, Self.tells(guessed) { return guessed }
            let label = tree.parts.lazy.compactMap { $0.contentType.parameters["charset"] }.first { Self.tells($0) }
            return label ?? Self.guess(message, header)
        }
    }

    /// UTF-8 is tried anyhow, and ASCII is what the text is not.
    private static func tells(_ label: String) -> Bool {
        let charset = CharsetLabel.canonical(label)
        return charset != "utf-8" && charset != "us-ascii" && !charset.isEmpty
    }

    /// By all raw text together: a name alone is too short.
    private static func guess(_ message: [UInt8], _ header: HeaderBlock) -> String? {
        var raw: [UInt8] = []
        for field in header.fields where raw.count < 4096 && !ByteSearch.isASCII(message, field.value) {
            guard shown.contains(where: { header.is(field, $0, in: message) }) else { continue }
            let text = Array(message[field.value].prefix(1024))
            if CharsetDecoder.validUTF8(text) == nil { raw += text + [0x0A] }
        }
        return raw.isEmpty ? nil : CharsetGuess.likeliest(raw)
    }
}
