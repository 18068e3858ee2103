import GatehouseCore
import GatehouseStore

extension ReportFigures {
    /// The report for programs, in one line.
    var json: String {
        var json = JSONWriter()
        json.object { json in
            json.member("since", since)
            json.member("until", until)
            json.member("time_zone", zoneName)
            json.member("headline") { json in
                for entry in headline { json.member(Self.key(entry.name), Int(entry.value) ?? 0) }
            }
            json.member("days", objects: days) { Self.write($1, to: &$0) }
            json.member("hours", objects: hours) { Self.write($1, to: &$0) }
            json.member("sections", objects: sections) { json, section in
                json.member("name", Self.key(section.title))
                json.member("counts") { json in for row in section.rows { json.member(row.name, row.count) } }
            }
            json.member("surges", surges)
            json.member("dead_letters", objects: workload.refusals) { json, refusal in
                json.member("target", refusal.target)
                json.member("reason", refusal.reason)
                json.member("count", refusal.count)
            }
        }
        return json.text
    }

    private static func write(_ column: Column, to json: inout JSONWriter) {
        json.member("label", column.label)
        for level in UrgencyLevel.allCases { json.member(level.rawValue, column.counts[level.rank]) }
    }

    private static func key(_ words: String) -> String {
        String(words.lowercased().unicodeScalars.map { $0 == " " ? "_" : Character($0) })
    }
}
