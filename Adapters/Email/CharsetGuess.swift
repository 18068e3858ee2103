import GatehouseCore
import GatehouseLanguage

/// The charset of a text that has no label and is not UTF-8: the one under which it is most like a language.
///
/// Each candidate's text is judged by what its letters are and stand beside (`TextLikeness`), and the best few by what
/// language the model sees in them. Only the lines that hold bytes beyond ASCII are looked at, and no more than a few
/// thousand bytes of those.
enum CharsetGuess {
    private static let sampleSize = 1024
    /// Below it a text is like no language.
    private static let leastScore = 0.2
    /// How much a language that is written in the candidate counts, against what the letters tell.
    private static let languageWeight = 0.6
    /// Those so near to the best are asked for their language, and no more than so many.
    private static let nearness = 0.7
    private static let finalists = 12

    private static let identifier = LanguageIdentifier()

    /// - Returns: A name that `CharsetDecoder` reads; nil where no candidate is like a language.
    static func likeliest(_ bytes: [UInt8]) -> String? {
        let sample = sample(of: bytes)
        guard !sample.isEmpty else { return nil }
        let lonely = LonelyBytes(sample)
        if lonely.areSigns { return western }
        let highCount = Double(sample.count { $0 >= 0x80 })
        var scored: [(candidate: CharsetCandidate, text: String, score: Double)] = []
        for candidate in CharsetCandidate.all {
            guard let text = candidate.text(sample) else { continue }
            let likeness = TextLikeness.points(text) + candidate.pairPoints(sample)
            scored.append((candidate, text, likeness / highCount))
        }
        // Stable, so that of equals the first in the list stays first.
        scored.sort { $0.score > $1.score }
        var best: (name: String, score: Double)?
        let nearEnough = (scored.first?.score ?? 0) - nearness
        for entry in scored.prefix(finalists) where entry.score >= nearEnough {
            let language = identifier.identify(entry.text)
            let isWritten = entry.candidate.languages.contains(language.tag)
            let bonus = languageWeight * language.confidence * LanguageLetters.share(of: entry.text, in: language.tag)
            let score = entry.score + (isWritten ? bonus : 0)
            if score > (best?.score ?? leastScore) { best = (entry.candidate.name, score) }
        }
        guard let name = best?.name, !latin.contains(name), lonely.areFewLetters else { return best?.name }
        return western
    }

    private static let western = "windows-1252"
    private static let latin: Set<String> = [
        western, "windows-1250", "windows-1254", "windows-1257", "windows-1258", "iso-8859-2", "macintosh", "cp850",
    ]

    /// Whole lines, so that no character is cut: a line end is part of no character in any of the candidates.
    ///
    /// Lines of binary data, such as a footer that was taken for base 64 and decoded, tell nothing of the text above them.
    private static func sample(of bytes: [UInt8]) -> [UInt8] {
        let text = lines(of: bytes) { ByteSearch.firstIndex(of: filler, in: bytes, $0) == nil }
        return text.isEmpty ? lines(of: bytes) { _ in true } : text
    }

    /// In all candidates with one byte for a character it is a letter that no word has four times in a row, or none.
    private static let filler: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

    private static func lines(of bytes: [UInt8], where isText: (Range<Int>) -> Bool) -> [UInt8] {
        var sample: [UInt8] = []
        var cursor = 0
        while cursor < bytes.count, sample.count < sampleSize {
            let next = lineEnd(in: bytes, cursor, bytes.count)
            if !ByteSearch.isASCII(bytes, cursor..<next), isText(cursor..<next) {
                // A line without end is cut at a blank, where there is one.
                var end = min(next, cursor + 2 * sampleSize)
                if end < next { while end > cursor, bytes[end - 1] != 0x20 { end -= 1 } }
                sample += bytes[cursor..<(end == cursor ? min(next, cursor + 2 * sampleSize) : end)]
            }
            cursor = next
        }
        return sample
    }
}

/// A charset in which mail without a label is written, and for which languages.
struct CharsetCandidate: Sendable {
    let name: String
    let languages: Set<String>
    /// For charsets with two bytes a character: first bytes of common characters, and of marks.
    private let commonLeads: [ClosedRange<UInt8>]
    private let markLeads: [ClosedRange<UInt8>]
    private let table: SingleByteTable?

    private init(
        _ name: String,
        _ languages: String,
        common: [ClosedRange<UInt8>] = [],
        marks: [ClosedRange<UInt8>] = []
    ) {
        self.name = name
        self.languages = Set(languages.split(separator: " ").map(String.init))
        commonLeads = common
        markLeads = marks
        table = common.isEmpty && !Self.withoutTable.contains(name) ? SingleByteTable(name) : nil
    }

    /// In two of them a letter's marks have bytes of their own; Windows-1252 leaves no byte open.
    private static let withoutTable: Set<String> = ["windows-1252", "windows-1255", "windows-1258"]

