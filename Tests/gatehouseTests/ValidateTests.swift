import GatehouseCore
import Testing

@testable import gatehouse

struct ValidateTests {
    /// The text, and the documents in it with the offset of each.
    @Test(arguments: [
        ("{\"a\":1}", ["0 {\"a\":1}"]),
        ("{\"a\":1}\n", ["0 {\"a\":1}"]),
        ("{\"a\":1}\n{\"b\":2}\n", ["0 {\"a\":1}", "8 {\"b\":2}"]),
        ("{\"a\":1}\n\n{\"b\":2}", ["0 {\"a\":1}", "9 {\"b\":2}"]),
        ("{\n\"a\":1}\n", ["0 {\n\"a\":1}\n"]),
        ("{\"a\":1}\nbroken", ["0 {\"a\":1}", "8 broken"]),
    ])
    func `A file is one document, or one a line`(text: String, documents: [String]) {
        let found = ValidateCommand.documents(in: Array(text.utf8))
        #expect(found.map { "\($0.start) \(String(decoding: $0.text, as: UTF8.self))" } == documents)
    }

    @Test(
        arguments: [
            (#"{"specversion":"1.0"}"#, "envelope"), (#"{"schema":1}"#, "config"), (#"{"state_dir":"s"}"#, "config"),
            ("{}", nil), ("[]", nil), ("5", nil),
        ] as [(String, String?)]
    )
    func `A document is recognised by its mark`(text: String, name: String?) throws {
        #expect(EmbeddedSchema.name(for: try JSONDocument.parse(Array(text.utf8))) == name)
    }

    @Test func `The embedded schemas use nothing that the checker does not know`() {
        #expect(EmbeddedSchema.configuration.unsupportedKeywords.isEmpty)
        #expect(EmbeddedSchema.envelope.unsupportedKeywords.isEmpty)
    }
}
