import GatehouseCore
import Testing

@testable import GatehouseTriage

/// What is read once is not read again, and nothing else is passed over.
struct UnreadStretchesTests {
    private static let phrase = "cherry pepper cream crucial aware nuclear eye owner rate also post monster"
    private static let key = "AKIAIOSFODNN7EXAMPLE"
    /// A text of some kilobytes without any secret.
    private static let long = (0..<120).map { "Line \($0) of what a customer wrote about the fees of an order.\n" }
        .joined()

    private func message(_ text: String, raw: String) -> ParsedMessage {
        var data = MessageData(channel: .email, provider: "rfc5322")
        data.body = Body(text: text)
        return ParsedMessage(
            envelope: Envelope(source: "/x", type: .messageCreated, data: data),
            keys: [],
            raw: Array(raw.utf8)
        )
    }

    private func kinds(_ message: ParsedMessage) -> [String] {
        var message = message
        return SecretRedactor(key: [1]).redact(&message).result.redactions.map(\.kind)
    }

    @Test(arguments: ["\n", "\r\n"])
    func `What stands in the original as it was read is passed over`(lineEnd: String) {
        let raw = Array(
            "Subject: Fees\(lineEnd)\(lineEnd)\(Self.long.split(separator: "\n").joined(separator: lineEnd))".utf8
        )
        let unread = UnreadStretches.of(raw.span, read: [Self.long])
        #expect(unread.reduce(0) { $0 + $1.count } < 1200 && unread.first?.lowerBound == 0)
        #expect(unread.last?.upperBound == raw.count)
        #expect(UnreadStretches.of(raw.span, read: ["short"]) == [0..<raw.count])
        #expect(UnreadStretches.of(raw.span, read: []) == [0..<raw.count])
    }

    @Test(arguments: [
        "X-Note: \(key)\n\n\(long)", "Subject: Fees\n\n\(long)--b\n\n\(key)\n", "Subject: \(phrase)\n\n\(long)",
        "Subject: Fees\n\n\(long)\n\(phrase)\n", "X-Note: \(key)\r\n\r\n\(long)", "\(key)",
    ])
    func `A secret beside the text that was read is found in the original`(raw: String) {
        #expect(!kinds(message(Self.long, raw: raw)).isEmpty, "\(raw.prefix(40))")
    }

    @Test func `A phrase that begins before the text and ends in it is found`() {
        let words = Self.phrase.split(separator: " ")
        let text = words[5...].joined(separator: " ") + "\n" + Self.long
        let raw = "Subject: " + words[..<5].joined(separator: " ") + "\n\n" + text
        #expect(kinds(message(text, raw: raw)) == ["seed_phrase"])
    }

    @Test func `Lines that were apart are read again where they meet`() {
        let words = Self.phrase.split(separator: " ")
        var message = message("", raw: "")
        let (first, second) = (words[..<6].joined(separator: " "), words[6...].joined(separator: " "))
        message.envelope.data.body.text = "\(Self.long)\(first)\n> What is this?\n\(second)\n\(Self.long)"
        message.envelope.data.body.strippedText = "\(Self.long)\(first)\n\(second)\n\(Self.long)"
        #expect(kinds(message) == ["seed_phrase"])
    }

    @Test func `Lines that stand together are not read again`() {
        let whole = "\(Self.long)> quoted\n\(Self.long)"
        #expect(UnreadStretches.seams(of: Self.long.utf8.span, in: whole.utf8.span).isEmpty)
        let part = Self.long + Self.long
        let seams = UnreadStretches.seams(of: part.utf8.span, in: whole.utf8.span)
        #expect(seams.count == 1 && seams[0].contains(Self.long.utf8.count) && seams[0].count < 1000)
        let other = "something else\n" + Self.long
        #expect(UnreadStretches.seams(of: other.utf8.span, in: whole.utf8.span) == [0..<other.utf8.count])
    }

    @Test func `Every cut of a text is compared without a trap`() {
        let text = Array(Self.long.utf8.prefix(700))
        for length in stride(from: 0, through: text.count, by: 7) {
            let cut = Array(text.prefix(length))
            _ = UnreadStretches.seams(of: cut.span, in: text.span)
            _ = UnreadStretches.seams(of: text.span, in: cut.span)
            _ = UnreadStretches.of(cut.span, read: [Self.long])
        }
    }
}
