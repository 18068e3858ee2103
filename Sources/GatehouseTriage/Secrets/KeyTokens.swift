import GatehouseCore

/// Keys in one long token: a stretch of text without white space, at least `shortest` bytes long.
struct KeyTokens {
    static let shortest = 20

    private typealias Key = (kind: SecretKind, range: Range<Int>)

    /// A bit for each hash of three letters with which those keys begin that are known by their beginning.
    private static let beginnings: [UInt64] = {
        var bits = [UInt64](repeating: 0, count: beginningSlots / 64)
        func add(_ beginning: [UInt8]) {
            let slot = beginningSlot(beginning[0], beginning[1], beginning[2])
            bits[slot >> 6] |= 1 << UInt64(slot & 63)
        }
        for format in KeyFormat.all {
            if format.prefix.count > 2 {
                add(format.prefix)
            } else {
                for letter in UInt8.min..<0x80 where format.letters.has(letter) { add(format.prefix + [letter]) }
            }
        }
        for beginning in ["eyJ", "AGE", "sk-"] { add(Array(beginning.utf8)) }
        return bits
    }()
    private static let beginningSlots = 1 << 13

    private let beginnings = Self.beginnings

    /// Looks at the words of a token, or of what is left of one.
    func look(_ bytes: borrowing Span<UInt8>, _ token: Range<Int>, _ findings: inout [SecretFinding]) {
        var start = token.lowerBound
        while start < token.upperBound {
            let end = Self.wordEnd(bytes, start, token.upperBound)
            guard end > start else {
                repeat { start &+= 1 } while start < token.upperBound && !ByteClass.alphanumeric.has(bytes[start])
                continue
            }
            if mayBegin(bytes, start..<end, token.upperBound), let key = key(bytes, start..<end, token.upperBound) {
                findings.append(key)
                start = max(key.range.upperBound, start + 1)
            } else {
                start = end
            }
        }
    }

    /// Where the letters and digits end that begin at `start`.
    @inline(__always)
    static func wordEnd(_ bytes: borrowing Span<UInt8>, _ start: Int, _ limit: Int) -> Int {
        var end = start
        while end &+ 8 <= limit {
            let count = LetterBlock.read(LetterBlock.load(bytes, end)).count
            end &+= count
            if count < 8 { return end }
        }
        while end < limit, ByteClass.alphanumeric.has(bytes[end]) { end &+= 1 }
        return end
    }

    /// False where certainly no key begins with the word, as with nearly every one: `read` knows each by its first letters,
    /// by how long the word is, or by both.
    ///
    /// - Parameter word: Letters and digits.
    @inline(__always)
    func mayBegin(_ bytes: borrowing Span<UInt8>, _ word: Range<Int>, _ limit: Int) -> Bool {
        let (start, length) = (word.lowerBound, word.upperBound &- word.lowerBound)
        guard length > 1 else { return false }
        if hasBeginning(bytes, start) { return true }
        if length >= 20 {
            return 0x4D...0x4F ~= bytes[start] || Self.mayBePrivateKey(length, bytes[start])  // M, N, O
        }
        return 8...10 ~= length && word.upperBound < limit && bytes[word.upperBound] == UInt8(ascii: ":")
    }

    /// Whether one of the token's words begins as a key does that has no long word: by three letters, or by digits with a
    /// colon behind them.
    @inline(__always)
    func mayHoldBeginning(_ bytes: borrowing Span<UInt8>, _ token: TokenStretch) -> Bool {
        var starts = token.words & ~(token.words << 1)
        while starts != 0 {
            let offset = starts.trailingZeroBitCount
            starts &= starts &- 1
            let start = token.start &+ offset
            if hasBeginning(bytes, start) { return true }
            guard ByteClass.digit.has(bytes[start]) else { continue }
            let end = start &+ (~(token.words &>> UInt64(offset))).trailingZeroBitCount
            if end < token.end, bytes[end] == UInt8(ascii: ":") { return true }
        }
        return false
    }

    /// The key that begins with a word.
    ///
    /// - Parameter word: Letters and digits.
    func key(_ bytes: borrowing Span<UInt8>, _ word: Range<Int>, _ limit: Int) -> SecretFinding? {
        guard let key = read(bytes, word, limit) else { return nil }
        return SecretFinding(kind: key.kind, range: key.range, isProven: true)
    }

