import GatehouseCore
import Testing

@testable import GatehouseStore

struct OutboxTests {
    let state = TemporaryState()

    private func mail(_ name: String, _ urgency: UrgencyLevel = .normal, in conversation: String? = nil) -> Sample {
        Sample(keys: [IdentityKey(.claimed, name)], text: name, conversation: conversation, urgency: urgency)
    }

    private func sent(_ job: OutboxJob, _ ticket: String?) -> Settlement {
        Settlement(rowID: job.rowID, outcome: .sent(ticket: ticket, url: nil, lookedUp: false), status: 201)
    }

    private func texts(_ jobs: [OutboxJob]) -> [String] {
        jobs.map { job in
            let json = String(decoding: job.envelope, as: UTF8.self)
            return json.split(separator: "\"text\":\"").dropFirst().first.map { String($0.prefix { $0 != "\"" }) } ?? ""
        }
    }

    @Test func `The urgent go first, then the oldest`() throws {
        let store = try state.open()
        _ = try store.take(mail("a", .low), mail("b"), mail("c"), mail("d", .critical))
        #expect(texts(try store.leaseAll(3)) == ["d", "b", "c"])
        #expect(texts(try store.leaseAll()) == ["a"])
        #expect(try store.leaseAll().isEmpty)
    }

    @Test func `A conversation stays in order and has the priority of its most urgent message`() throws {
        let store = try state.open()
        _ = try store.take(mail("other"), mail("1", .low, in: "c"), mail("2", .critical, in: "c"))
        let first = try store.leaseAll()
        #expect(texts(first) == ["1", "other"])
        #expect(first[0].urgency == .critical)
        #expect(first[0].ticket == nil)
        try store.settle(first.map { sent($0, "T-\($0.rowID)") }, now: later(1))
        let second = try store.leaseAll(at: later(1))
        #expect(texts(second) == ["2"])
        #expect(second[0].ticket == "T-\(first[0].rowID)")
    }

    @Test func `A retry holds its conversation back until it is due, and nobody else`() throws {
        let store = try state.open()
        _ = try store.take(mail("1", in: "c"), mail("2", in: "c"), mail("other"))
        let jobs = try store.leaseAll()
        let again = Settlement.Outcome.retry(notBefore: later(300), reason: "503", outcomeUnknown: false)
        try store.settle([Settlement(rowID: jobs[0].rowID, outcome: again), sent(jobs[1], nil)], now: later(1))
        #expect(try store.leaseAll(at: later(299)).isEmpty)
        #expect(try store.nextDue("tickets") == later(300))
        let next = try store.leaseAll(at: later(300))
        #expect(texts(next) == ["1"])
        #expect(next[0].attempts == 1)
        #expect(!next[0].outcomeUnknown)
    }

    @Test func `A lease that ran out comes again with its outcome unknown`() throws {
        let store = try state.open()
        _ = try store.take(mail("a"))
        #expect(try store.leaseAll().first?.outcomeUnknown == false)
        #expect(try store.leaseAll(at: later(59)).isEmpty)
        let again = try store.leaseAll(at: later(60))
        #expect(again.first?.outcomeUnknown == true)
        let unsure = Settlement.Outcome.retry(notBefore: later(61), reason: "timeout", outcomeUnknown: true)
        try store.settle([Settlement(rowID: again[0].rowID, outcome: unsure)], now: later(61))
        #expect(try store.leaseAll(at: later(61)).first?.outcomeUnknown == true)
    }

