import GatehouseCore

/// An original that is a JSON object: it is read without its escapes, and without the strings that were read before.
///
/// Most of what a chat's record holds is its text, which often stands in it twice. What was found to hold no secret there
/// holds none here, but for what goes over its ends.
struct JSONOriginal {
    private let plain: [UInt8]

    init(_ bytes: [UInt8]) {
        let hasEscape = ByteSearch.firstIndex(of: UInt8(ascii: "\\"), in: bytes, 0..<bytes.count) != nil
        plain = hasEscape ? JSONEscapes.removed(from: bytes) : bytes
    }

    /// Whether the first byte that is no blank opens an object.
    static func isObject(_ bytes: borrowing Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count, bytes[index] <= 0x20, bytes[index] != 0 { index &+= 1 }
        return index < bytes.count && bytes[index] == UInt8(ascii: "{")
    }

    /// - Parameter text: In which there was none.
    func secret(_ scan: OriginalScan, read text: String?) -> SecretKind? {
        let bytes = plain.span
        // What is only probable is known by the words before it, which may be the name of the string.
        guard let text, text.utf8.count >= 16, !scan.includesProbable else { return scan.first(in: bytes) }
        let words = text.utf8.span
        var interior = 0..<0
        var start = 0
        var place = 0
        while let string = Self.firstString(words, in: bytes, from: place) {
            if interior.isEmpty {
                interior = scan.scanner.phrases.interior(of: words)
                guard !interior.isEmpty else { break }
            }
            let end = string.lowerBound &+ interior.lowerBound
            if let kind = scan.first(in: bytes.extracting(start..<end)) { return kind }
            start = string.lowerBound &+ interior.upperBound
            place = string.upperBound
        }
        return scan.first(in: bytes.extracting(start..<bytes.count))
    }

    /// Where `words`, eight bytes at least, stand between two quote marks.
    private static func firstString(
        _ words: borrowing Span<UInt8>,
        in bytes: borrowing Span<UInt8>,
        from first: Int
    ) -> Range<Int>? {
        let quote = UInt8(ascii: "\"")
        let length = words.count &+ 1
        let beginning = LetterBlock.load(words, 0)
        // Eight places at a time, of which both ends must be quote marks.
        var place = first
        while place &+ length &+ 8 <= bytes.count {
            var found = LetterBlock.places(of: quote, LetterBlock.load(bytes, place))
            found &= LetterBlock.places(of: quote, LetterBlock.load(bytes, place &+ length))
            while found != 0 {
                let start = place &+ found.trailingZeroBitCount / 8 &+ 1
                if isString(words, beginning, bytes, start) { return start..<start &+ words.count }
                found &= found &- 1
            }
            place &+= 8
        }
        while place &+ length < bytes.count {
            if isString(words, beginning, bytes, place &+ 1) { return place &+ 1..<place &+ length }
            place &+= 1
        }
        return nil
    }

    @inline(__always)
    private static func isString(
        _ words: borrowing Span<UInt8>,
        _ beginning: UInt64,
        _ bytes: borrowing Span<UInt8>,
        _ start: Int
    ) -> Bool {
        let quote = UInt8(ascii: "\"")
        guard LetterBlock.load(bytes, start) == beginning, bytes[start &- 1] == quote,
            bytes[start &+ words.count] == quote
        else { return false }
        var index = 8
        while index &+ 8 <= words.count, LetterBlock.load(bytes, start &+ index) == LetterBlock.load(words, index) {
            index &+= 8
        }
        while index < words.count, bytes[start &+ index] == words[index] { index &+= 1 }
        return index == words.count
    }
}
