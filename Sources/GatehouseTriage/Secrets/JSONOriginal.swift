import GatehouseCore

/// An original that is a JSON object: it is read without its escapes, and without the strings that were read before.
///
/// Most of what a chat's record holds is its text, which often stands in it twice. What was found to hold no secret there
/// holds none here, but for what goes over its ends.
struct JSONOriginal {
    private let plain: [UInt8]

    init(_ bytes: [UInt8]) {
        let hasEscape = ByteSearch.firstIndex(of: UInt8(ascii: "\\"), in: bytes, 0..<bytes.count) != nil
        plain = hasEscape ? JSONEscape.removed(from: bytes) : bytes
    }

    /// Whether the first byte that is no blank opens an object, in a charset of single bytes: UTF-16 has a zero behind it.
    static func isObject(_ bytes: borrowing Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count, bytes[index] <= 0x20, bytes[index] != 0 { index &+= 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "{") else { return false }
        return index &+ 1 == bytes.count || bytes[index &+ 1] != 0
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

    /// Where `words` stand between two quote marks.
    private static func firstString(
        _ words: borrowing Span<UInt8>,
        in bytes: borrowing Span<UInt8>,
        from first: Int
    ) -> Range<Int>? {
        let length = words.count &+ 1
        // Sixteen places at a time, of which both ends must be quote marks.
        var place = first
        while place &+ length &+ 16 <= bytes.count {
            if mayHoldEnds(bytes, place, place &+ length) {
                for start in place &+ 1...place &+ 16 where isString(words, bytes, start) {
                    return start..<start &+ words.count
                }
            }
            place &+= 16
        }
        while place &+ length < bytes.count {
            if isString(words, bytes, place &+ 1) { return place &+ 1..<place &+ length }
            place &+= 1
        }
        return nil
    }

    /// Whether at the same one of sixteen places behind both there is a quote mark; both must have as many bytes.
    @inline(__always)
    private static func mayHoldEnds(_ bytes: borrowing Span<UInt8>, _ first: Int, _ second: Int) -> Bool {
        let quotes = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
        let one = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: first, as: SIMD16<UInt8>.self)
        let other = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: second, as: SIMD16<UInt8>.self)
        let zero = SIMD16<UInt8>(repeating: 0)
        let found = zero.replacing(with: 0xFF, where: ((one ^ quotes) | (other ^ quotes)) .== zero)
        let halves = unsafe unsafeBitCast(found, to: SIMD2<UInt64>.self)
        return halves[0] | halves[1] != 0
    }

    @inline(__always)
    private static func isString(
        _ words: borrowing Span<UInt8>,
        _ bytes: borrowing Span<UInt8>,
        _ start: Int
    ) -> Bool {
        let quote = UInt8(ascii: "\"")
        guard bytes[start &- 1] == quote, bytes[start &+ words.count] == quote else { return false }
        return LetterBlock.stands(words, words.count, in: bytes, at: start)
    }
}
