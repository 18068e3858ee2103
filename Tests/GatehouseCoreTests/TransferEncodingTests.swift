import Testing

@testable import GatehouseCore

@Suite struct `Base 64 and quoted-printable` {
    @Test(arguments: [
        ("SGVsbG8=", "Hello", false), ("SGVs\r\nbG8=\r\n", "Hello", false), ("SGVsbG8", "Hello", false),
        ("SGVs*bG8=", "Hello", true), ("SGU=\nbGxv", "Hello", false), ("SGVsbG8= ignored", "Hello", true),
        ("", "", false),
        ("=", "", false), ("S", "", true), ("SGVsbG8h\n----------\nwords of a list\n", "Hello!", true),
        ("SGVsbG8h\n*SGVsbG8h\n", "Hello!Hello!", true),
    ])
    func `Base 64 is read as mail holds it`(encoded: String, text: String, isDamaged: Bool) {
        let bytes = Array(encoded.utf8)
        let decoded = Base64.decode(bytes, in: 0..<bytes.count)
        #expect(String(decoding: decoded.bytes, as: UTF8.self) == text)
        #expect(decoded.isDamaged == isDamaged)
    }

    @Test func `What base 64 encodes it decodes again`() {
        for count in 0..<64 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test func `The alphabet for URLs is read where it is asked for`() {
        #expect(Base64.decode("-_-_", alphabet: .urlSafe) == [0xFB, 0xFF, 0xBF])
        #expect(Base64.decode("-_-_") == nil)
    }

    @Test func `A range beyond the bytes is cut to them`() {
        #expect(Base64.decode(Array("QUJD".utf8), in: 0..<99).bytes == Array("ABC".utf8))
        #expect(QuotedPrintable.decode(Array("a=20b".utf8), in: 2..<99).bytes == Array("20b".utf8))
    }

    @Test(arguments: [
        ("a=20b", "a b"), ("caf=c3=A9", "café"), ("soft=\r\nbreak", "softbreak"), ("soft= \t\nbreak", "softbreak"),
        ("blanks  \nend", "blanks\nend"), ("1=2 =ZZ =", "1=2 =ZZ "), ("in  the middle", "in  the middle"),
        ("at the end  ", "at the end"), ("=20 \t\nx", " \nx"), ("a  =\n\nb", "a  \nb"), ("a=\n   \nb", "a\nb"),
        (
            "longer than a word of eight bytes  \r\nand=\r\n so =C3=A4 on\t\r",
            "longer than a word of eight bytes\r\nand so ä on\r"
        ),
        ("=", ""), ("x=", "x"), ("=4", "=4"), ("_\tx_", "_\tx_"),
    ])
    func `Quoted-printable is read as mail holds it`(encoded: String, text: String) {
        let bytes = Array(encoded.utf8)
        #expect(String(decoding: QuotedPrintable.decode(bytes, in: 0..<bytes.count).bytes, as: UTF8.self) == text)
    }

    @Test func `In a header an underscore is a blank`() {
        let bytes = Array("a_b=5Fc".utf8)
        let decoded = QuotedPrintable.decode(bytes, in: 0..<bytes.count, isHeader: true)
        #expect(String(decoding: decoded.bytes, as: UTF8.self) == "a b_c")
    }

    @Test func `A byte string is found where it stands`() {
        let bytes = Array("aaab aab".utf8)
        #expect(ByteSearch.firstIndex(of: Array("aab".utf8), in: bytes, 0..<bytes.count) == 1)
        #expect(ByteSearch.firstIndex(of: Array("aab".utf8), in: bytes, 2..<bytes.count) == 5)
        #expect(ByteSearch.firstIndex(of: Array("aab".utf8), in: bytes, 6..<bytes.count) == nil)
        #expect(ByteSearch.firstIndex(of: Array("x".utf8), in: [], 0..<10) == nil)
    }
}
