import GatehouseCore
import GatehouseStore

struct ShowCommand: Command {
    static let name = "show"
    static let usage = "[--json | --raw] ID"
    static let summary = "Shows one message: its envelope, its fate at each target, every try to deliver it."
    static let details = "ID may be the start of an id, as 'gatehouse list' prints it."
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--json", nil, "print the envelope, as it is delivered"),
        OptionSpecification("--raw", nil, "print the original, byte for byte"),
    ]
    static let examples = ["gatehouse show mfrggzdfmy", "gatehouse show --raw mfrggzdfmy > original.eml"]

    private let workspace: Workspace
    private let id: String
    private let isJSON: Bool
    private let isRaw: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(1...1, "ID")
        id = arguments.positional[0]
        isJSON = arguments.has("--json")
        isRaw = arguments.has("--raw")
        if isJSON, isRaw { throw UsageError("--json and --raw exclude each other") }
        workspace = try Workspace(arguments)
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore(create: false)
        let message = try store.soleMessage(id)
        if isRaw {
            guard let bytes = try store.original(of: message.summary.id) else {
                Console.complain("gatehouse: the original of \(message.summary.id) is no longer stored")
                return .unavailable
            }
            Console.write(bytes)
        } else if isJSON {
            Console.write(message.envelope + [0x0A])
        } else {
            try describe(message)
        }
        return .success
    }

    private func describe(_ message: StoredMessage) throws {
        let envelope = try JSONDocument.parse(message.envelope)
        let data = envelope["data"]
        func line(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            Console.print(name + String(repeating: " ", count: max(1, 12 - name.count)) + UnicodeText.printable(value))
        }
        line("id", message.summary.id)
        line("type", envelope["type"]?.string)
        line("channel", "\(data?["channel"]?.string ?? "") (\(data?["provider"]?.string ?? ""))")
        line("time", envelope["time"]?.string)
        line("from", data?["from"]?[0].map(Self.party))
        line("subject", data?["subject"]?.string)
        line("language", data?.pointer("/triage/language/tag")?.string)
        line("urgency", Self.urgency(data?.pointer("/triage/urgency")))
        for other in TriageExplanation.others(data?["triage"], data?["dedup"]) {
            let parts = other.split(separator: ":", maxSplits: 1).map(String.init)
            line(parts[0].lowercased(), parts.dropFirst().first.map { String($0.drop { $0 == " " }) })
        }
        line("position", data?.pointer("/raw/source_position")?.string)
        line("warnings", data?["warnings"]?.array?.compactMap(\.string).joined(separator: ", "))
        if message.summary.duplicates > 0 { line("came again", "\(message.summary.duplicates) times") }
        for target in message.summary.targets {
            line("at \(target.name)", "\(target.state) \(target.place) \(target.url ?? "") \(target.reason ?? "")")
        }
        for attempt in message.attempts {
            let status = attempt.status.map { ", status \($0)" } ?? ""
            let duration = attempt.durationMilliseconds.map { ", \($0) ms" } ?? ""
            line(
                "tried",
                "\(attempt.at.rfc3339) \(attempt.target): \(attempt.outcome)\(status)\(duration) \(attempt.reason ?? "")"
            )
        }
        for attachment in data?["attachments"]?.array ?? [] {
            let name = attachment["name"]?.string ?? "(no name)"
            line(
                "attachment",
                "\(name), \(attachment["size"]?.text ?? "?") bytes, \(attachment["status"]?.string ?? "")"
            )
        }
        Console.print("")
        Console.print(UnicodeText.printableLines(data?.pointer("/body/text")?.string ?? ""))
    }

    private static func party(_ value: JSONValue) -> String {
        [value["name"], value["email"] ?? value["phone"] ?? value["username"] ?? value["id"]]
            .compactMap { $0?.text }.joined(separator: ", ")
    }

    private static func urgency(_ value: JSONValue?) -> String? {
        guard let level = value?["level"]?.string else { return nil }
        let reasons = (value?["reasons"]?.array ?? []).map { reason in
            "\(reason["rule"]?.string ?? "") +\(reason["points"]?.text ?? "") (“\(reason["matched"]?.string ?? "")” in \(reason["where"]?.string ?? ""))"
        }
        return "\(level), score \(value?["score"]?.text ?? "0")"
            + (reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; "))
    }
}
