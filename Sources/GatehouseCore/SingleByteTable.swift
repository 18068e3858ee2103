/// A charset with one byte a character as a table, asked of iconv once: to judge a text under twenty charsets costs less so
/// than twenty conversions.
package struct SingleByteTable: Sendable {
    /// The UTF-8 of the bytes from 0x80 on: the first in the lowest byte, the second above it; 0 for what stands for nothing.
    private let characters: [UInt32]

    /// - Parameter charset: A name that `CharsetLabel` knows, of a charset in which no byte changes what another means: not
    ///   Windows-1255 and 1258, whose vowels and tones are joined with their letters.
    /// - Returns: nil for a charset that iconv does not know.
    package init?(_ charset: String) {
        guard Iconv.knows(charset) else { return nil }
        characters = (0x80...0xFF).map { byte in
            let text = Iconv.decode([UInt8(byte)], from: charset, isLenient: false) ?? ""
            guard text.utf8.count <= 4 else { return 0 }
            return text.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    /// - Returns: nil where a byte stands for nothing.
    package func text(_ bytes: [UInt8]) -> String? {
        var utf8: [UInt8] = []
        utf8.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            guard byte >= 0x80 else {
                utf8.append(byte)
                continue
            }
            var left = characters[Int(byte & 0x7F)]
            guard left != 0 else { return nil }
            while left != 0 {
                utf8.append(UInt8(truncatingIfNeeded: left))
                left >>= 8
            }
        }
        return String(decoding: utf8, as: UTF8.self)
    }
}
