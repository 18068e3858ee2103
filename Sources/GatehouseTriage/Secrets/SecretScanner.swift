/// Finds secrets in a text, in one pass that looks at every twelfth byte and around it.
///
/// Each secret covers more bytes than that: a card number has 13 digits, an IBAN 15 characters, a key 20, a seed phrase 47.
/// So ordinary text costs next to nothing, and only what looks like one of them is read in full.
struct SecretScanner: Sendable {
    private static let stride = 12

    private let phrases = SeedPhrases()
    private let keys = KeyTokens()

    /// What is proven by a checksum or a form of its own, in the order of the text; no two overlap.
    func proven(in bytes: borrowing Span<UInt8>) -> [SecretFinding] {
        Self.ordered(found(in: bytes).filter(\.isProven))
    }

    /// Also what only the words around it give away.
    func all(in bytes: borrowing Span<UInt8>) -> [SecretFinding] {
        Self.ordered(found(in: bytes) + SecretContext.findings(in: bytes))
    }

    private func found(in bytes: borrowing Span<UInt8>) -> [SecretFinding] {
        var findings: [SecretFinding] = []
        var mayHoldPEM = false
        /// Up to where tokens, numbers and phrases have been read.
        var (tokenEnd, numberEnd, phraseEnd) = (0, 0, 0)
        var nextPhrase = SeedPhrases.stride - 1
        var place = min(Self.stride, bytes.count) - 1
        while place >= 0, place < bytes.count {
            let byte = bytes[place]
            var mayHoldNumber = true
            if ByteClass.token.has(byte), place >= tokenEnd {
                let (token, hasDigit) = Self.token(bytes, around: place, tokenEnd)
                if token.count >= KeyTokens.shortest {
                    keys.look(bytes, token, &findings)
                    if token.count >= 40 { mayHoldPEM = true }
                    tokenEnd = token.upperBound
                } else if !hasDigit {
                    // A word of letters is no part of a card's number. An IBAN has such a group, but others stand beside it.
                    mayHoldNumber = false
                }
            }
            if mayHoldNumber, place >= numberEnd { PaymentScan.look(bytes, at: place, &numberEnd, &findings) }
            if place >= nextPhrase {
                if place >= phraseEnd {
                    phraseEnd = phrases.look(bytes, at: place, floor: phraseEnd, &findings)
                }
                nextPhrase = place + SeedPhrases.stride
            }
            // The last look is at the last byte.
            if place == bytes.count - 1 { break }
            place = min(place + Self.stride, bytes.count - 1)
        }
        if mayHoldPEM { PrivateKeyBlocks.find(bytes, &findings) }
        return findings
    }

    /// The bytes around `place` among which there is no white space, and whether a digit is one of them.
    @inline(__always)
    private static func token(
        _ bytes: borrowing Span<UInt8>,
        around place: Int,
        _ floor: Int
    ) -> (range: Range<Int>, hasDigit: Bool) {
        var hasDigit = bytes[place] &- 0x30 < 10
        var start = place
        while start > floor, ByteClass.token.has(bytes[start &- 1]) {
            start &-= 1
            if bytes[start] &- 0x30 < 10 { hasDigit = true }
        }
        var end = place &+ 1
        while end < bytes.count, ByteClass.token.has(bytes[end]) {
            if bytes[end] &- 0x30 < 10 { hasDigit = true }
            end &+= 1
        }
        return (start..<end, hasDigit)
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
