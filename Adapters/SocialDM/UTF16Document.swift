import GatehouseCore

/// Texts and tables that some editors, and Excel as "Unicode text", save in UTF-16 with a byte order mark.
///
/// They are read as UTF-8, in which their offsets then count. JSON is not concerned: its reader takes UTF-16 as it comes.
enum UTF16Document {
    /// Whether the bytes start with UTF-16's mark, and not with that of UTF-32.
    static func isMarked(_ head: [UInt8]) -> Bool {
        head.starts(with: [0xFE, 0xFF]) || head.starts(with: [0xFF, 0xFE]) && !head.starts(with: [0xFF, 0xFE, 0, 0])
    }

    /// The text of marked bytes in UTF-8, without the mark. Half a unit at the end becomes half a character.
    static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        let isLittle = bytes.first == 0xFF
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        for index in stride(from: 2, to: bytes.count - 1, by: 2) {
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            units.append(isLittle ? second << 8 | first : first << 8 | second)
        }
        var text = Array(String(decoding: units, as: UTF16.self).utf8)
        if bytes.count % 2 == 1 { text.append(0xE2) }
        return text
    }
}

extension AdapterInput {
    /// The same input in UTF-8.
    ///
    /// - Returns: nil where it is longer than `limit`.
    func inUTF8(limit: Int) throws(IntakeError) -> AdapterInput? {
        let (read, isCut) = try bytes.readAll(limit: limit)
        guard !isCut else { return nil }
        return AdapterInput(
            bytes: ByteReader(bytes: UTF16Document.utf8(read), name: position),
            position: position,
            path: path,
            place: place,
            context: context
        )
    }
}
