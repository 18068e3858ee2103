// How the bytes between two quotes become a String.

extension JSONReader {
    /// The text of the current token.
    mutating func text() throws(JSONError) -> String {
        if let cutText { return cutText }
        if !tokenHasEscapes {
            if let text = Self.validText(buffer.span.extracting(tokenStart..<tokenEnd)) { return text }
            guard options.isTolerant else { throw failure(.invalidUTF8, at: tokenStart) }
            note(.invalidUTF8)
            return String(decoding: buffer[tokenStart..<tokenEnd], as: UTF8.self)
        }
        let decoded = try unescaped()
        if let text = Self.validText(decoded.span) { return text }
        guard options.isTolerant else { throw failure(.invalidUTF8, at: tokenStart) }
        note(.invalidUTF8)
        return String(decoding: decoded, as: UTF8.self)
    }

    static func validText(_ bytes: Span<UInt8>) -> String? {
        guard let valid = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: valid)
    }

    private mutating func unescaped() throws(JSONError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(tokenEnd - tokenStart)
        var index = tokenStart
        while index < tokenEnd {
            var end = index
            while end < tokenEnd, buffer[end] != 0x5C { end &+= 1 }
            result.append(contentsOf: buffer[index..<end])
            index = end
            if index < tokenEnd { index = try decodeEscape(at: index, into: &result) }
        }
        return result
    }

    /// Decodes the escape at the backslash `index`.
    ///
    /// - Returns: The index behind it.
    private mutating func decodeEscape(at index: Int, into result: inout [UInt8]) throws(JSONError) -> Int {
        guard index + 1 < tokenEnd else {
            result.append(0x5C)
            return index + 1
        }
        let letter = buffer[index + 1]
        if let named = JSONEscape.byte(for: letter) {
            result.append(named)
            return index + 2
        }
        if letter == UInt8(ascii: "u"), let unit = hexadecimal(at: index + 2, digits: 4) {
            return decode(unit, at: index, into: &result)
        }
        return try decodeUnknownEscape(at: index, into: &result)
    }

    /// `\uXXXX`, alone or as the first half of a surrogate pair.
    private mutating func decode(_ unit: UInt32, at index: Int, into result: inout [UInt8]) -> Int {
        if let scalar = Unicode.Scalar(unit) {
            result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            return index + 6
        }
        if index + 7 < tokenEnd, buffer[index + 6] == 0x5C, buffer[index + 7] == UInt8(ascii: "u"),
            let low = hexadecimal(at: index + 8, digits: 4), let scalar = JSONEscape.scalar(high: unit, low: low)
        {
            result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            return index + 12
        }
        note(.loneSurrogate)
        result.append(contentsOf: UTF8.encodedReplacementCharacter)
        return index + 6
    }

    /// `\x0B` is the character it names, `\'` and `\v` are JavaScript's; anything else stays as it stands.
    private mutating func decodeUnknownEscape(at index: Int, into result: inout [UInt8]) throws(JSONError) -> Int {
        guard options.isTolerant else { throw failure(.invalidEscape, at: index) }
        switch buffer[index + 1] {
        case UInt8(ascii: "x"):
            if let value = hexadecimal(at: index + 2, digits: 2), let scalar = Unicode.Scalar(value) {
                note(.hexEscape)
                result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                return index + 4
            }
            result += [0x5C, buffer[index + 1]]
        case UInt8(ascii: "'"): result.append(UInt8(ascii: "'"))
        case UInt8(ascii: "v"): result.append(0x0B)
        default: result += [0x5C, buffer[index + 1]]
        }
        note(.unknownEscape)
        return index + 2
    }

    private func hexadecimal(at index: Int, digits: Int) -> UInt32? {
        JSONEscape.hexadecimal(buffer.span, index, digits: digits, end: tokenEnd)
    }
}
