package import GatehouseCore

/// A text's main language together with the others in it.
extension LanguageIdentifier {
    /// Looks into a long text, and bytes between two of them at least; bytes of a look, and words of it that are read.
    private static let mostProbes = 8
    private static let probeDistance = 512
    private static let probeSize = 96
    private static let probeWords = 6
    /// In nats: what another language must lead by in a look, so that the text is read as a whole.
    private static let suspiciousLead: Float = 8

    /// As `identify`, with `also` and `spans` where the text holds more than one language; what the customer wrote comes
    /// before what they seem to have pasted.
    ///
    /// Spans count Unicode scalars of `text`, of which at most 16 KiB are read for them.
    package func analyse(_ text: String) -> LanguageResult {
        let cache = caches.take()
        defer { caches.giveBack(cache) }
        // The longer look of the two where there is but one language.
        let longer = text.utf8.count > TextWindow.size ? rank(text, cache) : nil
        if let longer, !isSuspicious(text, longer.tag, cache) { return longer.result }
        var reader = SpanReader(self, cache)
        reader.read(text)
        let ranking = ranking(reader.reader)
        let whole = longer ?? ranking
        if reader.isOfOneLanguage { return whole.result }
        let runs = LanguageRuns(reader)
        let tags = runs.tags
        guard tags.count > 1, let main = tags.first else { return whole.result }
        var result = main == ranking.tag ? ranking.result : self.result(main, text, reader, cache)
        result.also = Array(tags.dropFirst())
        result.spans = runs.spans
        return result
    }

    /// What the words of one language alone are: its confidence.
    private func result(
        _ main: String,
        _ text: String,
        _ spans: borrowing SpanReader,
        _ cache: WordSumCache
    ) -> LanguageResult {
        var reader = LanguageReader(model, cache)
        let bytes = text.utf8.span
        let limit = min(bytes.count, SpanReader.limit)
        var window = TextWindow()
        var scanner = WordScanner()
        var place = 0
        var number = 0
        while place < limit {
            place = window.fill(bytes, from: place, limit: limit)
            let scalars = window.scalars.span
            _ = scanner.scan(scalars, window.count) { piece in
                if spans.tag(of: spans.words[number].found) == main {
                    var piece = piece
                    piece.isPasted = false
                    _ = reader.add(scalars, piece)
                }
                number += 1
                return false
            }
        }
        let ranking = ranking(reader)
        return ranking.tag == main ? ranking.result : LanguageResult(tag: main, confidence: 0.5)
    }

    /// Looks into the text here and there: is it all in one language, as far as a few words can say?
    private func isSuspicious(_ text: String, _ tag: String, _ cache: WordSumCache) -> Bool {
        let bytes = text.utf8.span
        let limit = min(bytes.count, SpanReader.limit)
        let distance = max(Self.probeDistance, limit / Self.mostProbes)
        var window = TextWindow()
        var start = 0
        while start < limit {
            // From the next beginning of a word, or at least of a scalar.
            var place = start
            while place < limit, place - start < 48, bytes[place] > 0x20 { place += 1 }
            while place < limit, bytes[place] & 0xC0 == 0x80 { place += 1 }
            _ = window.fill(bytes, from: place, limit: min(limit, place + Self.probeSize))
            if contradicts(window, tag, cache) { return true }
            start += distance
        }
        return false
    }

    private func contradicts(_ window: borrowing TextWindow, _ tag: String, _ cache: WordSumCache) -> Bool {
        var reader = LanguageReader(model, cache)
        var scanner = WordScanner()
        var words = 0
        let scalars = window.scalars.span
        _ = scanner.scan(scalars, window.count) { piece in
            var piece = piece
            piece.isPasted = false
            _ = reader.add(scalars, piece)
            words += 1
            return words == Self.probeWords
        }
        let script = reader.mainScript
        guard script.isModelled, let section = model.section(for: script) else {
            return script != .none && ranking(reader).tag.prefix(2) != tag.prefix(2)
        }
        guard words > 2, let sums = reader.sums(of: script, in: section) else { return false }
        guard let main = section.names.firstIndex(of: tag) else { return true }
        let lead = sums[sums.best(of: section.names.count).class] &- sums[main]
        return Float(lead) * section.scale > Self.suspiciousLead
    }
}
