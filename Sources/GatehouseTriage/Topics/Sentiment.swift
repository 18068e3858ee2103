import CProcessor
import GatehouseCore

/// The mood of a text, from its words, its capitals, its marks and its emoji.
struct Sentiment {
    private(set) var result: SentimentResult
    /// Points that the mood adds to the urgency, within the level.
    let points: Int

    /// Bytes that are looked at for capitals and marks.
    private static let limit = 4096

    init(_ reader: TopicReader, _ text: String) {
        let marks = Marks(text)
        var words = reader.moods
        for (mood, emoji) in marks.emoji { words[mood, default: []].append(emoji) }
        // Shouting makes a complaint louder; alone it is a habit of some keyboards.
        let isLoud = marks.isShouting || marks.hasRepeatedMarks
        var mood = words.keys.max() ?? .calm
        if isLoud, mood == .frustrated { mood = .angry }
        if isLoud, mood == .calm { mood = .frustrated }
        var matched = words.sorted { $0.key > $1.key }.flatMap(\.value)
        if marks.isShouting { matched.append("CAPITALS") }
        if let repeated = marks.repeated { matched.append(repeated) }
        var unique: [String] = []
        for word in matched where !unique.contains(word) && unique.count < 6 { unique.append(word) }
        result = SentimentResult(name: mood.rawValue, matched: unique)
        points =
            switch mood {
            case .calm: 0
            case .worried, .frustrated: 2
            case .angry, .abusive: 3
            }
    }

    /// What is not a word.
    private struct Marks {
        private(set) var isShouting = false
        private(set) var repeated: String?
        private(set) var emoji: [(Mood, String)] = []
        var hasRepeatedMarks: Bool { repeated != nil }

        /// The last two bytes of emoji that begin with F0 9F.
        private static let faces: [UInt16: (Mood, String)] = [
            0x98A0: (.angry, "😠"), 0x98A1: (.angry, "😡"), 0xA4AC: (.abusive, "🤬"), 0x98A4: (.angry, "😤"),
            0x96_95: (.abusive, "🖕"), 0x918E: (.frustrated, "👎"), 0x9984: (.frustrated, "🙄"),
            0x9892: (.frustrated, "😒"),
            0x98AD: (.worried, "😭"), 0x98A2: (.worried, "😢"), 0x98B0: (.worried, "😰"), 0x98A8: (.worried, "😨"),
            0x98B1: (.worried, "😱"), 0x989F: (.worried, "😟"), 0x99_8F: (.worried, "🙏"),
        ]

        init(_ text: String) {
            let bytes = text.utf8.span
            var letters = LetterCount()
            var run = 0
            var index = 0
            let end = min(bytes.count, Sentiment.limit)
            while index < end {
                let block = WideBytes.load(bytes, index)
                let marks = cprocessor_bits(block | cprocessor_equal(block, 0x21) | cprocessor_equal(block, 0x3F))
                // What is neither a mark nor beyond ASCII.
                let plain = min(end &- index, (marks | 1 << 16).trailingZeroBitCount)
                letters.add(block, plain)
                index &+= plain
                if plain > 0 { run = 0 }
                guard plain < 16, index < end else { continue }
                let byte = bytes[index]
                if byte == 0x21 || byte == 0x3F {
                    run += 1
                } else if byte == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xBC,
                    bytes[index + 2] == 0x81 || bytes[index + 2] == 0x9F
                {
                    run += 1
                    index += 2
                } else {
                    run = 0
                }
                if run == 3, repeated == nil { repeated = byte == 0x3F || byte == 0xEF ? "???" : "!!!" }
                if byte == 0xF0, index + 3 < bytes.count, bytes[index + 1] == 0x9F, emoji.count < 4 {
                    let key = UInt16(bytes[index + 2]) << 8 | UInt16(bytes[index + 3])
                    if let face = Self.faces[key] { emoji.append(face) }
                    index += 3
                }
                index += 1
            }
            isShouting = letters.upper >= 15 && letters.upper > letters.lower * 4
        }
    }

    /// Capitals and small letters of ASCII.
    private struct LetterCount {
        private(set) var upper = 0
        private(set) var lower = 0

        /// Those among the first `count` of sixteen bytes.
        @inline(__always)
        mutating func add(_ block: SIMD16<UInt8>, _ count: Int) {
            let first: UInt32 = 1 << UInt32(count) &- 1
            upper &+= (cprocessor_bits(cprocessor_within(block, 0x41, 26)) & first).nonzeroBitCount
            lower &+= (cprocessor_bits(cprocessor_within(block, 0x61, 26)) & first).nonzeroBitCount
        }
    }
}
