import CProcessor
import GatehouseCore

/// Finds phrases of BIP-39: twelve and more words of one list in a row whose last bits are a checksum.
///
/// Not every word is looked at: a phrase covers so many bytes that a look now and then can't miss all of it.
struct SeedPhrases {
    /// Bytes of twelve words of three letters with one byte between them.
    static let shortest = 47
    static let stride = 36
    /// No list has a word of one or two letters, nor takes one for a word of its own.
    private static let shortestWord = 3
    private static let sizes = [24, 21, 18, 15, 12]
    /// Ordinary texts that pass the checksum by chance say the same few words again and again.
    private static let leastDistinct = 10

    /// Words of one list in a row. A text may be one run, so that each has eight bytes.
    private struct Run {
        private struct Word {
            /// From the run's origin.
            var offset: Int32
            var length: UInt16
            var number: Int16
        }

        /// Where the word lies that was looked at first.
        private let origin: Int
        private var words: [Word] = []

        init(origin: Int) { self.origin = origin }

        var count: Int { words.count }
        var numbers: [Int16] { words.map(\.number) }

        /// From the beginning of one word to the end of another, in the text.
        func range(_ first: Int, _ last: Int) -> Range<Int> {
            origin + Int(words[first].offset)..<origin + Int(words[last].offset) + Int(words[last].length)
        }

        /// - Returns: False for a word that lies too far away.
        mutating func append(_ range: Range<Int>, _ number: Int16) -> Bool {
            guard let offset = Int32(exactly: range.lowerBound - origin) else { return false }
            words.append(Word(offset: offset, length: UInt16(clamping: range.count), number: number))
            return true
        }

        mutating func reverse() { words.reverse() }
    }

    private let table = SeedWordTable.builtIn

    /// Looks at the word at `place` and, where it is of a list, at those around it. Needed only where `mayReach`.
    ///
    /// - Parameters:
    ///   - floor: What lies before it has been looked at.
    /// - Returns: Where to go on; `place` if there is nothing to leap over.
    func look(
        _ bytes: borrowing Span<UInt8>,
        at place: Int,
        floor: Int,
        _ findings: inout [SecretFinding]
    ) -> Int {
        guard !WordWalk.isWithinIdeographs(bytes, at: place, floor), let word = WordWalk.word(bytes, at: place, floor),
            let numbers = numbers(bytes, word)
        else { return place }
        var resume = place
        for language in 0..<SeedWordTable.languageCount where numbers[language] >= 0 {
            let run = run(bytes, around: word, numbers[language], language, floor)
            guard run.count >= 12 else { continue }
            let range = run.range(0, run.count - 1)
            resume = max(resume, range.upperBound)
            judge(run, isAboutSeeds: SecretContext.mentionsSeed(bytes, before: range.lowerBound), &findings)
        }
        return resume
    }

    /// What of a text is of no phrase that goes over its ends: what lies between its first word of no list and its last one.
    ///
    /// - Returns: An empty range where there is nothing between them, or where the ends are made of words of lists alone.
    func interior(of bytes: borrowing Span<UInt8>) -> Range<Int> {
        let none = 0..<0
        var start = 0
        var isOther = false
        for _ in 0..<Self.sizes[0] where !isOther {
            if let word = ShortWord(bytes, behind: start), !mayHold(word) {
                start = word.end
                isOther = true
            } else {
                guard let word = WordWalk.next(bytes, start) else { return none }
                start = word.upperBound
                isOther = numbers(bytes, word) == nil
            }
        }
        guard isOther else { return none }
        var end = bytes.count
        isOther = false
        for _ in 0..<Self.sizes[0] where !isOther {
            guard let word = WordWalk.previous(bytes, end, start) else { return none }
            end = word.lowerBound
            isOther = numbers(bytes, word) == nil
        }
        return isOther && start < end ? start..<end : none
    }

