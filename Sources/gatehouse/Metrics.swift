import GatehouseCore
import GatehouseStore

/// What is counted, in Prometheus' text format (exposition format 0.0.4), for node_exporter's textfile collector.
enum Metrics {
    /// Replaces the file in one step: a collector never reads half of it.
    static func write(_ statistics: StoreStatistics, to path: String, now: Timestamp = .now()) throws {
        // The umask is for customers' words; here are only counts, which the collector must be able to read.
        try WholeFile.replace(path, with: Array(text(statistics, now: now).utf8), mode: 0o644)
    }

    static func text(_ statistics: StoreStatistics, now: Timestamp) -> String {
        var lines: [String] = []
        func family(_ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: String)]) {
            guard !values.isEmpty else { return }
            lines += ["# HELP gatehouse_\(name) \(help)", "# TYPE gatehouse_\(name) \(type)"]
            lines += values.map { "gatehouse_\(name)\($0.labels.isEmpty ? "" : "{\($0.labels)}") \($0.value)" }
        }
        family(
            "inputs_total",
            "counter",
            "Inputs by what became of them.",
            InputState.allCases.map { (#"state="\#($0.rawValue)""#, "\(statistics.inputsByState[$0] ?? 0)") }
        )
        family(
            "source_inputs_total",
            "counter",
            "Inputs by source.",
            statistics.sources.map { (#"source="\#(escaped($0.name))""#, "\($0.inputs)") }
        )
        family(
            "source_last_commit_timestamp_seconds",
            "gauge",
            "When a source last had something committed.",
            statistics.sources.map { (#"source="\#(escaped($0.name))""#, seconds($0.lastCommitAt)) }
        )
        let targets = statistics.outbox.keys.sorted()
        family(
            "messages",
            "gauge",
            "Messages by target and state.",
            targets.flatMap { target in
                OutboxState.allCases.map { state in
                    let labels = #"target="\#(escaped(target))",state="\#(state.rawValue)""#
                    return (labels, "\(statistics.outbox[target]?[state] ?? 0)")
                }
            }
        )
        family(
            "oldest_waiting_seconds",
            "gauge",
            "How long the oldest message that waits for a target has waited.",
            targets.map { target in
                let since = statistics.oldestWaiting[target] ?? now
                return (#"target="\#(escaped(target))""#, "\(max(0, now.milliseconds - since.milliseconds) / 1000)")
            }
        )
        family("last_run_timestamp_seconds", "gauge", "When a run last ended.", [("", seconds(now))])
        return lines.joined(separator: "\n") + "\n"
    }

    private static func seconds(_ time: Timestamp) -> String { "\(time.seconds)" }

    private static func escaped(_ label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
