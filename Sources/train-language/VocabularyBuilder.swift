import GatehouseLanguage
import Glibc

/// Chooses the words about which the character sequences are most wrong, and what is to be added for each.
struct VocabularyBuilder {
    /// A word's share in a language about which its list and its spelling have equal say.
    private static let doubt: Float = 2e-7
    /// In nats.
    private static let mostBoost: Float = 9

    /// A word with what is missing from its scores.
    struct Word {
        var key: UInt32
        /// How much it would help to know it, over all texts.
        var gain: Float
        /// What is to be added to the scores.
        var boosts: [Float]
        /// How much each class's value matters.
        var importances: [Float]
    }

    private struct Listing {
        var key: UInt32
        var source: UInt16
        var place: UInt32
        var probability: Float
    }

    /// - Returns: At most `count` words, the most helpful first.
    static func words(of sources: [LanguageSource], _ trainer: inout LinearTrainer, count: Int) -> [Word] {
        let listings = listings(of: sources)
        // Two passes, since the boosts of all words would not fit in memory.
        var gains: [(gain: Float, start: Int, end: Int)] = []
        eachWord(listings) { start, end in
            let word = word(listings[start..<end], sources, &trainer)
            if word.gain > 0 { gains.append((word.gain, start, end)) }
        }
        gains.sort { $0.gain != $1.gain ? $0.gain > $1.gain : $0.start < $1.start }
        return gains.prefix(count).map { word(listings[$0.start..<$0.end], sources, &trainer) }
    }

    private static func listings(of sources: [LanguageSource]) -> [Listing] {
        var listings: [Listing] = []
        var unused: [UInt32] = []
        for (number, source) in sources.enumerated() {
            for (place, word) in source.words.enumerated() {
                unused.removeAll(keepingCapacity: true)
                let key = WordFeatures.append(word[...], to: &unused)
                let probability = Float(source.probabilities[place])
                listings.append(
                    Listing(key: key, source: UInt16(number), place: UInt32(place), probability: probability)
                )
            }
        }
        listings.sort { $0.key != $1.key ? $0.key < $1.key : ($0.source, $0.place) < ($1.source, $1.place) }
        return listings
    }

    private static func eachWord(_ listings: [Listing], _ body: (_ start: Int, _ end: Int) -> Void) {
        var start = 0
        while start < listings.count {
            var end = start + 1
            while end < listings.count, listings[end].key == listings[start].key { end += 1 }
            body(start, end)
            start = end
        }
    }

    /// What a language's list says in addition to the spelling: nothing for a language that doesn't list the word.
    private static func word(
        _ listings: ArraySlice<Listing>,
        _ sources: [LanguageSource],
        _ trainer: inout LinearTrainer
    ) -> Word {
        guard let first = listings.first else { return Word(key: 0, gain: 0, boosts: [], importances: []) }
        let spelling = probabilities(trainer.scores(of: sources[Int(first.source)].words[Int(first.place)]))
        var boosts = [Float](repeating: 0, count: spelling.count)
        var share: Float = 0
        for listing in listings {
            let place = Int(listing.source)
            // A thin list's last words are as rare as the others' last.
            let doubt = max(doubt, sources[place].leastProbability * 0.3)
            boosts[place] = min(mostBoost, logf(1 + listing.probability / (doubt * max(spelling[place], 1e-4))))
            share += listing.probability
        }
        let wanted = probabilities(zip(spelling, boosts).map { logf(max($0, 1e-9)) + $1 })
        var divergence: Float = 0
        for index in wanted.indices {
            divergence += wanted[index] * logf(max(wanted[index], 1e-9) / max(spelling[index], 1e-9))
        }
        return Word(
            key: first.key,
            gain: powf(share, 0.75) * max(0, divergence - 0.02),
            boosts: boosts,
            importances: zip(wanted, spelling).map { $0 + $1 + 0.02 }
        )
    }

    private static func probabilities(_ scores: [Float]) -> [Float] {
        let top = scores.max() ?? 0
        let values = scores.map { expf($0 - top) }
        let total = values.reduce(0, +)
        return values.map { $0 / total }
    }
}
