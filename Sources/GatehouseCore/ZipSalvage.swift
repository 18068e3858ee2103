/// The entries of a zip that was cut, found by the headers that stand before each of them: without its end there is no list.
enum ZipSalvage {
    private static let chunkSize = 256 << 10

    /// - Returns: All entries in order; the last may be one that breaks off.
    static func entries(of bytes: ZipBytes, ratio: Int) throws(ZipError) -> [ZipEntry] {
        var entries: [ZipEntry] = []
        var position = 0
        while entries.count < ZipDirectory.maximumEntries {
            let header = ZipFields(bytes: try bytes.read(at: position, count: 30))
            guard header.bytes.count == 30, header.u32(0) == 0x0403_4B50 else { break }
            let nameLength = header.u16(26)
            let name = try bytes.read(at: position + 30, count: nameLength)
            let start = position + 30 + nameLength + header.u16(28)
            guard name.count == nameLength, start < bytes.count else { break }
            let rest = bytes.count - start
            // Bit 3: the sizes stand behind the data, whose own end tells where that is.
            let isSizeBehind = header.u16(6) & 8 != 0
            let isZip64 = header.u32(18) == 0xFFFF_FFFF
            var found = (packed: header.u32(18), size: header.u32(22), sum: UInt32(truncatingIfNeeded: header.u32(14)))
            var isCut = found.packed > rest
            if isSizeBehind || isZip64 {
                guard header.u16(8) == 8 else { break }
                let measured = try measure(bytes, from: start, maximum: limit(rest, ratio))
                found = measured ?? found
                isCut = measured == nil
            }
            entries.append(
                ZipEntry(
                    name: ZipDirectory.name(name),
                    method: header.u16(8),
                    isEncrypted: header.u16(6) & 0x41 != 0,
                    size: isCut ? limit(rest, ratio) : found.size,
                    compressedSize: isCut ? rest : found.packed,
                    checksum: found.sum,
                    headerOffset: position
                )
            )
            guard !isCut else { break }
            position = start + found.packed
            if isSizeBehind { position += try descriptorSize(bytes, at: position) }
        }
        return entries
    }

    /// As much as the rest of the archive may become.
    private static func limit(_ rest: Int, _ ratio: Int) -> Int {
        let (product, isOver) = rest.multipliedReportingOverflow(by: ratio)
        return isOver ? .max : product
    }

    /// Follows deflate data to their own end; nil where they are cut, damaged or a bomb.
    private static func measure(
        _ bytes: ZipBytes,
        from start: Int,
        maximum: Int
    ) throws(ZipError) -> (packed: Int, size: Int, sum: UInt32)? {
        guard let inflater = Inflater() else { return nil }
        var result = (packed: 0, size: 0, sum: UInt32(0))
        var output: [UInt8] = []
        while !inflater.isFinished {
            let input = try bytes.read(at: start + result.packed, count: chunkSize)
            guard !input.isEmpty else { return nil }
            var used = 0
            repeat {
                output.removeAll(keepingCapacity: true)
                guard let step = inflater.inflate(input, from: used, into: &output, room: chunkSize) else { return nil }
                used += step
                result.size += output.count
                result.sum = Inflater.checksum(result.sum, output, from: 0)
                guard result.size <= maximum else { return nil }
                if step == 0, output.isEmpty { break }
            } while !inflater.isFinished && (used < input.count || !output.isEmpty)
            result.packed += used
            if used == 0, !inflater.isFinished { return nil }
        }
        return result
    }

    /// 4.3.9: a checksum and two sizes of four or eight bytes, mostly behind a signature.
    private static func descriptorSize(_ bytes: ZipBytes, at position: Int) throws(ZipError) -> Int {
        let fields = ZipFields(bytes: try bytes.read(at: position, count: 28))
        let candidates = fields.u32(0) == 0x0807_4B50 ? [16, 24] : [12, 20]
        // The next entry, or the list of them, shows which.
        return candidates.first { [0x0403_4B50, 0x0201_4B50].contains(fields.u32($0)) } ?? candidates[0]
    }
}
