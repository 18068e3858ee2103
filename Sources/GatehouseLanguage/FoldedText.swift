/// Text as the language model and the urgency rules read it: Unicode scalars, without case.
package enum FoldedText {
    /// The first scalars of `text`, case folded (Unicode's simple folding for the alphabets in use; full-width
    /// Latin becomes plain Latin, the typographic apostrophe `'`).
    ///
    /// One call for a whole text, since a call per scalar across modules would cost more than the work.
    /// - Parameter limit: The most UTF-8 bytes to read; a scalar that would cross it is left out.
    package static func scalars(of text: String, limit: Int) -> [UInt32] {
        let bytes = text.utf8.span
        let end = min(bytes.count, limit)
        var result = [UInt32](repeating: 0, count: end)
        var output = result.mutableSpan
        var index = 0
        var count = 0
        while index < end {
            let lead = bytes[index]
            if lead < 0x80 {
                output[count] = lead &- 65 < 26 ? UInt32(lead | 0x20) : UInt32(lead)
                index += 1
                count += 1
                continue
            }
            let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
            guard index + length <= end else { break }
            // A String holds valid UTF-8, so the trailing bytes are what the lead byte says.
            var scalar = UInt32(lead) & (0x7F >> UInt32(length))
            for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3F) }
            output[count] = fold(scalar)
            index += length
            count += 1
        }
        result.removeLast(end - count)
        return result
    }

    /// Simple case folding by the regular layout of the blocks; the few exceptions are spelled out. Full-width Latin
    /// becomes plain Latin, the typographic apostrophe `'`.
    static func fold(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x41...0x5A: return scalar + 32
        case 0xC0...0xD6, 0xD8...0xDE: return scalar + 32
        case 0x130: return 0x69
        case 0x178: return 0xFF
        case 0x139...0x148, 0x179...0x17E: return scalar & 1 == 1 ? scalar + 1 : scalar
        case 0x100...0x137, 0x14A...0x177, 0x1DE...0x1EF, 0x1F8...0x21F, 0x222...0x233: return scalar | 1
        case 0x1CD...0x1DC, 0x1A0...0x1A5: return scalar < 0x1B0 ? scalar | 1 : (scalar & 1 == 1 ? scalar + 1 : scalar)
        case 0x1AF, 0x1B3, 0x1B5: return scalar + 1
        case 0x18F: return 0x259
        case 0x386: return 0x3AC
        case 0x388...0x38A: return scalar + 37
        case 0x38C: return 0x3CC
        case 0x38E, 0x38F: return scalar + 63
        case 0x391...0x3AB: return scalar + 32
        case 0x3C2: return 0x3C3
        case 0x400...0x40F: return scalar + 80
        case 0x410...0x42F: return scalar + 32
        case 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: return scalar | 1
        case 0x4C1...0x4CE: return scalar & 1 == 1 ? scalar + 1 : scalar
        case 0x531...0x556: return scalar + 48
        case 0x1E00...0x1E95, 0x1EA0...0x1EFF: return scalar | 1
        case 0x2019, 0x02BC, 0x2018: return 0x27
        case 0xFF21...0xFF3A: return scalar - 0xFF21 + 0x61
        case 0xFF01...0xFF20, 0xFF3B...0xFF5E: return scalar - 0xFF01 + 0x21
        default: return scalar
        }
    }
}
