import GatehouseCore

/// A message of a text export while its lines are being read.
struct TextMessage {
    var sender: String
    var time: SentTime?
    let offset: Int
    private(set) var text: String
    private(set) var raw: [UInt8]
    private(set) var isTerminated: Bool
    private var isDamaged: Bool
    private var isCut = false

    /// - Parameter text: What follows in `line` after the sender.
    init(sender: String, time: SentTime?, text: String, line: TextLine) {
        self.sender = sender
        self.time = time
        self.text = text
        offset = line.offset
        raw = line.bytes
        isTerminated = line.isTerminated
        isDamaged = text.contains("\u{FFFD}")
    }

    /// A further line; past `limit` bytes the rest is dropped, and the message says so.
    mutating func add(_ line: TextLine, limit: Int) {
        isTerminated = line.isTerminated
        guard raw.count + line.bytes.count < limit else {
            isCut = true
            return
        }
        raw.append(0x0A)
        raw += line.bytes
        let added = line.text
        isDamaged = isDamaged || added.contains("\u{FFFD}")
        text += "\n" + added
    }

    /// What is left of it where the file ends within one of its characters; nil where it may be whole.
    func cut(in session: ExportSession) -> ParsedItem? {
        guard !isTerminated, TextEnd.isWithinCharacter(raw) else { return nil }
        return session.rejected(TextEnd.reason, TextEnd.detail, at: offset, raw: raw)
    }

    /// The message so far, without blank lines at its end.
    func message() -> DirectMessage {
        var message = DirectMessage(sender: Party(name: sender))
        message.text = trimmedText
        message.time = time
        message.offset = offset
        message.raw = raw
        if isDamaged { message.warnings.append("charset_damaged:utf-8") }
        if isCut { message.warnings.append("text_cut") }
        if !isTerminated { message.warnings.append(TextEnd.unsure) }
        return message
    }

    var trimmedText: String {
        var view = text.unicodeScalars[...]
        while let last = view.last, last == "\n" || last == " " || last == "\t" || last == "\r" {
            view = view.dropLast()
        }
        return String(view)
    }
}
