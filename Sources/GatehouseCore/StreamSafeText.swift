@_spi(_Unicode) import Swift

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
            run = length(of: scalar, behind: run)
            if run > mostMarks {
                result.append(joiner)
                run = length(of: scalar, behind: 0)
            }
            result.append(scalar)
        }
        return String(result)
    }

    /// Whether there may be one: of each letter it is taken that as many marks are part of it as of any.
    private static func hasLongRun(_ text: String) -> Bool {
        var run = 0
        for scalar in text.unicodeScalars {
            run = isMark(scalar) ? run &+ count(ofMark: scalar) : mostInLetter
            if run > mostMarks { return true }
        }
        return false
    }

    /// U+1F82 is an alpha with three marks.
    private static let mostInLetter = 3

    /// How many marks stand together once `scalar` is taken apart (form D) behind `run` of them.
    ///
    /// Composition may put other marks into a letter than those that were in it, but leaves form D as it is: a text that was
    /// made safe by it stays so.
    private static func length(of scalar: Unicode.Scalar, behind run: Int) -> Int {
        if isMark(scalar) { return run &+ count(ofMark: scalar) }
        guard scalar.value >= 0xC0, !isWhole(scalar) else { return 0 }
        var count = 0
        for part in String(scalar)._nfd { count = isMark(part) ? count &+ 1 : 0 }
        return count
    }

    private static func count(ofMark scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        // Two marks each, which are never joined again.
        case 0x344, 0xF73, 0xF75, 0xF81: 2
        default: 1
        }
    }

    /// What a normaliser moves among its neighbours, or takes apart to such.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x300: false
        case 0xF73, 0xF75, 0xF81: true
        default: !isWhole(scalar) && scalar.properties.canonicalCombiningClass != .notReordered
        }
    }

    /// Ideographs, Yi and Hangul syllables: neither marks nor letters with any, without a search in the tables.
    private static func isWhole(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0xA4CF, 0xAC00...0xD7A3: true
        default: false
        }
    }
}