    private func read(_ bytes: borrowing Span<UInt8>, _ word: Range<Int>, _ limit: Int) -> Key? {
        let (start, end) = (word.lowerBound, word.upperBound)
        if hasBeginning(bytes, start) {
            for format in KeyFormat.byFirst[Int(bytes[start])] {
                if let end = format.end(bytes, start, limit) { return (format.kind, start..<end) }
            }
        }
        let length = end - start
        switch bytes[start] {
        case UInt8(ascii: "e"): if let token = webToken(bytes, start, limit) { return token }
        case UInt8(ascii: "M"), UInt8(ascii: "N"), UInt8(ascii: "O"):
            if length >= 20, let token = discordToken(bytes, start, limit) { return token }
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            if (8...10).contains(length), let token = telegramToken(bytes, start, end, limit) { return token }
        case UInt8(ascii: "s"):
            if length == 2, let token = openAIKey(bytes, start, limit) { return token }
        default: break
        }
        if bytes[start] == UInt8(ascii: "A"), length == 3, let key = ageKey(bytes, start, limit) { return key }
        guard Self.mayBePrivateKey(length, bytes[start]) else { return nil }
        let text = (start..<end).map { bytes[$0] }
        return Self.isPrivateKey(text[...]) ? (.privateKey, start..<end) : nil
    }

