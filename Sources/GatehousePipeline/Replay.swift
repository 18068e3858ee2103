import GatehouseCore
import GatehouseStore
package import GatehouseTriage

/// What today's rules say of a stored message, beside what was said when it came.
package struct ReplayedMessage: Sendable {
    /// One value that differs; nil where one of the two has none.
    package struct Change: Sendable, Equatable {
        /// A JSON Pointer into `triage`: `/urgency/level`.
        package let place: String
        package let before: String?
        package let after: String?
    }

    package let id: String
    package let title: String?
    package let changes: [Change]
    /// What it is about, as was said when it came and by today's rules.
    package let topics: Set<String>
    /// The targets that would get it if it came today.
    package let targets: Set<String>
}

/// Runs stored messages through today's triage and policy. Pure: nothing is stored.
package struct Replay: Sendable {
    private let triage: Triage
    private let planner: TargetPlanner

    package init(triage: Triage, planner: TargetPlanner) {
        self.triage = triage
        self.planner = planner
    }

    /// - Returns: nil where what is stored is no envelope.
    package func assess(_ stored: [UInt8]) -> ReplayedMessage? {
        guard let json = try? JSONDocument.parse(stored, options: .strict), var envelope = Envelope(stored: json) else {
            return nil
        }
        let topics = (envelope.data.triage?.topics ?? []).map(\.name)
        triage.assess(&envelope)
        let plans = planner.plans(for: envelope)
        envelope.data.triage?.targets = plans.filter { $0.state == .ready }.map(\.name)
        let now = try? JSONDocument.parse(EnvelopeEncoder.encode(envelope), options: .strict)
        let before = Self.leaves(json.pointer("/data/triage"))
        let after = Self.leaves(now?.pointer("/data/triage"))
        let places = Set(before.keys).union(after.keys).sorted()
        return ReplayedMessage(
            id: envelope.id,
            title: envelope.data.subject,
            changes: places.filter { before[$0] != after[$0] }.map {
                ReplayedMessage.Change(place: $0, before: before[$0], after: after[$0])
            },
            topics: Set(topics + (envelope.data.triage?.topics ?? []).map(\.name)),
            targets: Set(plans.filter { $0.state != .notDue }.map(\.name))
        )
    }

    /// Every value that is no object or list, by its pointer. Which rules spoke is no change by itself.
    private static func leaves(_ value: JSONValue?) -> [String: String] {
        var result: [String: String] = [:]
        var waiting: [(String, JSONValue)] = value.map { [("", $0)] } ?? []
        while let (place, value) = waiting.popLast() {
            if let members = value.members {
                waiting += members.map { ("\(place)\(JSONValue.pointerToken($0.key))", $0.value) }
            } else if let elements = value.array {
                waiting += elements.enumerated().map { ("\(place)/\($0.offset)", $0.element) }
            } else if place != "/rules_version" {
                result[place] = value.text ?? value.bool.map { String($0) } ?? "null"
            }
        }
        return result
    }
}
