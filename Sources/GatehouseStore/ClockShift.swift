package import GatehouseCore

extension Store {
    /// After the clock was put back, what was to be tried again "in a minute" would wait for an hour and a minute: those
    /// times are put back with it. Pauses are forgotten, since their targets say so again.
    ///
    /// That it was put back is seen by the latest try, which lies in the future.
    ///
    /// - Returns: By how many milliseconds; 0 where nothing was done.
    package func adjustForClock(now: Timestamp) throws(StoreError) -> Int64 {
        let latest = "SELECT id, at FROM attempt ORDER BY id DESC LIMIT 1"
        let last = try connection.first(latest) { ($0.int(0), $0.int(1)) }
        guard let (attempt, at) = last, at > now.milliseconds &+ Self.clockTolerance else { return 0 }
        let sql = "SELECT value FROM meta WHERE name = 'clock_adjusted'"
        guard try connection.first(sql, take: { $0.int(0) }) != attempt else { return 0 }
        let shift = at &- now.milliseconds
        try connection.transaction { () throws(StoreError) in
            try connection.run("UPDATE outbox SET due_at = max(0, due_at - ?1) WHERE state = 'ready'", .int(shift))
            let queue = "UPDATE conversation SET due_at = max(0, due_at - ?1) WHERE head IS NOT NULL"
            try connection.run(queue, .int(shift))
            try connection.run("DELETE FROM meta WHERE name LIKE 'pause:%'")
            try connection.run(
                "INSERT INTO meta VALUES ('clock_adjusted', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
                .int(attempt)
            )
        }
        return shift
    }

    /// Clocks that are kept by NTP go back by less.
    private static let clockTolerance: Int64 = 5000
}
