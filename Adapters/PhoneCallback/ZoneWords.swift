import GatehouseCore

/// The time zone that a wish names in its own words: `3pm EST`, `9:00 GMT+2`, `14h heure de Paris`, `下午3点 北京时间`.
///
/// A name that may be two zones, and that the number's region does not decide, is no zone: a person has to read it.
struct ZoneWords {
    /// nil where none is named, or none that is known.
    private(set) var zone: TimeZoneTable?
    /// A name that was seen and could not be decided.
    private(set) var unknown: String?
    /// The wish without the name.
    private(set) var rest: String

    private struct Word {
        /// As in `FoldedWords`.
        let folded: String
        let isCapitals: Bool
        /// Whether a time of day stands right before it.
        let followsTime: Bool
        /// Scalars of the text.
        let range: Range<Int>
    }

    private let scalars: [Unicode.Scalar]
    private let region: String?

    init(_ text: String, region: String?) {
        scalars = Array(text.unicodeScalars.prefix(FoldedWords.limit))
        rest = text
        self.region = region
        for (words, name) in ZoneNames.dense {
            guard let range = Self.range(of: Array(words.unicodeScalars), in: scalars) else { continue }
            take(name, range)
            return
        }
        if let (table, range) = offset() {
            zone = table
            remove(range)
            return
        }
        let found = words()
        if !found.contains(where: { findAbbreviation($0) }) { findPlace(found) }
    }

    // MARK: Kinds of names

    /// `UTC+2`, `GMT -5`, `15:00 +05:30`.
    private func offset() -> (TimeZoneTable, Range<Int>)? {
        for index in scalars.indices
        where scalars[index] == "+" || scalars[index] == "-" || scalars[index] == "\u{2212}" {
            var end = index + 1
            while end < scalars.count, end - index < 6, FoldedWords.isDigit(scalars[end]) || scalars[end] == ":" {
                end += 1
            }
            let sign = scalars[index] == "+" ? "+" : "-"
            let digits = String(String.UnicodeScalarView(scalars[(index + 1)..<end]))
            var start = index
            while start > 0, scalars[start - 1] == " " { start -= 1 }
            let name = String(String.UnicodeScalarView(scalars[max(start - 3, 0)..<start])).uppercased()
            let isNamed = name == "UTC" || name == "GMT"
            // Without a name only what can be nothing else: behind `-` the end of a stretch may stand.
            guard isNamed || sign == "+" && digits.utf8.count >= 4, let zone = FixedZone.table(sign + digits) else {
                continue
            }
            return (zone, (isNamed ? start - 3 : index)..<end)
        }
        return nil
    }

    /// - Returns: Whether the word is a zone's name, known or not.
    private mutating func findAbbreviation(_ word: Word) -> Bool {
        let name = word.folded
        if let zone = ZoneNames.short[name] {
            guard word.followsTime else { return false }
            take(zone, word.range)
            return true
        }
        guard word.followsTime || word.isCapitals || !ZoneNames.alsoWords.contains(name) else { return false }
        if let zones = ZoneNames.byRegion[name] {
            if let zone = region.flatMap({ zones[$0] }) ?? ZoneNames.abbreviations[name] {
                take(zone, word.range)
            } else {
                unknown = name.uppercased()
            }
            return true
        }
        guard let zone = ZoneNames.abbreviations[name] else { return false }
        take(zone, word.range)
        return true
    }

    /// "Berlin time", "heure de Paris", "по московскому времени", "3pm Eastern".
    private mutating func findPlace(_ words: [Word]) {
        for index in words.indices {
            for length in stride(from: min(3, words.count - index), through: 1, by: -1) {
                let place = words[index..<(index + length)]
                let name = place.map(\.folded).joined(separator: " ")
                let isBeforeTime =
                    index + length < words.count && ZoneNames.words.contains(words[index + length].folded)
                let introduction = ZoneNames.introductions.first { Self.ends(words[..<index], with: $0) }
                let isAlone = place.first?.followsTime == true && Self.isOfAmerica(name)
                guard isBeforeTime || introduction != nil || isAlone, let zone = Self.zone(ofPlace: name) else {
                    continue
                }
                let first = introduction.map { index - $0.utf8.split(separator: 0x20).count } ?? index
                let last = isBeforeTime ? index + length : index + length - 1
                return take(zone, words[first].range.lowerBound..<words[last].range.upperBound)
            }
        }
    }

