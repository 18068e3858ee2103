/// A quick check for normalisation form C (UAX #15 §9) over the letters that most texts are made of.
enum ComposedScalars {
    /// Blocks of starters that form C leaves alone, ascending: none has a canonical decomposition outside form C, a
    /// combining class, or a part in a composition as its second character (`NFC_Quick_Check=Yes`, `ccc=0`).
    static let ranges: [ClosedRange<UInt32>] = [
        0x0000...0x02FF, 0x0370...0x0373, 0x0375...0x037D, 0x037F...0x0386, 0x0388...0x0482, 0x048A...0x0590,
        0x05D0...0x05EA, 0x0620...0x064A, 0x0660...0x066F, 0x0671...0x06D3, 0x1E00...0x1EFF, 0x2002...0x2064,
        0x20A0...0x20BF, 0x2190...0x2328, 0x2500...0x27BF, 0x3000...0x3029, 0x3041...0x3096, 0x30A1...0x30FF,
        0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFE00...0xFE0F, 0xFF01...0xFFEF, 0x1F300...0x1FAFF,
    ]

    /// True only for text that is in form C; false means that nothing is known.
    static func hold(_ text: String) -> Bool {
        var last = ranges[0]
        for scalar in text.unicodeScalars where !last.contains(scalar.value) {
            if ranges[0].contains(scalar.value) { continue }
            guard let range = ranges.first(where: { $0.contains(scalar.value) }) else { return false }
            last = range
        }
        return true
    }
}
