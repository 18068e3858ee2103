import GatehouseCore

/// The bytes of one commit on their way into a pack: originals and attachments first, then the envelopes, so that what
/// is purged together lies together.
///
/// A database writes each byte three times (log, sums, table). A large batch goes into a file of its own instead, and the
/// database keeps where. A small one stays in its rows: it would pay for a second sync.
struct Packing {
    /// Below so many bytes of originals a batch stays in the database.
    static let least = 64 * 1024
    /// A pack that has got this long is left, and the next one begun.
    static let fullLength: Int64 = 256 << 20

    let pack: Int64
    /// Where in the file the buffer's first byte goes: at the start of a block.
    let start: Int64
    private let buffer: BlockBuffer
    /// Where in the buffer the envelopes begin: the originals' room is known before it is known which are duplicates.
    private let room: Int
    private var originalsEnd = 0
    private var envelopesEnd: Int

    init(pack: Int64, start: Int64, room: Int, buffer: BlockBuffer) {
        self.pack = pack
        self.start = start
        self.room = room
        self.buffer = buffer
        envelopesEnd = room
        buffer.removeAll()
    }

    var isEmpty: Bool { buffer.count == 0 }
    var byteCount: Int { originalsEnd + envelopesEnd - room }
    /// The pack's length when all of it is written.
    var end: Int64 { start &+ Int64(BlockBuffer.roundedUp(buffer.count)) }

    /// Where `bytes` of a message will lie; nil if the room that was asked for has no place for them.
    mutating func add(original bytes: [UInt8]) -> Extent? {
        guard bytes.count <= room - originalsEnd else { return nil }
        buffer.write(bytes, at: originalsEnd)
        defer { originalsEnd += bytes.count }
        return Extent(pack: pack, start: start &+ Int64(originalsEnd), size: bytes.count)
    }

    mutating func add(envelope bytes: [UInt8]) -> Extent {
        buffer.write(bytes, at: envelopesEnd)
        defer { envelopesEnd += bytes.count }
        return Extent(pack: pack, start: start &+ Int64(envelopesEnd), size: bytes.count)
    }

    /// Puts all of it on disk.
    func write(to packs: PackFiles) throws(StoreError) {
        // The room of what turned out to be duplicates.
        buffer.zero(originalsEnd..<min(room, max(buffer.count, originalsEnd)))
        try packs.write(buffer, at: start, to: pack)
    }
}

extension Store {
    /// Begins to gather the bytes of a batch, if they are many; call it inside the transaction.
    func beginPacking(_ entries: [IntakeEntry]) throws(StoreError) {
        packing = nil
        let room = entries.reduce(0) { $0 + $1.byteCount }
        guard room >= Packing.least, !connection.isRehearsing else { return }
        let last = try connection.first("SELECT id, length FROM pack ORDER BY id DESC LIMIT 1") {
            ($0.int(0), $0.int(1))
        }
        if let (pack, length) = last, length < Packing.fullLength {
            packing = Packing(pack: pack, start: length, room: room, buffer: packBuffer)
        } else {
            try connection.run("INSERT INTO pack(id, length, used) VALUES (?1, 0, 0)", .int((last?.0 ?? 0) + 1))
            packing = Packing(pack: connection.lastRow, start: 0, room: room, buffer: packBuffer)
        }
    }

    /// Puts what was gathered on disk; only then may the transaction be committed.
    func endPacking() throws(StoreError) {
        guard let packing, !packing.isEmpty else { return }
        self.packing = nil
        try packing.write(to: packs)
        try connection.run(
            "UPDATE pack SET length = ?2, used = used + ?3 WHERE id = ?1",
            .int(packing.pack),
            .int(packing.end),
            .int(packing.byteCount)
        )
    }
}

extension IntakeEntry {
    /// Of the original and its attachments.
    fileprivate var byteCount: Int {
        switch item {
        case .message(let held): held.message.byteCount
        case .rejected(let input): input.raw.count
        case .ignored: 0
        }
    }
}
