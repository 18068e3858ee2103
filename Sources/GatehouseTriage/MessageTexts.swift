import GatehouseCore

/// The texts of a message by who wrote them: new words, quoted ones, a signature.
struct MessageTexts {
    /// Bytes in which quoted lines are sought, where the adapter did not part them: more than triage reads.
    private static let limit = 64 * 1024

    var subject: String?
    var body: String
    var quote: String?
    var signature: String?
    /// The legal notice under a mail.
    var disclaimer: String?

    init(_ data: borrowing MessageData) {
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
        if data.channel == .email { separateDisclaimer() }
    }

    private mutating func separateDisclaimer() {
        guard let start = Disclaimers.builtIn.start(in: body, limit: Self.limit) else { return }
        let bytes = Array(body.utf8)
        disclaimer = String(decoding: bytes[start...], as: UTF8.self)
        body = String(decoding: bytes[..<start], as: UTF8.self)
    }

    /// Takes lines that begin with `>` out of the body, where the adapter did not split it.
    private mutating func separateQuote() {
        let bytes = body.utf8.span
        let end = min(bytes.count, Self.limit)
        guard Self.hasQuoteMark(bytes, end) else { return }
        var own: [UInt8] = []
        var quoted: [UInt8] = []
        /// What is not yet in either.
        var start = 0
        var isQuoted = end > 0 && bytes[0] == UInt8(ascii: ">")
        var place = 0
        while place <= end {
            let index = ByteSearch.firstIndex(of: 0x0A, in: bytes, place..<end) ?? end
            place = index + 1
            let isLast = index == end
            let isNext = index + 1 < end && bytes[index + 1] == UInt8(ascii: ">")
            guard isLast || isNext != isQuoted else { continue }
            let stop = min(end, index + 1)
            // Nothing is copied before the first change.
            if isQuoted {
                quoted += (start..<stop).map { bytes[$0] }
            } else if !isLast || start > 0 {
                own += (start..<stop).map { bytes[$0] }
            }
            (start, isQuoted) = (stop, isNext)
        }
        guard !quoted.isEmpty else { return }
        body = String(decoding: own, as: UTF8.self)
        quote = String(decoding: quoted, as: UTF8.self)
    }

    private static func hasQuoteMark(_ bytes: borrowing Span<UInt8>, _ end: Int) -> Bool {
        ByteSearch.firstIndex(of: UInt8(ascii: ">"), in: bytes, 0..<end) != nil
    }
}
