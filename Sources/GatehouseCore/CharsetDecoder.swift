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
/// The ladder: label, byte order mark, UTF-8 validity, ISO-2022 escapes, the `meta` element of HTML, what the caller
/// finds likeliest, Windows-1252. A label that the bytes contradict (bytes that it can't hold) gives way to UTF-8 where
/// they are valid UTF-8, and so do Latin ones, under which any bytes are text.
package enum CharsetDecoder {
    /// Finds the charset of bytes that nothing tells about, such as the one under which they are most like a language:
    /// a name that `CharsetLabel` knows, or nil.
    package typealias Guess = (_ bytes: [UInt8]) -> String?

    /// - Parameters:
    ///   - label: As the sender wrote it: `gb2312`, `"ISO-8859-1"`; nil where there is none.
    ///   - isHTML: Whether a `meta` element may name the charset.
    ///   - likeliest: Asked last, before Windows-1252.
    package static func decode(
        _ bytes: [UInt8],
        label: String?,
        isHTML: Bool = false,
        likeliest: Guess? = nil
    ) -> DecodedText {
        let charset = label.map(CharsetLabel.canonical)
        let isASCIICompatible = charset.map { !CharsetLabel.isStateful($0) } ?? true
        if isASCIICompatible, ByteSearch.isASCII(bytes), !hasISO2022Escape(bytes) {
            return DecodedText(text: String(decoding: bytes, as: UTF8.self), warning: unknownWarning(charset, label))
        }
        let guesser = UnlabelledText(bytes: bytes, isHTML: isHTML, likeliest: likeliest)
        guard let charset, !charset.isEmpty, charset != "us-ascii" else { return guesser.text() }
        if charset == "utf-8" {
            if let text = validUTF8(bytes) { return DecodedText(text: text) }
            // Counted first: a long text of marks for broken characters would be made for nothing.
            let damage = UTF8Damage(bytes)
            guard damage.whole >= damage.broken else { return guesser.text() }
            return mended(String(decoding: bytes, as: UTF8.self), charset) ?? guesser.text()
        }
        if charset == "windows-1252" { return latinText(guesser) }
        if let text = text(bytes, charset, isLenient: false) { return DecodedText(text: text) }
        if let text = validUTF8(bytes) { return DecodedText(text: text, warning: guessed("utf-8")) }
        if let damaged = text(bytes, charset, isLenient: true) {
            return mended(damaged, charset, atLeast: 4) ?? guesser.text()
        }
        if Iconv.knows(charset) { return guesser.text() }
        var result = guesser.text()
        result.warning = "charset_unknown:\(CharsetLabel.printable(charset))"
        return result
    }

    /// The text where `bytes` are valid in `charset`, a name that `CharsetLabel` knows.
    package static func strictText(_ bytes: [UInt8], _ charset: String) -> String? {
        text(bytes, charset, isLenient: false)
    }

    /// The text where `bytes` are valid UTF-8, without a byte order mark.
    package static func validUTF8(_ bytes: [UInt8]) -> String? {
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        return hasMark
            ? String(validating: bytes[3...], as: UTF8.self)
            : String(validating: bytes, as: UTF8.self)
    }

    /// As iconv reads it, and two that it doesn't as mail means them.
    fileprivate static func text(_ bytes: [UInt8], _ charset: String, isLenient: Bool) -> String? {
        // In glibc's table five of its bytes stand for nothing.
        if charset == "windows-1252" { return SingleByteText.windows1252(bytes) }
        if charset == "hz" {
            return Iconv.decode(EscapedText.gb18030(hz: bytes), from: "gb18030", isLenient: isLenient)
        }
        if charset == "iso-2022-jp-2", let euc = EscapedText.eucJapanese(bytes),
            let text = Iconv.decode(euc, from: "euc-jp-ms", isLenient: isLenient)
        {
            return text
        }
        return Iconv.decode(bytes, from: charset, isLenient: isLenient)
    }

    private static func unknownWarning(_ charset: String?, _ label: String?) -> String? {
        guard let charset, !charset.isEmpty, charset != "us-ascii", charset != "utf-8" else { return nil }
        guard charset != "windows-1252", !CharsetLabel.isKnown(charset), !Iconv.knows(charset) else { return nil }
        return "charset_unknown:\(CharsetLabel.printable(charset))"
    }

    /// Bytes that their label can't hold: a few broken characters are put up with. nil where more are broken than whole,
    /// and at least so many that the label itself must be wrong.
    private static func mended(_ text: String, _ charset: String, atLeast few: Int = 1) -> DecodedText? {
        var broken = 0
        var whole = 0
        for scalar in text.unicodeScalars where scalar.value > 0x7F {
            if scalar == "\u{FFFD}" { broken += 1 } else { whole += 1 }
        }
        return whole >= broken || broken < few ? DecodedText(text: text, warning: "charset_damaged:\(charset)") : nil
    }

    /// Under a Latin label all bytes are text, so that it is no proof: programs put it on everything.
    ///
    /// Letters beyond ASCII that outnumber those of ASCII are none of a Latin text.
    private static func latinText(_ unlabelled: UnlabelledText) -> DecodedText {
        let bytes = unlabelled.bytes
        if let text = validUTF8(bytes) { return DecodedText(text: text, warning: guessed("utf-8")) }
        if let text = damagedUTF8(bytes) { return text }
        if let likeliest = unlabelled.likeliest, bytes.count >= 8 {
            if hasMoreBeyondASCII(bytes), let charset = likeliest(bytes), charset != "windows-1252",
                let text = text(bytes, charset, isLenient: true)
            {
                return DecodedText(text: text, warning: guessed(charset))
            }
        }
        return DecodedText(text: SingleByteText.windows1252(bytes))
    }

    /// The text where the bytes are UTF-8 that was cut, or that holds a few others.
    fileprivate static func damagedUTF8(_ bytes: [UInt8]) -> DecodedText? {
        guard UTF8Damage(bytes).isSurelyUTF8 else { return nil }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return DecodedText(text: String(decoding: bytes[start...], as: UTF8.self), warning: "charset_damaged:utf-8")
    }

    /// Whether more bytes are beyond ASCII than are letters of ASCII.
    private static func hasMoreBeyondASCII(_ bytes: [UInt8]) -> Bool {
        let span = bytes.span
        var balance = 0
        for index in span.indices {
            let byte = span[index]
            balance &+= (byte >= 0x80 ? 1 : 0) &- ((byte | 0x20) &- 0x61 < 26 ? 1 : 0)
        }
        return balance > 0
    }

    fileprivate static func guessed(_ charset: String) -> String { "charset_guessed:\(charset)" }

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

/// Bytes without a label that could be believed.
private struct UnlabelledText {
    let bytes: [UInt8]
    let isHTML: Bool
    let likeliest: CharsetDecoder.Guess?

    func text() -> DecodedText {
        if let marked = byMark() { return marked }
        if let charset = CharsetDecoder.iso2022Charset(bytes) {
            if let text = CharsetDecoder.text(bytes, charset, isLenient: true) { return guessed(text, charset) }
        } else if let text = CharsetDecoder.validUTF8(bytes) {
            return guessed(text, "utf-8")
        } else if let text = CharsetDecoder.damagedUTF8(bytes) {
            return text
        }
        if isHTML, let named = CharsetDecoder.metaCharset(bytes) {
            let charset = CharsetLabel.canonical(named)
            if charset != "utf-8", charset != "windows-1252", charset != "us-ascii", !CharsetLabel.isStateful(charset),
                let text = CharsetDecoder.text(bytes, charset, isLenient: true)
            {
                return guessed(text, charset)
            }
        }
        if let charset = likeliest?(bytes), let text = CharsetDecoder.text(bytes, charset, isLenient: true) {
            return guessed(text, charset)
        }
        return guessed(SingleByteText.windows1252(bytes), "windows-1252")
    }

    private func guessed(_ text: String, _ charset: String) -> DecodedText {
        DecodedText(text: text, warning: CharsetDecoder.guessed(charset))
    }

    private func byMark() -> DecodedText? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]), let text = CharsetDecoder.validUTF8(bytes) {
            return DecodedText(text: text)
        }
        let charset: String
        if bytes.starts(with: [0xFF, 0xFE]) {
            charset = "utf-16le"
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            charset = "utf-16be"
        } else {
            return nil
        }
        return CharsetDecoder.text(bytes, charset, isLenient: true).map { guessed($0, charset) }
    }
}