    @Test func `What was sent together is settled together, and only what was ready`() throws {
        let store = try state.open()
        for number in 0..<40 { _ = try store.take(mail("\(number)", in: "c\(number % 20)")) }
        var jobs = try store.leaseAll()
        #expect(jobs.count == 20)
        // Another process has dropped one meanwhile, and one has failed.
        try store.settle([Settlement(rowID: jobs[3].rowID, outcome: .dead(reason: "x"))], now: noon)
        #expect(try store.dropDead(nil, now: noon) == 1)
        var settlements = jobs.enumerated().map { sent($1, "T\($0)") }
        settlements[5] = Settlement(
            rowID: jobs[5].rowID,
            outcome: .retry(notBefore: later(60), reason: "x", outcomeUnknown: false)
        )
        settlements.append(sent(jobs[0], "again"))
        settlements.append(Settlement(rowID: 99_999, outcome: .sent(ticket: "x", url: nil, lookedUp: false)))
        try store.settle(settlements, now: noon)
        #expect(try store.statistics().outbox["tickets"]?[.sent] == 18)
        #expect(try store.verifyAudit().count == 22, "each try is noted, that on the dropped one too")
        #expect(try store.verifyAudit().holds && store.reconcile().holds)
        jobs = try store.leaseAll()
        #expect(jobs.count == 19)
        #expect(jobs.count { $0.ticket?.hasPrefix("T") == true } == 18, "a dropped one's late answer opens no ticket")
    }

    @Test func `Envelopes are handed out up to a bound of bytes, and the rest the next time`() throws {
        let store = try state.open()
        for number in 0..<8 {
            var large = mail("\(number)")
            large.text = String(repeating: "\(number) ", count: 1 << 20)
            _ = try store.take(large)
        }
        let first = try store.leaseAll().count
        #expect((1...7).contains(first))
        #expect(try first + store.leaseAll().count == 8)
    }

    @Test func `Leases of a dead process are taken back at once, whatever the clock says`() throws {
        let store = try state.open()
        _ = try store.take(mail("a"), mail("b"))
        #expect(try store.leaseAll().count == 2)
        #expect(try store.recoverLeases(now: later(-3600)) == 2)
        let jobs = try store.leaseAll(at: later(-3600))
        #expect(jobs.map(\.outcomeUnknown) == [true, true])
        try store.settle(jobs.map { sent($0, "1") }, now: later(-3600))
        #expect(try store.recoverLeases(now: noon) == 0)
    }

    @Test func `If the opener is dead, the next one opens and is told so`() throws {
        let store = try state.open()
        let results = try store.take(mail("1", in: "c"), mail("2", in: "c"), mail("3", in: "c"))
        let opener = try store.leaseAll()[0]
        try store.settle([Settlement(rowID: opener.rowID, outcome: .dead(reason: "422"), answer: "no")], now: noon)
        let second = try store.leaseAll()[0]
        #expect(second.ticket == nil)
        #expect(second.deadOpener == results[0].id)
        try store.settle([sent(second, "7")], now: noon)
        let third = try store.leaseAll()[0]
        #expect(third.ticket == "7")
        #expect(third.deadOpener == nil)
    }

    @Test func `After a long pause a chat gets a new ticket, and an edit stays with the old one`() throws {
        let store = try state.open()
        var chat = mail("1", in: "chat")
        chat.targets = [TargetPlan(name: "tickets", conversationIdleSeconds: 7 * 86_400)]
        _ = try store.take(chat)
        try store.settle(try store.leaseAll().map { sent($0, "old") }, now: noon)
        for (name, day, ticket) in [("2", Int64(7), "old"), ("3", 14, "old"), ("4", 22, nil)] {
            chat.keys = [IdentityKey(.authoritative, name)]
            chat.text = name
            chat.time = later(day * 86_400)
            _ = try store.take(chat, at: chat.time)
            let job = try store.leaseAll(at: chat.time)[0]
            #expect(job.ticket == ticket, "message \(name)")
            #expect(job.previousTicket == (name == "4" ? "old" : nil))
            try store.settle([sent(job, job.ticket ?? "new")], now: chat.time)
        }
        chat.text = "4, edited"
        chat.time = later(60 * 86_400)
        _ = try store.take(chat, at: chat.time)
        #expect(try store.leaseAll(at: chat.time)[0].ticket == "new")
    }

    @Test func `A date in the future does not keep a chat's ticket open`() throws {
        let store = try state.open()
        var chat = mail("1", in: "chat")
        chat.targets = [TargetPlan(name: "tickets", conversationIdleSeconds: 86_400)]
        chat.time = later(100 * 86_400)
        _ = try store.take(chat)
        try store.settle(try store.leaseAll().map { sent($0, "old") }, now: noon)
        chat.keys = [IdentityKey(.claimed, "2")]
        chat.time = later(3 * 86_400)
        _ = try store.take(chat, at: chat.time)
        #expect(try store.leaseAll(at: chat.time)[0].ticket == nil)
    }