    /// False where no phrase is at `place` that a look less than `stride` bytes before it could not find.
    ///
    /// Of such a phrase three words begin at or behind `place`: each of its words has three bytes at least and another byte
    /// behind it, so that no more than nine can begin in its first `stride` bytes. So three short words that begin here one
    /// behind the other must all be of one list; what else stands here is left to `look`.
    @inline(never)
    func mayReach(_ bytes: borrowing Span<UInt8>, at place: Int) -> Bool {
        let window = place &- 1
        guard window >= 0, window &+ 16 <= bytes.count else { return mayReach(bytes, fromWordAt: place) }
        let block = WideBytes.load(bytes, window)
        guard cprocessor_bits(block) == 0 else { return mayReach(bytes, fromWordAt: place) }
        let letters = cprocessor_bits(WideBytes.letters(block))
        // The byte before tells whether a word goes on. Of the three words those in sight are seen, no more than which begin in
        // fifteen bytes; none is shorter than `shortestWord`.
        let starts = letters & ~(letters << 1) & 0x3FFE
        var rest = starts & (starts &- 1)
        rest &= rest &- 1
        rest &= rest &- 1
        guard (starts ^ rest) & ~(letters >> 1 & letters >> 2) == 0 else { return false }
        return mayReach(bytes, fromWordAt: place)
    }

    /// As `mayReach`, by the hashes of the three words.
    @inline(never)
    private func mayReach(_ bytes: borrowing Span<UInt8>, fromWordAt place: Int) -> Bool {
        guard let start = ShortWord.start(bytes, from: place) else { return true }
        guard start < bytes.count else { return false }
        guard let first = ShortWord(bytes, from: start) else { return true }
        return mayHold(first) && mayGoOn(bytes, behind: first)
    }

    /// Whether the two words behind one may be of a list that has all three.
    @inline(never)
    private func mayGoOn(_ bytes: borrowing Span<UInt8>, behind first: ShortWord) -> Bool {
        guard let second = ShortWord(bytes, behind: first.end) else { return true }
        guard mayHold(second) else { return false }
        guard let third = ShortWord(bytes, behind: second.end) else { return true }
        guard mayHold(third) else { return false }
        let languages = table.languages(of: first.hash) & table.languages(of: second.hash)
        return languages & table.languages(of: third.hash) != 0
    }

    /// False for a word that is certainly of no list.
    @inline(__always)
    func mayHold(_ word: ShortWord) -> Bool { word.count >= Self.shortestWord && table.mayHold(word.hash) }

    private func numbers(_ bytes: borrowing Span<UInt8>, _ word: Range<Int>) -> InlineArray<12, Int16>? {
        guard word.count > 1, word.count < WordWalk.longest else { return nil }
        var hash = SeedWordHash()
        var index = word.lowerBound
        while index < word.upperBound {
            let byte = bytes[index]
            if byte < 0x80 {
                // A letter.
                hash.add(UInt32(byte | 0x20))
                index &+= 1
                continue
            }
            let (scalar, length) = ComposedLetter.scalar(bytes, index)
            if let plain = table.plain(scalar) { hash.add(plain) }
            index &+= length
        }
        return table.numbers(of: hash.hash)
    }

    /// The words of one list without another between them.
    private func run(
        _ bytes: borrowing Span<UInt8>,
        around word: Range<Int>,
        _ number: Int16,
        _ language: Int,
        _ floor: Int
    ) -> Run {
        var run = Run(origin: word.lowerBound)
        // Ordinary texts have such words, too, but one or two of them in a row.
        guard isLong(bytes, around: word, language, floor) else { return run }
        var start = word.lowerBound
        while let range = WordWalk.previous(bytes, start, floor), let known = numbers(bytes, range),
            known[language] >= 0, run.append(range, known[language])
        {
            start = range.lowerBound
        }
        run.reverse()
        _ = run.append(word, number)
        var end = word.upperBound
        while let range = WordWalk.next(bytes, end), let known = numbers(bytes, range), known[language] >= 0,
            run.append(range, known[language])
        {
            end = range.upperBound
        }
        return run
    }

