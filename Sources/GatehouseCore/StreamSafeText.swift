/// The Stream-Safe Text Format (Unicode Standard Annex #15 §13): no more than thirty combining marks behind one letter.
///
/// A normaliser sorts a letter's marks, and so do comparisons of strings: in the standard library with a time that grows with
/// the square of their number. Half a megabyte of marks would take seconds; no language needs more than a few.
enum StreamSafeText {
    private static let mostMarks = 30
    /// U+034F, which is never seen, parts a longer run (UAX15-D4).
    private static let joiner: Unicode.Scalar = "\u{34F}"

    /// The text itself, where no run of marks is longer.
    static func text(_ text: String) -> String {
        guard hasLongRun(text) else { return text }
        var result = String.UnicodeScalarView()
        var run = 0
        for scalar in text.unicodeScalars {
            run = isMark(scalar) ? run &+ 1 : 0
            if run > mostMarks {
                result.append(joiner)
                run = 1
            }
            result.append(scalar)
        }
        return String(result)
    }

    private static func hasLongRun(_ text: String) -> Bool {
        var run = 0
        for scalar in text.unicodeScalars {
            run = isMark(scalar) ? run &+ 1 : 0
            if run > mostMarks { return true }
        }
        return false
    }

    /// What a normaliser moves among its neighbours, or takes apart to such.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Ideographs, Yi and Hangul syllables, without a search in the tables.
        case ..<0x300, 0x3400...0xA4CF, 0xAC00...0xD7A3: false
        case 0xF73, 0xF75, 0xF81: true
        default: scalar.properties.canonicalCombiningClass != .notReordered
        }
    }
}
