/// What something beside the text says about its language.
package struct LanguageHint: Sendable, Equatable {
    /// Who says so; the raw value stands in the envelope as `decided_by` where it decided.
    package enum Origin: String, CaseIterable, Sendable {
        /// The person named the language to be called back in.
        case callback
        /// What the sender wrote in before.
        case sender
        /// The chat's or account's setting.
        case locale
        /// The header field of a mail (RFC 3282).
        case contentLanguage = "content_language"
        /// The header field of a webhook (RFC 9110 §12.5.4).
        case acceptLanguage = "accept_language"
    }

    package var origin: Origin
    /// As the model writes it: `de`, `no`, `zh-Hant`.
    package var tag: String

    /// - Parameter value: A tag (BCP 47, also with `_`), or a list of them as in the header fields; the first counts.
    package init?(_ origin: Origin, _ value: String) {
        let bytes = value.utf8.prefix(128)
        let first = bytes.drop { $0 == 0x20 || $0 == 0x09 }.prefix {
            $0 != 0x2C && $0 != 0x3B && $0 != 0x20 && $0 != 0x2E
        }
        let parts = first.split(omittingEmptySubsequences: false) { $0 == 0x2D || $0 == 0x5F }.map { part in
            String(decoding: part.map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }, as: UTF8.self)
        }
        guard let main = parts.first, (2...3).contains(main.utf8.count), main.utf8.allSatisfy({ $0 &- 97 < 26 }) else {
            return nil
        }
        self.origin = origin
        tag = Self.tag(main, parts.dropFirst())
    }

    private static func tag(_ main: String, _ rest: ArraySlice<String>) -> String {
        switch main {
        case "nb", "nn": return "no"
        case "fil": return "tl"
        case "iw": return "he"
        case "in": return "id"
        case "sr": return rest.contains("latn") ? "sr-Latn" : "sr"
        case "zh":
            if rest.contains(where: ["hant", "tw", "hk", "mo"].contains) { return "zh-Hant" }
            return rest.contains(where: ["hans", "cn", "sg"].contains) ? "zh-Hans" : "zh"
        default: return main
        }
    }
}
