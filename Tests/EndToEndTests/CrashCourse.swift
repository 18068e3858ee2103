import Foundation
import Glibc
import Testing

/// Repeatable randomness (SplitMix64): the same seed gives the same inputs, victims and moments.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ≤ result < 1.
    mutating func share() -> Double { Double(next() >> 11) / Double(1 << 53) }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
}

/// Inputs from each kind of source, each with a number of its own in its text, and programs that are killed while they
/// take them in or bring them to the endpoint.
final class CrashCourse {
    enum Victim: String, CaseIterable {
        case poll, forward, run
        case pipe = "ingest --mda"
        case webhook = "ingest --source"
    }

    struct Tally {
        var inputs = 0
        /// Of these, how many were handed over a second time on purpose.
        var redelivered = 0
        var kills: [Victim: Int] = [:]
        var reconciled = 0
        var killCount: Int { kills.values.reduce(0, +) }
    }

    /// What is at an endpoint when all has ended, against the numbers that must each be there once.
    struct End {
        let target: String
        var lost = 0
        var doubled = 0
        var tickets = 0
        var requests = 0
    }

    let desk: Desk
    /// One that honours our key, and one that knows of none, and must be asked for what it has.
    private let sinks: [(target: String, sink: RecordingSink)]
    private(set) var tally = Tally()
    /// The numbers that must each be at the endpoint once.
    private(set) var numbers: Set<Int> = []
    private var dice: Dice
    private var next = 0
    /// How long each program took when it was last let live, in seconds.
    private var usual: [Victim: Double] = [:]

    init(seed: UInt64) throws {
        dice = Dice(seed: seed)
        sinks = try ["key", "look-up"].map { target in
            (target, try RecordingSink(failures: ["503,share=0.03", "lost,share=0.03", "slow,share=0.01,delay=300"]))
        }
        desk = try Desk()
        try desk.configure(
            sources: """
                [{ "name": "maildir", "type": "maildir", "path": "maildir", "account": "a@exchange.example", "after": "seen" },
                 { "name": "mbox", "type": "mbox", "path": "mails.mbox", "account": "b@exchange.example" },
                 { "name": "folder", "type": "folder", "path": "drop", "channel": "web_chat", "settle_seconds": 0, "since": "all", "after": "delete" },
                 { "name": "hook", "type": "webhook", "channel": "web_chat" }]
                """,
            targets: """
                [{ "name": "key", "preset": "generic-json", "url": "\(sinks[0].sink.url)/tickets"\(DeliveryTests.impatient) },
                 { "name": "look-up", "preset": "template", "url": "\(sinks[1].sink.url)"\(DeliveryTests.impatient),
                   "template": \(Self.withoutKey) }]
                """
        )
        try MailMaker.fill(desk, [])
        try desk.write("", to: "mails.mbox")
        try FileManager.default.createDirectory(
            at: desk.folder.appending(path: "drop"),
            withIntermediateDirectories: true
        )
    }

    /// The same endpoint by requests that carry no key: what may be there is looked up, a ticket by its number for us, a
    /// follow-up in the ticket's history.
    private static let withoutKey = """
        { "open": {
            "find": {
              "path": "/tickets?external_id={id}", "in": "/items", "where": { "/external_id": "{id}" }, "take": { "ticket": "/id" }
            },
            "steps": [{
              "path": "/tickets", "body": { "id": "{id}", "data": { "body": { "text": "{text}" } } }, "take": { "ticket": "/id" }
            }]
          },
          "add": {
            "find": { "path": "/tickets/{ticket}", "in": "/messages", "where": { "/id": "{id}" } },
            "steps": [{ "path": "/tickets/{ticket}/messages", "body": { "id": "{id}", "data": { "body": { "text": "{text}" } } } }]
          } }
        """

    // MARK: Inputs

    private func fresh() -> Int {
        next += 1
        numbers.insert(next)
        tally.inputs += 1
        return next
    }

    private func countAgain() {
        tally.inputs += 1
        tally.redelivered += 1
    }

    private func chat(_ number: Int) -> String {
        """
        {"format":"gatehouse-chat/1","id":"c\(number)","conversation_id":"v\(number % 97)","text":"Where is it? (\(number))"}
        """
    }

