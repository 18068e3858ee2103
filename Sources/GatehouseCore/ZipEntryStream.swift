/// The content of one entry, in steps: its size is held to what the directory declares, its checksum proved at the end.
package final class ZipEntryStream {
    private static let chunkSize = 64 << 10

    private let archive: ZipArchive
    private let entry: ZipEntry
    private let inflater: Inflater?
    private var input: [UInt8] = []
    private var inputPosition = 0
    /// The next unread byte of the archive, and how many of the entry are left there.
    private var offset: Int
    private var left: Int
    private var produced = 0
    private var checksum: UInt32 = 0
    private var isAtEnd = false
    /// What ended the reading early.
    package private(set) var failure: ZipError?

    init(_ entry: ZipEntry, of archive: ZipArchive) throws(ZipError) {
        guard !entry.isEncrypted else { throw .encrypted }
        guard entry.method == 0 || entry.method == 8 else { throw .method(entry.method) }
        try archive.checkRatio(of: entry)
        let header = ZipFields(bytes: try archive.bytes.read(at: entry.headerOffset, count: 30))
        guard header.bytes.count == 30, header.u32(0) == 0x0403_4B50 else {
            throw .damaged("\(entry.name) is not where the list of entries says")
        }
        self.archive = archive
        self.entry = entry
        // The name and the extra field may differ in length from the directory's (4.3.7).
        offset = entry.headerOffset + 30 + header.u16(26) + header.u16(28)
        left = entry.compressedSize
        inflater = entry.method == 8 ? Inflater() : nil
        guard entry.method == 0 || inflater != nil else { throw .damaged("zlib did not start") }
    }

    /// Appends up to `count` bytes to `buffer`; 0 at the end.
    func read(upTo count: Int, into buffer: inout [UInt8]) throws(ZipError) -> Int {
        if let failure { throw failure }
        do throws(ZipError) {
            return try next(upTo: count, into: &buffer)
        } catch {
            failure = error
            throw error
        }
    }

    /// Reads what is left and drops it; the checksum is proved.
    package func drain() throws(ZipError) {
        var dropped: [UInt8] = []
        while try read(upTo: Self.chunkSize, into: &dropped) > 0 { dropped.removeAll(keepingCapacity: true) }
    }

    private func next(upTo count: Int, into buffer: inout [UInt8]) throws(ZipError) -> Int {
        let start = buffer.count
        while !isAtEnd, buffer.count == start, count > 0 {
            if inputPosition == input.count, left > 0 { try fill() }
            guard let inflater else {
                let taken = min(input.count - inputPosition, count)
                buffer.append(contentsOf: input[inputPosition..<inputPosition + taken])
                inputPosition += taken
                isAtEnd = taken == 0
                continue
            }
            guard let used = inflater.inflate(input, from: inputPosition, into: &buffer, room: count) else {
                throw .damaged("\(entry.name) is no deflate data")
            }
            inputPosition += used
            let isStuck = used == 0 && buffer.count == start && left == 0
            if isStuck, !inflater.isFinished { throw .damaged("\(entry.name) breaks off") }
            isAtEnd = inflater.isFinished && buffer.count == start
        }
        let got = buffer.count - start
        produced += got
        guard produced <= entry.size else { throw .damaged("\(entry.name) holds more than it declares") }
        try archive.count(unpacked: got)
        checksum = Inflater.checksum(checksum, buffer, from: start)
        if isAtEnd { try checkEnd() }
        return got
    }

    private func fill() throws(ZipError) {
        input = try archive.bytes.read(at: offset, count: min(left, Self.chunkSize))
        guard !input.isEmpty else { throw .truncated }
        inputPosition = 0
        offset += input.count
        left -= input.count
    }

    private func checkEnd() throws(ZipError) {
        guard produced == entry.size else { throw .damaged("\(entry.name) holds less than it declares") }
        guard checksum == entry.checksum else { throw .damaged("the checksum of \(entry.name) is wrong") }
    }
}
