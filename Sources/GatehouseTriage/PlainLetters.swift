/// Letters as the tables and the messages are compared: without case, without accents, one form of each Arabic letter.
///
/// Customers leave accents out, so "transferência não" and "transferencia nao" must be one. The compiled table holds the
/// answers for the alphabets (`PlainLetterTable` makes them); what lies between and behind needs a few comparisons.
struct PlainLetters: Sendable {
    private let alphabets: TableColumn
    private let extended: TableColumn

    static let alphabetsEnd: UInt32 = 0x800
    static let extendedRange: Range<UInt32> = 0x1E00..<0x1F00

    /// nil where a column is too short.
    init?(_ alphabets: TableColumn, _ extended: TableColumn) {
        guard alphabets.count * 4 >= Int(Self.alphabetsEnd), extended.count * 4 >= Self.extendedRange.count else {
            return nil
        }
        self.alphabets = alphabets
        self.extended = extended
    }

    /// The plain letter at `index` of valid UTF-8, which isn't ASCII, and its length in bytes; 0: a mark that vanishes.
    @inline(__always)
    func read(_ bytes: borrowing Span<UInt8>, _ index: Int) -> (scalar: UInt32, length: Int) {
        let lead = UInt32(bytes[index])
        if lead < 0xE0 {
            let scalar = (lead & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F)
            return (UInt32(alphabets.half(Int(scalar))), 2)
        }
        let high = UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F)
        if lead < 0xF0 { return (plain((lead & 0xF) << 12 | high), 3) }
        return ((lead & 7) << 18 | high << 6 | UInt32(bytes[index + 3] & 0x3F), 4)
    }

    @inline(__always)
    private func plain(_ scalar: UInt32) -> UInt32 {
        if scalar >= 0x2020, scalar < 0xFF00 { return scalar }
        switch scalar {
        case Self.extendedRange: return UInt32(extended.half(Int(scalar - Self.extendedRange.lowerBound)))
        case 0x2018, 0x2019: return 0x27
        case 0xFF21...0xFF3A: return scalar - 0xFF21 + 0x61
        case 0xFF01...0xFF5E: return scalar - 0xFF01 + 0x21
        default: return scalar
        }
    }

    /// Of a plain scalar. A mark that vanished (0) is part of its word.
    @inline(__always)
    static func isLetter(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return scalar &- 0x61 < 26 || scalar &- 0x30 < 10 || scalar == 0 }
        return scalar >= 0xC0 && !(scalar >= 0x2000 && scalar < 0x2C00) && !(scalar >= 0x3000 && scalar < 0x3005)
            && !(scalar >= 0x3008 && scalar < 0x3041) && !(scalar >= 0xFF00 && scalar < 0xFF66) && scalar < 0x1_F000
            && scalar != 0x61F && scalar != 0x60C && scalar != 0x61B && scalar != 0x30FB
    }

    /// Chinese, kana and Hangul count as one word a character, so that a phrase of them is found anywhere: they write
    /// without spaces, or glue particles on.
    @inline(__always)
    static func isCharacterWord(_ scalar: UInt32) -> Bool {
        scalar >= 0x3041 && (scalar < 0xA000 || (scalar >= 0xAC00 && scalar < 0xD7B0))
            || (scalar >= 0x20000 && scalar < 0x32000)
    }
}
