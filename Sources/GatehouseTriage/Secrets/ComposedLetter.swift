/// A letter that stands in pieces, as one: kana with their voicing marks, and Hangul's syllables.
///
/// BIP-39 has its lists in form KD, and programs write their phrases so; people write them in form C. What other scripts put
/// on a letter is left out of a word anyway (`SeedWordTable.plain`).
enum ComposedLetter {
    /// The letter at `index` and the bytes that it takes, a broken byte as U+FFFD.
    @inline(__always)
    static func scalar(_ bytes: borrowing Span<UInt8>, _ index: Int) -> (value: UInt32, length: Int) {
        let first = WordWalk.scalar(bytes, index)
        switch first.value {
        case 0x3046...0x30F2: return voiced(first, bytes, index)
        case leading..<leading + 19: return syllable(first, bytes, index)
        default: return first
        }
    }

    /// U+3099 makes the next letter of it, U+309A the one behind that.
    private static func voiced(
        _ kana: (value: UInt32, length: Int),
        _ bytes: borrowing Span<UInt8>,
        _ index: Int
    ) -> (value: UInt32, length: Int) {
        guard index &+ kana.length < bytes.count else { return kana }
        let mark = WordWalk.scalar(bytes, index &+ kana.length)
        guard 0x3099...0x309A ~= mark.value else { return kana }
        return (kana.value &+ mark.value &- 0x3098, kana.length &+ mark.length)
    }

    // The Unicode Standard, section 3.12.
    private static let leading: UInt32 = 0x1100
    private static let vowels: UInt32 = 0x1161
    private static let trailing: UInt32 = 0x11A7

    private static func syllable(
        _ jamo: (value: UInt32, length: Int),
        _ bytes: borrowing Span<UInt8>,
        _ index: Int
    ) -> (value: UInt32, length: Int) {
        var end = index &+ jamo.length
        guard end < bytes.count else { return jamo }
        let vowel = WordWalk.scalar(bytes, end)
        guard vowels..<vowels + 21 ~= vowel.value else { return jamo }
        end &+= vowel.length
        var value = 0xAC00 &+ ((jamo.value &- leading) &* 21 &+ (vowel.value &- vowels)) &* 28
        if end < bytes.count {
            let last = WordWalk.scalar(bytes, end)
            if trailing + 1..<trailing + 28 ~= last.value {
                value &+= last.value &- trailing
                end &+= last.length
            }
        }
        return (value, end &- index)
    }
}
