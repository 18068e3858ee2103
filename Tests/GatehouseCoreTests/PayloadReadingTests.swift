import GatehouseCore
import Testing

struct PayloadReadingTests {
    @Test(arguments: [
        ("1772600767", "2026-03-04T05:06:07Z"), (" 1772600767.25 ", "2026-03-04T05:06:07.250Z"),
        ("1772600767123", "2026-03-04T05:06:07.123Z"),
        ("1772600767123456", "2026-03-04T05:06:07.123Z"), ("1772600767123456789", "2026-03-04T05:06:07.123Z"),
        ("Fri, 02 Nov 2018 10:52:29 +0000", "2018-11-02T10:52:29Z"), ("2 Nov 2018 10:52 -0130", "2018-11-02T12:22:00Z"),
        ("2020-03-03 13:05:57 UTC", "2020-03-03T13:05:57Z"),
        ("2025-02-11T14:32:05.254571515Z", "2025-02-11T14:32:05.254Z"),
    ])
    func `A time is read in the forms of webhooks`(text: String, utc: String) {
        #expect(PayloadTime(text)?.timestamp.rfc3339 == utc)
    }

    @Test(arguments: [
        "", "0", "-5", "20260102", "99999999999999999999", "1e9", "soon", "2026-13-01",
        "Fri, 32 Nov 2018 10:52:29 +0000", "1772600767.", "1772600767.x",
    ])
    func `What is no time gives none`(text: String) {
        #expect(PayloadTime(text) == nil)
    }

    private func partial(_ text: String) -> JSONDocument.Partial {
        JSONDocument.readPartially(Array(text.utf8), name: "x")
    }

    @Test func `Of a document that is cut whole items stay`() {
        let read = partial(#"{"id":7,"list":[{"a":1},{"a":2},{"a":"#)
        #expect(read.error?.reason == .truncated)
        #expect(read.value?["id"]?.int64 == 7)
        #expect(read.value?["list"]?.array?.count == 2)
    }

    @Test func `A whole document has no error, a second one after it is one`() {
        #expect(partial(#"{"a":[1,2]}"#).error == nil)
        #expect(partial(#"{"a":1} {"b":2}"#).error?.reason == .trailingContent)
        #expect(partial("").error?.reason == .empty)
    }

    @Test func `Depth is bounded`() {
        let read = partial(String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000))
        #expect(read.error == nil)
        #expect(read.repairs == [.depthCut])
    }

    @Test(arguments: [#"{"a":"}"}x"#, #"{"a":"\""}x"#, #"[{"b":[1,"]"]}]x"#])
    func `The bytes of a value end with its bracket`(text: String) throws {
        let input = AdapterInput(
            bytes: ByteReader(bytes: Array(text.utf8), name: "x"),
            position: "x",
            context: IntakeContext(source: "/x")
        )
        let document = try PayloadDocument(input, provider: "x", parser: "x/1")
        #expect(document.bytes(ofValueAt: 0) == Array(text.utf8.dropLast()))
        #expect(document.bytes(ofValueAt: 10_000).isEmpty)
    }

    @Test func `A field of another type names its place`() throws {
        let value = try JSONDocument.parse(Array(#"{"a": {}}"#.utf8))
        #expect(throws: JSONFieldError(field: "a", expected: "a string", found: "object", offset: 6)) {
            try value.textField("a")
        }
        #expect(try value.wordField("b") == nil)
    }
}
