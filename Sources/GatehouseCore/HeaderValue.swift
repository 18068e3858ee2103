/// A header field's value with parameters, as HTTP and multipart bodies have it: `form-data; name="a"; filename="b"`.
package enum HeaderValue {
    /// `multipart/form-data` of `Multipart/Form-Data; boundary=x`.
    package static func mediaType(_ value: String) -> String {
        let end = value.utf8.firstIndex(of: UInt8(ascii: ";")) ?? value.endIndex
        return trimmed(value[..<end]).lowercased()
    }

    package static func isType(_ type: String, _ value: String) -> Bool { mediaType(value) == type }

    /// A parameter's value, without its quotes; the first of equal names.
    ///
    /// In quotes a backslash escapes a quote or a backslash before a quote only: others are part of Windows paths.
    package static func parameter(_ wanted: String, of value: String) -> String? {
        let bytes = Array(value.utf8)
        var index = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        while index < bytes.count {
            index += 1
            let nameStart = index
            while index < bytes.count, bytes[index] != UInt8(ascii: "="), bytes[index] != UInt8(ascii: ";") {
                index += 1
            }
            let name = trimmed(String(decoding: bytes[nameStart..<index], as: UTF8.self)[...]).lowercased()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { continue }
            index += 1
            let text = takeValue(bytes, &index)
            if name == wanted { return text }
        }
        return nil
    }

    /// Reads a token or a quoted string; `index` then stands at a `;` or the end.
    private static func takeValue(_ bytes: [UInt8], _ index: inout Int) -> String {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
        var result: [UInt8] = []
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            while index < bytes.count, bytes[index] != UInt8(ascii: ";") {
                result.append(bytes[index])
                index += 1
            }
            return trimmed(String(decoding: result, as: UTF8.self)[...])
        }
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            let isEscape = bytes[index] == UInt8(ascii: "\\") && index + 1 < bytes.count
            if isEscape, bytes[index + 1] == UInt8(ascii: "\"") { index += 1 }
            result.append(bytes[index])
            index += 1
        }
        while index < bytes.count, bytes[index] != UInt8(ascii: ";") { index += 1 }
        return String(decoding: result, as: UTF8.self)
    }

    /// `UTF-8''na%C3%AFve.txt` (RFC 8187 §3.2); nil for other charsets than UTF-8 and Latin-1.
    package static func extendedValue(_ text: String) -> String? {
        let parts = text.utf8.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var bytes: [UInt8] = []
        let coded = Array(parts[2])
        var index = 0
        while index < coded.count {
            if coded[index] == UInt8(ascii: "%"), index + 2 < coded.count,
                let high = Hex.value(of: coded[index + 1]), let low = Hex.value(of: coded[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(coded[index])
                index += 1
            }
        }
        return CharsetDecoder.decode(bytes, label: String(decoding: parts[0], as: UTF8.self)).text
    }

    /// Without the blanks around it.
    package static func trimmed(_ text: Substring) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var bytes = text.utf8.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
