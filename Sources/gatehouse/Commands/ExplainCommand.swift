import GatehouseCore
import GatehouseStore
import GatehouseTriage

struct ExplainCommand: Command {
    static let name = "explain"
    static let usage = "ID | --text '…'"
    static let summary = "Says in words what triage sees in a message, and why."
    static let details = """
        ID may be the start of an id, as 'gatehouse list' prints it: what was decided when the message came in is shown.
        With --text the rules of today are applied to the words given, and nothing is kept.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--text", "WORDS", "explain these words, as the body of a message"),
        OptionSpecification("--subject", "WORDS", "with --text: its subject"),
        OptionSpecification("--channel", "C", "with --text: as if it came by this channel; default: email"),
        OptionSpecification("--json", nil, "print data.triage"),
    ]
    static let examples = ["gatehouse explain mfrggzdfmy", "gatehouse explain --text 'Someone withdrew all my BTC'"]

    private let arguments: Arguments
    private let text: String?
    private let channel: Channel

    init(_ arguments: Arguments) throws {
        self.arguments = arguments
        text = try arguments.value("--text")
        try arguments.expectPositional(text == nil ? 1...1 : 0...0, "ID (or --text)")
        let named = try arguments.choice("--channel", of: Channel.allCases.map(\.rawValue))
        channel = named.flatMap(Channel.init(rawValue:)) ?? .email
    }

    func run() throws -> ExitCode {
        let envelope: JSONValue
        if let text {
            let subject = try arguments.value("--subject")
            let assessed = TriageTrial(arguments).assess(text, subject: subject, channel: channel)
            envelope = try JSONDocument.parse(EnvelopeEncoder.encode(assessed))
        } else {
            let message = try Workspace(arguments).openStore(create: false).soleMessage(arguments.positional[0])
            envelope = try JSONDocument.parse(message.envelope)
        }
        guard let triage = envelope["data"]?["triage"] else {
            Console.print("Nothing was said of this message: it is no message of a customer.")
            return .success
        }
        if arguments.has("--json") {
            Console.print(TriageExplanation.json(triage))
        } else {
            for line in TriageExplanation.lines(triage, dedup: envelope["data"]?["dedup"]) {
                Console.print(UnicodeText.printable(line))
            }
        }
        return .success
    }
}

/// The configured rules, or the built-in ones where there is no configuration, tried on a text that is kept nowhere.
struct TriageTrial {
    private let triage: Triage

    init(_ arguments: Arguments) {
        triage = (try? Workspace(arguments).triage) ?? Triage()
    }

    func assess(_ text: String, subject: String? = nil, channel: Channel = .email) -> Envelope {
        var data = MessageData(channel: channel, provider: "trial")
        data.subject = subject.map(UnicodeText.normalised)
        data.body.text = UnicodeText.normalised(text)
        var envelope = Envelope(source: "/\(channel.rawValue)/trial", type: .messageCreated, data: data)
        triage.assess(&envelope)
        return envelope
    }
}
