import GatehouseCore
import Testing

@testable import GatehouseStore

struct MigrationTests {
    private let state = TemporaryState()

    @Test(arguments: [2, 3, 4]) func `A state of an older schema is brought up and keeps what it holds`(_ version: Int)
        throws
    {
        do {
            let store = try state.open()
            _ = try store.take(Sample(keys: [IdentityKey(.claimed, "1")]))
        }
        try lower(to: version)
        let store = try state.open()
        #expect(try store.list(MessageFilter()).count == 1)
        #expect(try store.takeOne(Sample(keys: [IdentityKey(.claimed, "1")])).state == .duplicate)
        #expect(try store.takeOne(Sample(keys: [IdentityKey(.claimed, "2")], text: "another")).state == .accepted)
        #expect(try store.reconcile().holds)
        #expect(try store.workload(since: noon, now: later(60)).quarters.map(\.count).reduce(0, +) >= 1)
        #expect(try schema() == [String(Schema.version)])
    }

    private func connection() throws -> Connection {
        try Connection(path: "\(state.directory)/gatehouse.sqlite3", busySeconds: 1)
    }

    private func schema() throws -> [String] {
        try connection().all("SELECT value FROM meta WHERE name = 'schema'") { $0.text(0) }
    }

    /// Takes away what later schemas have added.
    private func lower(to version: Int) throws {
        let connection = try connection()
        try connection.execute(
            script: "DROP TABLE link; DROP TABLE sketch; DROP TABLE cluster; DROP TABLE topic_rate"
        )
        if version < 4 { try connection.execute(script: "DROP TABLE facet") }
        if version < 3 {
            try connection.execute(script: "DROP TABLE sender_language; ALTER TABLE attempt DROP COLUMN chain")
        }
        try connection.run("UPDATE meta SET value = ?1 WHERE name = 'schema'", .int(version))
    }
}