    @Test func `A ticket that is gone makes its message open another`() throws {
        let store = try state.open()
        _ = try store.take(mail("1", in: "c"), mail("2", in: "c"))
        try store.settle([sent(try store.leaseAll()[0], "1")], now: noon)
        let job = try store.leaseAll()[0]
        try store.settle([Settlement(rowID: job.rowID, outcome: .ticketGone, status: 404)], now: noon)
        let again = try store.leaseAll()[0]
        #expect(again.rowID == job.rowID)
        #expect(again.ticket == nil)
        #expect(!again.outcomeUnknown)
    }

    @Test func `Each target has its own fate, and what is not due opens nothing`() throws {
        let store = try state.open()
        var message = mail("1")
        message.targets = [
            TargetPlan(name: "tickets"), TargetPlan(name: "alarm"), TargetPlan(name: "archive", state: .notDue),
            TargetPlan(name: "loop", state: .held), TargetPlan(name: "tickets"),
        ]
        _ = try store.take(message)
        try store.settle(try store.leaseAll().map { sent($0, "1") }, now: noon)
        let outbox = try store.statistics().outbox
        #expect(outbox["tickets"] == [.sent: 1])
        #expect(outbox["alarm"] == [.ready: 1])
        #expect(outbox["archive"] == [.notDue: 1])
        #expect(outbox["loop"] == [.held: 1])
        #expect(try store.lease(target: "loop", limit: 9, now: noon, seconds: 9).isEmpty)
        #expect(try store.releaseHeld(nil, now: noon) == 1)
        #expect(try store.lease(target: "loop", limit: 9, now: noon, seconds: 9).count == 1)
        #expect(try store.reconcile().holds)
    }

    @Test func `What only follows up waits for its opener and opens nothing by itself`() throws {
        let store = try state.open()
        var bounce = mail("bounce", in: "c")
        bounce.targets = [TargetPlan(name: "tickets", state: .followUpOnly)]
        _ = try store.take(bounce)
        #expect(try store.statistics().outbox["tickets"] == [.notDue: 1])
        bounce.keys = [IdentityKey(.claimed, "second bounce")]
        _ = try store.take(mail("1", in: "c"), bounce)
        #expect(try store.statistics().outbox["tickets"] == [.notDue: 1, .ready: 2])
        try store.settle(try store.leaseAll().map { sent($0, "5") }, now: noon)
        #expect(try store.leaseAll().map(\.ticket) == ["5"])
        #expect(try store.reconcile().holds)
    }

    private func edit(_ key: String, in conversation: String? = "c") -> Sample {
        Sample(
            channel: .socialDM,
            keys: [IdentityKey(.authoritative, key)],
            text: "edited \(key)",
            conversation: conversation,
            targets: [TargetPlan(name: "tickets", state: .followUpOnly)],
            type: .messageRevised,
            revision: 1
        )
    }

    @Test(arguments: ["c", nil])
    func `An edit of a message that never came opens a ticket, which that message follows`(conversation: String?) throws
    {
        let store = try state.open()
        _ = try store.take(edit("m", in: conversation))
        let opener = try store.leaseAll()
        #expect(texts(opener) == ["edited m"] && opener.map(\.ticket) == [nil])
        try store.settle(opener.map { sent($0, "5") }, now: noon)
        var original = edit("m", in: conversation)
        (original.text, original.type, original.revision) = ("m", .messageCreated, 0)
        original.targets = [TargetPlan(name: "tickets")]
        _ = try store.take(original)
        #expect(try store.leaseAll().map(\.ticket) == ["5"])
        #expect(try store.reconcile().holds)
    }

