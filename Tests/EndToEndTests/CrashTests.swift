import Foundation
import Glibc
import Testing

/// The promise, proved by SIGKILL: `make crash-test` with 1,000 kills over 20,000 inputs, a short course in every test run.
@Suite(.serialized)
struct CrashTests {
    private static func setting(_ name: String, _ standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
    }

    @Test func `Killed at random moments, nothing is lost, nothing is doubled, and the sums hold after each restart`()
        throws
    {
        let kills = Self.setting("GATEHOUSE_CRASH_KILLS", 20)
        let inputs = Self.setting("GATEHOUSE_CRASH_INPUTS", 400)
        let seed = Self.setting("GATEHOUSE_CRASH_SEED", Int.random(in: 1...999_999))
        let course = try CrashCourse(seed: UInt64(seed))
        let began = Date()
        var rounds = 0
        while course.tally.killCount < kills, rounds < 10 * kills {
            rounds += 1
            // The later rounds bring what is left of the inputs; rounds without a kill bring none.
            let due = inputs * min(course.tally.killCount + 1, kills) / kills
            try course.round(inputs: max(0, min(due - course.tally.inputs, 200)))
        }
        let ends = try course.finish()
        let tally = course.tally
        #expect(tally.killCount >= kills, "seed \(seed)")
        for end in ends {
            #expect(end.lost == 0, "seed \(seed), \(end.target): lost \(end.lost)")
            #expect(end.doubled == 0, "seed \(seed), \(end.target): doubled \(end.doubled)")
        }
        #expect(try course.desk.gatehouse("audit", "verify").status == 0)
        var rows: [(String, Int)] = [
            ("inputs", tally.inputs), ("of these handed over again on purpose", tally.redelivered),
            ("messages that had to arrive", course.numbers.count),
        ]
        for victim in CrashCourse.Victim.allCases {
            rows.append(("kills of `\(victim.rawValue)`", tally.kills[victim] ?? 0))
        }
        rows += [("kills in all", tally.killCount), ("times the sums were proved", tally.reconciled)]
        for end in ends {
            rows.append(("`\(end.target)`: tickets and follow-ups at the endpoint", end.requests))
            rows.append(("`\(end.target)`: tickets", end.tickets))
            rows.append(("`\(end.target)`: lost", end.lost))
            rows.append(("`\(end.target)`: doubled", end.doubled))
        }
        rows += [("seconds", Int(Date().timeIntervalSince(began))), ("seed", seed)]
        Self.report(rows)
    }

    /// As a table of Markdown, where somebody wants to keep it.
    private static func report(_ rows: [(String, Int)]) {
        guard let path = ProcessInfo.processInfo.environment["GATEHOUSE_CRASH_REPORT"] else { return }
        let lines = ["| what | count |", "|---|---:|"] + rows.map { "| \($0.0) | \($0.1) |" }
        try? Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
    }
}
