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

/// Finds facts in one pass: eight bytes at a time are passed over unless they hold a digit, `:`, `.`, `@` or another script,
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
    private var hostEnd = 0
    /// Numbers that are still looked up with the words around them: a text with more is a table or an attack.
    var numbersLeft = 2000

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
        let count = bytes.count
        while index < count, found.count < Self.mostFacts {
            var mask = index &+ 8 <= count ? Self.triggers(LetterBlock.load(bytes.span, index)) : tailMask(index)
            let base = index
            index &+= 8
            while mask != 0 {
                let place = base &+ mask.trailingZeroBitCount / 8
                mask &= mask &- 1
                guard place >= done else { continue }
                look(at: place)
            }
            if done > index { index = done }
        }
        // They are found in their order, but for those that look back.
        let isSorted = found.indices.dropFirst().allSatisfy {
            found[$0 - 1].range.lowerBound <= found[$0].range.lowerBound
        }
        return isSorted ? found : found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// The highest bit of each byte that is `0`…`:`, `.`, `@` or `_`, or that a digit or numeral of another script may begin
    /// with.
    @inline(__always)
    private static func triggers(_ block: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high = 0x80 &* ones
        let plain = block & ~high
        let digits = (plain &+ 0x50 &* ones) & ~(plain &+ 0x45 &* ones)
        let point = ~((plain ^ 0x2E &* ones) &+ 0x7F &* ones)
        let at = ~((plain ^ 0x40 &* ones) &+ 0x7F &* ones)
        let underscore = ~((plain ^ 0x5F &* ones) &+ 0x7F &* ones)
        let ascii = (digits | point | at | underscore) & ~block
        // From 0xD9 on: Arabic digits, full-width ones, numerals of Chinese and Korean.
        let others = (plain &+ 0x27 &* ones) & block
        return (ascii | others) & high
    }

    private func tailMask(_ index: Int) -> UInt64 {
        var block: UInt64 = 0
        for place in index..<bytes.count { block |= UInt64(bytes[place]) << UInt64((place - index) * 8) }
        return Self.triggers(block)
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

// Links.
extension FactScanner {
    /// - Returns: Whether a link's `//` stands there.
    private mutating func readLink(colon: Int) -> Bool {
        guard byte(colon + 1) == 0x2F, byte(colon + 2) == 0x2F else { return false }
        var start = colon
        while start > done, colon - start < 8, Self.isAlphanumeric(bytes[start - 1]) { start -= 1 }
        let scheme = text(start..<colon).lowercased()
        if ["http", "https", "hxxp", "hxxps", "ftp"].contains(scheme) { addLink(start..<linkEnd(colon + 3)) }
        return true
    }

    /// `name.tld` without a scheme, where the last label is a known one.
    private mutating func readBareHost(point: Int) {
        guard point >= hostEnd, Self.isLabel(byte(point - 1)), Self.isLabel(byte(point + 1)) else { return }
        var start = point
        while start > done, point - start < 64, LinkText.mayStandInHost(bytes[start - 1]) { start -= 1 }
        var end = point
        while end < bytes.count, LinkText.mayStandInHost(bytes[end]) { end += 1 }
        hostEnd = end
        while end > point, bytes[end - 1] == 0x2E || bytes[end - 1] == 0x2D { end -= 1 }
        let last = bytes[start..<end].lastIndex(of: 0x2E) ?? point
        let domain = text((last + 1)..<end).lowercased()
        guard LinkText.bareDomains.contains(domain) || domain.hasPrefix("xn--"), byte(start - 1) != 0x40,
            end - start > 4
        else {
            // "file.name.ext" is looked at once; a number in it is still read.
            return
        }
        if byte(end) == 0x40 { return }
        addLink(start..<(byte(end) == 0x2F || byte(end) == 0x3F ? linkEnd(end) : end))
    }

    private static func isLabel(_ byte: UInt8) -> Bool { byte >= 0x80 || isAlphanumeric(byte) }

    private mutating func addLink(_ range: Range<Int>) {
        done = max(done, range.upperBound)
        guard let link = LinkText(bytes[range]) else { return }
        found.append(FoundFact(kind: .url, value: link.defanged, range: range, link: link))
        readTransaction(in: range)
    }

    /// The transaction that a block explorer's link shows: the path's part behind `tx` or `transaction`.
    private mutating func readTransaction(in link: Range<Int>) {
        let isPartEnd: (UInt8) -> Bool = { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 || $0 == 0x26 || $0 == 0x3D }
        var previous = link.lowerBound..<link.lowerBound
        var start = link.lowerBound
        for index in link.lowerBound...link.upperBound
        where index == link.upperBound || isPartEnd(bytes[index]) {
            let part = start..<index
            if part.count >= 64, part.count <= Self.longestCode, Self.transactionParts.contains(text(previous)),
                let code = ChainCode.read(bytes[part]), code.kind == .transactionHash
            {
                return add(.transactionHash, text(part), part, network: code.network)
            }
            (previous, start) = (part, index + 1)
        }
    }

    private static let transactionParts: Set<String> = ["tx", "txs", "transaction", "transactions", "txid", "hash"]

    /// The end of a link: no space, quote or bracket is part of it, nor the full stop of its sentence.
    private func linkEnd(_ start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start < 2048 {
            let byte = bytes[end]
            if byte <= 0x20 || byte == 0x22 || byte == 0x3C || byte == 0x3E || byte == 0x60 || byte == 0x7B { break }
            // CJK and typographic punctuation: U+2018…U+201F, U+3000…U+301F, U+FF01…U+FF0F and U+FF1A…U+FF1F.
            if byte == 0xE2, self.byte(end + 1) == 0x80 { break }
            if byte == 0xE3, self.byte(end + 1) == 0x80 { break }
            if byte == 0xEF, self.byte(end + 1) == 0xBC { break }
            if byte == 0xC2, self.byte(end + 1) == 0xBB || self.byte(end + 1) == 0xA0 { break }
            end += 1
        }
        while end > start, ".,;:!?'*_)]}".utf8.contains(bytes[end - 1]) {
            // "…/Title_(film)" keeps its bracket.
            if bytes[end - 1] == 0x29, bytes[start..<end].contains(0x28) { break }
            end -= 1
        }
        return end
    }

    /// An e-mail address around its `@`.
    private mutating func readAddress(at place: Int) {
        func isLocal(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x2E, 0x5F, 0x25, 0x2B, 0x2D: true  // ._%+-
            default: Self.isAlphanumeric(byte)
            }
        }
        guard isLocal(byte(place - 1)), Self.isAlphanumeric(byte(place + 1)) else { return }
        var start = place
        while start > done, place - start < 64, isLocal(bytes[start - 1]) { start -= 1 }
        var end = place + 1
        while end < bytes.count, end - place < 254, LinkText.mayStandInHost(bytes[end]), bytes[end] < 0x80 { end += 1 }
        while end > place, bytes[end - 1] == 0x2E || bytes[end - 1] == 0x2D { end -= 1 }
        guard start < place, bytes[(place + 1)..<max(end, place + 1)].contains(0x2E), byte(place + 1) != 0x2E else {
            return
        }
        add(.email, text(start..<end), start..<end)
    }
}
