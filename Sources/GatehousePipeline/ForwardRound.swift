import GatehouseCore
import GatehouseDelivery
import GatehouseStore

/// One run of forwarding: what is leased and not begun, what is under way, and what has ended and is not on disk yet.
///
/// While messages are under way the disk has a thread of its own: what has ended is settled, and the next ones are leased,
/// as the network goes on. A message begins only after its lease is on disk.
struct ForwardRound {
    /// So many answers are settled in one commit, or those of so many milliseconds: an answer that is known only to this
    /// process is a ticket that a crash would have us look up again.
    private static let settledTogether = 512
    private static let settledWithin: Int64 = 50
    /// So many are leased at once: the network must not wait for the store to hand out the last of thousands.
    private static let leasedTogether = 512
    /// A target without anything due is looked at again after so many milliseconds.
    private static let lookAgainAfter: Int64 = 100

    private struct Line {
        let target: ForwardTarget
        /// The next one last: there it is taken away at no cost.
        var leased: [DeliveryJob] = []
        /// When nothing was due.
        var foundNothingAt: Int64 = .min / 2
        /// What has ended and is not settled yet; the next ones of these conversations may be due then.
        var unsettled = 0
        var stored: StoredPause?
    }

    /// What the store has handed out: for each target that was asked its messages, and those that it can't read.
    private struct Leased {
        var jobs: [String: [DeliveryJob]] = [:]
        var damaged: [Settlement] = []
    }

    /// What is at the store now.
    private struct Exchange {
        let settlements: [Settlement]
        let wishes: [LeaseWish]
    }

    var report = ForwardReport()
    private let store: Store
    private let engine: DeliveryEngine
    private var lines: [Line]
    private var settlements: [Settlement] = []
    private var oldestSettlement: Int64 = 0
    private let lane = BackgroundLane<Leased>()
    private var exchange: Exchange?

    init(store: Store, engine: DeliveryEngine, targets: [ForwardTarget]) throws {
        self.store = store
        self.engine = engine
        lines = targets.map { Line(target: $0) }
        for index in lines.indices {
            let target = lines[index].target
            guard let stored = try store.pause(of: target.name), stored.address == target.address else { continue }
            lines[index].stored = stored
            engine.resume(
                TargetPause(until: stored.until, reason: stored.reason, openings: stored.openings),
                of: target.name
            )
        }
    }

    var isIdle: Bool {
        exchange == nil && engine.isIdle && settlements.isEmpty && lines.allSatisfy(\.leased.isEmpty)
    }

    // MARK: Steps

    /// Settles what has ended, if it is time, and leases what the targets can take: in one commit.
    mutating func exchangeWithStore() throws {
        guard !lane.isAtWork || engine.isIdle && !canBegin else { return }
        try endExchange()
        // What can begin begins first: then the network has something to do while the disk has.
        guard !engine.isIdle || !canBegin else { return }
        let now = MonotonicClock.milliseconds()
        for index in lines.indices where engine.pause(of: lines[index].target.name) != nil { handBack(index) }
        let isTime =
            !settlements.isEmpty
            && (settlements.count >= Self.settledTogether || engine.isIdle
                || now - oldestSettlement >= Self.settledWithin)
        let wishes = whatToLease(now: now, settling: isTime)
        guard isTime || !wishes.isEmpty else { return }
        try savePauses()
        let next = Exchange(settlements: settlements, wishes: wishes)
        settlements.removeAll(keepingCapacity: true)
        for index in lines.indices { lines[index].unsettled = 0 }
        let (store, engine) = (store, engine)
        // With nothing under way there is nothing to do meanwhile, and a thread would cost more than it saves.
        guard !engine.isIdle else { return try end(next) { try Self.carryOut(next, store) } }
        exchange = next
        lane.begin {
            defer { engine.wake() }
            return try Self.carryOut(next, store)
        }
    }

    private var canBegin: Bool { lines.contains { !$0.leased.isEmpty && engine.room(at: $0.target.name) > 0 } }

    private static func carryOut(_ exchange: Exchange, _ store: Store) throws -> Leased {
        let jobs = try store.settle(
            exchange.settlements,
            thenLease: exchange.wishes,
            now: .now(),
            seconds: Forwarder.leaseSeconds
        )
        var result = Leased()
        for job in jobs {
            do {
                result.jobs[job.target, default: []].append(try DeliveryJob(leased: job))
            } catch {
                // Our own words, unreadable: the disk has changed them. A person must look, the others go on.
                let outcome = Settlement.Outcome.dead(reason: "stored envelope is damaged: \(error)")
                result.damaged.append(Settlement(rowID: job.rowID, outcome: outcome))
            }
        }
        return result
    }

    /// Waits for the store, and takes what it has handed out. Nobody else uses it when this returns.
    private mutating func endExchange() throws {
        guard let exchange else { return }
        self.exchange = nil
        try end(exchange) { [lane] in try lane.wait() ?? Leased() }
    }

    private mutating func end(_ exchange: Exchange, _ outcome: () throws -> Leased) throws {
        do {
            take(try outcome(), exchange.wishes)
        } catch {
            // None of it is on disk: it is still to be settled.
            settlements = exchange.settlements + settlements
            throw error
        }
    }

