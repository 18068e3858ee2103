import GatehouseCore

/// Originals and attachments: each content once, in pieces, counted by its uses.
extension Store {
    static let pieceSize = 256 * 1024
    /// Where a message's own bytes stand in `message_blob`.
    static let originalPart = -1

    /// The bytes with this SHA-256 (64 hex digits), or nil where they are not, or no more, stored.
    package func blob(_ sha256: String) throws(StoreError) -> [UInt8]? {
        guard let digest = Self.digest(fromHex: sha256) else { return nil }
        let head = try connection.first("SELECT id, size, bytes FROM blob WHERE sha256 = ?1", .bytes(digest)) {
            ($0.int(0), Int($0.int(1)), $0.bytes(2))
        }
        guard let (row, size, first) = head else { return nil }
        guard first.count < size else { return first }
        var bytes = first
        bytes.reserveCapacity(size)
        let sql = "SELECT bytes FROM blob_piece WHERE id BETWEEN ?1 AND ?2 ORDER BY id"
        try connection.each(sql, [.int(row << 16), .int(row << 16 | 0xFFFF)]) { (piece) throws(StoreError) in
            bytes.append(contentsOf: piece.bytes(0))
        }
        return bytes
    }

    /// Stores `bytes` for a message, or counts one more use of them.
    func keep(_ bytes: [UInt8], digest: [UInt8], message: Int64, part: Int) throws(StoreError) {
        try connection.run(
            "INSERT INTO blob(sha256, size, uses, bytes) VALUES (?1, ?2, 1, ?3) ON CONFLICT DO NOTHING",
            .bytes(digest),
            .int(bytes.count),
            .bytes(bytes.count > Self.pieceSize ? Array(bytes[..<Self.pieceSize]) : bytes)
        )
        let row: Int64
        if connection.changes == 0 {
            let sql = "UPDATE blob SET uses = uses + 1 WHERE sha256 = ?1 RETURNING id"
            guard let known = try connection.first(sql, .bytes(digest), take: { $0.int(0) }) else { return }
            row = known
        } else {
            row = connection.lastRow
            var start = Self.pieceSize
            var number: Int64 = 0
            while start < bytes.count {
                let end = min(start + Self.pieceSize, bytes.count)
                let sql = "INSERT INTO blob_piece(id, bytes) VALUES (?1, ?2)"
                try connection.run(sql, .int(row << 16 | number), .bytes(Array(bytes[start..<end])))
                start = end
                number += 1
            }
        }
        let sql = "INSERT INTO message_blob(message, part, blob) VALUES (?1, ?2, ?3)"
        try connection.run(sql, .int(message), .int(part), .int(row))
    }

    /// 32 bytes from 64 hex digits in either case.
    static func digest(fromHex text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
