/// Simplified or traditional Chinese, by the characters that only one of them uses.
///
/// The map has two bits for each code point from U+3400 to U+9FFF: 1 = only simplified, 2 = only traditional.
/// It is made by `train-language` from OpenCC's character tables.
package enum HanVariants {
    package static let first: UInt32 = 0x3400
    package static let end: UInt32 = 0xA000
    /// Of a text in which no character tells.
    private static let neutralConfidence = 0.9
    private static let mostConfidence = 0.995

    @inline(__always)
    static func kind(of scalar: UInt32, in map: LanguageModel.Weights) -> UInt8 {
        guard scalar >= first, scalar < end else { return 0 }
        let index = Int(scalar - first)
        return map.byte(at: index / 4) >> UInt8(index % 4 * 2) & 3
    }

    /// `zh-Hans`, `zh-Hant`, or `zh` where no character tells.
    static func tag(of count: HanCount) -> (tag: String, confidence: Double) {
        let (simplified, traditional) = (count.simplified, count.traditional)
        guard simplified != traditional else { return ("zh", neutralConfidence) }
        // One stray character of the other kind (a name, a quote) leaves the answer a little less sure.
        let share = Double(max(simplified, traditional) + 1) / Double(simplified + traditional + 1)
        return (simplified > traditional ? "zh-Hans" : "zh-Hant", min(mostConfidence, share))
    }
}
