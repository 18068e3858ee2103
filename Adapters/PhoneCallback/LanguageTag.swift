/// A BCP 47 tag as forms and webhooks send it: `de`, `pt_BR`, `en-US`.
struct LanguageTag {
    /// With hyphens.
    let text: String

    /// - Returns: nil for what is none: a language of two to eight letters, then subtags of up to eight letters and digits.
    init?(_ text: String) {
        let tag = text.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
        guard tag.count <= 35 else { return nil }
        let subtags = tag.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        for (index, subtag) in subtags.enumerated() {
            guard (index == 0 ? 2...8 : 1...8).contains(subtag.count) else { return nil }
            guard subtag.allSatisfy({ Self.isLetter($0) || index > 0 && (48...57).contains($0) }) else { return nil }
        }
        self.text = String(decoding: tag, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & 0xDF) }
}