    /// False where the first three letters are those of no known form.
    @inline(__always)
    private func hasBeginning(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Bool {
        guard start &+ 2 < bytes.count else { return false }
        let slot = Self.beginningSlot(bytes[start], bytes[start &+ 1], bytes[start &+ 2])
        return beginnings[slot >> 6] >> UInt64(slot & 63) & 1 == 1
    }

    @inline(__always)
    private static func beginningSlot(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int {
        let letters = UInt32(first) | UInt32(second) << 8 | UInt32(third) << 16
        return Int(truncatingIfNeeded: (letters &* 0x9E37_79B1) >> 19)
    }

    // MARK: Keys with a checksum

    /// The lengths that `isPrivateKey` knows, and the letters with which those of some begin.
    @inline(__always)
    private static func mayBePrivateKey(_ length: Int, _ first: UInt8) -> Bool {
        guard length >= 27 else { return false }
        switch length {
        case 27...31, 70: return first == UInt8(ascii: "s")
        case 51, 52, 58, 86...88, 107...113: return true
        case 54, 98: return first == UInt8(ascii: "e")
        case 56: return first == UInt8(ascii: "S")
        case 63: return first == UInt8(ascii: "n")
        default: return false
        }
    }

    /// Whether a word of letters and digits is a private key: its checksum is right, and it is of a form that no address has.
    private static func isPrivateKey(_ text: ArraySlice<UInt8>) -> Bool {
        let first = text[text.startIndex]
        switch text.count {
        case 51, 52:
            // WIF: a version, 32 bytes, and 1 for a compressed public key. Addresses have 21 bytes.
            guard let payload = Base58.checked(text), payload[0] >= 0x80 else { return false }
            return payload.count == 33 || (payload.count == 34 && payload[33] == 1)
        case 58:
            // BIP-38.
            return Base58.checked(text).map { $0.count == 39 && $0[0] == 1 && ($0[1] == 0x42 || $0[1] == 0x43) }
                ?? false
        case 107...113:
            // BIP-32 and SLIP-132: a private key has a zero byte before it, a public one 2 or 3.
            return Base58.checked(text).map { $0.count == 78 && $0[45] == 0 } ?? false
        case 27...31 where first == UInt8(ascii: "s"):
            // XRP Ledger seeds: one byte or, for Ed25519, three, and 16 bytes.
            guard let payload = Base58.checked(text, Base58.ripple) else { return false }
            return (payload.count == 17 && payload[0] == 0x21)
                || (payload.count == 19 && payload.prefix(3) == [1, 0xE1, 0x4B])
        case 54 where first == UInt8(ascii: "e"), 98 where first == UInt8(ascii: "e"):
            // Tezos: edsk…
            return Base58.checked(text).map { [36, 68].contains($0.count) } ?? false
        case 56 where first == UInt8(ascii: "S"): return isStellarSeed(text)
        case 86...88: return isSolanaKey(text)
        case 63 where text.starts(with: Array("nsec1".utf8)): return Bech32.isValid(text)
        case 70 where text.starts(with: Array("suiprivkey1".utf8)): return Bech32.isValid(text)
        default: return false
        }
    }

    /// 64 bytes of which the latter half is the public key of the former; a signature has the same length.
    private static func isSolanaKey(_ text: ArraySlice<UInt8>) -> Bool {
        guard let bytes = Base58.decode(text), bytes.count == 64 else { return false }
        return Ed25519.publicKey(ofSeed: Array(bytes.prefix(32))) == Array(bytes.suffix(32))
    }

    /// SEP-23: base 32 of a version, 32 bytes and CRC16-XModem.
    private static func isStellarSeed(_ text: ArraySlice<UInt8>) -> Bool {
        var bytes: [UInt8] = []
        var (pending, bits): (UInt32, Int) = (0, 0)
        for letter in text {
            switch letter {
            case 0x41...0x5A: pending = pending << 5 | UInt32(letter - 0x41)
            case 0x32...0x37: pending = pending << 5 | UInt32(letter - 0x32 + 26)
            default: return false
            }
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
            }
        }
        guard bytes.count == 35, bytes[0] == 18 << 3 else { return false }
        var sum: UInt16 = 0
        for byte in bytes.prefix(33) {
            sum ^= UInt16(byte) << 8
            for _ in 0..<8 { sum = sum & 0x8000 != 0 ? sum << 1 ^ 0x1021 : sum << 1 }
        }
        return sum == UInt16(bytes[33]) | UInt16(bytes[34]) << 8
    }

    /// `AGE-SECRET-KEY-1…`
    private func ageKey(_ bytes: borrowing Span<UInt8>, _ start: Int, _ limit: Int) -> Key? {
        let end = start + 74
        guard end <= limit, Self.matches(bytes, start, "AGE-SECRET-KEY-1") else { return nil }
        return Bech32.isValid((start..<end).map { bytes[$0] }[...]) ? (.privateKey, start..<end) : nil
    }

    // MARK: Tokens with a form

    /// RFC 7519: three parts, or five of RFC 7516, the first of which is JSON that names its algorithm.
    private func webToken(_ bytes: borrowing Span<UInt8>, _ start: Int, _ limit: Int) -> Key? {
        guard Self.matches(bytes, start, "eyJ") else { return nil }
        var dots: [Int] = []
        var end = start
        while end < limit, ByteClass.dotted.has(bytes[end]) {
            if bytes[end] == UInt8(ascii: ".") { dots.append(end) }
            end += 1
        }
        while end > start, bytes[end - 1] == UInt8(ascii: "."), dots.count > 2 {
            dots.removeLast()
            end -= 1
        }
        guard dots.count >= 2, dots.count <= 5, dots[0] - start <= 4096 else { return nil }
        let head = (start..<dots[0]).map { bytes[$0] }
        let json = Base64.decode(head, in: 0..<head.count, alphabet: .urlSafe).bytes
        guard json.first == UInt8(ascii: "{") else {
            return nil
        }
        return ByteSearch.firstIndex(of: Array("\"alg\"".utf8), in: json, 0..<json.count) != nil
            ? (.accessToken, start..<end) : nil
    }

    /// `<bot's id>:AA<33 letters>`
    private func telegramToken(_ bytes: borrowing Span<UInt8>, _ start: Int, _ colon: Int, _ limit: Int) -> Key? {
        guard colon + 36 <= limit, bytes[colon] == UInt8(ascii: ":"), Self.matches(bytes, colon + 1, "AA") else {
            return nil
        }
        for index in start..<colon where !ByteClass.digit.has(bytes[index]) { return nil }
        for index in colon + 1..<colon + 36 where !ByteClass.urlSafe.has(bytes[index]) { return nil }
        let end = colon + 36
        return end == limit || !ByteClass.urlSafe.has(bytes[end]) ? (.apiKey, start..<end) : nil
    }

    /// The bot's id in base 64, a time, a signature.
    private func discordToken(_ bytes: borrowing Span<UInt8>, _ start: Int, _ limit: Int) -> Key? {
        var end = start
        var dots: [Int] = []
        while end < limit, ByteClass.dotted.has(bytes[end]) {
            if bytes[end] == UInt8(ascii: ".") { dots.append(end) }
            end += 1
        }
        guard dots.count >= 2, (23...28).contains(dots[0] - start), dots[1] - dots[0] == 7 else { return nil }
        end = dots.count > 2 ? dots[2] : end
        guard (27...40).contains(end - dots[1] - 1) else { return nil }
        let head = (start..<dots[0]).map { bytes[$0] }
        let id = Base64.decode(head, in: 0..<head.count, alphabet: .urlSafe).bytes
        guard id.count >= 15, id.allSatisfy({ ByteClass.digit.has($0) }) else { return nil }
        return (.apiKey, start..<end)
    }

    /// `sk-` and 48 letters with a mark in their middle.
    private func openAIKey(_ bytes: borrowing Span<UInt8>, _ start: Int, _ limit: Int) -> Key? {
        guard start + 51 <= limit, Self.matches(bytes, start, "sk-"), Self.matches(bytes, start + 23, "T3BlbkFJ") else {
            return nil
        }
        return (.apiKey, start..<start + 51)
    }

    private static func matches(_ bytes: borrowing Span<UInt8>, _ start: Int, _ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard start >= 0, start + count <= bytes.count else { return false }
        for (index, byte) in text.description.utf8.enumerated() where bytes[start + index] != byte { return false }
        return true
    }
}
