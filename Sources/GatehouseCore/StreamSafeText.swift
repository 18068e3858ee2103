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
        guard isUnsafe(text) else { return text }
        var result = String.UnicodeScalarView()
        var run = 0
        for scalar in text.unicodeScalars {
            run = length(of: scalar, behind: run)
            if run > mostMarks {
                result.append(joiner)
                run = length(of: scalar, behind: 0)
            }
            if let marks = marks(in: scalar) {
                result.append(marks.0)
                result.append(marks.1)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// Whether there may be a longer run, or a mark of two: of each letter it is taken that as many marks are part of it as of
    /// any.
    private static func isUnsafe(_ text: String) -> Bool {
        var run = 0
        for scalar in text.unicodeScalars {
            run = isMark(scalar) ? run &+ 1 : mostInLetter
            if run > mostMarks || marks(in: scalar) != nil { return true }
        }
        return false
    }

    /// The two marks that a mark is made of, in all forms (UAX #15, non-starter decompositions). The standard library's
    /// normaliser takes three of the four for letters, and does not sort what they become among its neighbours.
    private static func marks(in scalar: Unicode.Scalar) -> (Unicode.Scalar, Unicode.Scalar)? {
        switch scalar.value {
        case 0x344: ("\u{308}", "\u{301}")
        case 0xF73: ("\u{F71}", "\u{F72}")
        case 0xF75: ("\u{F71}", "\u{F74}")
        case 0xF81: ("\u{F71}", "\u{F80}")
        default: nil
        }
    }

    /// U+1F82 is an alpha with three marks.
    private static let mostInLetter = 3

    /// How many marks stand together once `scalar` is taken apart (form D) behind `run` of them.
    ///
    /// Composition may put other marks into a letter than those that were in it, but leaves form D as it is: a text that was
    /// made safe by it stays so.
    private static func length(of scalar: Unicode.Scalar, behind run: Int) -> Int {
        if isMark(scalar) { return run &+ (marks(in: scalar) == nil ? 1 : 2) }
        guard scalar.value >= 0xC0, !isWhole(scalar) else { return 0 }
        var count = 0
        for part in String(scalar)._nfd { count = isMark(part) ? count &+ 1 : 0 }
        return count
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
