// The central directory of a zip: the one list of what is in it. What stands before each entry is never asked for names or
// sizes (PKWARE APPNOTE.TXT 6.3.10).

/// One file in a zip, as its central directory tells.
package struct ZipEntry: Sendable {
    /// As it stands in the zip, with `/` between folders; not to be used as a path.
    package let name: String
    /// 0 stored, 8 deflated.
    package let method: Int
    package let isEncrypted: Bool
    /// As declared; an entry that holds more is damaged.
    package let size: Int
    package let compressedSize: Int
    let checksum: UInt32
    let headerOffset: Int

    package var isFolder: Bool { name.hasSuffix("/") }
}

/// Finds the central directory and reads it.
struct ZipDirectory {
    /// Entries of one zip; the largest downloads have some 100,000.
    static let maximumEntries = 1_000_000
    private static let maximumBytes = 256 << 20
    /// The end's fixed part and the longest comment behind it.
    private static let endSize = 22
    private static let tailSize = endSize + 65_535

    private(set) var entries: [ZipEntry] = []

    /// Where the directory lies.
    private struct Place {
        var offset: Int
        var size: Int
        /// Where it would have to end if nothing stood before the archive.
        var end: Int
    }

    init(of bytes: ZipBytes) throws(ZipError) {
        let place = try Self.find(in: bytes)
        guard place.size <= Self.maximumBytes else { throw .damaged("its list of entries has \(place.size) bytes") }
        // A program before the archive (a self-extracting one) shifts all offsets.
        let real = place.end - place.size
        guard place.size >= 0, real >= 0, real >= place.offset else {
            throw .damaged("its list of entries lies outside of it")
        }
        let shift = real - place.offset
        let directory = ZipFields(bytes: try bytes.read(at: real, count: place.size))
        guard directory.bytes.count == place.size else { throw .truncated }
        var position = 0
        while position + 46 <= place.size, directory.u32(position) == 0x0201_4B50 {
            let lengths = (directory.u16(position + 28), directory.u16(position + 30), directory.u16(position + 32))
            let next = position + 46 + lengths.0 + lengths.1 + lengths.2
            guard next <= place.size else { throw .damaged("its list of entries breaks off") }
            guard entries.count < Self.maximumEntries else {
                throw .damaged("it has more than \(Self.maximumEntries) entries")
            }
            entries.append(Self.entry(directory, at: position, lengths: (lengths.0, lengths.1), shift: shift))
            position = next
        }
        // An encrypted directory, or one that is overwritten, has no entry to start with.
        guard position == place.size || !entries.isEmpty else { throw .damaged("its list of entries is unreadable") }
    }

    /// The end of the central directory (4.3.16), and where a size does not fit into it its zip64 form (4.3.14).
    private static func find(in bytes: ZipBytes) throws(ZipError) -> Place {
        let start = max(bytes.count - tailSize, 0)
        let tail = ZipFields(bytes: try bytes.read(at: start, count: tailSize))
        var index = tail.bytes.count - endSize
        while index >= 0 {
            // A comment may hold the same four bytes: the real end is the one whose comment fits.
            let isEnd = tail.bytes[index] == 0x50 && tail.u32(index) == 0x0605_4B50
            if isEnd, index + endSize + tail.u16(index + 20) <= tail.bytes.count { break }
            index -= 1
        }
        guard index >= 0 else { throw .truncated }
        var place = Place(offset: tail.u32(index + 16), size: tail.u32(index + 12), end: start + index)
        let locator = ZipFields(bytes: try bytes.read(at: start + index - 20, count: 20))
        if locator.u32(0) == 0x0706_4B50, let large = try zip64(locator, at: start + index - 20, in: bytes) {
            place = large
        } else {
            guard tail.u16(index + 4) == 0, tail.u16(index + 6) == 0 else { throw .split }
        }
        return place
    }

    private static func zip64(_ locator: ZipFields, at offset: Int, in bytes: ZipBytes) throws(ZipError) -> Place? {
        // Where something stands before the archive the record lies right before its locator.
        for candidate in [locator.u64(8), offset - 56] {
            let record = ZipFields(bytes: try bytes.read(at: candidate, count: 56))
            guard record.bytes.count == 56, record.u32(0) == 0x0606_4B50 else { continue }
            guard record.u32(16) == 0, record.u32(20) == 0 else { throw .split }
            return Place(offset: record.u64(48), size: record.u64(40), end: candidate)
        }
        return nil
    }

    /// The entry whose header (4.3.12) starts at `start`.
    private static func entry(
        _ fields: ZipFields,
        at start: Int,
        lengths: (name: Int, extra: Int),
        shift: Int
    ) -> ZipEntry {
        let nameEnd = start + 46 + lengths.name
        var size = fields.u32(start + 24)
        var compressed = fields.u32(start + 20)
        var offset = fields.u32(start + 42)
        var unicodeName: [UInt8]?
        var position = nameEnd
        let end = nameEnd + lengths.extra
        while position + 4 <= end {
            let length = min(fields.u16(position + 2), end - position - 4)
            let content = ZipFields(bytes: Array(fields.bytes[position + 4..<position + 4 + length]))
            switch fields.u16(position) {
            case 1:
                // 4.5.3: only the fields that overflowed, in this order.
                var next = 0
                func take(_ value: inout Int) {
                    guard value == 0xFFFF_FFFF, next + 8 <= length else { return }
                    value = content.u64(next)
                    next += 8
                }
                take(&size)
                take(&compressed)
                take(&offset)
            // 4.6.9: the name in UTF-8, behind a version and a checksum of the name in the header.
            case 0x7075 where length > 5: unicodeName = Array(content.bytes[5...])
            default: break
            }
            position += 4 + length
        }
        let flags = fields.u16(start + 8)
        let shifted = offset.addingReportingOverflow(shift)
        return ZipEntry(
            name: name(unicodeName ?? Array(fields.bytes[start + 46..<nameEnd])),
            method: fields.u16(start + 10),
            isEncrypted: flags & 0x41 != 0,
            size: size,
            compressedSize: compressed,
            checksum: UInt32(truncatingIfNeeded: fields.u32(start + 16)),
            headerOffset: shifted.overflow ? .max : shifted.partialValue
        )
    }

    /// Names are UTF-8 whether or not the flag for it is set, or else of the PC's old code page (appendix D).
    static func name(_ bytes: [UInt8]) -> String {
        let text = CharsetDecoder.validUTF8(bytes) ?? CharsetDecoder.decode(bytes, label: "cp437").text
        // Some Windows programs write backslashes.
        guard !text.utf8.contains(UInt8(ascii: "/")), text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        return String(decoding: text.utf8.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }, as: UTF8.self)
    }
}
