import GatehouseCore
import GatehousePipeline
import GatehouseTriage
import Glibc

struct ParseCommand: Command {
    static let name = "parse"
    static let usage = "[--channel C] [--format F] FILE… | -"
    static let summary = "Prints what is in FILEs as envelopes, one JSON object a line. Keeps no state."
    static var details: String {
        """
        Needs no configuration. A FILE may be a network's download: its .zip, or the folder it was unpacked to. The envelopes come in the order of the files and of their messages;
        data.raw.source_position names the file. An input that is no message becomes an 'input.rejected'
        envelope, the rest goes on, and the exit code is 65.

        Formats:
        \(formatList)
        """
    }
    static let options = [
        OptionSpecification("--channel", "C", "one of: \(Channel.allCases.map(\.rawValue).joined(separator: ", "))"),
        OptionSpecification("--format", "F", "take the files for this format, whatever they look like"),
        OptionSpecification("--account", "A", "whose inbox this is: an address, a page, a number"),
        OptionSpecification("--region", "CC", "country of telephone numbers without a country code, such as DE"),
        OptionSpecification(
            "--trusted-authserv-id",
            "ID",
            "believe this mail server's Authentication-Results; may be given again"
        ),
        OptionSpecification("--time-zone", "ZONE", "zone of times without one, such as Europe/Berlin"),
        OptionSpecification("--now", "TIME", "what 'tomorrow' counts from, and windows pass by; default: the clock"),
        OptionSpecification("--source", "NAME", "read as for this configured source: its mapping, account and so on"),
        .configuration,
        OptionSpecification("--no-triage", nil, "leave language and urgency out"),
        OptionSpecification("--no-masking", nil, "print passwords, card numbers and keys as they stand"),
        OptionSpecification("--json", nil, "as it is without it"),
    ]
    static let examples = [
        "gatehouse parse Samples/email/*.eml",
        "gatehouse parse --channel phone_callback --region DE - < form.txt",
    ]

    private let files: [String]
    private let channel: Channel?
    private let format: String?
    private let account: String?
    private let region: String?
    private let timeZone: String?
    private let now: Timestamp
    private let resolver: FormatResolver
    private let trustedServers: [String]
    private let assesses: Bool
    private let masks: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(1...(.max - 1), "FILE (or '-' for standard input)")
        files = arguments.positional
        let workspace = try arguments.value("--source") == nil ? nil : Workspace(arguments)
        let settings = try workspace?.sourceSettings(arguments.value("--source") ?? "")
        resolver = workspace?.resolver(for: settings) ?? formatResolver
        let named = try arguments.choice("--channel", of: Channel.allCases.map(\.rawValue))
        channel = named.flatMap(Channel.init(rawValue:)) ?? settings?.channel
        format = try arguments.format() ?? settings.flatMap { workspace?.format($0) }
        account = try arguments.value("--account") ?? settings?.context.account
        region = try arguments.value("--region") ?? settings?.context.defaultRegion
        timeZone = try arguments.value("--time-zone") ?? settings?.context.timeZone
        trustedServers = arguments.allValues("--trusted-authserv-id")
        assesses = !arguments.has("--no-triage")
        masks = !arguments.has("--no-masking")
        let stated = try arguments.value("--now")
        guard let time = stated.map({ Timestamp(rfc3339: $0) }) ?? .now() else {
            throw UsageError("'\(stated ?? "")' is no time: write it as 2026-01-31T15:00:00Z")
        }
        now = time
    }

    func run() throws -> ExitCode {
        var outcome = ParseOutcome()
        defer { outcome.lines.finish() }
        let steps = Steps()
        for file in files {
            do {
                try parse(file, steps: steps, outcome: &outcome)
            } catch let error as any OperatorError {
                outcome.worst = outcome.worst ?? error.exitCode
                try? emit(rejection(of: file, because: error), steps: steps, outcome: &outcome, channel: .email)
            }
        }
        return outcome.hasRejected ? .dataError : outcome.worst ?? .success
    }

    /// What each message goes through.
    private struct Steps {
        let triage: Triage
        let redactor: SecretRedactor

        init() {
            triage = Triage()
            redactor = triage.redactor(key: nil)
        }
    }

    private struct ParseOutcome: ~Copyable {
        var hasRejected = false
        var worst: ExitCode?
        /// Written in blocks; what goes to standard error waits for what came before it.
        var lines = JSONWriter { Console.write(block: $0) }
    }

    private func parse(_ file: String, steps: Steps, outcome: inout ParseOutcome) throws {
        let reading = InputReading(resolver: resolver, sourceName: "parse", format: format, channel: channel)
        try reading.read(NamedInput(file, context: context)) { item, channel in
            try emit(item, steps: steps, outcome: &outcome, channel: channel)
        }
    }

    private func emit(_ item: ParsedItem, steps: Steps, outcome: inout ParseOutcome, channel: Channel) throws {
        switch item {
        case .message(let held):
            finish(&held.message, steps: steps, lines: &outcome.lines)
        case .rejected(var rejected):
            _ = steps.redactor.redact(&rejected)
            outcome.hasRejected = true
            let origin = IntakeOrigin(channel: channel, source: "/\(channel.rawValue)/parse", account: account)
            let envelope = Envelope(rejected: rejected, from: origin)
            outcome.lines.finish()
            Console.complain("gatehouse: \(UnicodeText.printable(rejected.sentence))")
            write(envelope, to: &outcome.lines)
        case .ignored(let ignored):
            outcome.lines.finish()
            Console.complain("gatehouse: \(UnicodeText.printable("\(ignored.position): no message: \(ignored.kind)"))")
        }
    }

    /// Completes the message where it lies, and prints it.
    private func finish(_ message: inout ParsedMessage, steps: Steps, lines: inout JSONWriter) {
        EnvelopeIdentity.assign(
            to: &message.envelope,
            keys: message.keys,
            ordinal: message.ordinal,
            rawDigest: message.envelope.data.raw.sha256 ?? SHA256.hex(of: message.raw)
        )
        let safety = masks ? steps.redactor.redact(&message) : nil
        if assesses {
            steps.triage.assess(&message.envelope, contents: message.contents)
            if let safety { message.envelope.data.triage?.safety.add(safety.result) }
        }
        write(message.envelope, to: &lines)
    }

    private func write(_ envelope: Envelope, to lines: inout JSONWriter) {
        EnvelopeEncoder.write(envelope, to: &lines)
        lines.endLine()
    }

    /// An input that could not even be opened stands in the output too: one line for each input.
    private func rejection(of file: String, because error: any OperatorError) -> ParsedItem {
        .rejected(
            RejectedInput(
                reason: "unreadable",
                detail: "\(error)",
                position: file,
                provider: "unknown",
                raw: []
            )
        )
    }

    private var context: IntakeContext {
        var context = IntakeContext(source: "/\(channel?.rawValue ?? "any")/parse", account: account)
        context.defaultRegion = region
        context.timeZone = timeZone
        context.mail.trustedServers = Set(trustedServers.map { $0.lowercased() })
        context.now = now
        return context
    }
}
