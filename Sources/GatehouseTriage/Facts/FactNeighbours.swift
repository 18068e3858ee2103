import GatehouseCore

/// The words before and behind a number.
extension FactScanner {
    /// What a word of the text means as one of `kinds`.
    func meaning(_ range: Range<Int>, _ kinds: FactWords.Kinds) -> FactWords.Meaning? {
        words.meaning(bytes, range, kinds)
    }

    /// The word behind `index`, with at most a few spaces between, that means one of `kinds`, and where it ends.
    mutating func wordBehind(_ index: Int, _ kinds: FactWords.Kinds) -> (FactWords.Meaning, Int)? {
        let start = skipSpaces(index)
        guard byte(start) > 0x20, !self.kinds(at: start).isDisjoint(with: kinds) else { return nil }
        if isUnspaced(start) {
            var ends: [Int] = []
            var end = start
            while ends.count < FactWords.longestUnspaced, isUnspaced(end) {
                end += scalarLength(end)
                ends.append(end)
            }
            for end in ends.reversed() {
                if let found = meaning(start..<end, kinds) { return (found, end) }
            }
            return nil
        }
        let end = wordEnd(start)
        guard end > start, end - start <= 40 else { return nil }
        if let found = meaning(start..<end, kinds) { return (found, end) }
        // Two words, such as "đô la"; and a sign with letters before it, such as "US$".
        let second = wordEnd(skipSpaces(end))
        guard second - start <= 40, let found = meaning(start..<second, kinds) else { return nil }
        return (found, second)
    }

    /// What the word at `start`, or the two there, may mean; asked again and again of the same place.
    ///
    /// `wordBehind` takes the same stretches: letters, digits and `$` up to another byte of ASCII. Of what is beyond ASCII
    /// anything is possible; of what is longer than 40 bytes it takes nothing.
    private mutating func kinds(at start: Int) -> FactWords.Kinds {
        if behind.place == start { return behind.kinds }
        var hash = FactWords.LetterHash()
        var kinds: FactWords.Kinds = []
        var end = plainWordEnd(start, start, &hash)
        var isPlain = true
        if end > start {
            kinds = words.kinds(of: hash)
            let second = skipSpaces(end)
            for place in end..<second {
                isPlain = isPlain && bytes[place] < 0x80
                hash.add(bytes[place])
            }
            end = plainWordEnd(start, second, &hash)
            kinds.formUnion(words.kinds(of: hash))
        }
        if !isPlain || byte(end) >= 0x80 { kinds = .all }
        behind = (start, kinds)
        return kinds
    }

    /// Where a word of ASCII ends, of which all from `start` on is at most 48 bytes long.
    @inline(__always)
    private func plainWordEnd(_ start: Int, _ word: Int, _ hash: inout FactWords.LetterHash) -> Int {
        var end = word
        while end < bytes.count, end - start < 48, bytes[end] == 0x24 || Self.isAlphanumeric(bytes[end]) {
            hash.add(bytes[end])
            end += 1
        }
        return end
    }

    /// The sign or word before `index` that means one of `kinds`, and where it begins.
    func wordBefore(_ index: Int, _ kinds: FactWords.Kinds) -> (FactWords.Meaning, Int)? {
        var end = skipSpacesBack(index)
        // A minus or an opening bracket belongs to the number.
        if byte(end - 1) == 0x2D || byte(end - 1) == 0x2B || byte(end - 1) == 0x3A { end = skipSpacesBack(end - 1) }
        var start = end
        while start > 0, end - start < 16, Self.isAlphanumeric(bytes[start - 1]) { start -= 1 }
        // Of ASCII without a sign it is one word, and there are no parts of it to be looked at.
        let isPlain = start == 0 || end - start == 16 || (bytes[start - 1] < 0x80 && bytes[start - 1] != 0x24)
        if isPlain, words.mayMean(bytes, start..<end).isDisjoint(with: kinds) { return nil }
        while start > 0, end - start < 16, isWordByte(start - 1) { start -= 1 }
        guard start < end else { return nil }
        if let found = meaning(start..<end, kinds) {
            // "he won 3": a currency's word stands behind its number, only its code and sign before.
            let isWord = found.kind == .currency && bytes[start..<end].allSatisfy { (0x61...0x7A).contains($0) }
            return isWord ? nil : (found, start)
        }
        // "轉了NT$5,000": letters of ASCII behind another script's.
        var ascii = end
        while ascii > start, bytes[ascii - 1] < 0x80 { ascii -= 1 }
        if ascii > start, ascii < end, let found = meaning(ascii..<end, kinds) { return (found, ascii) }
        // "for €", "是¥": the last character alone, or the last two.
        var place = end
        for _ in 0..<3 where place > start {
            place -= 1
            while place > start, bytes[place] & 0xC0 == 0x80 { place -= 1 }
            if !Self.isAlphanumeric(bytes[place]) || place == start, let found = meaning(place..<end, kinds) {
                return (found, place)
            }
        }
        return nil
    }

    /// A letter, a currency's sign, or a part of one; not the punctuation of other scripts.
    private func isWordByte(_ index: Int) -> Bool {
        let own = bytes[index]
        if own < 0x80 { return own == 0x24 || Self.isAlphanumeric(own) }
        var start = index
        while start > max(0, index - 3), bytes[start] & 0xC0 == 0x80 { start -= 1 }
        let second = byte(start + 1)
        switch bytes[start] {
        case 0xC2: return second == 0xA3 || second == 0xA5  // £ ¥
        case 0xE2: return second >= 0x82
        case 0xE3: return second != 0x80
        case 0xEF: return second == 0xBF || second >= 0xAC && second < 0xBC
        case 0xD8: return second != 0x8C && second != 0x9B && second != 0x9F
        default: return true
        }
    }

    func wordEnd(_ start: Int) -> Int {
        var end = start
        while end < bytes.count, end - start < 48, isWordByte(end), !isUnspaced(end) || end == start { end += 1 }
        // "руб." and "fr." may keep their point; the table knows both forms.
        return end
    }

    func scalarLength(_ index: Int) -> Int {
        switch byte(index) {
        case 0..<0xC0: 1
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        default: 4
        }
    }

    /// Kana, Chinese or Hangul at `index`.
    func isUnspaced(_ index: Int) -> Bool {
        let first = byte(index)
        if first == 0xE3 { return byte(index + 1) >= 0x81 }
        return first >= 0xE4 && first <= 0xED
    }
}
