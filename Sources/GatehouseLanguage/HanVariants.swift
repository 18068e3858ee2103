/// Simplified or traditional Chinese, by the characters that only one of them uses.
///
/// The map has two bits for each code point from U+3400 to U+9FFF: 1 = only simplified, 2 = only traditional.
/// It is made by `train-language` from OpenCC's character tables.
package enum HanVariants {
    package static let first: UInt32 = 0x3400
    package static let end: UInt32 = 0xA000

    /// `zh-Hans`, `zh-Hant`, or `zh` where no character tells.
    static func tag(of scalars: [UInt32], in map: LanguageModel.Section?) -> (tag: String, confidence: Double) {
        guard let map else { return ("zh", 0.9) }
        var simplified = 0
        var traditional = 0
        for scalar in scalars where scalar >= first && scalar < end {
            let index = Int(scalar - first)
            switch map.byte(at: index / 4) >> UInt8(index % 4 * 2) & 3 {
            case 1: simplified += 1
            case 2: traditional += 1
            default: break
            }
        }
        guard simplified != traditional else { return ("zh", 0.9) }
        // One stray character of the other kind (a name, a quote) leaves the answer a little less sure.
        let share = Double(max(simplified, traditional) + 1) / Double(simplified + traditional + 1)
        return (simplified > traditional ? "zh-Hans" : "zh-Hant", min(0.995, share))
    }
}
