import GatehouseCore
import Testing

@testable import GatehouseStore

struct PurgeTests {
    let state = TemporaryState()

    private func mail(_ name: String, _ attachment: [UInt8]) -> Sample {
        Sample(keys: [IdentityKey(.claimed, name)], text: name, attachment: attachment)
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
        #expect(try store.message(id: ids[0])?.rawDigest == nil)
        try store.settle([Settlement(rowID: jobs[1].rowID, outcome: .dead(reason: "x"))], now: noon)
        #expect(try store.purgeBytes(before: later(1)) == 0, "a dead one may be tried again")
        #expect(try store.dropDead(nil, now: noon) == 1)
        #expect(try store.purgeBytes(before: later(1)) == 1)
        #expect(try store.blob(digest) == nil)
        #expect(try store.connection.first("SELECT count(*) FROM blob_piece") { $0.int(0) } == 0)
        #expect(try store.takeOne(mail("1", shared)).state == .duplicate)
        #expect(try store.reconcile().holds)
    }

    @Test func `After a purge the file gets smaller in steps`() throws {
        let store = try state.open()
        var sample = mail("1", [UInt8](repeating: 2, count: 2_000_000))
        sample.targets = []
        _ = try store.take(sample)
        #expect(try store.purgeBytes(before: later(1)) == 1)
        let pages = { try store.connection.first("PRAGMA page_count") { $0.int(0) } ?? 0 }
        let before = try pages()
        try store.shrink(pages: 20)
        #expect(try pages() == before - 20)
        try store.shrink(pages: 100_000)
        #expect(try pages() < before - 50, "two megabytes of pages have been given back")
    }
}
