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

    @Test(arguments: [
        ("a=1&b=%C3%A4%", 12), ("a=%20&b=x%2", 9), ("a=1&b=x%4", 7), ("a=1&b=2&na", 8), ("a=%C3%A4&b=Gr%C3", 11),
        ("a=%E4%BD%A0&b=%E4%BD", 14), ("a=%F0%9F%98%80x%F0%9F%98", 2),
    ])
    func `Half an escape, half a name or half a character show that a form was cut`(text: String, offset: Int) {
        let form = FormDocument(Array(text.utf8))
        #expect(form?.cut?.offset == offset)
        #expect(FormDocument(Array((text + "\n").utf8))?.cut?.offset == offset)
    }

    @Test(arguments: [
        "a=1", "a=1&", "a=1&b=", "rate=100%", "a=5%25&rate=100% sure&b=9%", "a=caf%E9", "a=x&b=%FC", "flag", "flag&other",
        "a=%C3%A4&b=%C3%A4", "text=50 %", "a=%zz&b=5%2",
    ])
    func `What a sender may have meant is no cut`(text: String) {
        #expect(FormFields.cut(in: Array(text.utf8)[...]) == nil)
    }
}
