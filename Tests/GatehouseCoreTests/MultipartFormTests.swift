import Testing

@testable import GatehouseCore

struct MultipartFormTests {
    static let type = "multipart/form-data; boundary=\"--xYz\""

    /// Parts between boundaries, with the line ends of the wire.
    static func body(_ parts: String..., end: String = "----xYz--\r\n") -> [UInt8] {
        Array((parts.map { "----xYz\r\n\($0)\r\n" }.joined() + end).utf8)
    }

    static func field(_ name: String, _ value: String) -> String {
        "Content-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)"
    }

    static let file =
        "Content-Disposition: form-data; name=\"f\"; filename=\"C:\\photos\\a%22b.png\"\r\nContent-Type: image/png\r\n\r\n"

    @Test func `Fields keep their order and their repetitions`() throws {
        let body = Self.body(Self.field("a", "1"), Self.field("b", "zwei\r\nZeilen"), Self.field("a", "3"))
        let form = try #require(FormDocument(body, contentType: Self.type))
        #expect(form.fields.fields.map(\.name) == ["a", "b", "a"])
        #expect(form.fields.all("a") == ["1", "3"])
        #expect(form.fields["b"] == "zwei\r\nZeilen")
        #expect(form.cut == nil)
        #expect(form.json["a"]?.array?.compactMap(\.string) == ["1", "3"])
        #expect(form.json["b"]?.string == "zwei\r\nZeilen")
    }

    @Test func `A file keeps every byte, and of its name the last part`() throws {
        let bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x0D, 0x0A, 0x2D, 0x2D]
        let body = Array("----xYz\r\n\(Self.file)".utf8) + bytes + Array("\r\n----xYz--".utf8)
        let form = try #require(FormDocument(body, contentType: Self.type))
        let file = try #require(form.files.first)
        #expect(file.bytes == bytes)
        #expect(file.name == "a\"b.png")
        #expect(file.field == "f")
        #expect(file.mediaType == "image/png")
        let attachments = form.attachments(limit: 10)
        #expect(attachments.infos.first?.detectedType == "image/png")
        #expect(attachments.contents[0] == bytes)
        #expect(form.attachments(limit: 0).warnings == ["attachments_cut"])
    }

    @Test func `The first line shows the boundary where no header names it`() throws {
        let body = Self.body(Self.field("a", "1"))
        #expect(FormDocument(body)?.fields["a"] == "1")
        #expect(FormDocument(Array("--\r\nContent-x".utf8)) == nil)
        #expect(FormDocument(Array("-- \r\nhello".utf8)) == nil)
    }

    @Test func `Bare line feeds, blanks behind a boundary and words before the first one do no harm`() throws {
        let text =
            "preamble\n----xYz \t\nContent-Disposition: form-data;\n name=a\n\n1\n----xYz\n\n2\n----xYz--\nepilogue"
        let form = try #require(FormDocument(Array(text.utf8), contentType: Self.type))
        #expect(form.fields.fields == [FormFields.Field(name: "a", value: "1")])
    }

    @Test func `A line that only starts like the boundary is content`() throws {
        let form = try #require(FormDocument(Self.body(Self.field("a", "x\r\n----xYzzz\r\ny")), contentType: Self.type))
        #expect(form.fields["a"] == "x\r\n----xYzzz\r\ny")
    }

    @Test(arguments: [
        ("Content-Type: text/plain; charset=iso-8859-1\r\n", [UInt8](arrayLiteral: 0x47, 0xFC), "Gü"),
        ("Content-Transfer-Encoding: base64\r\n", Array("R8O8".utf8), "Gü"),
        ("Content-Transfer-Encoding: quoted-printable\r\n", Array("G=C3=BC".utf8), "Gü"),
        ("", [UInt8](arrayLiteral: 0x47, 0xC3, 0xBC), "Gü"),
    ])
    func `Older senders' charsets and encodings are undone`(header: String, content: [UInt8], text: String) throws {
        let head = "----xYz\r\nContent-Disposition: form-data; name=a\r\n\(header)\r\n"
        let body = Array(head.utf8) + content + Array("\r\n----xYz--".utf8)
        #expect(FormDocument(body, contentType: Self.type)?.fields["a"] == text)
    }

    @Test func `A name in another charset is read as RFC 8187 has it`() throws {
        let part = "Content-Disposition: form-data; name=f; filename*=UTF-8''na%C3%AFve.txt\r\n\r\nx"
        #expect(FormDocument(Self.body(part), contentType: Self.type)?.files.first?.name == "naïve.txt")
    }

    @Test func `Every prefix of a form is read without a trap, and none but the whole one counts as whole`() {
        let body = Self.body(Self.field("a", "1"), Self.file + "png", Self.field("b", "2"), end: "----xYz--")
        for length in 0..<body.count {
            let form = FormDocument(Array(body.prefix(length)), contentType: Self.type)
            #expect(form.map { $0.cut != nil } ?? true)
        }
        #expect(FormDocument(body, contentType: Self.type).map { $0.cut == nil } == true)
    }

    @Test func `More parts than the limit are left out, and that is said`() throws {
        var limits = Limits()
        limits.partCount = 2
        let body = Self.body(Self.field("a", "1"), Self.field("b", "2"), Self.field("c", "3"))
        let form = try #require(FormDocument(body, contentType: Self.type, limits: limits))
        #expect(form.fields.fields.count == 2)
        #expect(form.warnings == ["form_parts_cut"])
    }

    @Test func `A body full of dashes and line feeds costs no more than another`() {
        let boundary = String(repeating: "-", count: 60)
        let dashes = Array(String(repeating: "-", count: 400_000).utf8)
        let lines = Array(String(repeating: "\n--", count: 100_000).utf8)
        let duration = ContinuousClock().measure {
            for body in [dashes, lines] {
                _ = FormDocument(body, contentType: "multipart/form-data; boundary=\(boundary)")
            }
        }
        #expect(duration < .seconds(20))
    }

    @Test func `What curl calls a form and is JSON stays JSON`() {
        #expect(FormDocument(Array(#"{"a":"b=c"}"#.utf8), contentType: "application/x-www-form-urlencoded") == nil)
        #expect(FormDocument(Array("a=1&a=2\r\n".utf8))?.fields.all("a") == ["1", "2"])
    }

    @Test(arguments: [
        (#"form-data; name="a;b"; filename=x"#, "name", "a;b"), (#"form-data; NAME = a ; x=y"#, "name", "a"),
        (#"form-data; name="a\"b""#, "name", #"a"b"#), (#"form-data; name="C:\x""#, "name", #"C:\x"#),
        ("form-data; name", "name", nil), ("form-data; name=\"unclosed", "name", "unclosed"), ("", "name", nil),
        ("form-data; filename=z; name=q", "name", "q"),
    ])
    func `A parameter is found between its neighbours`(value: String, name: String, expected: String?) {
        #expect(HeaderValue.parameter(name, of: value) == expected)
    }
}