    /// nil where the bytes are not valid in this charset.
    func text(_ bytes: [UInt8]) -> String? {
        if let table { return table.text(bytes) }
        return CharsetDecoder.strictText(bytes, name)
    }

    private static let western = "en de fr es it pt nl sv da no nb nn fi is ca gl eu ga af id ms sq"
    private static let eastern = "pl cs sk hu ro hr sl sr-Latn bs sq"
    private static let cyrillic = "ru uk bg sr mk be mn"

    /// Of equally likely ones the first is taken.
    static let all: [CharsetCandidate] = [
        CharsetCandidate("windows-1252", western),
        CharsetCandidate("windows-1251", cyrillic),
        CharsetCandidate("koi8-u", "ru uk bg"),
        CharsetCandidate("windows-1250", eastern),
        CharsetCandidate("iso-8859-2", eastern),
        CharsetCandidate("windows-1254", "tr az"),
        CharsetCandidate("windows-1253", "el"),
        CharsetCandidate("windows-1255", "he"),
        CharsetCandidate("windows-1256", "ar fa ur"),
        CharsetCandidate("windows-1257", "lt lv et"),
        CharsetCandidate("windows-1258", "vi"),
        CharsetCandidate("windows-874", "th"),
        CharsetCandidate("cp949", "ko", common: [0xB0...0xC8], marks: [0xA1...0xA4]),
        CharsetCandidate("gb18030", "zh zh-Hans", common: [0xB0...0xD7], marks: [0xA1...0xA3]),
        CharsetCandidate("big5-hkscs", "zh zh-Hant", common: [0xA4...0xC6], marks: [0xA1...0xA3]),
        CharsetCandidate("cp932", "ja", common: [0x82...0x83, 0x88...0x97], marks: [0x81...0x81]),
        CharsetCandidate("euc-jp", "ja", common: [0xA4...0xA5, 0xB0...0xCF], marks: [0xA1...0xA3]),
        CharsetCandidate("iso-8859-5", cyrillic),
        CharsetCandidate("cp866", "ru uk"),
        CharsetCandidate("mac-cyrillic", cyrillic),
        CharsetCandidate("macintosh", western),
        CharsetCandidate("cp850", western),
    ]

    /// Points for the pairs of a charset whose first half holds the common characters, and from which real text takes
    /// nearly all.
    func pairPoints(_ bytes: [UInt8]) -> Double {
        guard !commonLeads.isEmpty else { return 0 }
        var points = 0.0
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            index += 1
            guard lead >= 0x80 else { continue }
            // Half-width kana are single bytes of Shift_JIS.
            if name == "cp932", (0xA0...0xDF).contains(lead) {
                points -= 0.5
                continue
            }
            let isLow = index < bytes.count && bytes[index] < 0x80
            index += 1
            if commonLeads.contains(where: { $0.contains(lead) }) {
                points += !isLow ? 0.8 : name == "cp949" ? -0.5 : name == "gb18030" ? 0.4 : 0.8
            } else {
                points += markLeads.contains { $0.contains(lead) } ? 0.3 : name == "gb18030" ? -0.2 : -1
            }
        }
        return points
    }
}

/// The letters beyond ASCII with which languages in the Latin script are written: what tells charsets apart that share
/// most of their letters.
enum LanguageLetters {
    private static let alphabets: [String: Set<Unicode.Scalar>] = [
        "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž", "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "ro": "ăâîşţșț",
        "hr": "čćđšž", "sl": "čćđšž", "bs": "čćđšž", "sr-Latn": "čćđšž", "sq": "çë", "lt": "ąčęėįšųūž",
        "lv": "āčēģīķļņšūž", "et": "äõöüšž", "tr": "çğıöşüâîû", "az": "çəğıöşü", "de": "äöüß",
        "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü", "pt": "áâãàçéêíóôõúü", "it": "àèéìíîòóùú", "nl": "ëéïóöèáüê",
        "sv": "åäöé", "da": "æøåéóô", "no": "æøåéóô", "nb": "æøåéóô", "nn": "æøåéóô", "fi": "äöåšž", "is": "áðéíóúýþæö",
        "ca": "àçèéíïòóúü", "gl": "áéíñóúü", "ga": "áéíóú", "eu": "ñ", "af": "êëéèôûîïáà", "id": "é", "ms": "é",
        "en": "éèêëïöñçàâüá",
    ].mapValues { Set($0.unicodeScalars) }

    /// How much of the letters beyond ASCII in `text` the language has; 1 for those whose alphabet is not in the table.
    static func share(of text: String, in language: String) -> Double {
        guard let alphabet = alphabets[language] else { return 1 }
        var known = 0
        var all = 0
        for scalar in text.unicodeScalars where scalar.value >= 0x80 && scalar.properties.isAlphabetic {
            all += 1
            if alphabet.contains(scalar)
                || scalar.properties.lowercaseMapping.unicodeScalars.allSatisfy(alphabet.contains)
            {
                known += 1
            }
        }
        return all == 0 ? 1 : Double(known) / Double(all)
    }
}
