package import GatehouseCore

/// A time in which a target is not to be asked, as the run that learned of it has left it.
package struct StoredPause: Sendable, Equatable {
    package let until: Timestamp
    package let reason: String
    /// How often in a row the target was found to be down.
    package let openings: Int
    /// The target's address: at another one it does not hold.
    package let address: String

    package init(until: Timestamp, reason: String, openings: Int, address: String) {
        self.until = until
        self.reason = reason
        self.openings = openings
        self.address = address
    }
}

extension Store {
    private static func pauseName(_ target: String) -> String { "pause:\(target)" }

    package func pause(of target: String) throws(StoreError) -> StoredPause? {
        let text = try connection.first("SELECT value FROM meta WHERE name = ?1", .text(Self.pauseName(target))) {
            $0.text(0)
        }
        guard let parts = text?.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false),
            parts.count == 4, let until = Int64(parts[0]), let openings = Int(parts[1])
        else { return nil }
        return StoredPause(
            until: Timestamp(milliseconds: until),
            reason: String(parts[3]),
            openings: openings,
            address: String(parts[2])
        )
    }

    /// - Parameter pause: nil ends it.
    package func save(_ pause: StoredPause?, of target: String) throws(StoreError) {
        guard let pause else {
            try connection.run("DELETE FROM meta WHERE name = ?1", .text(Self.pauseName(target)))
            return
        }
        let parts = [String(pause.until.milliseconds), String(pause.openings), pause.address, pause.reason]
        try connection.run(
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
            .text(Self.pauseName(target)),
            .text(parts.joined(separator: "\n"))
        )
    }
}