    @Test func `An edit of what was kept, a deletion, an edit by the desk or a machine open nothing`() throws {
        let store = try state.open()
        var kept = edit("kept", in: "k")
        (kept.text, kept.type, kept.revision) = ("kept", .messageCreated, 0)
        kept.targets = [TargetPlan(name: "tickets", state: .notDue)]
        var (deletion, ours, machine) = (edit("gone", in: "d"), edit("ours", in: "o"), edit("machine", in: "a"))
        deletion.type = .messageDeleted
        ours.direction = .outbound
        machine.automated = .autoReply
        _ = try store.take(kept, edit("kept", in: "k"), deletion, ours, machine)
        #expect(try store.statistics().outbox["tickets"] == [.notDue: 5])
    }

    @Test func `Dead letters tell why, and are tried again or dropped`() throws {
        let store = try state.open()
        let results = try store.take(mail("1"), mail("2"))
        let answer = String(repeating: "é", count: 5000)
        try store.settle(
            try store.leaseAll().map {
                Settlement(rowID: $0.rowID, outcome: .dead(reason: "refused"), status: 422, answer: answer)
            },
            now: later(5)
        )
        let dead = try store.deadLetters()
        #expect(dead.map(\.status) == [422, 422])
        #expect((dead[0].answer?.utf8.count ?? 0) < 5000)
        #expect(dead[0].at == later(5))
        #expect(try store.retryDead([results[0].id ?? "-"], now: later(6)) == 1)
        #expect(try store.leaseAll(at: later(6)).map(\.messageID) == [results[0].id])
        #expect(try store.dropDead(nil, now: later(7)) == 1)
        #expect(try store.statistics().outbox["tickets"] == [.ready: 1, .dropped: 1])
        #expect(try store.message(id: results[0].id ?? "-")?.attempts.map(\.outcome) == ["dead"])
        #expect(try store.reconcile().holds)
    }

    @Test func `Settling and leasing in one commit gives the next of the same conversation`() throws {
        let store = try state.open()
        _ = try store.take(mail("1", in: "c"), mail("2", in: "c"))
        let first = try store.leaseAll()
        let next = try store.settle(
            first.map { sent($0, "9") },
            thenLease: [LeaseWish(target: "tickets", limit: 10)],
            now: noon,
            seconds: 60
        )
        #expect(next.map(\.ticket) == ["9"])
    }

    @Test func `A row that was settled already keeps its state`() throws {
        let store = try state.open()
        _ = try store.take(mail("1"))
        let job = try store.leaseAll()[0]
        try store.settle([sent(job, "1")], now: noon)
        try store.settle([Settlement(rowID: job.rowID, outcome: .dead(reason: "late"))], now: noon)
        #expect(try store.statistics().outbox["tickets"] == [.sent: 1])
        #expect(try store.message(id: job.messageID)?.attempts.count == 2)
    }

    @Test func `Sums hold through any mixture of fates`() throws {
        let store = try state.open()
        var random = SystemRandomNumberGenerator()
        for round in 0..<20 {
            let batch = (0..<20).map { _ -> IntakeEntry in
                let number = Int.random(in: 0..<60, using: &random)
                let strength: IdentityKey.Strength = number % 2 == 0 ? .claimed : .authoritative
                return Sample(
                    keys: [IdentityKey(strength, "\(number)")],
                    text: "\(Int.random(in: 0..<3, using: &random))",
                    conversation: "c\(number % 7)"
                ).entry
            }
            let now = later(Int64(round) * 30)
            _ = try store.commit(batch, positions: [], of: "s\(round % 2)", now: now)
            let settlements = try store.leaseAll(8, at: now).map { job -> Settlement in
                let outcomes: [Settlement.Outcome] = [
                    .sent(ticket: "1", url: nil, lookedUp: false), .dead(reason: "x"), .held(reason: "y"), .ticketGone,
                    .retry(notBefore: later(Int64(round) * 30 + 45), reason: "z", outcomeUnknown: false),
                ]
                return Settlement(rowID: job.rowID, outcome: outcomes.randomElement(using: &random) ?? .ticketGone)
            }
            try store.settle(settlements.dropLast(), now: now)
            let sums = try store.reconcile()
            #expect(sums.holds, "\(sums.lines.filter { !$0.holds })")
        }
        let statistics = try store.statistics()
        #expect(statistics.inputs == 400)
        #expect(statistics.inputsByState.values.reduce(0, +) == 400)
    }
}
