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

    private static func hasLongRun(_ text: String) -> Bool {
        var run = 0
        for scalar in text.unicodeScalars {
            run = length(of: scalar, behind: run)
            if run > mostMarks { return true }
        }
        return false
    }

    /// How many marks stand together once `scalar` is taken apart behind `run` of them: counted as it will be, so that a text
    /// that was made safe stays as it is.
    private static func length(of scalar: Unicode.Scalar, behind run: Int) -> Int {
        guard isMark(scalar) else { return isTakenApart(scalar) ? 2 : 0 }
        switch scalar.value {
        // Two marks each, which are never joined again.
        case 0x344, 0xF73, 0xF75, 0xF81: return run &+ 2
        default: return run &+ 1
        }
    }

    /// Letters of Indic scripts, Hebrew and musical notes that form C leaves taken apart, into one or two marks behind a
    /// letter (Unicode's composition exclusions; neighbours in the ranges are counted with them, if none is what another is
    /// taken apart into).
    private static func isTakenApart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x958: false
        case 0x958...0x95F, 0x9DC...0x9DF, 0xA33, 0xA36, 0xA59...0xA5B, 0xA5E, 0xB5C...0xB5D, 0xF43...0xF78, 0x2ADC,
            0xFB1D...0xFB4E,
            0x1D15E...0x1D164, 0x1D1BB...0x1D1C0:
            true
        default: false
        }
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
