/// Base 64 (RFC 4648 §4 and §5), read as leniently as mail needs it (RFC 2045 §6.8).
package enum Base64 {
    package enum Alphabet: Sendable {
        /// `+` and `/`.
        case standard
        /// `-` and `_`, as in JSON Web Tokens and URLs; `+` and `/` are read too.
        case urlSafe
    }

    /// Decodes `range` of `bytes`.
    ///
    /// Bytes outside the alphabet are skipped, as RFC 2045 asks. Padding ends a group and not the text, since real mail
    /// holds several encoded runs behind one another. A last group without padding gives what it holds.
    /// - Returns: The bytes, and whether anything but line ends had to be skipped or the end was cut.
    package static func decode(
        _ bytes: [UInt8],
        in range: Range<Int>,
        alphabet: Alphabet = .standard
    ) -> (bytes: [UInt8], isDamaged: Bool) {
        let range = range.clamped(to: 0..<bytes.count)
        var result = [UInt8](repeating: 0, count: range.count / 4 * 3 + 3)
        var isDamaged = false
        let values = alphabet == .standard ? standardValues : urlSafeValues
        let count = decode(bytes.span, range, values.span, into: &result, &isDamaged)
        result.removeLast(result.count - count)
        return (result, isDamaged)
    }

    /// The bytes of a text, or nil where it holds anything that is not base 64.
    package static func decode(_ text: String, alphabet: Alphabet = .standard) -> [UInt8]? {
        let encoded = Array(text.utf8)
        let (bytes, isDamaged) = decode(encoded, in: 0..<encoded.count, alphabet: alphabet)
        return isDamaged ? nil : bytes
    }

    /// With padding (RFC 4648 §4).
    package static func encode(_ bytes: [UInt8]) -> String { String(decoding: encodedBytes(bytes), as: UTF8.self) }

    package static func encode(_ text: String) -> String { encode(Array(text.utf8)) }

    /// The same as ASCII.
    package static func encodedBytes(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let second = left > 1 ? bytes[index + 1] : 0
            let third = left > 2 ? bytes[index + 2] : 0
            let group = UInt32(bytes[index]) << 16 | UInt32(second) << 8 | UInt32(third)
            text.append(digits[Int(group >> 18)])
            text.append(digits[Int(group >> 12 & 63)])
            text.append(left > 1 ? digits[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(left > 2 ? digits[Int(group & 63)] : UInt8(ascii: "="))
            index += 3
        }
        return text
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    // What a byte stands for: 0…63, or one of these.
    private static let padding: UInt8 = 64
    private static let lineEnd: UInt8 = 65
    private static let foreign: UInt8 = 66

    private static let standardValues: [UInt8] = {
        var values = [UInt8](repeating: foreign, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        for byte in "\r\n\t ".utf8 { values[Int(byte)] = lineEnd }
        values[Int(UInt8(ascii: "="))] = padding
        return values
    }()

    private static let urlSafeValues: [UInt8] = {
        var values = standardValues
        values[Int(UInt8(ascii: "-"))] = 62
        values[Int(UInt8(ascii: "_"))] = 63
        return values
    }()

    /// - Returns: How many bytes were written.
    private static func decode(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ values: Span<UInt8>,
        into result: inout [UInt8],
        _ isDamaged: inout Bool
    ) -> Int {
        var output = result.mutableSpan
        var written = 0
        var group: UInt32 = 0
        var held = 0
        var index = range.lowerBound
        while index < range.upperBound {
            if held == 0 { decodeWholeGroups(bytes, &index, range.upperBound, values, into: &output, &written) }
            guard index < range.upperBound else { break }
            let value = values[Int(bytes[index])]
            index &+= 1
            if value < 64 {
                group = group << 6 | UInt32(value)
                held += 1
                if held == 4 { written = flush(group, 4, into: &output, at: written) }
            } else if value == padding {
                if held == 1 { isDamaged = true }
                written = flush(group, held, into: &output, at: written)
            } else if value == foreign {
                isDamaged = true
                // A rule, as list servers put it above their words, also where the padding was left out.
                if held == 0, startsLine(bytes, index &- 1, range), isText(bytes, index &- 1..<range.upperBound, values)
                {
                    break
                }
            }
            if held == 4 || value == padding {
                group = 0
                held = 0
            }
            if value == padding, index < range.upperBound, bytes[index] == 0x20 {
                // Words behind the padding are none of it; another run starts on another line.
                isDamaged = true
                while index < range.upperBound, bytes[index] != 0x0A { index &+= 1 }
            }
            if value == padding, index < range.upperBound, bytes[index] == 0x0A || bytes[index] == 0x0D,
                isText(bytes, index..<range.upperBound, values)
            {
                isDamaged = true
                break
            }
        }
        if held == 1 { isDamaged = true }
        return flush(group, held, into: &output, at: written)
    }

    private static func startsLine(_ bytes: Span<UInt8>, _ index: Int, _ range: Range<Int>) -> Bool {
        index > range.lowerBound && (bytes[index &- 1] == 0x0A || bytes[index &- 1] == 0x0D)
    }

    /// Whether the next line with anything in it is no base 64 but words, as list servers put them under what they pass on.
    private static func isText(_ bytes: Span<UInt8>, _ range: Range<Int>, _ values: Span<UInt8>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound, values[Int(bytes[index])] == lineEnd { index &+= 1 }
        var foreigners = 0
        var digits = 0
        while index < range.upperBound, bytes[index] != 0x0A, bytes[index] != 0x0D {
            let value = values[Int(bytes[index])]
            if value < 64 { digits &+= 1 } else { foreigners &+= 1 }
            index &+= 1
        }
        return foreigners > 3 || foreigners > 0 && digits == 0
    }

    /// Four digits at a time, as long as nothing stands between them.
    private static func decodeWholeGroups(
        _ bytes: Span<UInt8>,
        _ index: inout Int,
        _ end: Int,
        _ values: Span<UInt8>,
        into output: inout MutableSpan<UInt8>,
        _ written: inout Int
    ) {
        while index &+ 4 <= end {
            let first = values[Int(bytes[index])]
            let second = values[Int(bytes[index &+ 1])]
            let third = values[Int(bytes[index &+ 2])]
            let fourth = values[Int(bytes[index &+ 3])]
            guard first | second | third | fourth < 64 else { return }
            output[written] = first << 2 | second >> 4
            output[written &+ 1] = second << 4 | third >> 2
            output[written &+ 2] = third << 6 | fourth
            written &+= 3
            index &+= 4
        }
    }

    /// Writes the whole bytes among `held` sextets.
    private static func flush(_ group: UInt32, _ held: Int, into output: inout MutableSpan<UInt8>, at start: Int) -> Int
    {
        guard held > 1 else { return start }
        let bits = group << UInt32(6 * (4 - held))
        for place in 0..<held - 1 { output[start + place] = UInt8(truncatingIfNeeded: bits >> UInt32(16 - 8 * place)) }
        return start + held - 1
    }
}
