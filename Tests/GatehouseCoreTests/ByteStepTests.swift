import Testing

@testable import GatehouseCore

/// Loops that take many bytes at a step, against the plain form of the same.
struct ByteStepTests {
    /// Texts of every length up to some steps, with one special character at every place, among ASCII and among other letters.
    private static func texts() -> [String] {
        var texts: [String] = []
        for length in 0...40 {
            for filler in ["a", "ü", "北", "😀"] {
                texts.append(String(repeating: filler, count: length))
                for special in ["\"", "\\", "\n", "\u{1}", "\u{1F}", "\u{7F}", "\u{80}", " ", "!"] where length > 0 {
                    for place in [0, length / 2, length - 1] {
                        var text = Array(repeating: filler, count: length)
                        text[place] = special
                        texts.append(text.joined())
                    }
                }
            }
        }
        return texts
    }

    /// RFC 8259 §7, and DEL.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\u{1}": result += "\\u0001"
            case "\u{1F}": result += "\\u001f"
            case "\u{7F}": result += "\\u007f"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return "\"\(result)\""
    }

    @Test func `A text is written as its characters one by one would be`() throws {
        for text in Self.texts() {
            var json = JSONWriter()
            json.string(text)
            #expect(json.text == Self.escaped(text))
            #expect(try JSONDocument.parse(json.bytes, options: .strict).string == text)
            // Behind another value, so that the reader comes to it within a document.
            let array = Array("[1,".utf8) + json.bytes + Array("]".utf8)
            #expect(try JSONDocument.parse(array, options: .strict)[1]?.string == text)
        }
    }

    @Test func `A word and a key of any length are copied`() throws {
        for length in 0...40 {
            let word = String(repeating: "w", count: length) + "z"
            var json = JSONWriter()
            json.object { $0.member("specversion", word: word) }
            #expect(json.text == "{\"specversion\":\"\(word)\"}")
        }
        var json = JSONWriter()
        json.object {
            $0.member("a", 1 as Int)
            $0.member("ab", 2 as Int)
            $0.member("sevenby", 3 as Int)
            $0.member("eightbyt", 4 as Int)
            $0.member("ninebytes", 5 as Int)
            $0.member("seventeen_letters", 6 as Int)
        }
        #expect(json.text == #"{"a":1,"ab":2,"sevenby":3,"eightbyt":4,"ninebytes":5,"seventeen_letters":6}"#)
    }

    @Test func `Digits of bytes are those of the bytes one by one`() {
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(Hex.encode(bytes) == digits)
            // RFC 4648 §6: five bits a character, the last ones filled with zeros.
            let bits = bytes.map { byte in (0..<8).map { (byte >> (7 - $0)) & 1 } }.flatMap { $0 }
            let letters = Array("abcdefghijklmnopqrstuvwxyz234567")
            let text = stride(from: 0, to: bits.count, by: 5).map { start -> Character in
                let group = (0..<5).map { start + $0 < bits.count ? Int(bits[start + $0]) : 0 }
                return letters[group.reduce(0) { $0 * 2 + $1 }]
            }
            #expect(Base32.encode(bytes) == String(text))
            #expect(SHA256.hex(of: bytes) == Hex.encode(SHA256.digest(of: bytes)))
        }
    }

    @Test func `Lines are counted over blocks`() {
        for count in [0, 1, 239, 240, 241, 500, 1000] {
            let bytes = (0..<count).map { $0 % 7 == 3 ? UInt8(0x0A) : UInt8(0x61) }
            var counter = LineCounter()
            counter.advance(over: bytes.span)
            #expect(counter.line == 1 + bytes.count { $0 == 0x0A })
        }
    }
}