    /// Whether a run has words enough for a phrase.
    ///
    /// The first look into a run is less than `stride` bytes from its beginning, so that at least two of its words follow.
    private func isLong(
        _ bytes: borrowing Span<UInt8>,
        around word: Range<Int>,
        _ language: Int,
        _ floor: Int
    ) -> Bool {
        var count = 1
        var end = word.upperBound
        while count < 12, let range = WordWalk.next(bytes, end), let known = numbers(bytes, range), known[language] >= 0
        {
            count &+= 1
            end = range.upperBound
        }
        guard count > 2 else { return false }
        var start = word.lowerBound
        while count < 12, let range = WordWalk.previous(bytes, start, floor), let known = numbers(bytes, range),
            known[language] >= 0
        {
            count &+= 1
            start = range.lowerBound
        }
        return count >= 12
    }

    /// Takes the phrases in a run of at least twelve words.
    ///
    /// - Parameter isAboutSeeds: Whether the words before it speak of seed phrases: then it may say the same word often.
    private func judge(_ run: Run, isAboutSeeds: Bool, _ findings: inout [SecretFinding]) {
        let all = run.numbers
        var isFound = false
        for size in Self.sizes where size <= run.count && !isFound {
            var distinct = DistinctNumbers()
            var start = 0
            while start + size <= run.count {
                distinct.move(to: start..<start + size, of: all)
                guard isAboutSeeds || distinct.count >= Self.leastDistinct,
                    Self.hasChecksum(Array(all[start..<start + size]))
                else {
                    start += 1
                    continue
                }
                isFound = true
                // In a much longer run a part may fit by chance, and the whole is the phrase.
                let isWhole = run.count < size + 3
                let first = isWhole ? start : 0
                let last = isWhole ? start + size - 1 : run.count - 1
                findings.append(SecretFinding(kind: .seedPhrase, range: run.range(first, last), isProven: true))
                start = last + 1
            }
        }
        guard !isFound, Self.isVaried(all) else { return }
        let whole = run.range(0, run.count - 1)
        let reason = "\(run.count) words of a seed phrase's list in a row"
        findings.append(SecretFinding(kind: .seedPhrase, range: whole, isProven: false, reason: reason))
    }

    /// Whether twelve words in a row are mostly different ones.
    private static func isVaried(_ numbers: [Int16]) -> Bool {
        var distinct = DistinctNumbers()
        for start in 0...numbers.count - 12 {
            distinct.move(to: start..<start + 12, of: numbers)
            if distinct.count >= leastDistinct { return true }
        }
        return false
    }

    /// How many different words a window holds that moves along a run: a step costs the same in a run of any length.
    private struct DistinctNumbers {
        private var times = [Int32](repeating: 0, count: 2048)
        private var window = 0..<0
        private(set) var count = 0

        /// - Parameter next: Begins and ends no earlier than the window before.
        mutating func move(to next: Range<Int>, of numbers: [Int16]) {
            for index in window.lowerBound..<min(next.lowerBound, window.upperBound) {
                let number = Int(numbers[index]) & 2047
                times[number] -= 1
                if times[number] == 0 { count -= 1 }
            }
            for index in max(window.upperBound, next.lowerBound)..<next.upperBound {
                let number = Int(numbers[index]) & 2047
                times[number] += 1
                if times[number] == 1 { count += 1 }
            }
            window = next
        }
    }

    /// Whether the last bits are the first ones of the SHA-256 of those before them.
    private static func hasChecksum(_ numbers: [Int16]) -> Bool {
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bits = 0
        for number in numbers {
            pending = pending << 11 | UInt32(truncatingIfNeeded: number & 0x7FF)
            bits += 11
            while bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
            }
        }
        if bits > 0 { bytes.append(UInt8(truncatingIfNeeded: pending << UInt32(8 - bits))) }
        let entropyBytes = numbers.count * 4 / 3
        let sumBits = numbers.count / 3
        let digest = SHA256.digest(of: Array(bytes.prefix(entropyBytes)))
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> sumBits)
        return bytes[entropyBytes] & mask == digest[0] & mask
    }
}
