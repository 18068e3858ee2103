import Glibc

/// Patterns of our own schemas: POSIX extended expressions, which JSON Schema's dialect shares as far as we use it.
enum SchemaPattern {
    /// Whether `pattern` is found in `text`. A pattern that can't be compiled matches nothing.
    static func matches(_ text: String, pattern: String) -> Bool {
        // A C string ends at the first NUL, which no pattern of ours allows.
        guard !text.utf8.contains(0) else { return false }
        var expression = unsafe regex_t()
        guard unsafe regcomp(&expression, pattern, REG_EXTENDED | REG_NOSUB) == 0 else { return false }
        defer { unsafe regfree(&expression) }
        return unsafe regexec(&expression, text, 0, nil, 0) == 0
    }
}

/// The formats that our schemas name (JSON Schema validation, §7.3).
enum SchemaFormat {
    static func matches(_ text: String, format: String) -> Bool {
        switch format {
        case "date-time": isDateTime(text)
        case "uri": isReference(text) && hasScheme(text)
        case "uri-reference": isReference(text)
        default: true  // an unknown format is a note, not a rule (§7.2.1)
        }
    }

    static func words(for format: String) -> String {
        switch format {
        case "date-time": "date and time such as 2026-01-02T03:04:05Z"
        case "uri": "address such as https://example.org/path"
        case "uri-reference": "address or path; spaces and the like are written %20"
        default: format
        }
    }

    /// RFC 3339 §5.6: all of date, `T`, time with seconds, and an offset.
    private static func isDateTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return false }
        guard bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[16] == UInt8(ascii: ":"), !bytes.contains(0x20) else {
            return false
        }
        let endsInZ = bytes[bytes.count - 1] | 0x20 == UInt8(ascii: "z")
        guard endsInZ || bytes[bytes.count - 3] == UInt8(ascii: ":") && bytes.count >= 25 else { return false }
        return ParsedTime(iso8601: text)?.offsetSeconds != nil
    }

    /// RFC 3986 §3.1.
    private static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = text.utf8[..<colon]
        guard let first = scheme.first, isLetter(first) else { return false }
        return scheme.allSatisfy { isLetter($0) || (48...57).contains($0) || "+-.".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }

    /// RFC 3986 §2, with characters beyond ASCII as RFC 3987 allows them.
    private static func isReference(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            if mayStandInURL(byte) { continue }
            guard byte == UInt8(ascii: "%"), index + 2 < bytes.count, isHex(bytes[index + 1]), isHex(bytes[index + 2])
            else { return false }
        }
        return true
    }

    /// All but `%`, which starts an escape.
    static func mayStandInURL(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && !"\"<>\\^`{|}%".utf8.contains(byte)
    }

    static func isHex(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte | 0x20)
    }
}
