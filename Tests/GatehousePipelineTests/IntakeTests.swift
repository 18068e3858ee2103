import Foundation
import GatehouseCore
import GatehouseStore
import Testing

@testable import GatehousePipeline

struct IntakeTests {
    let fixture: PipelineFixture

    init() throws { fixture = try PipelineFixture() }

    @Test func `Every input is counted once, under its fate`() throws {
        let source = ScriptedSource([("a", "one\ntwo\n!broken\n~typing\n~typing\n~receipt"), ("b", "one\nthree")])
        let report = try fixture.poll(source)
        #expect(report.accepted == 3)
        #expect(report.duplicates == 1)
        #expect(report.rejected == 1)
        #expect(report.ignored == ["typing": 2, "receipt": 1])
        #expect(report.inputs == 8)
        #expect(report.acceptedIDs.count == 3)
        #expect(report.problems == ["a: !broken"])
        #expect(!report.hasUnreadInputs)
    }

    @Test(arguments: [("cut", "a.json: cut"), ("a.json: cut", "a.json: cut"), ("a.json:1:2: cut", "a.json:1:2: cut")])
    func `A place is said once`(detail: String, sentence: String) {
        let input = RejectedInput(reason: "x", detail: detail, position: "a.json", provider: "x", raw: [])
        #expect(input.sentence == sentence)
    }

    @Test func `A rejected item stops neither the rest of its input nor the next one`() throws {
        let report = try fixture.poll(ScriptedSource([("a", "!bad\ngood"), ("b", "!bad too"), ("c", "fine")]))
        #expect(report.accepted == 2)
        #expect(report.rejected == 2)
    }

    @Test func `A source hears of its inputs once they are on disk, and not before`() throws {
        let source = ScriptedSource([("a", "one"), ("b", "two")])
        var storedWhenAcknowledged = -1
        source.onAcknowledge = { [fixture] in storedWhenAcknowledged = (try? fixture.stored()) ?? -2 }
        _ = try fixture.poll(source)
        #expect(storedWhenAcknowledged == 2)
        #expect(source.acknowledged == [["a", "b"]])
        #expect(try fixture.store.positions(of: "scripted") == ["a": "read", "b": "read"])
    }

    /// How the messages lie in their inputs, and how long each is.
    @Test(arguments: [
        ([499, 2, 1], 10), (Array(repeating: 1, count: 1700), 10), ([1, 1700, 1], 10), ([1, 1, 1, 1], 5 << 20),
    ])
    func `Every input of a long poll is acknowledged once, in order, when all of it is on disk`(
        counts: [Int],
        length: Int
    ) throws {
        var next = 1
        let inputs = counts.enumerated().map { index, count in
            defer { next += count }
            let padding = String(repeating: "x", count: length)
            let text = (next..<next + count).map { "message \($0) \(padding)" }.joined(separator: "\n")
            return (item: "input-\(index)", text: text)
        }
        let source = ScriptedSource(inputs)
        var stored: [Int] = []
        source.onAcknowledge = { [fixture] in stored.append((try? fixture.stored()) ?? -1) }
        #expect(try fixture.poll(source).accepted == counts.reduce(0, +))
        #expect(source.acknowledged.flatMap(\.self) == inputs.map(\.item))
        var acknowledged = 0
        for (receipts, stored) in zip(source.acknowledged, stored) {
            acknowledged += receipts.count
            #expect(stored >= counts.prefix(acknowledged).reduce(0, +))
        }
        #expect(try fixture.store.positions(of: "scripted").count == counts.count)
    }

    @Test func `One long input is committed as it is read, and has its position only at its end`() throws {
        let source = ScriptedSource([("a", lines(1...1200))])
        let report = try fixture.poll(source)
        #expect(report.accepted == 1200)
        #expect(source.acknowledged == [["a"]])
    }

    @Test(arguments: [1, 499, 700, 1700])
    func `What was read before a source failed is kept, and the store is at rest when that is told`(count: Int) throws {
        let inputs = (1...count).map { (item: "input-\($0)", text: "message \($0)") }
        let source = ScriptedSource(inputs)
        source.failure = .unreadable(path: "mailbox", reason: "Input/output error")
        #expect(throws: IntakeError.self) { try fixture.poll(source) }
        #expect(try fixture.store.positions(of: "scripted").count == count)
        #expect(source.acknowledged.flatMap(\.self) == inputs.map(\.item))
    }

    @Test func `Where nothing can be committed, nothing is acknowledged and nothing has a position`() throws {
        let source = ScriptedSource([("a", "one")])
        var options = Store.Options()
        options.busySeconds = 0
        let store = try Store(directory: fixture.store.directory, create: false, options: options)
        let other = try WriterElsewhere(in: fixture.store.directory)
        #expect(throws: StoreError.self) { try fixture.intake(store: store).poll(source, channel: nil) }
        #expect(source.acknowledged.isEmpty)
        other.end()
        #expect(try fixture.store.positions(of: "scripted").isEmpty)
        #expect(try fixture.stored() == 0)
        #expect(try fixture.poll(source).accepted == 1)
        #expect(source.acknowledged == [["a"]])
    }

