import Foundation
import Testing

@testable import GatehouseCore

@Suite struct `The quick check for form C` {
    /// A span can't be handed to `#expect` itself.
    private func mayNeedComposing(_ text: String) -> Bool { ComposedText.mayNeedComposing(text.utf8.span) }

    @Test func `A character that it lets pass is a starter and is composed already`() {
        for code in (UInt32(0x80)...0x2FFF).map(\.self) + (0x3000...0x1_FFFF).map(\.self) {
            guard let scalar = Unicode.Scalar(code) else { continue }
            let text = String(Character(scalar))
            guard !mayNeedComposing(text) else { continue }
            #expect(scalar.properties.canonicalCombiningClass == .notReordered, "U+\(String(code, radix: 16))")
            // Equality of strings is canonical, so the scalars are compared.
            #expect(Array(UnicodeText.normalised(text + "x").unicodeScalars) == [scalar, "x"])
        }
    }

    @Test(arguments: ["e\u{301}", "\u{1112}\u{1161}", "か\u{3099}", "\u{212B}", "\u{2126}", "\u{F900}", "α\u{301}"])
    func `What has to be composed is seen`(text: String) {
        #expect(mayNeedComposing(text))
        #expect(UnicodeText.normalised(text).unicodeScalars.count == 1)
    }

    @Test(arguments: ["Grüße", "Привет", "你好，世界", "ログイン", "안녕하세요", "“quoted” – 5 €", "שלום", "مرحبا", "🎉"])
    func `Ordinary text is seen to be composed`(text: String) {
        #expect(!mayNeedComposing(text))
    }

    @Test(arguments: ["\u{327}\u{301}", "\u{f73}", "\u{344}"])
    func `A letter keeps its marks, and thirty of them stand together at most`(marks: String) {
        let few = "a" + String(repeating: marks, count: 10)
        #expect(!UnicodeText.normalised(few).unicodeScalars.contains("\u{34F}"))
        let many = UnicodeText.normalised("a" + String(repeating: marks, count: 100_000))
        let runs = many.unicodeScalars.split(separator: "\u{34F}").map(\.count)
        #expect(runs.count > 1000 && runs.allSatisfy { $0 <= 64 })
    }

    @Test func `A text that is composed by lines is as if it were composed as a whole`() {
        let pieces = [
            "e\u{301}", "plain words ", "\n", "\u{301}", "か\u{3099}", String(repeating: "x", count: 300), "\n\n", "é",
            "\u{1112}",
            "\u{1161}",
        ]
        var dice: UInt64 = 1
        for _ in 0..<300 {
            var text = ""
            for _ in 0..<40 {
                dice = dice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += pieces[Int(dice >> 33) % pieces.count]
            }
            let whole = text.precomposedStringWithCanonicalMapping
            #expect(Array(UnicodeText.normalised(text).unicodeScalars) == Array(whole.unicodeScalars))
        }
    }

    @Test func `A mark that is two is sorted among its neighbours as two`() {
        for (mark, parts) in [
            ("\u{F73}", "\u{F71}\u{F72}"), ("\u{F75}", "\u{F71}\u{F74}"), ("\u{F81}", "\u{F71}\u{F80}"),
        ] {
            let first = String(parts.unicodeScalars.first!)
            let second = String(parts.unicodeScalars.last!)
            #expect(
                Array(UnicodeText.normalised("\u{F40}" + mark + mark).unicodeScalars)
                    == Array(("\u{F40}" + first + first + second + second).unicodeScalars)
            )
        }
        #expect(Array(UnicodeText.normalised("a\u{344}").unicodeScalars) == Array("\u{E4}\u{301}".unicodeScalars))
    }

    @Test(arguments: [27, 28, 29, 30, 31, 60])
    func `Text in form C stays as it is, whatever is taken apart in a long run of marks`(count: Int) {
        // The one below is sorted before the others, and takes the place of what was in a letter.
        let marks = String(repeating: "\u{303}", count: count - 1)
        for code in UInt32(0xC0)...0x1_D200 {
            guard let scalar = Unicode.Scalar(code), scalar.properties.numericType == nil else { continue }
            guard String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars.count > 1 else { continue }
            for last in ["\u{303}", "\u{323}"] {
                let once = UnicodeText.normalised("a" + String(scalar) + marks + last)
                let twice = UnicodeText.normalised(once)
                #expect(Array(once.unicodeScalars) == Array(twice.unicodeScalars), "U+\(String(code, radix: 16))")
            }
        }
    }

    @Test func `Line ends and zeros are made plain in a text of any length`() {
        let text = UnicodeText.normalised(String(repeating: "é\r\n\0\r", count: 100_000))
        #expect(text == String(repeating: "é\n\u{FFFD}\n", count: 100_000))
    }
}
