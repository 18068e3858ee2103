/// A BCP 47 tag as forms and webhooks send it: `de`, `pt_BR`, `en-US`.
struct LanguageTag {
    /// With hyphens.
    let text: String

    init?(_ text: String) {
        let tag = text.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }
        guard (2...35).contains(tag.count), tag[0] != UInt8(ascii: "-") else { return nil }
        let isTag = tag.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0 & 0xDF) || $0 == UInt8(ascii: "-")
        }
        guard isTag else { return nil }
        self.text = String(decoding: tag, as: UTF8.self)
    }
}
