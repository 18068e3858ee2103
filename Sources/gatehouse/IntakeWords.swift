import GatehouseCore
import GatehousePipeline

/// What was taken in, in a sentence or as JSON.
enum IntakeWords {
    static func describe(_ report: IntakeReport) -> String {
        var words = ["\(report.accepted) new", "\(report.duplicates) known already"]
        if report.rejected > 0 { words.append("\(report.rejected) rejected") }
        if report.refused > 0 { words.append("\(report.refused) refused") }
        for (kind, count) in report.ignored.sorted(by: { $0.key < $1.key }) { words.append("\(count) × \(kind)") }
        return words.joined(separator: ", ")
    }

    static func json(_ report: IntakeReport, source: String) -> String {
        var json = JSONWriter()
        json.object { json in
            json.member("source", source)
            json.member("inputs", report.inputs)
            json.member("accepted", report.accepted)
            json.member("duplicate", report.duplicates)
            json.member("rejected", report.rejected)
            json.member("refused", report.refused)
            json.member("ignored", report.ignored.values.reduce(0, +))
            json.member("ignored_by_kind") { json in
                for (kind, count) in report.ignored.sorted(by: { $0.key < $1.key }) { json.member(kind, count) }
            }
            json.member("ids", report.acceptedIDs)
            json.member("problems", report.problems)
        }
        return json.text
    }
}
