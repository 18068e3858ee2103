import Foundation
import GatehouseCore
import Testing

@testable import GatehouseStore

/// How many of a customer's repetitions are linked, and whether anything of ten thousand customers is lost.
struct LinkingMeasureTests {
    private static let data = "../shared/data/triage/banking77-train.csv"

    private static let texts: [String] = {
        guard let bytes = FileManager.default.contents(atPath: data) else { return [] }
        var rows: [String] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).dropFirst() {
            guard let comma = line.lastIndex(of: ",") else { continue }
            rows.append(line[..<comma].trimmingCharacters(in: ["\""]).replacingOccurrences(of: "\"\"", with: "\""))
        }
        return rows
    }()

    private struct Edit: Sendable {
        var name: String
        var goal: Double
        var apply: @Sendable (String, inout Numbers) -> String
    }

    /// Repeatable, and of no consequence.
    struct Numbers: Sendable {
        var state: UInt64 = 1
        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
    }

    private static let edits: [Edit] = [
        Edit(name: "quotes, spaces, line ends, case", goal: 0.95) { text, _ in
            text.replacingOccurrences(of: "'", with: "’").replacingOccurrences(of: " ", with: "\u{A0}").uppercased() + "\r\n"
        },
        Edit(name: "signature and disclaimer", goal: 0.95) { text, _ in
            text + "\n\nKind regards\nAda Lovelace\n+44 20 7946 0018\n\nThis message is confidential. If you are not the "
                + "intended recipient, please delete it and tell the sender."
        },
        Edit(name: "reply with the first one quoted", goal: 0.95) { text, _ in
            "Has anybody seen this?\n\nOn Monday Ada wrote:\n> " + text
        },
        Edit(name: "greeting", goal: 0.95) { text, _ in "Good morning, " + text },
        Edit(name: "one or two typing errors", goal: 0.90) { text, numbers in
            var letters = Array(text)
            for _ in 0...numbers.next(2) {
                let place = numbers.next(letters.count)
                switch numbers.next(3) {
                case 0: letters.remove(at: place)
                case 1: letters.insert(letters[place], at: place)
                default: if place + 1 < letters.count { letters.swapAt(place, place + 1) }
                }
            }
            return String(letters)
        },
        Edit(name: "cut at 60 characters", goal: 0.95) { text, _ in String(text.prefix(60)) },
        Edit(name: "a nudge", goal: 0.95) { text, _ in text + " Please answer, I have been waiting for days!" },
    ]

    /// Of at least twenty characters: below, "contained" says nothing (the format's own rule).
    @Test func `Of each kind of repetition the goal's share is linked, and no customer with another`() throws {
        guard !Self.texts.isEmpty else { return print("linking: \(Self.data) is absent, nothing measured") }
        let texts = stride(from: 0, to: Self.texts.count, by: 10).map { Self.texts[$0] }.filter { $0.count >= 20 }
        for edit in Self.edits {
            let state = TemporaryState()
            let store = try state.open()
            var numbers = Numbers()
            var entries: [IntakeEntry] = []
            for (index, text) in texts.enumerated() {
                for (turn, words) in [text, edit.apply(text, &numbers)].enumerated() {
                    let key = IdentityKey(.claimed, "\(index).\(turn)")
                    entries.append(Sample(keys: [key], text: words, sender: "c\(index)@example.com").entry)
                }
            }
            let results = try store.commit(entries, positions: [], of: "test", now: noon)
            #expect(results.allSatisfy { $0.state == .accepted })
            var (linked, wrong) = (0, 0)
            for index in texts.indices {
                func related(_ turn: Int) throws -> [String] {
                    let id = try #require(results[index * 2 + turn].id)
                    let envelope = try JSONDocument.parse(try #require(try store.message(id: id)).envelope)
                    let found = envelope.pointer("/data/dedup/related")?.array ?? []
                    return found.compactMap { $0["id"]?.string }
                }
                let first = try #require(results[index * 2].id)
                linked += try related(1).contains(first) ? 1 : 0
                wrong += try related(0).isEmpty && related(1).allSatisfy { $0 == first } ? 0 : 1
            }
            let share = Double(linked) / Double(texts.count)
            print("linking: \(edit.name): \(linked) of \(texts.count)")
            #expect(share >= edit.goal, "\(edit.name): \(share)")
            #expect(wrong == 0, "\(edit.name)")
        }
    }

    @Test func `Ten thousand customers who say much the same all arrive`() throws {
        guard !Self.texts.isEmpty else { return print("linking: \(Self.data) is absent, nothing measured") }
        let state = TemporaryState()
        let store = try state.open()
        var accepted = 0
        for start in stride(from: 0, to: Self.texts.count, by: 500) {
            let batch = (start..<min(start + 500, Self.texts.count)).map { index in
                Sample(keys: [IdentityKey(.claimed, "\(index)")], text: Self.texts[index], sender: "c\(index)@example.com").entry
            }
            accepted += try store.commit(batch, positions: [], of: "test", now: noon).count { $0.state == .accepted }
        }
        print("linking: \(accepted) of \(Self.texts.count) customers' messages accepted")
        #expect(accepted == Self.texts.count)
    }
}