    /// As much as lets no target wait for us, and so little that what is urgent does not wait behind it.
    private func whatToLease(now: Int64, settling: Bool) -> [LeaseWish] {
        lines.compactMap { line in
            let room = engine.appetite(of: line.target.name) - line.leased.count
            // Where a commit is due anyway, a few more cost no sync of their own.
            guard room > (settling ? 0 : line.leased.count) else { return nil }
            let isWorthALook =
                settling && line.unsettled > 0 || now - line.foundNothingAt >= Self.lookAgainAfter
            let limit = min(room, Self.leasedTogether)
            return isWorthALook ? LeaseWish(target: line.target.name, limit: limit) : nil
        }
    }

    private mutating func take(_ leased: Leased, _ wishes: [LeaseWish]) {
        let now = MonotonicClock.milliseconds()
        for settlement in leased.damaged { add(settlement) }
        for index in lines.indices where wishes.contains(where: { $0.target == lines[index].target.name }) {
            let jobs = leased.jobs[lines[index].target.name] ?? []
            lines[index].leased = jobs.reversed() + lines[index].leased
            lines[index].foundNothingAt = jobs.isEmpty ? now : .min / 2
        }
    }

    /// Begins as many messages as each target takes.
    mutating func begin() throws {
        for index in lines.indices {
            let name = lines[index].target.name
            while engine.room(at: name) > 0, let job = lines[index].leased.popLast() {
                // The store is for one thread at a time.
                if job.stored.mayHaveAttachments, exchange != nil { lane.waitForEnd() }
                do {
                    try engine.begin(job, to: name, content: { try store.blob($0) })
                } catch {
                    lines[index].leased.append(job)
                    throw error
                }
            }
        }
        takeFinished()
    }

    /// Waits for the network, or until something else is to be done.
    mutating func turn() {
        engine.turn(waitingUpTo: wait())
        takeFinished()
    }

    /// For how many milliseconds nothing is to be done but to wait for answers.
    private func wait() -> Int64 {
        if canBegin { return 0 }
        let waiting = lines.filter { !$0.leased.isEmpty }
        if !settlements.isEmpty, engine.isIdle { return 0 }
        if exchange != nil, !lane.isAtWork { return 0 }
        let longest = settlements.isEmpty ? Self.lookAgainAfter * 2 : Self.settledWithin
        let waits = waiting.compactMap { engine.waitMilliseconds(of: $0.target.name) }
        return max(1, min(waits.min() ?? longest, longest))
    }

    private mutating func takeFinished() {
        for job in engine.takeFinished() {
            report.count(job.outcome, target: job.target, job: job.job)
            add(Settlement(job: job.job, outcome: job.outcome, attempt: job.facts))
            if let index = lines.firstIndex(where: { $0.target.name == job.target }) { lines[index].unsettled += 1 }
        }
    }

    private mutating func add(_ settlement: Settlement) {
        if settlements.isEmpty { oldestSettlement = MonotonicClock.milliseconds() }
        settlements.append(settlement)
    }

    // MARK: Ends

    /// Waits for what is under way, gives back what was not begun, and puts all of it on disk.
    mutating func finish() throws {
        // What it has failed with is told below, if it fails again.
        try? endExchange()
        while !engine.isIdle { turn() }
        takeFinished()
        for index in lines.indices {
            for job in lines[index].leased {
                // As if it had never been leased.
                let outcome = Settlement.Outcome.postponed(notBefore: Timestamp(milliseconds: 0), reason: "")
                add(Settlement(rowID: job.id, outcome: outcome))
            }
            lines[index].leased = []
        }
        try store.settle(settlements, now: .now())
        settlements.removeAll()
        try savePauses()
        for line in lines {
            guard let pause = engine.pause(of: line.target.name) else { continue }
            if try store.nextDue(line.target.name) != nil { report.note(pause, of: line.target.name) }
        }
    }

    /// What is leased for a target that pauses waits in the store.
    private mutating func handBack(_ index: Int) {
        guard let pause = engine.pause(of: lines[index].target.name) else { return }
        for job in lines[index].leased {
            let outcome = Settlement.Outcome.postponed(
                notBefore: pause.until,
                reason: "the target pauses: \(pause.reason)"
            )
            add(Settlement(rowID: job.id, outcome: outcome))
        }
        lines[index].leased = []
    }

    /// A later run keeps to a pause, and to how often a target was found to be down.
    private mutating func savePauses() throws {
        for index in lines.indices {
            let target = lines[index].target
            let known = lines[index].stored
            guard let pause = engine.pause(of: target.name) else {
                // One that has run out stays known until the target has taken something again.
                guard known != nil, !engine.isProbing(target.name) else { continue }
                lines[index].stored = nil
                try store.save(nil, of: target.name)
                continue
            }
            let isKnown = known.map {
                $0.reason == pause.reason && $0.openings == pause.openings
                    && abs($0.until.milliseconds - pause.until.milliseconds) < 1000
            }
            guard isKnown != true else { continue }
            let stored = StoredPause(
                until: pause.until,
                reason: pause.reason,
                openings: pause.openings,
                address: target.address
            )
            lines[index].stored = stored
            try store.save(stored, of: target.name)
        }
    }
}
