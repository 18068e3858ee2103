@_spi(_Unicode) import Swift

/// Text as the envelope holds it.
package enum UnicodeText {
    /// Unicode normalisation form C, line ends LF, no NUL, no more than thirty combining marks behind one letter.
    ///
    /// The standard library's own normaliser does the work, where `ComposedText` does not see that there is none.
    package static func normalised(_ text: String) -> String {
        var controls: UInt8 = 0
        var union: UInt8 = 0
        let utf8 = text.utf8.span
        for index in utf8.indices {
            let byte = utf8[index]
            // Without a branch, so that the processor takes many bytes at a time.
            controls |= (byte == 0x0D ? 1 : 0) | (byte == 0 ? 1 : 0)
            union |= byte
        }
        let mayNeedComposing = union >= 0x80 && ComposedText.mayNeedComposing(utf8)
        var result = text
        if controls != 0 { result = withoutCarriageReturns(result) }
        return mayNeedComposing ? composed(result) : result
    }

    /// A line end joins with nothing, so that lines can be composed by themselves: those that need it, and what little may
    /// stand between two of them.
    private static func composed(_ text: String) -> String {
        let utf8 = text.utf8.span
        func piece(_ start: Int, _ end: Int) -> Substring {
            let first = text.utf8.index(text.utf8.startIndex, offsetBy: start)
            return text[first..<text.utf8.index(first, offsetBy: end - start)]
        }
        var result = ""
        var done = 0
        // The lines that are to be composed next.
        var (start, end) = (0, 0)
        func flush() {
            result += piece(done, start)
            var composed = String.UnicodeScalarView()
            for scalar in StreamSafeText.text(String(piece(start, end)))._nfc { composed.append(scalar) }
            result += String(composed)
            done = end
        }
        var line = 0
        while line < utf8.count {
            let next = (ByteSearch.firstIndex(of: 0x0A, in: utf8, line..<utf8.count) ?? utf8.count - 1) + 1
            if ComposedText.mayNeedComposing(utf8.extracting(line..<next)) {
                if line - end > shortestGap || end == 0 {
                    flush()
                    start = line
                }
                end = next
            }
            line = next
        }
        flush()
        result += piece(done, utf8.count)
        return result
    }

    private static let shortestGap = 256

    /// As `String.lowercased()`, and the text itself where it is of ASCII and in lower case already, as most addresses are.
    package static func lowercased(_ text: String) -> String {
        let utf8 = text.utf8.span
        var union: UInt8 = 0
        for index in utf8.indices { union |= utf8[index] | (utf8[index] &- 0x41 < 26 ? 0x80 : 0) }
        return union < 0x80 ? text : text.lowercased()
    }

    /// `first`, a separator and `second` in one text, as keys are made of: a fifth of what an interpolation costs.
    package static func joined(_ first: String, _ separator: String, _ second: String) -> String {
        let (head, middle, tail) = (first.utf8.span, separator.utf8.span, second.utf8.span)
        let count = head.count &+ middle.count &+ tail.count
        return unsafe String(unsafeUninitializedCapacity: count) { text in
            for index in head.indices { unsafe text[index] = head[index] }
            var place = head.count
            for index in middle.indices { unsafe text[place &+ index] = middle[index] }
            place &+= middle.count
            for index in tail.indices { unsafe text[place &+ index] = tail[index] }
            return count
        }
    }

    /// A text of bytes that are known to be UTF-8, which it does not look at once more.
    static func sound(_ bytes: Span<UInt8>, isASCII: Bool) -> String {
        unsafe String(copying: UTF8Span(unchecked: bytes, isKnownASCII: isASCII))
    }

    /// CRLF and lone CR become LF; NUL becomes U+FFFD.
    ///
    /// Piece by piece, since a text of NUL becomes three times as long, and would stand in memory twice otherwise.
    private static func withoutCarriageReturns(_ text: String) -> String {
        let source = text.utf8.span
        var zeros = 0
        for index in source.indices { zeros &+= source[index] == 0 ? 1 : 0 }
        var result = ""
        result.reserveCapacity(source.count &+ 2 &* zeros)
        var piece: [UInt8] = []
        var index = 0
        while index < source.count {
            var end = index
            while end < source.count, source[end] != 0x0D, source[end] != 0 { end &+= 1 }
            unsafe source.extracting(index..<end).withUnsafeBufferPointer { unsafe piece.append(contentsOf: $0) }
            guard end < source.count else { break }
            index = end &+ 1
            if source[end] == 0 {
                piece.append(0xEF)
                piece.append(0xBF)
                piece.append(0xBD)
            } else if index == source.count || source[index] != 0x0A {
                piece.append(0x0A)
            }
            if piece.count >= pieceSize {
                result += String(decoding: piece, as: UTF8.self)
                piece.removeAll(keepingCapacity: true)
            }
        }
        // Not `+`, which would copy all of it once more.
        result += String(decoding: piece, as: UTF8.self)
        return result
    }

    private static let pieceSize = 64 * 1024

    /// For a terminal or a log: control characters shown as their pictures (U+2400…), never obeyed.
    ///
    /// Bidirectional overrides (U+202A…U+202E, U+2066…U+2069) are dropped, since they turn the rest of a line round.
    package static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x00..<0x20: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: result.append("\u{2421}")
            case 0x80..<0xA0: result.append("\u{FFFD}")
            case 0x2028, 0x2029: result.append("\u{2424}")
            case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: continue
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// As `printable`, but line ends stay.
    package static func printableLines(_ text: String) -> String {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { printable(String(decoding: $0, as: UTF8.self)) }
            .joined(separator: "\n")
    }
}
