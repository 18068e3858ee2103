import GatehouseCore
import GatehouseStore
import Testing

/// How many of `count` mails of a kind are held where a window takes 10 answers or 3 automatic mails.
private struct FloodCase: CustomTestStringConvertible {
    let testDescription: String
    var count = 20
    var channel = Channel.email
    var automated = Automation.no
    var isAnswer = false
    var sameText = false
    var sameSender = true
    /// Between one mail's Date and the next.
    var seconds: Int64 = 1
    let held: Int
}

struct LoopBreakerTests {
    let state = TemporaryState()

    private static let cases = [
        FloodCase(testDescription: "answers", isAnswer: true, held: 10),
        FloodCase(testDescription: "one text over and over", sameText: true, held: 10),
        FloodCase(testDescription: "a busy customer's different mails", count: 200, held: 0),
        FloodCase(testDescription: "automatic answers", automated: .autoReply, held: 17),
        FloodCase(testDescription: "a machine's notices", automated: .bot, held: 17),
        FloodCase(testDescription: "a mailing list", automated: .list, isAnswer: true, held: 0),
        FloodCase(testDescription: "many senders", isAnswer: true, sameText: true, sameSender: false, held: 0),
        FloodCase(testDescription: "an old mailbox, read at once", isAnswer: true, seconds: 3600, held: 0),
        FloodCase(testDescription: "a chat", channel: .webChat, isAnswer: true, sameText: true, held: 0),
    ]

    private func store() throws -> Store {
        var options = Store.Options()
        var breaker = LoopBreaker()
        (breaker.messages, breaker.automatedMessages, breaker.windowSeconds) = (10, 3, 600)
        options.loopBreaker = breaker
        return try state.open(options)
    }

    private func fill(_ store: Store, _ line: FloodCase) throws {
        var entries: [IntakeEntry] = []
        for number in 0..<line.count {
            var sample = Sample(channel: line.channel, keys: [IdentityKey(.claimed, "m\(number)")])
            sample.text = line.sameText ? "the same" : "text \(number)"
            sample.conversation = "m\(number)"
            var entry = sample.entry
            guard case .message(let held) = entry.item else { continue }
            var message = held.message
            message.envelope.data.automated = line.automated
            message.envelope.data.messageID = "m\(number)"
            if line.isAnswer { message.envelope.data.inReplyTo = ["desk\(number)"] }
            if !line.sameSender { message.envelope.data.from = [Party(email: "c\(number)@x.example")] }
            message.envelope.data.times.sentAt = later(-Int64(line.count - 1 - number) * line.seconds)
            entry.item = .message(message)
            entries.append(entry)
        }
        _ = try store.commit(entries, positions: [], of: "test", now: noon)
    }

    private func count(_ state: OutboxState, _ store: Store) throws -> Int {
        try store.statistics().outbox["tickets"]?[state] ?? 0
    }

    @Test(arguments: cases)
    private func `What looks like a loop is held back, and nothing is lost`(line: FloodCase) throws {
        let store = try store()
        try fill(store, line)
        // The clock may have passed from one window to the next among the mails.
        let held = try count(.held, store)
        #expect(held == line.held || (line.held > 0 && held > 0 && held < line.held))
        #expect(try count(.held, store) + count(.ready, store) == line.count)
        #expect(try store.heldMessages().allSatisfy { $0.reason == "loop_breaker" && $0.dueAt != nil })
    }

    @Test func `Held mails go on by and by, as fast as the window allows`() throws {
        let store = try store()
        try fill(store, FloodCase(testDescription: "", isAnswer: true, seconds: 0, held: 10))
        var released = [try store.releaseDue(now: noon)]
        for minute in 1...12 { released.append(try store.releaseDue(now: later(Int64(minute) * 60))) }
        #expect(released == [0] + Array(repeating: 1, count: 10) + [0, 0])
        #expect(try count(.ready, store) == 20)
        #expect(try store.leaseAll(at: later(7200)).count == 20)
    }

    @Test func `A person lets held mails go on, or drops them`() throws {
        let store = try store()
        try fill(store, FloodCase(testDescription: "", isAnswer: true, seconds: 0, held: 10))
        let ids = try store.heldMessages().map(\.messageID)
        #expect(try store.dropHeld([ids[0]], now: noon) == 1)
        #expect(try store.releaseHeld([ids[1]], now: noon) == 1)
        #expect(try store.releaseHeld(nil, now: noon) == 8)
        #expect(try count(.held, store) == 0)
        #expect(try count(.dropped, store) == 1)
        #expect(try store.leaseAll().count == 19)
    }

    @Test func `Without a breaker nothing is held`() throws {
        let store = try state.open()
        try fill(store, FloodCase(testDescription: "", count: 200, isAnswer: true, sameText: true, held: 0))
        #expect(try count(.held, store) == 0)
    }
}
