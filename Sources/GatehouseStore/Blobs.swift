import GatehouseCore

/// Originals, one to a message, and attachments, each content once and counted by its uses.
extension Store {
    /// The attachment with this SHA-256 (64 hex digits), or nil where it is not, or no more, stored.
    package func blob(_ sha256: String) throws(StoreError) -> [UInt8]? {
        guard let digest = Self.digest(fromHex: sha256) else { return nil }
        let sql = "SELECT pack, start, size, bytes FROM blob WHERE sha256 = ?1"
        guard let place = try connection.first(sql, .bytes(digest), take: { BytePlace($0, from: 0) }) else {
            return nil
        }
        return try bytes(at: place)
    }

    /// A message's own bytes as they came, or nil where they are no more stored.
    ///
    /// - Parameter id: The envelope's id, in full.
    package func original(of id: String) throws(StoreError) -> [UInt8]? {
        let sql = "SELECT pack, original_start, original_size, original FROM message WHERE envelope_id = ?1"
        guard let place = try connection.first(sql, .text(id), take: { BytePlace($0, from: 0) }) else { return nil }
        return try bytes(at: place)
    }

    /// nil where they were purged, or where their pack is not of the same backup as the database.
    func bytes(at place: BytePlace) throws(StoreError) -> [UInt8]? {
        switch place {
        case .row(let bytes): bytes
        case .pack(let extent): try packs.read(extent)
        case .nowhere: nil
        }
    }

    /// Whether an attachment with these bytes came before.
    func isKept(_ digest: [UInt8]) throws(StoreError) -> Bool {
        try connection.first("SELECT 1 FROM blob WHERE sha256 = ?1", .bytes(digest)) { _ in true } == true
    }

    /// Stores an attachment of a message, or counts one more use of it.
    func keep(_ bytes: [UInt8], digest: [UInt8], message: Int64, part: Int) throws(StoreError) {
        let row: Int64
        let sql = "SELECT id FROM blob WHERE sha256 = ?1"
        if let known = try connection.first(sql, .bytes(digest), take: { $0.int(0) }) {
            row = known
            try connection.run("UPDATE blob SET uses = uses + 1 WHERE id = ?1", .int(row))
        } else {
            let extent = packing?.add(original: bytes)
            try connection.run(
                "INSERT INTO blob(sha256, size, uses, pack, start, bytes) VALUES (?1, ?2, 1, ?3, ?4, ?5)",
                .bytes(digest),
                .int(bytes.count),
                .optional(extent?.pack),
                .optional(extent?.start),
                extent == nil ? .bytes(bytes) : .null
            )
            row = connection.lastRow
        }
        try connection.run(
            "INSERT INTO message_blob(message, part, blob) VALUES (?1, ?2, ?3)",
            .int(message),
            .int(part),
            .int(row)
        )
    }

    /// 32 bytes from 64 hex digits in either case.
    static func digest(fromHex text: String) -> [UInt8]? {
        text.utf8.count == 64 ? Hex.decode(text) : nil
    }
}

/// Where a row's bytes are.
enum BytePlace {
    case row([UInt8])
    case pack(Extent)
    case nowhere

    /// - Parameter column: Of four: the pack, the start in it, the size, and the bytes themselves where the row has them.
    init(_ row: Row, from column: Int32) {
        if !row.isNull(column + 3) {
            self = .row(row.bytes(column + 3))
        } else if !row.isNull(column), !row.isNull(column + 1), !row.isNull(column + 2) {
            self = .pack(Extent(pack: row.int(column), start: row.int(column + 1), size: Int(row.int(column + 2))))
        } else {
            self = .nowhere
        }
    }
}
