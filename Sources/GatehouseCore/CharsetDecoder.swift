/// Bytes of any charset to text, with the doubts that came up.
package struct DecodedText: Sendable, Equatable {
    package var text: String
    /// nil, or `charset_guessed:x`, `charset_unknown:x`, `charset_damaged:x`.
    package var warning: String?

    package init(text: String, warning: String? = nil) {
        self.text = text
        self.warning = warning
    }
}

/// Decodes text whose label may be missing, unknown or wrong.
///
/// The ladder: label, byte order mark, UTF-8 validity, ISO-2022 escapes, the `meta` element of HTML, Windows-1252.
/// A label that the bytes contradict (bytes that it can't hold) gives way to UTF-8 where they are valid UTF-8.
package enum CharsetDecoder {
    /// - Parameters:
    ///   - label: As the sender wrote it: `gb2312`, `"ISO-8859-1"`; nil where there is none.
    ///   - isHTML: Whether a `meta` element may name the charset.
    package static func decode(_ bytes: [UInt8], label: String?, isHTML: Bool = false) -> DecodedText {
        let charset = label.map(CharsetLabel.canonical)
        let isASCIICompatible = charset.map { !CharsetLabel.isStateful($0) } ?? true
        if isASCIICompatible, ByteSearch.isASCII(bytes), !hasISO2022Escape(bytes) {
            return DecodedText(text: String(decoding: bytes, as: UTF8.self), warning: unknownWarning(charset, label))
        }
        guard let charset, !charset.isEmpty, charset != "us-ascii" else {
            return guess(bytes, label: label, isHTML: isHTML)
        }
        if charset == "utf-8" {
            if let text = validUTF8(bytes) { return DecodedText(text: text) }
            return guessDamagedUTF8(bytes, isHTML: isHTML)
        }
        if charset == "windows-1252" { return DecodedText(text: SingleByteText.windows1252(bytes)) }
        if let text = Iconv.decode(bytes, from: charset, isLenient: false) { return DecodedText(text: text) }
        if let text = validUTF8(bytes) { return DecodedText(text: text, warning: "charset_guessed:utf-8") }
        if let text = Iconv.decode(bytes, from: charset, isLenient: true) {
            return DecodedText(text: text, warning: "charset_damaged:\(charset)")
        }
        var guessed = guess(bytes, label: label, isHTML: isHTML)
        guessed.warning = "charset_unknown:\(CharsetLabel.printable(charset))"
        return guessed
    }

    /// The text where `bytes` are valid UTF-8, without a byte order mark.
    package static func validUTF8(_ bytes: [UInt8]) -> String? {
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        return hasMark
            ? String(validating: bytes[3...], as: UTF8.self)
            : String(validating: bytes, as: UTF8.self)
    }

    private static func unknownWarning(_ charset: String?, _ label: String?) -> String? {
        guard let charset, !charset.isEmpty, charset != "us-ascii", charset != "utf-8" else { return nil }
        guard charset != "windows-1252", !CharsetLabel.isKnown(charset), !Iconv.knows(charset) else { return nil }
        return "charset_unknown:\(CharsetLabel.printable(charset))"
    }

    /// Bytes labelled UTF-8 that are not: a few broken characters are mended, another charset is guessed.
    private static func guessDamagedUTF8(_ bytes: [UInt8], isHTML: Bool) -> DecodedText {
        let mended = String(decoding: bytes, as: UTF8.self)
        var broken = 0
        var whole = 0
        for scalar in mended.unicodeScalars where scalar.value > 0x7F {
            if scalar == "\u{FFFD}" { broken += 1 } else { whole += 1 }
        }
        if whole >= broken { return DecodedText(text: mended, warning: "charset_damaged:utf-8") }
        return guess(bytes, label: nil, isHTML: isHTML)
    }

    private static func guess(_ bytes: [UInt8], label: String?, isHTML: Bool) -> DecodedText {
        if let marked = byMark(bytes) { return marked }
        if !hasISO2022Escape(bytes) {
            if let text = validUTF8(bytes) { return DecodedText(text: text, warning: guessed("utf-8")) }
        } else if let charset = iso2022Charset(bytes), let text = Iconv.decode(bytes, from: charset, isLenient: true) {
            return DecodedText(text: text, warning: guessed(charset))
        }
        if isHTML, let named = metaCharset(bytes) {
            let charset = CharsetLabel.canonical(named)
            if charset != "utf-8", charset != "windows-1252", charset != "us-ascii", !CharsetLabel.isStateful(charset),
                let text = Iconv.decode(bytes, from: charset, isLenient: true)
            {
                return DecodedText(text: text, warning: guessed(charset))
            }
        }
        return DecodedText(text: SingleByteText.windows1252(bytes), warning: guessed("windows-1252"))
    }

    private static func guessed(_ charset: String) -> String { "charset_guessed:\(charset)" }

    private static func byMark(_ bytes: [UInt8]) -> DecodedText? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]), let text = validUTF8(bytes) { return DecodedText(text: text) }
        let charset: String
        if bytes.starts(with: [0xFF, 0xFE]) {
            charset = "utf-16le"
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            charset = "utf-16be"
        } else {
            return nil
        }
        return Iconv.decode(bytes, from: charset, isLenient: true).map {
            DecodedText(text: $0, warning: guessed(charset))
        }
    }

    /// ESC with `$` or `(` after it opens a character set of ISO 2022 (ECMA-35 §14).
    static func hasISO2022Escape(_ bytes: [UInt8]) -> Bool { iso2022Charset(bytes) != nil }

    static func iso2022Charset(_ bytes: [UInt8]) -> String? {
        var start = 0
        while let escape = ByteSearch.firstIndex(of: 0x1B, in: bytes, start..<bytes.count) {
            start = escape + 1
            guard escape + 2 < bytes.count, bytes[escape + 1] == UInt8(ascii: "$") else { continue }
            switch bytes[escape + 2] {
            case UInt8(ascii: "@"), UInt8(ascii: "B"), UInt8(ascii: "("): return "iso-2022-jp-2"
            case UInt8(ascii: ")"):
                guard escape + 3 < bytes.count else { return nil }
                return bytes[escape + 3] == UInt8(ascii: "C") ? "iso-2022-kr" : "iso-2022-cn"
            default: continue
            }
        }
        return nil
    }

    /// The charset that a `meta` element in the first 4 KiB names (HTML §13.2.3.2, in short).
    static func metaCharset(_ bytes: [UInt8]) -> String? {
        let head = String(
            decoding: bytes.prefix(4096).map { $0 < 0x80 ? $0 | ($0 >= 65 && $0 <= 90 ? 32 : 0) : 63 },
            as: UTF8.self
        )
        let text = Array(head.utf8)
        var start = 0
        while let meta = ByteSearch.firstIndex(of: Array("<meta".utf8), in: text, start..<text.count) {
            let end = ByteSearch.firstIndex(of: UInt8(ascii: ">"), in: text, meta..<text.count) ?? text.count
            if let key = ByteSearch.firstIndex(of: Array("charset".utf8), in: text, meta..<end) {
                let name = text[(key + 7)..<end].drop { " =\"'".utf8.contains($0) }.prefix {
                    !" ;\"'/".utf8.contains($0)
                }
                if !name.isEmpty { return String(decoding: name, as: UTF8.self) }
            }
            start = end
        }
        return nil
    }
}
