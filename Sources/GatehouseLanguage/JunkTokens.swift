/// Tokens that are no words: addresses, names, commands, hashes, pieces of program code.
enum JunkTokens {
    /// A run that mixes letters and digits at such a length is a hash or an address (base58, bech32, hex).
    private static let longestMixedRun = 16

    @inline(__always)
    static func isDigit(_ scalar: UInt32) -> Bool { scalar &- 0x30 < 10 }

    /// Whether the token from `start` up to `end`, which holds no space, is one.
    static func contain(_ text: borrowing Span<UInt32>, _ start: Int, _ end: Int) -> Bool {
        let first = text[start]
        if end - start > 1, first == 0x2F || first == 0x3A {  // `/start`, `:smile:`
            return Script.of(text[start + 1]) == .latin
        }
        if end - start > 2, first == 0x30, text[start + 1] == 0x78 { return true }  // 0x…
        if end - start > 4, first == 0x77, text[start + 1] == 0x77, text[start + 2] == 0x77, text[start + 3] == 0x2E {
            return true  // www.
        }
        var hasDigit = false
        var hasDot = false
        var longestRun = 0
        var run = 0
        for index in start..<end {
            let scalar = text[index]
            let isLatin = Script.of(scalar) == .latin
            run = isLatin || isDigit(scalar) ? run + 1 : 0
            longestRun = max(longestRun, run)
            guard !isLatin, scalar < 0x80 else { continue }
            let isInside = index > start && index + 1 < end
            switch scalar {
            case 0x40, 0x7B, 0x7D, 0x5C, 0x3D: return true  // @ { } \ =
            case 0x3A where index + 2 < end && text[index + 1] == 0x2F && text[index + 2] == 0x2F: return true  // ://
            // _ < > |
            case 0x5F where isInside, 0x3C where isInside, 0x3E where isInside, 0x7C where isInside: return true
            case 0x3A where index > start && text[index - 1] == 0x22: return true  // `"key":`
            case 0x28 where isInside && isCall(text, start, index): return true  // `f(`
            case 0x2E: hasDot = hasDot || (index > start && index + 2 < end)
            case 0x30...0x39: hasDigit = true
            default: break
            }
        }
        if hasDigit && longestRun >= longestMixedRun { return true }
        return hasDot && HostNames.endsHost(text, start, end)
    }

    /// `name(` followed by nothing that is a word in brackets: "friend(s)" is prose.
    private static func isCall(_ text: borrowing Span<UInt32>, _ start: Int, _ place: Int) -> Bool {
        guard Script.of(text[place - 1]) == .latin else { return false }
        return Script.of(text[place + 1]) == .none
    }
}

/// Whether a token ends like a host name: `example.com`, `etherscan.io/tx/…`.
enum HostNames {
    static func endsHost(_ text: borrowing Span<UInt32>, _ start: Int, _ end: Int) -> Bool {
        var stop = start
        while stop < end, text[stop] != 0x2F, text[stop] != 0x3A, text[stop] != 0x3F { stop += 1 }
        while stop > start, text[stop - 1] == 0x2E || text[stop - 1] == 0x2C { stop -= 1 }
        var label = stop
        while label > start, text[label - 1] &- 0x61 < 26 { label -= 1 }
        guard label > start + 1, text[label - 1] == 0x2E, (2...4).contains(stop - label) else { return false }
        var key: UInt32 = 0
        for index in label..<stop { key = key << 8 | text[index] & 0xFF }
        return endings.contains(key)
    }

    private static let endings: Set<UInt32> = Set(
        "com org net io co ru de info me app xyz dev gg eu uk fr it es pl br jp cn ly".split(separator: " ").map {
            label in
            label.utf8.reduce(0) { $0 << 8 | UInt32($1) }
        }
    )
}

/// Words that belong to no language because they belong to all: agreement, laughter, coin tickers.
enum UbiquitousWords {
    @inline(__always)
    static func contains(_ text: borrowing Span<UInt32>, _ start: Int, _ end: Int) -> Bool {
        guard end - start <= 8 else { return false }
        var key: UInt64 = 0
        for index in start..<end {
            guard text[index] < 0x80 else { return false }
            key = key << 8 | UInt64(text[index])
        }
        let bit = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 52)
        return filter[bit / 64] >> UInt64(bit % 64) & 1 == 1 && keys.contains(key)
    }

    /// A bit for each key's hash: nearly every word is answered by it.
    private static let filter: InlineArray<64, UInt64> = {
        var filter = InlineArray<64, UInt64>(repeating: 0)
        for key in keys {
            let bit = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 52)
            filter[bit / 64] |= 1 << UInt64(bit % 64)
        }
        return filter
    }()

    private static let keys: Set<UInt64> = Set(
        """
        ok okay lol lmao xd haha hahaha hehe hmm wow http https www com btc eth usdt usdc busd bnb xrp doge trx ltc bch xlm \
        xmr matic avax shib erc bep trc bep20 erc20 trc20 usd eur gbp jpy cny kyc otp sms api ios android iphone pdf jpg png \
        bitcoin ethereum binance tether tx txid txhash uid png gif html json
        """.split(separator: " ").map { word in word.utf8.reduce(0) { $0 << 8 | UInt64($1) } }
    )
}
