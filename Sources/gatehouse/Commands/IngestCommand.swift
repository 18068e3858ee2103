import GatehouseCore
import GatehousePipeline
import GatehouseStore
import Glibc

struct IngestCommand: Command {
    static let name = "ingest"
    static let usage = "[--channel C] [--format F] [--mda] [FILE… | -]"
    static let summary = "Takes in messages from FILEs or standard input. Exit 0: committed and synced to disk."
    static var details: String {
        """
        For mail servers and webhook runners. It waits for nobody's lock but SQLite's own, for 20 s at most, and
        then answers 75: nothing is lost, try again. An input that is no message is kept for review and answered
        with 65. With --mda the answer is only 0 or 75, since Postfix bounces the customer's mail on any other.

        Formats:
        \(formatList)
        """
    }
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--channel", "C", "one of: \(Channel.allCases.map(\.rawValue).joined(separator: ", "))"),
        OptionSpecification("--format", "F", "take the input for this format, whatever it looks like"),
        OptionSpecification(
            "--source",
            "NAME",
            "what the envelope calls the way it came; a configured source's settings apply"
        ),
        OptionSpecification("--account", "A", "whose inbox this is: an address, a page, a number"),
        OptionSpecification("--header", "'NAME: VALUE'", "an HTTP header field of the webhook; may be given again"),
        OptionSpecification("--since", "DATE", "messages sent before DATE are kept and open no ticket"),
        OptionSpecification("--all", nil, "every message of an export opens or follows up a ticket"),
        OptionSpecification("--mda", nil, "called by a mail server: an e-mail, and only 0 or 75 as an answer"),
        OptionSpecification("--quiet", nil, "say nothing on success"),
    ]
    static let examples = [
        "gatehouse ingest --mda --account support@example.org < mail.eml",
        "gatehouse ingest --format chatwoot - < payload.json",
        "gatehouse ingest --all Samples/social_dm/telegram-single.json",
    ]

    private let workspace: Workspace
    private let files: [String]
    private let isMailServer: Bool
    private let isQuiet: Bool
    private let channel: Channel?
    private let format: String?
    private let sourceName: String
    private let context: IntakeContext
    private let since: Timestamp?
    private let allowsExports: Bool

    init(_ arguments: Arguments) throws {
        workspace = try Workspace(arguments)
        isMailServer = arguments.has("--mda")
        isQuiet = arguments.has("--quiet") || isMailServer
        files = arguments.positional.isEmpty ? ["-"] : arguments.positional
        format = try arguments.format() ?? (isMailServer ? "rfc5322" : nil)
        let named = try arguments.value("--source")
        let settings = workspace.configuration.sources.first { $0.name == named }
        let given = try arguments.choice("--channel", of: Channel.allCases.map(\.rawValue))
        channel = given.flatMap(Channel.init(rawValue:)) ?? settings?.channel ?? (isMailServer ? .email : nil)
        sourceName = named ?? "ingest"
        context = try Self.context(
            arguments,
            settings: settings,
            workspace: workspace,
            channel: channel,
            source: sourceName
        )
        let sinceText = try arguments.value("--since")
        let parsed = sinceText.flatMap { ParsedTime(iso8601: $0) }
        if let sinceText, parsed == nil { throw UsageError("'\(sinceText)' is no date: write it as 2026-01-31") }
        since = parsed?.timestamp() ?? settings?.since
        allowsExports = arguments.has("--all") || sinceText != nil || settings?.kind == .folder
        if arguments.has("--all"), sinceText != nil { throw UsageError("--all and --since exclude each other") }
    }

    func run() throws -> ExitCode {
        let store = try workspace.openStore()
        var total = IntakeReport()
        for file in files {
            let reader = try file == "-" ? ByteReader(descriptor: 0, name: "-") : ByteReader(path: file)
            let input = AdapterInput(bytes: reader, position: file, path: file == "-" ? nil : file, context: context)
            try refuseUnboundedExport(input)
            let intake = Intake(
                resolver: formatResolver,
                triage: workspace.triage,
                store: store,
                planner: workspace.planner(since: since),
                sourceName: sourceName
            )
            total = try total + intake.ingest(input, format: format, channel: channel)
        }
        for problem in total.problems {
            Console.complain(
                "gatehouse: \(UnicodeText.printable(problem)) It is kept for review: gatehouse list --state rejected"
            )
        }
        if !isQuiet { Console.complain("gatehouse: \(IntakeWords.describe(total))") }
        return total.rejected > 0 && !isMailServer ? .dataError : .success
    }

    /// An export may hold years of talk: the first use has to say from when on messages open tickets.
    private func refuseUnboundedExport(_ input: AdapterInput) throws {
        guard !allowsExports, let found = try? formatResolver.resolve(input, format: format, channel: channel) else {
            return
        }
        guard found.adapter.channel == .socialDM else { return }
        throw UsageError(
            "\(input.position) is an export of direct messages (\(found.format)), which may go back years."
                + " Say --since DATE to open tickets only for messages from then on, or --all."
        )
    }

    private static func context(
        _ arguments: Arguments,
        settings: Configuration.Source?,
        workspace: Workspace,
        channel: Channel?,
        source: String
    ) throws -> IntakeContext {
        var context = settings?.context ?? IntakeContext(source: "/\(channel?.rawValue ?? "any")/\(source)")
        context.account = try arguments.value("--account") ?? context.account
        context.defaultRegion = context.defaultRegion ?? workspace.configuration.region
        context.timeZone = context.timeZone ?? workspace.configuration.timeZone
        context.limits = workspace.configuration.limits
        if settings == nil { context.mail = workspace.configuration.mail }
        context.receivedAt = .now()
        for header in arguments.allValues("--header") {
            let pieces = header.split(separator: ":", maxSplits: 1)
            guard pieces.count == 2 else { throw UsageError("--header takes 'NAME: VALUE', not '\(header)'") }
            let value = String(pieces[1].drop { $0 == " " })
            context.headers[pieces[0].lowercased()] = value
        }
        return context
    }
}

/// A report in a sentence.
enum IntakeWords {
    static func describe(_ report: IntakeReport) -> String {
        var words = ["\(report.accepted) new", "\(report.duplicates) known already"]
        if report.rejected > 0 { words.append("\(report.rejected) rejected") }
        if report.refused > 0 { words.append("\(report.refused) refused") }
        for (kind, count) in report.ignored.sorted(by: { $0.key < $1.key }) { words.append("\(count) × \(kind)") }
        return words.joined(separator: ", ")
    }
}
