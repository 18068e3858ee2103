/// A zip as it was downloaded, read in place: nothing is unpacked to the disk, and no name in it becomes a path.
///
/// Stored and deflated entries, zip64, data descriptors (the directory's sizes count, not those before the data); no
/// encryption, no split archives. PKWARE APPNOTE.TXT 6.3.10.
package final class ZipArchive {
    /// What the archive is called in positions.
    package let name: String
    /// Tells this archive from every other that this process opens.
    package let serial = UInt64.random(in: .min ... .max)
    package let entries: [ZipEntry]
    /// Whether the archive's end is missing, and `entries` are what stands before the cut.
    package let isCut: Bool
    let bytes: ZipBytes
    /// Entries by their names; of equal names the first.
    private let index: [String: Int]
    private let ratio: Int
    private let maximumBytes: Int
    private var unpacked = 0

    /// Below this an entry may be as dense as it likes.
    private static let harmlessBytes = 16 << 20

    package convenience init(path: String, name: String? = nil, limits: Limits = Limits()) throws(ZipError) {
        try self.init(ZipBytes(path: path), name: name ?? path, limits: limits)
    }

    package convenience init(bytes: [UInt8], name: String, limits: Limits = Limits()) throws(ZipError) {
        try self.init(ZipBytes(bytes, name: name), name: name, limits: limits)
    }

    private init(_ bytes: ZipBytes, name: String, limits: Limits) throws(ZipError) {
        self.bytes = bytes
        self.name = name
        ratio = max(limits.zipRatio, 1)
        maximumBytes = limits.zipBytes
        var entries: [ZipEntry] = []
        var isCut = false
        do throws(ZipError) {
            entries = try ZipDirectory(of: bytes).entries
        } catch .truncated {
            isCut = true
            entries = try ZipSalvage.entries(of: bytes, ratio: ratio)
            guard !entries.isEmpty else { throw .truncated }
        }
        self.isCut = isCut
        var index: [String: Int] = [:]
        index.reserveCapacity(entries.count)
        for (number, entry) in entries.enumerated() where !entry.isFolder {
            index[UnicodeText.normalised(entry.name)] = index[UnicodeText.normalised(entry.name)] ?? number
        }
        self.entries = entries
        self.index = index
    }

    /// Whether a file that starts with `head` is a zip; an empty one starts with its end.
    package static func isZip(_ head: [UInt8]) -> Bool {
        head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06])
            || head.starts(with: [0x50, 0x4B, 0x07, 0x08])
    }

    package func entry(named name: String) -> ZipEntry? {
        index[UnicodeText.normalised(name)].map { entries[$0] }
    }

    package func stream(_ entry: ZipEntry) throws(ZipError) -> ZipEntryStream { try ZipEntryStream(entry, of: self) }

    /// A reader over an entry's content; what ends it early is in `stream.failure` and thrown as `.unreadable`.
    package func reader(_ stream: ZipEntryStream, name: String) -> ByteReader {
        ByteReader(name: name) { (count, buffer) throws(IntakeError) in
            do throws(ZipError) {
                return try stream.read(upTo: count, into: &buffer)
            } catch {
                if case .input(let failure) = error { throw failure }
                throw .unreadable(path: name, reason: error.words)
            }
        }
    }

    /// All of an entry, proved by its checksum; nil where it has more than `limit` bytes.
    package func content(of entry: ZipEntry, limit: Int) throws(ZipError) -> [UInt8]? {
        guard entry.size <= limit else { return nil }
        let stream = try stream(entry)
        var content: [UInt8] = []
        content.reserveCapacity(min(entry.size, 1 << 20))
        // One byte more than declared shows that nothing follows.
        while try stream.read(upTo: max(entry.size - content.count, 1), into: &content) > 0 {}
        return content
    }

    /// One part of the archive may be a hundred times as large as its packed form, hardly more.
    func checkRatio(of entry: ZipEntry) throws(ZipError) {
        let (allowed, isOver) = entry.compressedSize.multipliedReportingOverflow(by: ratio)
        guard !isOver, entry.size > max(allowed, Self.harmlessBytes) else { return }
        throw .bomb("\(entry.name) has \(entry.size) bytes, packed into \(entry.compressedSize)")
    }

    /// Entries that overlap, or one that is read again and again, add up here.
    func count(unpacked more: Int) throws(ZipError) {
        unpacked = unpacked &+ more
        let (allowed, isOver) = bytes.count.multipliedReportingOverflow(by: ratio)
        let limit = min(isOver ? .max : max(allowed, 4 * Self.harmlessBytes), maximumBytes)
        guard unpacked > limit else { return }
        throw .bomb("more than \(limit) bytes in all, from \(bytes.count)")
    }
}

/// Where in an archive an input lies.
package struct ZipPlace {
    package let archive: ZipArchive
    /// The entry's name.
    package let name: String

    package init(archive: ZipArchive, name: String) {
        self.archive = archive
        self.name = name
    }
}
