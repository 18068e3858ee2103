import GatehouseCore

/// The texts of a message by who wrote them: new words, quoted ones, a signature.
struct MessageTexts {
    var subject: String?
    var body: String
    var quote: String?
    var signature: String?

    init(_ data: MessageData) {
        subject = data.subject
        quote = data.body.strippedQuote
        signature = data.body.strippedSignature
        if let text = data.body.strippedText, text.utf8.contains(where: { $0 > 0x20 }) {
            body = text
        } else if data.body.strippedText != nil, quote == nil || data.inReplyTo.isEmpty {
            // Nothing but quoted text and no reply: the customer forwarded what they want to say.
            body = data.body.text
            quote = nil
        } else if data.body.strippedText == nil {
            body = data.body.text
            separateQuote()
        } else {
            body = ""
        }
        if body.isEmpty, let topic = data.callback?.topic { body = topic }
    }

    /// Takes lines that begin with `>` out of the body, where the adapter did not split it.
    private mutating func separateQuote() {
        guard hasQuoteMark else { return }
        var own: [UInt8] = []
        var quoted: [UInt8] = []
        var isQuoted = false
        var isLineStart = true
        for byte in body.utf8.prefix(Triage.limit) {
            if isLineStart { isQuoted = byte == UInt8(ascii: ">") }
            isLineStart = byte == UInt8(ascii: "\n")
            if isQuoted { quoted.append(byte) } else { own.append(byte) }
        }
        guard !quoted.isEmpty else { return }
        body = String(decoding: own, as: UTF8.self)
        quote = String(decoding: quoted, as: UTF8.self)
    }

    private var hasQuoteMark: Bool {
        let bytes = body.utf8.span
        for index in 0..<min(bytes.count, Triage.limit) where bytes[index] == UInt8(ascii: ">") { return true }
        return false
    }
}