    private static func isOfAmerica(_ name: String) -> Bool {
        ["eastern", "central", "mountain", "pacific"].contains(name)
    }

    private static func ends(_ words: ArraySlice<Word>, with introduction: String) -> Bool {
        let wanted = introduction.split(separator: " ").map(String.init)
        return words.suffix(wanted.count).map(\.folded) == wanted
    }

    /// A name of our list, or a city after which the system has called a zone.
    private static func zone(ofPlace name: String) -> String? {
        if let zone = ZoneNames.places[name] { return zone }
        let city = name.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "_")
        guard city.utf8.allSatisfy({ $0 < 0x80 }), city.utf8.count > 3 else { return nil }
        return ["Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic"].lazy
            .map { "\($0)/\(city)" }.first { TimeZoneTable(name: $0) != nil }
    }

    // MARK: The text

    private func words() -> [Word] {
        var words: [Word] = []
        var index = 0
        var followsTime = false
        while index < scalars.count {
            let start = index
            while index < scalars.count, scalars[index].properties.isAlphabetic { index += 1 }
            guard index > start else {
                if FoldedWords.isDigit(scalars[index]) { followsTime = true }
                // A comma or a dash ends what belongs to the time; blanks and brackets don't.
                if scalars[index] == "," || scalars[index] == ";" { followsTime = false }
                index += 1
                continue
            }
            let text = String(String.UnicodeScalarView(scalars[start..<index]))
            let folded = FoldedWords(text).text
            let isMark = ["am", "pm", "a", "p", "m", "h", "uhr", "o", "clock", "noon", "midday", "hrs"].contains(folded)
            words.append(
                Word(
                    folded: folded,
                    isCapitals: index - start > 2 && text == text.uppercased() && text != text.lowercased(),
                    followsTime: followsTime,
                    range: start..<index
                )
            )
            followsTime = isMark && (followsTime || folded == "noon" || folded == "midday")
        }
        return words
    }

    private mutating func take(_ name: String, _ range: Range<Int>) {
        // Older tables of zones know Kyiv by its other name alone.
        zone = TimeZoneTable(name: name) ?? (name == "Europe/Kyiv" ? TimeZoneTable(name: "Europe/Kiev") : nil)
        if zone == nil { unknown = name }
        remove(range)
    }

    private mutating func remove(_ range: Range<Int>) {
        let kept = scalars[..<range.lowerBound] + [" "] + scalars[range.upperBound...]
        rest = PhonePayload.trimmed(String(String.UnicodeScalarView(kept)))
    }

    private static func range(of words: [Unicode.Scalar], in text: [Unicode.Scalar]) -> Range<Int>? {
        guard text.count >= words.count else { return nil }
        for start in 0...(text.count - words.count) where text[start...].starts(with: words) {
            return start..<(start + words.count)
        }
        return nil
    }
}

/// Zones that are only an offset.
enum FixedZone {
    /// Offsets that are no whole hours, by the zone that has them.
    private static let odd = [
        330: "Asia/Kolkata", 345: "Asia/Kathmandu", 210: "Asia/Tehran", 270: "Asia/Kabul", 390: "Asia/Yangon",
        570: "Australia/Darwin", -570: "Pacific/Marquesas",
    ]

    /// `UTC+2`, `+02:00`, `GMT-5`, `+0530`: of the IANA names `Etc/GMT-2` is two hours ahead of UTC.
    static func table(_ text: String) -> TimeZoneTable? {
        var rest = text.uppercased().utf8[...]
        for prefix in ["UTC", "GMT"] where rest.starts(with: prefix.utf8) { rest = rest.dropFirst(3) }
        rest = rest.drop { $0 == 0x20 }
        guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let digits = rest.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard (1...4).contains(digits.count), let value = Int(String(decoding: digits, as: UTF8.self)) else {
            return nil
        }
        let (hours, minutes) = digits.count <= 2 ? (value, 0) : (value / 100, value % 100)
        guard (0...14).contains(hours), (0..<60).contains(minutes) else { return nil }
        if minutes > 0 {
            let distance = (hours * 60 + minutes) * (sign == UInt8(ascii: "+") ? 1 : -1)
            return odd[distance].flatMap { TimeZoneTable(name: $0) }
        }
        if hours == 0 { return TimeZoneTable(name: "Etc/UTC") }
        return TimeZoneTable(name: "Etc/GMT\(sign == UInt8(ascii: "+") ? "-" : "+")\(hours)")
    }
}
