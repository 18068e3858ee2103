/// Outlook's compressed rich text, "LZFu" (MS-OXRTFCP): references into a dictionary of 4,096 bytes that starts full of
/// what every such text holds.
///
/// A reference of two bytes stands for at most seventeen, so that the result is never more than nine times the input; a
/// text that would be longer than any letter is not unpacked at all.
enum TNEFCompressedText {
    private static let compressed = 0x7546_5A4C
    private static let uncompressed = 0x414C_454D
    private static let dictionarySize = 4096
    private static let longest = 8 << 20

    /// What the dictionary starts with (MS-OXRTFCP §2.1.2.1).
    private static let start = Array(
        (#"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "#
            + #"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"# + "\r\n"
            + #"\par \pard\plain\f0\fs20\b\i\u\tab\tx"#).utf8
    )

    /// - Returns: nil for bytes that are no such text, and for one that is longer than 8 MiB: pictures
    ///   are files of their own.
    static func inflate(_ bytes: [UInt8]) -> [UInt8]? {
        // Compressed size, plain size, kind and checksum, four bytes each.
        guard bytes.count >= 16 else { return nil }
        let end = min(bytes.count, max(16, LittleEndian.read32(bytes, 0) &+ 4))
        let size = LittleEndian.read32(bytes, 4)
        switch LittleEndian.read32(bytes, 8) {
        case uncompressed: return Array(bytes[16..<min(bytes.count, 16 &+ size)])
        case compressed:
            let text = inflate(bytes, 16..<end, min(size, longest + 1))
            return text.count > longest ? nil : text
        default: return nil
        }
    }

    private static func inflate(_ bytes: [UInt8], _ range: Range<Int>, _ size: Int) -> [UInt8] {
        var dictionary = start + [UInt8](repeating: 0x20, count: dictionarySize - start.count)
        var write = start.count
        var result: [UInt8] = []
        result.reserveCapacity(min(size, range.count * 9))
        func put(_ byte: UInt8) {
            result.append(byte)
            dictionary[write] = byte
            write = (write + 1) % dictionarySize
        }
        var index = range.lowerBound
        while index < range.upperBound, result.count < size {
            let control = bytes[index]
            index += 1
            for bit in 0..<8 where index < range.upperBound && result.count < size {
                guard control >> UInt8(bit) & 1 == 1 else {
                    put(bytes[index])
                    index += 1
                    continue
                }
                guard index + 1 < range.upperBound else { return result }
                let reference = Int(bytes[index]) << 8 | Int(bytes[index + 1])
                index += 2
                let from = reference >> 4
                // A reference to where the next byte goes is the end.
                if from == write { return result }
                for place in 0..<(reference & 0xF) + 2 where result.count < size {
                    put(dictionary[(from + place) % dictionarySize])
                }
            }
        }
        return result
    }
}
