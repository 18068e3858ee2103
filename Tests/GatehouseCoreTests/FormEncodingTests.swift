import GatehouseCore
import Testing

struct FormEncodingTests {
    @Test(arguments: [
        ("a=1&b=2", [["a", "1"], ["b", "2"]]), ("a=1&a=2&a", [["a", "1"], ["a", "2"], ["a", ""]]), ("", []), ("&&", []),
        ("=x", [["", "x"]]), ("a=b=c", [["a", "b=c"]]), ("a+b=c+d%2B", [["a b", "c d+"]]),
        ("%zz=%4&x=%", [["%zz", "%4"], ["x", "%"]]),
        ("n=%E4%BD%90%E8%97%A4", [["n", "佐藤"]]), ("n=%FF%41", [["n", "\u{FFFD}A"]]), ("n=%00", [["n", "\0"]]),
        ("n=%2541", [["n", "%41"]]), ("n=é", [["n", "é"]]),
    ])
    func `A body is read as browsers write it, and wrongly escaped bytes stay`(body: String, fields: [[String]]) {
        #expect(FormFields(decoding: Array(body.utf8)).fields.map { [$0.name, $0.value] } == fields)
    }

    @Test func `The first value and all values of a name can be asked for`() {
        let fields = FormFields(decoding: Array("a=1&b=3&a=2".utf8))
        #expect(fields["a"] == "1")
        #expect(fields.all("a") == ["1", "2"])
        #expect(fields["c"] == nil)
    }

    @Test(arguments: [
        ("a=1", true), ("a=1&b=2\n", true), ("phone=+49 171", true), ("", false), ("a", false), ("=1", false),
        ("{\"a\":\"=\"}", false),
        ("<a b=\"c\">", false), ("a=1\nb=2", false), ("Hello world, a=b", false), ("\u{1}=2", false),
    ])
    func `A form is told from other text`(text: String, isForm: Bool) {
        #expect(FormFields.looksLikeForm(Array(text.utf8)) == isForm)
    }

    @Test func `Any bytes are survived`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                Array("a=&%+1fG\u{FF}".utf8).randomElement(using: &generator) ?? 0
            }
            _ = FormFields(decoding: bytes)
            _ = FormFields.looksLikeForm(bytes)
        }
    }
}