    /// New work for every source: about `count` inputs, some of which come twice.
    private func arrive(_ count: Int) throws -> (pipes: [Int], hooks: [Int]) {
        var pipes: [Int] = []
        var hooks: [Int] = []
        var mbox = ""
        for _ in 0..<count {
            // Of every kind some come twice at once, and some again much later.
            var (number, copies) = (0, 1)
            switch dice.below(8) {
            case 0: (number, copies) = (fresh(), 2)
            case 1 where next > 0: number = 1 + dice.below(next)
            default: number = fresh()
            }
            if number < next || copies == 2 { countAgain() }
            switch number % 20 {
            case 0..<6: for copy in 0..<copies { try deposit(number, copy: "\(copy)x\(dice.below(1 << 30))") }
            case 6..<13:
                for _ in 0..<copies {
                    mbox += "From c@example.net Fri Jan  2 03:04:05 2026\n\(MailMaker.mail(number))\n"
                }
            case 13..<17:
                for copy in 0..<copies {
                    try desk.write(chat(number), to: "drop/\(number)-\(copy)x\(dice.below(1 << 30)).json")
                }
            case 17..<19: pipes += Array(repeating: number, count: copies)
            default: hooks += Array(repeating: number, count: copies)
            }
        }
        let file = try FileHandle(forWritingTo: desk.folder.appending(path: "mails.mbox"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(mbox.utf8))
        try file.close()
        return (pipes, hooks)
    }

    /// As a mail server does it: complete in `tmp`, then moved to `new`.
    private func deposit(_ number: Int, copy: String) throws {
        let name = "\(1_767_300_000 + number).M\(number)P\(copy).host"
        try desk.write(MailMaker.mail(number), to: "maildir/tmp/\(name)")
        let from = desk.folder.appending(path: "maildir/tmp/\(name)").path()
        _ = unsafe rename(from, desk.folder.appending(path: "maildir/new/\(name)").path())
    }

    // MARK: Rounds

    /// One kill: new inputs arrive, one program is killed at a random moment, the sums are proved.
    func round(inputs: Int) throws {
        let (pipes, hooks) = try arrive(inputs)
        let victim = Victim.allCases[dice.below(Victim.allCases.count)]
        switch victim {
        case .poll, .forward, .run: try strike(victim, start: { try self.desk.start(victim.rawValue) })
        case .pipe: for number in pipes.prefix(1) { try hand(number, to: .pipe, killed: true) }
        case .webhook: for number in hooks.prefix(1) { try hand(number, to: .webhook, killed: true) }
        }
        for number in victim == .pipe ? pipes.dropFirst() : pipes[...] { try hand(number, to: .pipe, killed: false) }
        for number in victim == .webhook ? hooks.dropFirst() : hooks[...] {
            try hand(number, to: .webhook, killed: false)
        }
        try prove()
    }

    private func strike(_ victim: Victim, start: () throws -> Child) throws {
        let began = Date()
        let child = try start()
        // A little past the usual end at times: then it lives, and tells how long it takes.
        Thread.sleep(forTimeInterval: dice.share() * 1.1 * (usual[victim] ?? 0.05))
        if child.isRunning {
            child.send(SIGKILL)
            if child.wait() == -SIGKILL { tally.kills[victim, default: 0] += 1 }
        }
        usual[victim] = max(0.004, 0.5 * (usual[victim] ?? 0.05) + 0.5 * Date().timeIntervalSince(began) * 1.5)
    }

    /// Hands a message over until it is taken, as a mail server and a webhook's sender do.
    private func hand(_ number: Int, to victim: Victim, killed: Bool) throws {
        let isMail = victim == .pipe
        let words = isMail ? ["--mda", "--account", "c@exchange.example"] : ["--source", "hook", "--quiet", "-"]
        let input = desk.folder.appending(path: "input")
        try Data((isMail ? MailMaker.mail(number) : chat(number)).utf8).write(to: input)
        let command = [Program.path("gatehouse"), "ingest"] + words + ["--config", desk.configuration.path()]
        if killed {
            try strike(victim) { try Child(command, input: input) }
            tally.inputs += 1
            tally.redelivered += 1
        }
        let status = try Child(command, input: input).wait()
        #expect(status == 0, "ingest of \(number) ended with \(status)")
    }

    /// The sums must hold after each restart.
    private func prove() throws {
        guard FileManager.default.fileExists(atPath: desk.state.appending(path: "gatehouse.sqlite3").path()) else {
            return
        }
        let sums = try desk.gatehouse("reconcile")
        #expect(sums.status == 0, "\(sums.output) \(sums.errors)")
        tally.reconciled += 1
    }

    /// Lets everything end, and says what became of it at each endpoint.
    func finish() throws -> [End] {
        for _ in 0..<60 {
            let run = try desk.gatehouse("run", "--linger", "3")
            if run.status == 0, try desk.outbox("ready") == 0 { break }
        }
        try prove()
        return try sinks.map { target, sink in
            var end = End(target: target)
            var seen: [Int: Int] = [:]
            let entries = try sink.entries()
            for entry in entries {
                if entry.message == 0 { end.tickets += 1 }
                let text = (entry.data["body"] as? [String: Any])?["text"] as? String ?? ""
                let digits = text.split(separator: "(").last.map { $0.prefix { $0.isNumber } } ?? ""
                seen[Int(digits) ?? -1, default: 0] += 1
            }
            end.requests = entries.count
            end.lost = numbers.filter { seen[$0] == nil }.count
            end.doubled = seen.values.reduce(0) { $0 + $1 - 1 }
            return end
        }
    }
}
