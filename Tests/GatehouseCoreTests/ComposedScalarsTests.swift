@_spi(_Unicode) import Swift
import Testing

@testable import GatehouseCore

@Suite struct ComposedScalarsTests {
    @Test func `No scalar of the quick check is changed by form C`() {
        for range in ComposedScalars.ranges {
            for scalar in range.compactMap(Unicode.Scalar.init) {
                #expect(Array(String(scalar)._nfc) == [scalar])
                #expect(scalar.properties.canonicalCombiningClass == .notReordered)
            }
        }
    }

    @Test(arguments: [
        "e\u{301}", "か\u{3099}", "\u{1100}\u{1161}", "\u{212B}", "\u{AC00}\u{11A8}", "\u{0374}", "กำ\u{0E48}",
    ])
    func `What may change is left to the normaliser`(text: String) { #expect(!ComposedScalars.hold(text)) }

    @Test(arguments: ["Привет", "出金できません。", "안녕하세요", "Größe — €5 😭", "مرحبا", "שלום", "Tiếng Việt"])
    func `Text of everyday letters is known to be composed`(text: String) {
        #expect(ComposedScalars.hold(text))
        #expect(UnicodeText.normalised(text) == text)
    }
}
