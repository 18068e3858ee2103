/// A text without what is no language, cut into words by script.
///
/// Left out: URLs and host names, e-mail addresses, `@handles`, `/commands`, `:emoji_names:`, Latin tokens that hold
/// a digit (hashes, addresses, order numbers), coin tickers, and the few words that are the same everywhere ("ok").
package struct CleanedText {
    /// Places of the words in `scalars`; only of scripts that the model decides on.
    package private(set) var words: [Word] = []
    /// Letters seen, by script.
    private(set) var letters = [Int](repeating: 0, count: Script.allCases.count)
    package let scalars: [UInt32]

    package struct Word {
        package var start: Int
        package var end: Int
        package var script: Script
    }

    /// - Parameter scalars: Folded (`FoldedText`).
    package init(_ scalars: [UInt32]) {
        self.scalars = scalars
        words.reserveCapacity(scalars.count / 5)
        let text = scalars.span
        var index = 0
        while index < text.count {
            let scalar = text[index]
            if Self.isSpace(scalar) {
                index += 1
            } else if Self.isWide(scalar) {
                letters[Int(Script.of(scalar).rawValue)] += 1
                index += 1
            } else {
                let start = index
                while index < text.count, !Self.isSpace(text[index]), !Self.isWide(text[index]) { index += 1 }
                if !Self.isJunk(text, start, index) { cut(text, start, index) }
            }
        }
    }

    /// The script with the most weight, or `none` where there was no letter.
    var mainScript: Script {
        var best = Script.none
        var most = 0
        let chinese = (letters[Int(Script.han.rawValue)] + letters[Int(Script.kana.rawValue)]) * Script.han.weight
        for script in Script.allCases where script != .none {
            let isChinese = script == .han || script == .kana
            let weight = isChinese ? chinese : letters[Int(script.rawValue)] * script.weight
            if weight > most { (best, most) = (script, weight) }
        }
        return best
    }

    /// Cuts a run without spaces into words: letters of one script with apostrophes between them.
    private mutating func cut(_ text: borrowing Span<UInt32>, _ start: Int, _ end: Int) {
        var index = start
        while index < end {
            let script = Script.of(text[index])
            guard script != .none else {
                index += 1
                continue
            }
            let first = index
            var last = index + 1
            index += 1
            while index < end {
                let next = text[index]
                if Script.of(next) == script || Self.isMark(next) {
                    index += 1
                    last = index
                } else if Self.joins(next), index + 1 < end, Script.of(text[index + 1]) == script {
                    index += 1
                } else {
                    break
                }
            }
            if script == .latin {
                let hasDigit =
                    (first > start && Self.isDigit(text[first - 1])) || (index < end && Self.isDigit(text[index]))
                if hasDigit || UbiquitousWords.contains(text, first, last) { continue }
            }
            letters[Int(script.rawValue)] += last - first
            if script.rawValue <= Script.devanagari.rawValue {
                words.append(Word(start: first, end: last, script: script))
            }
        }
    }

    @inline(__always)
    private static func isSpace(_ scalar: UInt32) -> Bool {
        scalar <= 0x20 || scalar == 0xA0 || scalar == 0x3000 || (scalar >= 0x2000 && scalar <= 0x200A)
    }

    /// Scripts that are counted by the character: those that write without spaces, or need no words.
    @inline(__always)
    private static func isWide(_ scalar: UInt32) -> Bool {
        scalar >= 0x0E00 && (scalar >= 0x2E80 || scalar < 0x0F00 || (scalar >= 0x1100 && scalar < 0x1200))
            && !(scalar >= 0xFB50 && scalar < 0xFF00)
    }

    /// Combining marks and the joiners of Persian and Indic spelling belong to the word.
    @inline(__always)
    private static func isMark(_ scalar: UInt32) -> Bool {
        (scalar >= 0x300 && scalar < 0x370) || scalar == 0x200C || scalar == 0x200D
    }

    @inline(__always)
    private static func joins(_ scalar: UInt32) -> Bool { scalar == 0x27 || scalar == 0xB7 }

    @inline(__always)
    static func isDigit<Letter: UnsignedInteger & FixedWidthInteger>(_ letter: Letter) -> Bool {
        letter &- 0x30 < 10
    }

    /// True for a run that is an address, a name or a command, not words.
    @inline(__always)
    static func isJunk<Letter: UnsignedInteger & FixedWidthInteger>(
        _ text: borrowing Span<Letter>,
        _ start: Int,
        _ end: Int
    ) -> Bool {
        let first = text[start]
        if end - start > 1, first == 0x2F || first == 0x3A {  // `/start`, `:smile:`
            return Script.of(UInt32(truncatingIfNeeded: text[start + 1])) == .latin
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
            switch scalar {
            case 0x40: return true  // @
            case 0x3A where index + 2 < end && text[index + 1] == 0x2F && text[index + 2] == 0x2F: return true  // ://
            case 0x2E: hasDot = hasDot || (index > start && index + 2 < end)
            case 0x30...0x39: hasDigit = true
            default: break
            }
            let isLatin = Script.of(UInt32(truncatingIfNeeded: scalar)) == .latin
            run = isLatin || Self.isDigit(scalar) ? run + 1 : 0
            longestRun = max(longestRun, run)
        }
        // A run that mixes letters and digits at length is a hash or an address (base58, bech32, hex).
        if hasDigit && longestRun >= 16 { return true }
        return hasDot && HostNames.endsHost(text, start, end)
    }
}

/// Whether a token ends like a host name: `example.com`, `etherscan.io/tx/…`.
enum HostNames {
    static func endsHost<Letter: UnsignedInteger & FixedWidthInteger>(
        _ text: borrowing Span<Letter>,
        _ start: Int,
        _ end: Int
    ) -> Bool {
        var stop = start
        while stop < end, text[stop] != 0x2F, text[stop] != 0x3A, text[stop] != 0x3F { stop += 1 }
        while stop > start, text[stop - 1] == 0x2E || text[stop - 1] == 0x2C { stop -= 1 }
        var label = stop
        while label > start, text[label - 1] &- 0x61 < 26 { label -= 1 }
        guard label > start + 1, text[label - 1] == 0x2E, (2...4).contains(stop - label) else { return false }
        var key: UInt32 = 0
        for index in label..<stop { key = key << 8 | UInt32(truncatingIfNeeded: text[index]) & 0xFF }
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
    static func contains<Letter: UnsignedInteger & FixedWidthInteger>(
        _ text: borrowing Span<Letter>,
        _ start: Int,
        _ end: Int
    ) -> Bool {
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
    private static let filter: [UInt64] = {
        var filter = [UInt64](repeating: 0, count: 64)
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
        bitcoin ethereum binance tether
        """.split(separator: " ").map { word in word.utf8.reduce(0) { $0 << 8 | UInt64($1) } }
    )
}
