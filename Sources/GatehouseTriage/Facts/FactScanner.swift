import CProcessor
import GatehouseCore

/// A fact with its place in bytes.
struct FoundFact {
    var kind: FactKind
    var value: String
    var range: Range<Int>
    var network: String?
    var checksum: ChecksumState?
    /// Of a URL: what it is made of.
    var link: LinkText?
}

/// Finds facts in one pass: sixteen bytes at a time are passed over unless they hold a digit, `:`, `.`, `@` or another script,
/// and only what stands there is looked at. What was read once is not read again, so that the time is linear.
struct FactScanner {
    let bytes: [UInt8]
    /// The text's language, for "1.234" and "3/4/2026".
    let language: String
    /// ISO 3166, for telephone numbers without a country's code.
    let region: String?
    let words: FactWords
    var found: [FoundFact] = []
    /// Nothing before this is looked at again.
    var done = 0

    /// The end of the last run of a host's bytes, so that one of a million points is walked through once.
    var hostEnd = 0
    /// Numbers that are still looked up with the words around them: a text with more is a table or an attack.
    var numbersLeft = 2000

    /// What the words at a place may mean (`kinds(at:)`).
    var behind: (place: Int, kinds: FactWords.Kinds) = (-1, [])

    static let mostFacts = 100
    /// Letters and digits of the longest code, a Solana signature or an ADA address.
    static let longestCode = 128

    init(_ text: String, language: String, region: String?) {
        bytes = Array(text.utf8)
        self.language = language
        self.region = region
        words = .builtIn
    }

    /// The facts in the order of the text.
    mutating func scan() -> [FoundFact] {
        var index = 0
        // Where it is next seen whether there are enough: after eight bytes, or behind a fact that goes beyond them.
        var look = 8
        while index < bytes.count, index < look || found.count < Self.mostFacts {
            var mask = Self.triggers(WideBytes.load(bytes.span, index))
            let base = index
            index &+= 16
            while mask != 0 {
                let place = base &+ mask.trailingZeroBitCount
                mask &= mask &- 1
                guard place >= done else { continue }
                if place >= look {
                    guard found.count < Self.mostFacts else { break }
                    let next = max(look, done)
                    look = next &+ ((place &- next) / 8 &+ 1) &* 8
                }
                self.look(at: place)
            }
            if done > index { index = done }
        }
        // They are found in their order, but for those that look back.
        let isSorted = found.indices.dropFirst().allSatisfy {
            found[$0 - 1].range.lowerBound <= found[$0].range.lowerBound
        }
        return isSorted ? found : found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// A bit for each byte that is `0`…`:`, `.`, `@` or `_`, or that a digit or numeral of another script may begin with.
    @inline(__always)
    private static func triggers(_ block: SIMD16<UInt8>) -> UInt32 {
        let signs = cprocessor_equal(block, 0x2E) | cprocessor_equal(block, 0x40) | cprocessor_equal(block, 0x5F)
        // From 0xD9 on: Arabic digits, full-width ones, numerals of Chinese and Korean.
        return cprocessor_bits(signs | cprocessor_within(block, 0x30, 11) | cprocessor_within(block, 0xD9, 39))
    }

    private mutating func look(at place: Int) {
        switch bytes[place] {
        case 0x30...0x39: readToken(around: place)
        case 0x3A: if !readLink(colon: place) { readErrorName(behind: place) }
        case 0x2E: readBareHost(point: place)
        case 0x40: readAddress(at: place)
        case 0x5F: readErrorName(around: place)
        case 0xE3...0xED: done = max(done, readEastAsianAmount(at: place))
        default:
            if numbersLeft > 0, digit(at: place) != nil { readNumber(at: place) }
        }
    }

    // MARK: Bytes

    func byte(_ index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0 }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte)
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// A decimal digit of ASCII, Arabic, Persian or full width at `index`, and its length in bytes.
    func digit(at index: Int) -> (value: UInt8, length: Int)? {
        let first = byte(index)
        if Self.isDigit(first) { return (first - 0x30, 1) }
        guard first >= 0xD9 else { return nil }
        let second = byte(index + 1)
        if first == 0xD9, (0xA0...0xA9).contains(second) { return (second - 0xA0, 2) }
        if first == 0xDB, (0xB0...0xB9).contains(second) { return (second - 0xB0, 2) }
        let third = byte(index + 2)
        if first == 0xEF, second == 0xBC, (0x90...0x99).contains(third) { return (third - 0x90, 3) }
        return nil
    }

    func text(_ range: Range<Int>) -> String {
        let range = range.clamped(to: 0..<bytes.count)
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// Behind spaces from `index` on, the non-breaking ones too; at most four.
    func skipSpaces(_ index: Int) -> Int {
        var index = index
        for _ in 0..<4 {
            if byte(index) == 0x20 || byte(index) == 0x09 {
                index += 1
            } else if byte(index) == 0xC2, byte(index + 1) == 0xA0 {
                index += 2
            } else if byte(index) == 0xE2, byte(index + 1) == 0x80, byte(index + 2) == 0xAF || byte(index + 2) == 0x89 {
                index += 3
            } else {
                break
            }
        }
        return index
    }

    /// Where the spaces before `index` begin; at most four bytes.
    func skipSpacesBack(_ index: Int) -> Int {
        var index = index
        for _ in 0..<4 {
            if byte(index - 1) == 0x20 || byte(index - 1) == 0x09 {
                index -= 1
            } else if byte(index - 1) == 0xA0, byte(index - 2) == 0xC2 {
                index -= 2
            } else {
                break
            }
        }
        return index
    }

    mutating func add(
        _ kind: FactKind,
        _ value: String,
        _ range: Range<Int>,
        network: String? = nil,
        checksum: ChecksumState? = nil
    ) {
        found.append(FoundFact(kind: kind, value: value, range: range, network: network, checksum: checksum))
        done = max(done, range.upperBound)
    }
}

// Codes.
extension FactScanner {
    /// The run of letters and digits around a digit: a chain's code, a number, or an id.
    private mutating func readToken(around place: Int) {
        var start = place
        while start > done, place - start <= Self.longestCode, Self.isAlphanumeric(bytes[start - 1]) { start -= 1 }
        var end = place + 1
        while end < bytes.count, Self.isAlphanumeric(bytes[end]) { end += 1 }
        if end - start >= 25 {
            if end - start <= Self.longestCode, let code = ChainCode.read(bytes[start..<end]), !isCalledSecret(start) {
                add(code.kind, text(start..<end), start..<end, network: code.network, checksum: code.checksum)
            }
            done = max(done, end)
            return
        }
        if numbersLeft <= 0 {
            done = max(done, end)
            return
        }
        if Self.isDigit(bytes[start]) {
            readNumber(at: start)
        } else if !readCoinBefore(start..<end, digitAt: place) {
            readLabelled(start..<end)
        }
        // What no reader took is passed over as a whole.
        done = max(done, end)
    }

    /// Whether one of the 60 bytes before a code belongs to a word such as "private key".
    private func isCalledSecret(_ start: Int) -> Bool {
        let before = text(max(0, start - 60)..<start).lowercased()
        let folded = Array(before.utf8)
        return words.secrets.contains { ByteSearch.firstIndex(of: $0, in: folded, 0..<folded.count) != nil }
    }
}
