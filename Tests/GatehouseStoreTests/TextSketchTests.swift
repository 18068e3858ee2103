import Testing

@testable import GatehouseStore

@Suite struct TextSketchTests {
    /// One character after the other, as the sixteen at a time must come out.
    private func characters(_ text: String) -> [UInt16] {
        var result: [UInt16] = []
        for byte in text.utf8 {
            let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
            let isSpace = lower &- 0x61 >= 26 && lower &- 0x30 >= 10
            if isSpace, result.last == 0x20 || result.isEmpty { continue }
            result.append(isSpace ? 0x20 : UInt16(lower))
        }
        if result.last == 0x20 { result.removeLast() }
        return result
    }

    @Test(arguments: [
        "Hello there,  General -- Kenobi!", "  ,,, two spaces before and behind ,,,  ", "a", "", " ", "!!",
        "A.B.C.D.E.F.G.H.I.J",
        "exactly sixteen!exactly sixteen.", "0123456789abcdef0123456789ABCDEF",
        "ends in sixteen bytes, and separators....",
    ])
    func `Characters come out the same wherever sixteen of them begin`(text: String) {
        for shift in 0..<20 {
            let shifted = String(repeating: "x", count: shift) + text
            #expect(PlainCharacters.all(of: shifted, longest: 1 << 15) == characters(shifted))
        }
    }

    @Test func `A letter beyond ASCII stands between the sixteen`() {
        for shift in 0..<20 {
            let before = String(repeating: "ab ", count: shift).prefix(shift)
            let text = before + "É—ç, " + "und weiter so mit vielen Worten"
            var expected = characters(String(before))
            if before.hasSuffix(" ") { expected.append(0x20) }
            expected += [0xE9, 0x20, 0xE7, 0x20] + characters("und weiter so mit vielen Worten")
            #expect(PlainCharacters.all(of: String(text), longest: 1 << 15) == expected)
        }
    }

    @Test func `What is like is found, whether all of the sketch is looked at or not`() {
        let words = (0..<400).map { "word\($0 * 7919 % 1000)" }
        for length in [1, 5, 40, 400] {
            let grams = TextGrams(words[..<length].joined(separator: " "), seed: 7)
            let sketch = grams.sketch.bytes
            for other in [0, 1, 20, 200, 399] where other < length || length == 400 {
                let rest = TextGrams(words[other...].joined(separator: " "), seed: 7)
                var likeness = TextGrams.Likeness.none
                let isLike = rest.isLike(sketch) {
                    likeness = $0
                    return $0.jaccard >= 0.6
                }
                let all = rest.isLike(sketch) { _ in true }
                #expect(all)
                #expect(isLike == (likeness.jaccard >= 0.6))
                if other == 0, length == 400 { #expect(isLike && likeness.jaccard == 1) }
            }
        }
    }
}
