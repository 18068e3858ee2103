import Foundation
import GatehouseCore
import Testing

@testable import GatehouseStore

struct PurgeTests {
    let state = TemporaryState()

    private func mail(_ name: String, _ attachment: [UInt8]) -> Sample {
        Sample(keys: [IdentityKey(.claimed, name)], text: name, attachment: attachment)
    }

    @Test func `A purge takes the states that it is told, and dead letters only by name`() throws {
        let store = try state.open()
        let ids = try store.take(mail("sent", [1]), mail("dead", [1]), mail("waits", [1])).map { $0.id ?? "-" }
        let jobs = try store.leaseAll()
        try store.settle(
            [
                Settlement(rowID: jobs[0].rowID, outcome: .sent(ticket: "1", url: nil, lookedUp: false)),
                Settlement(rowID: jobs[1].rowID, outcome: .dead(reason: "x")),
                Settlement(
                    rowID: jobs[2].rowID,
                    outcome: .retry(notBefore: later(9), reason: "x", outcomeUnknown: false)
                ),
            ],
            now: noon
        )
        #expect(try store.purgeBytes(before: later(1), states: [.dropped, .notDue, .rejected]) == 0)
        #expect(try store.purgeBytes(before: later(1), states: [.dead]) == 1)
        #expect(try store.original(of: ids[1]) == nil && store.original(of: ids[0]) != nil)
        #expect(try store.purgeBytes(before: later(1), states: [.sent]) == 1)
        let all = Set(PurgeableState.allCases)
        #expect(try store.purgeBytes(before: later(1), states: all) == 0, "what waits keeps its bytes")
        #expect(try store.original(of: ids[2]) != nil)
    }

    @Test func `Bytes go when all who use them are done with, and nothing else goes`() throws {
        let store = try state.open()
        let shared = [UInt8](repeating: 1, count: 600_000)
        let digest = SHA256.hex(of: shared)
        let ids = try store.take(mail("1", shared), mail("2", shared)).map { $0.id ?? "-" }
        let jobs = try store.leaseAll()
        try store.settle(
            [Settlement(rowID: jobs[0].rowID, outcome: .sent(ticket: "1", url: nil, lookedUp: false))],
            now: noon
        )
        #expect(try store.purgeBytes(before: noon) == 0, "settled just now")
        #expect(try store.purgeBytes(before: later(1)) == 1)
        #expect(try store.blob(digest) == shared, "the second one needs it")
        #expect(try store.original(of: ids[0]) == nil)
        #expect(try store.message(id: ids[0])?.envelope.isEmpty == false, "envelopes stay")
        try store.settle([Settlement(rowID: jobs[1].rowID, outcome: .dead(reason: "x"))], now: noon)
        #expect(try store.purgeBytes(before: later(1)) == 0, "a dead one may be tried again")
        #expect(try store.dropDead(nil, now: noon) == 1)
        #expect(try store.purgeBytes(before: later(1)) == 1)
        #expect(try store.blob(digest) == nil)
        #expect(try store.connection.first("SELECT count(*) FROM blob") { $0.int(0) } == 0)
        #expect(try store.takeOne(mail("1", shared)).state == .duplicate)
        #expect(try store.reconcile().holds)
    }

    /// Bytes that the state directory takes on the disk, holes not counted.
    private func used() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: state.directory).filter { $0.hasPrefix("pack-") }.reduce(0)
        {
            var status = stat()
            #expect(unsafe stat("\(state.directory)/\($1)", &status) == 0)
            return $0 + Int(status.st_blocks) * 512
        }
    }

    @Test func `A purge gives the blocks of large batches back, and what they held can't be read any more`() throws {
        let store = try state.open()
        var samples = (0..<40).map { number in
            mail("\(number)", [UInt8](repeating: UInt8(number), count: 50_000))
        }
        for index in samples.indices { samples[index].targets = [] }
        let ids = try store.commit(samples.map(\.entry), positions: [], of: "test", now: noon).map { $0.id ?? "-" }
        let before = try used()
        #expect(before > 2_000_000)
        #expect(try store.original(of: ids[7]) == samples[7].original)
        #expect(try store.purgeBytes(before: later(1), limit: 30) == 30)
        #expect(try store.purgeBytes(before: later(1), limit: 30) == 10)
        let after = try used()
        #expect(after < before / 10, "\(before) bytes before, \(after) after")
        let words = Data(repeating: 7, count: 1000)
        let pack = try Data(contentsOf: URL(filePath: "\(state.directory)/pack-1"))
        #expect(pack.range(of: words) == nil)
        #expect(try store.original(of: ids[7]) == nil)
        #expect(try store.message(id: ids[7])?.envelope.isEmpty == false, "envelopes stay")
        #expect(try store.connection.first("SELECT count(*) FROM pack_hole") { $0.int(0) } == 0)
        #expect(try store.purgeBytes(before: later(1)) == 0)
    }

    @Test func `After a purge of small messages the database gets smaller in steps`() throws {
        let store = try state.open()
        for number in 0..<40 {
            var sample = mail("\(number)", [UInt8](repeating: UInt8(number), count: 50_000))
            sample.targets = []
            _ = try store.take(sample)
        }
        #expect(try used() == 0)
        #expect(try store.purgeBytes(before: later(1)) == 40)
        let pages = { try store.connection.first("PRAGMA page_count") { $0.int(0) } ?? 0 }
        let before = try pages()
        try store.shrink(pages: 20)
        #expect(try pages() == before - 20)
        try store.shrink(pages: 100_000)
        #expect(try pages() < before - 50, "two megabytes of pages have been given back")
    }
}
