import GatehouseCore

/// Finds secrets in a text, in one pass over blocks of eight bytes and one over every thirty-sixth byte.
///
/// A block shows by a few operations on all of its bytes whether a token or a number may go through it. Blocks lie twelve
/// bytes apart, so that a key, which has 20 bytes, fills at least one, and a card number, which has 13 digits, has three of them
/// in one at least, whatever parts its groups; an IBAN is as long as a key, or made of digits like a card number. So ordinary
/// text costs next to nothing, and only what looks like a secret is read in full.
struct SecretScanner: Sendable {
    /// Bytes of the shortest secret.
    private static let shortest = 13
    /// From one block to the next.
    private static let stride = 12

    let phrases = SeedPhrases()
    private let keys = KeyTokens()

    /// What is proven by a checksum or a form of its own, in the order of the text; no two overlap.
    func proven(in bytes: borrowing Span<UInt8>) -> [SecretFinding] {
        var findings = found(in: bytes)
        // Hardly a text has any.
        guard !findings.isEmpty else { return findings }
        findings.removeAll { !$0.isProven }
        return Self.ordered(findings)
    }

    /// Also what only the words around it give away.
    func all(in bytes: borrowing Span<UInt8>) -> [SecretFinding] {
        var findings = found(in: bytes)
        SecretContext.find(bytes, &findings)
        return Self.ordered(findings)
    }

    private func found(in bytes: borrowing Span<UInt8>) -> [SecretFinding] {
        var findings: [SecretFinding] = []
        guard bytes.count >= Self.shortest else { return findings }
        let hasLongToken = findTokens(bytes, &findings)
        if hasLongToken { PrivateKeyBlocks.find(bytes, &findings) }
        findPhrases(bytes, &findings)
        return findings
    }

    /// - Returns: Whether there was a token as long as a key's lines are.
    private func findTokens(_ bytes: borrowing Span<UInt8>, _ findings: inout [SecretFinding]) -> Bool {
        var hasLongToken = false
        /// Up to where tokens and numbers have been read.
        var (tokenEnd, numberEnd) = (0, 0)
        let last = bytes.count &- 8
        var place = 0
        while true {
            // No place is behind the last.
            let block = unsafe LetterBlock.loadUnchecked(bytes, place)
            let digits = LetterBlock.digits(block)
            let two = digits & (digits &- 1)
            // Three digits at least.
            if two & (two &- 1) != 0 {
                let first = place &+ digits.trailingZeroBitCount / 8
                let end = PaymentScan.look(bytes, at: first, &numberEnd, &findings)
                let other = place &+ 7 &- digits.leadingZeroBitCount / 8
                if other >= end { _ = PaymentScan.look(bytes, at: other, &numberEnd, &findings) }
            }
            if place >= tokenEnd, LetterBlock.mayBeToken(block), Self.goesOn(bytes, beyond: place),
                let token = TokenStretch(bytes, around: place, tokenEnd)
            {
                tokenEnd = token.end
                if token.count >= 15 { lookAtWords(bytes, token, &numberEnd, &findings) }
                if token.count >= 40 { hasLongToken = true }
            }
            // The last look is at the last eight bytes.
            if place == last { return hasLongToken }
            place = min(place &+ Self.stride, last)
        }
    }

    /// Looks for IBANs and keys among the words of a token of at least fifteen bytes.
    @inline(never)
    private func lookAtWords(
        _ bytes: borrowing Span<UInt8>,
        _ token: TokenStretch,
        _ numberEnd: inout Int,
        _ findings: inout [SecretFinding]
    ) {
        // Without a long word there is no IBAN, and a key shows by the beginning of one.
        if token.hasShortWordsAlone, token.count < KeyTokens.shortest || !keys.mayHoldBeginning(bytes, token) { return }
        if token.count > TokenStretch.reach {
            var edges = WordEdges(token.range)
            while let word = edges.next(bytes), lookAtWord(bytes, word, token, &numberEnd, &findings) {}
        } else {
            var words = token.words
            while words != 0 {
                let start = words.trailingZeroBitCount
                let length = (~(words &>> UInt64(start))).trailingZeroBitCount
                let word = token.start &+ start..<token.start &+ start &+ length
                guard lookAtWord(bytes, word, token, &numberEnd, &findings) else { return }
                // A word of all the bits is the last one.
                words = start &+ length < 64 ? words & ~0 &<< UInt64(start &+ length) : 0
            }
        }
    }

    /// - Returns: False where the rest of the token has been read, too.
    @inline(__always)
    private func lookAtWord(
        _ bytes: borrowing Span<UInt8>,
        _ word: Range<Int>,
        _ token: TokenStretch,
        _ numberEnd: inout Int,
        _ findings: inout [SecretFinding]
    ) -> Bool {
        if word.upperBound &- word.lowerBound >= 15 {
            PaymentScan.lookAtWord(bytes, word.lowerBound, &numberEnd, &findings)
        }
        guard token.count >= KeyTokens.shortest, keys.mayBegin(bytes, word, token.end),
            let key = keys.key(bytes, word, token.end)
        else { return true }
        // What lies behind a key may begin within a word.
        findings.append(key)
        PaymentScan.lookAtWords(bytes, in: word.upperBound..<token.end, &numberEnd, &findings)
        keys.look(bytes, max(key.range.upperBound, word.lowerBound &+ 1)..<token.end, &findings)
        return false
    }

    private func findPhrases(_ bytes: borrowing Span<UInt8>, _ findings: inout [SecretFinding]) {
        var done = 0
        var place = SeedPhrases.stride &- 1
        // What would begin behind the look before the last and end here is shorter than any phrase.
        while place &+ SeedPhrases.shortest &- SeedPhrases.stride < bytes.count {
            if place >= done {
                let isNear = phrases.mayReach(bytes, at: place)
                done = isNear ? phrases.look(bytes, at: place, floor: done, &findings) : place
            }
            place &+= SeedPhrases.stride
        }
    }

    /// Whether what the block at `place` is a part of may be as long as an IBAN.
    @inline(__always)
    private static func goesOn(_ bytes: borrowing Span<UInt8>, beyond place: Int) -> Bool {
        guard place >= 8, place &+ 16 <= bytes.count else { return true }
        let (left, right) = unsafe (
            LetterBlock.loadUnchecked(bytes, place &- 8), LetterBlock.loadUnchecked(bytes, place &+ 8)
        )
        let before = LetterBlock.othersThanToken(left).leadingZeroBitCount
        let behind = LetterBlock.othersThanToken(right).trailingZeroBitCount
        return before / 8 &+ behind / 8 >= 15 &- 8
    }

    /// In the text's order; of two that overlap the proven or longer one, which then covers both.
    static func ordered(_ findings: [SecretFinding]) -> [SecretFinding] {
        guard findings.count > 1 else { return findings }
        var result: [SecretFinding] = []
        for finding in findings.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard let last = result.last, finding.range.lowerBound < last.range.upperBound else {
                result.append(finding)
                continue
            }
            let isBetter =
                finding.isProven != last.isProven ? finding.isProven : finding.range.count > last.range.count
            var winner = isBetter ? finding : last
            // What is removed is removed whole; a mere suspicion spreads over nothing.
            if last.isProven && finding.isProven {
                winner.range = last.range.lowerBound..<max(last.range.upperBound, finding.range.upperBound)
            }
            result[result.count - 1] = winner
        }
        return result
    }
}
