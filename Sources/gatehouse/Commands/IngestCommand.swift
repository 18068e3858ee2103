import GatehouseCore
import GatehousePipeline
import GatehouseStore
import GatehouseWebhooks
import Glibc

struct IngestCommand: Command {
    static let name = "ingest"
    static let usage = "[--source NAME] [--channel C] [--format F] [--mda | --cgi] [--dry-run] [--json] [FILE… | -]"
    static let summary = "Takes in messages from FILEs or standard input. Exit 0: committed and synced to disk."
    static var details: String {
        """
        For mail servers and webhooks. It waits for nobody's lock but SQLite's own, for 20 s at most, and
        then answers 75: nothing is lost, try again. An input that is no message is kept for review and answered
        with 65. With --mda the answer is only 0 or 75, since Postfix bounces the customer's mail on any other.

        --source NAME of a configured webhook checks its signature: a request without a right one is counted, not
        kept, and answered with 77. A vendor's question (X's crc_token, Meta's hub.challenge, Slack's
        url_verification) is answered on standard output. Header fields come by --header or, as in CGI, by HTTP_*
        variables. With --cgi the whole request comes as a web server's CGI hands it over, and the whole answer
        goes to standard output: 200, 401, 403, 405, 411, 413, 415 or 503.

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
        OptionSpecification("--query", "STRING", "the webhook's query string; default: $QUERY_STRING"),
        OptionSpecification("--method", "M", "the webhook's HTTP method; default: $REQUEST_METHOD or POST"),
        OptionSpecification("--since", "DATE", "messages sent before DATE are kept and open no ticket"),
        OptionSpecification("--all", nil, "every message of an export opens or follows up a ticket"),
        OptionSpecification("--mda", nil, "called by a mail server: an e-mail, and only 0 or 75 as an answer"),
        OptionSpecification("--cgi", nil, "called by a web server: the answer is an HTTP one"),
        DryRun.option,
        OptionSpecification.jsonReport,
        OptionSpecification("--quiet", nil, "say nothing on success"),
    ]
    static let examples = [
        "gatehouse ingest --mda --account support@example.org < mail.eml",
        "gatehouse ingest --format chatwoot - < payload.json",
        "gatehouse ingest --source whatsapp --header \"X-Hub-Signature-256: $SIGNATURE\" - < payload.json",
        "gatehouse ingest --all Samples/social_dm/telegram-single.json",
    ]

    private let workspace: Workspace
    private let dryRun: DryRun?
    private let files: [String]
    private let isMailServer: Bool
    private let isCGI: Bool
    private let isQuiet: Bool
    private let isJSON: Bool
    private let channel: Channel?
    private let format: String?
    private let resolver: FormatResolver
    private let sourceName: String
    private let context: IntakeContext
    private let since: Timestamp?
    private let allowsExports: Bool
    /// Of a webhook.
    private let gate: WebhookGate?
    private let method: String
    private let query: String

    init(_ arguments: Arguments) throws {
        workspace = try Workspace(arguments)
        isMailServer = arguments.has("--mda")
        isCGI = arguments.has("--cgi")
        dryRun = DryRun(arguments)
        isJSON = arguments.has("--json") && dryRun == nil
        if isMailServer || isCGI, dryRun != nil || isJSON {
            throw UsageError("--dry-run and --json do not go with --mda or --cgi")
        }
        if isMailServer, isCGI { throw UsageError("--mda and --cgi exclude each other") }
        isQuiet = arguments.has("--quiet") || isMailServer || isCGI
        if isCGI, !arguments.positional.isEmpty { throw UsageError("--cgi reads standard input, and no FILE") }
        files = arguments.positional.isEmpty ? ["-"] : arguments.positional
        let named = try arguments.value("--source")
        let settings = try Self.settings(named, in: workspace, isCGI: isCGI)
        if settings?.mapping != nil, let format = try arguments.value("--format") {
            throw UsageError("the source '\(named ?? "")' has a mapping: '--format \(format)' would not read it")
        }
        let mailFormat = isMailServer ? "rfc5322" : nil
        format = try arguments.format() ?? mailFormat ?? settings.flatMap(workspace.format)
        resolver = workspace.resolver(for: settings)
        let given = try arguments.choice("--channel", of: Channel.allCases.map(\.rawValue))
        channel = given.flatMap(Channel.init(rawValue:)) ?? settings?.channel ?? (isMailServer ? .email : nil)
        sourceName = named ?? "ingest"
        let isWebhook = settings?.kind == .webhook
        let environment = isCGI || isWebhook ? CGIEnvironment.current : CGIEnvironment([:])
        context = try Self.context(
            arguments,
            settings: settings,
            workspace: workspace,
            channel: channel,
            source: sourceName,
            headers: environment.headers
        )
        gate = isWebhook || isCGI ? try WebhookGate(settings?.signature) : nil
        method = try arguments.value("--method")?.uppercased() ?? environment.method ?? "POST"
        query = try arguments.value("--query") ?? environment.query
        let sinceText = try arguments.value("--since")
        let parsed = sinceText.flatMap { ParsedTime(iso8601: $0) }
        if let sinceText, parsed == nil { throw UsageError("'\(sinceText)' is no date: write it as 2026-01-31") }
        since = parsed?.timestamp() ?? settings?.since
        allowsExports = arguments.has("--all") || sinceText != nil || settings?.kind == .folder || gate != nil
        if arguments.has("--all"), sinceText != nil { throw UsageError("--all and --since exclude each other") }
    }

    /// A name that is not configured is only a name; but where webhooks are, a slip of the pen must not let anything in unsigned.
    private static func settings(
        _ name: String?,
        in workspace: Workspace,
        isCGI: Bool
    ) throws(UsageError) -> Configuration.Source? {
        guard let name else { return nil }
        let sources = workspace.configuration.sources
        let mustBeKnown = isCGI || sources.contains { $0.kind == .webhook }
        return mustBeKnown ? try workspace.sourceSettings(name) : sources.first { $0.name == name }
    }

    func run() throws -> ExitCode {
        if isCGI { return try answerWebServer() }
        let rehearsal = try dryRun?.begin(in: workspace)
        let open = { try rehearsal?.store ?? workspace.openStore() }
        var total = IntakeReport()
        var refused = false
        for file in files {
            if let gate {
                let outcome = try handle(file, gate, open)
                total = total + outcome.report
                refused = refused || outcome.reply.exitCode == .noPermission
            } else {
                let input = try NamedInput(file, context: context)
                try refuseUnboundedExport(input, named: file)
                total = try total + intake(open()).ingest(input, format: format, channel: channel)
            }
        }
        complain(total)
        try rehearsal?.printMessages()
        if isJSON { Console.print(IntakeWords.json(total, source: sourceName)) }
        if !isQuiet, total.inputs > 0 || gate == nil { EventLog.write(.info, "ingested", IntakeWords.describe(total)) }
        if refused { return isMailServer ? .tryAgainLater : .noPermission }
        return total.rejected > 0 && !isMailServer ? .dataError : .success
    }

    private static func reader(_ file: String) throws -> ByteReader {
        try file == "-" ? ByteReader(descriptor: 0, name: "-") : ByteReader(path: file)
    }

    private func intake(_ store: Store) -> Intake {
        Intake(
            resolver: resolver,
            triage: workspace.triage,
            store: store,
            planner: workspace.planner(since: since),
            sourceName: sourceName
        )
    }

    private func complain(_ report: IntakeReport) {
        for problem in report.problems {
            let words = "\(UnicodeText.printable(problem)) It is kept for review: gatehouse list --state rejected"
            EventLog.write(.warning, "input_problem", words)
        }
    }

    // MARK: - Webhooks

    private func webhook(
        _ gate: WebhookGate,
        position: String,
        _ open: @escaping () throws -> Store
    ) -> WebhookIntake {
        WebhookIntake(
            gate: gate,
            limit: workspace.configuration.limits.messageBytes,
            take: { body, headers, verification in
                var context = context
                context.headers = headers
                context.verification = verification
                let reader = ByteReader(bytes: body, name: position)
                let input = AdapterInput(bytes: reader, position: position, context: context)
                return try intake(open()).ingest(input, format: format, channel: channel)
            },
            refuse: { try intake(open()).refuse(position, channel: channel, reason: $0) }
        )
    }

    /// A payload that somebody hands over with its header fields: the answer to a vendor's question goes to standard output.
    private func handle(
        _ file: String,
        _ gate: WebhookGate,
        _ open: @escaping () throws -> Store
    ) throws -> WebhookIntake.Outcome {
        var request = WebhookRequest(method: method, headers: context.headers, query: query)
        if method == "POST" {
            let limit = workspace.configuration.limits.messageBytes
            let (body, isCut) = try Self.reader(file).readAll(limit: limit)
            if isCut { throw IntakeError.tooLarge(place: file, limit: limit) }
            request.body = body
        }
        let outcome = try webhook(gate, position: file, open).handle(request)
        if let words = outcome.complaint { EventLog.write(.warning, "payload_refused", source: file, words) }
        // What was taken in needs no answer here: only a web server has somebody who waits for one.
        let isTaken = outcome.report.inputs > 0
        if !isTaken, !outcome.reply.body.isEmpty { Console.write(outcome.reply.body) }
        return outcome
    }

    private func answerWebServer() throws -> ExitCode {
        guard let gate else { return .software }
        let webhook = webhook(gate, position: "-") { try workspace.openStore() }
        let (request, refusal) = try webhook.request(.current, body: ByteReader(descriptor: 0, name: "-"))
        guard let request else {
            Console.write(refusal.cgi)
            return refusal.exitCode
        }
        let outcome = try webhook.handle(request)
        complain(outcome.report)
        if let words = outcome.complaint { EventLog.write(.warning, "payload_refused", source: sourceName, words) }
        Console.write(outcome.reply.cgi)
        return outcome.reply.exitCode
    }

    // MARK: - Settings

    /// An export may hold years of talk: the first use has to say from when on messages open tickets.
    private func refuseUnboundedExport(_ input: NamedInput, named name: String) throws {
        let reading = InputReading(resolver: resolver, sourceName: sourceName, format: format, channel: channel)
        guard !allowsExports, let found = reading.firstFormat(of: input), found.adapter.isExport(found.format) else {
            return
        }
        throw UsageError(
            "\(name) is an export of direct messages (\(found.format)), which may go back years."
                + " Say --since DATE to open tickets only for messages from then on, or --all."
        )
    }

    private static func context(
        _ arguments: Arguments,
        settings: Configuration.Source?,
        workspace: Workspace,
        channel: Channel?,
        source: String,
        headers: [String: String]
    ) throws -> IntakeContext {
        var context = settings?.context ?? IntakeContext(source: "/\(channel?.rawValue ?? "any")/\(source)")
        context.account = try arguments.value("--account") ?? context.account
        context.defaultRegion = context.defaultRegion ?? workspace.configuration.region
        context.timeZone = context.timeZone ?? workspace.configuration.timeZone
        context.limits = workspace.configuration.limits
        if settings == nil { context.mail = workspace.configuration.mail }
        context.receivedAt = .now()
        context.headers = headers
        for header in arguments.allValues("--header") {
            let pieces = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard pieces.count == 2, !pieces[0].isEmpty else {
                throw UsageError("--header takes 'NAME: VALUE', not '\(header)'")
            }
            context.headers[pieces[0].lowercased()] = HeaderValue.trimmed(pieces[1])
        }
        return context
    }
}