    @Test func `A stream whose messages could not be stored while it was silent has failed, whatever comes after`()
        throws
    {
        var options = Store.Options()
        options.busySeconds = 0
        let store = try Store(directory: fixture.store.directory, create: false, options: options)
        let other = try WriterElsewhere(in: fixture.store.directory)
        let adapter = LineAdapter(pause: { other.end() })
        let intake = fixture.intake(adapters: [adapter], store: store)
        #expect(throws: StoreError.self) { try intake.ingest(input("one\ntwo"), format: nil, channel: nil) }
    }

    @Test func `An acknowledgement that fails is said, and stops nothing`() throws {
        let source = ScriptedSource([("a", "one"), ("b", lines(2...1800)), ("c", "last")])
        source.acknowledgementFailure = .unreadable(
            path: "/done/a",
            reason: "not moved there: Invalid cross-device link"
        )
        let report = try fixture.poll(source)
        #expect(report.accepted == 1801)
        #expect(report.hasUnreadInputs)
        #expect(report.problems.contains { $0.contains("Invalid cross-device link") })
    }

    @Test func `What could not be read is said, and the rest is done and acknowledged`() throws {
        let source = ScriptedSource([("a", "one")])
        source.partial = PartialPoll(
            forgotten: [PositionUpdate(item: "gone", value: nil)],
            cause: IntakeError.unreadable(path: "/mail/b", reason: "Permission denied")
        )
        let report = try fixture.poll(source)
        #expect(report.hasUnreadInputs)
        #expect(report.accepted == 1)
        #expect(report.problems.count == 1)
        #expect(report.problems.first?.contains("/mail/b") == true)
        #expect(source.acknowledged == [["a"]])
    }

    @Test func `A second poll of what has not changed reads nothing`() throws {
        let source = ScriptedSource([("a", "one\ntwo")])
        _ = try fixture.poll(source)
        #expect(try fixture.poll(source).inputs == 0)
        #expect(source.acknowledged.count == 1)
    }

    @Test func `A run that dies before its position is stored finds only duplicates afterwards`() throws {
        _ = try fixture.intake().ingest(input("one\ntwo"), format: nil, channel: nil)
        let report = try fixture.poll(ScriptedSource([("a", "one\ntwo\nthree")]))
        #expect(report.accepted == 1)
        #expect(report.duplicates == 2)
    }

    @Test func `Bytes of no known format are kept for review, with the name of what they came from`() throws {
        let stranger = LineAdapter(matches: [])
        let report = try fixture.intake(adapters: [stranger]).ingest(input("???"), format: nil, channel: nil)
        #expect(report.rejected == 1)
        var filter = MessageFilter()
        filter.onlyRejected = true
        let kept = try #require(try fixture.store.list(filter).first)
        #expect(kept.targets.isEmpty)
        let message = try #require(try fixture.store.message(id: kept.id))
        let bytes = try fixture.store.original(of: message.summary.id)
        #expect(bytes == Array("???".utf8))
    }

    private func input(_ text: String) -> AdapterInput {
        AdapterInput(
            bytes: ByteReader(bytes: Array(text.utf8), name: "-"),
            position: "-",
            context: IntakeContext(source: "/x")
        )
    }
}

struct IntakeReportTests {
    @Test func `Reports add up`() throws {
        let fixture = try PipelineFixture()
        let first = try fixture.poll(ScriptedSource([("a", "one\n!bad\n~typing")]))
        var second = try fixture.poll(ScriptedSource([("b", "one\ntwo\n~typing\n~receipt")]))
        second.hasUnreadInputs = true
        let sum = first + second
        #expect(sum.accepted == 2)
        #expect(sum.duplicates == 1)
        #expect(sum.rejected == 1)
        #expect(sum.ignored == ["typing": 2, "receipt": 1])
        #expect(sum.inputs == first.inputs + second.inputs)
        #expect(sum.acceptedIDs == first.acceptedIDs + second.acceptedIDs)
        #expect(sum.hasUnreadInputs)
        #expect(sum.problems == first.problems + second.problems)
    }

    @Test func `Ids are listed up to a thousand, and counted beyond`() throws {
        let fixture = try PipelineFixture()
        let report = try fixture.poll(ScriptedSource([("a", lines(1...1100))]))
        #expect(report.accepted == 1100)
        #expect(report.acceptedIDs.count == 1000)
        #expect((report + report).acceptedIDs.count == 1000)
        #expect((report + report).accepted == 2200)
    }
}
