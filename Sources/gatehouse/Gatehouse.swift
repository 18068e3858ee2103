import GatehouseCore
import GatehouseWebhooks
import Glibc

/// Every command, in the order in which `gatehouse help` lists them.
let allCommands: [any Command.Type] = [
    IngestCommand.self,
    PollCommand.self,
    ForwardCommand.self,
    RunCommand.self,
    ParseCommand.self,
    ValidateCommand.self,
    InitCommand.self,
    CheckCommand.self,
    DoctorCommand.self,
    StatusCommand.self,
    ListCommand.self,
    ShowCommand.self,
    LanguageCommand.self,
    ExplainCommand.self,
    RulesCommand.self,
    DeadCommand.self,
    HeldCommand.self,
    StatsCommand.self,
    ReportCommand.self,
    ReconcileCommand.self,
    AuditCommand.self,
    ReplayCommand.self,
    PurgeCommand.self,
    CompletionCommand.self,
    HelpCommand.self,
]

@main
struct Gatehouse {
    static let version = "0.1.0"

    static func main() {
        Signals.install()
        umask(0o077)
        // Swift reads them from /proc/self/cmdline. As no word at all would be 64, a mail server would bounce the mail.
        let words = CommandLine.arguments
        guard !words.isEmpty else {
            Console.complain("gatehouse: cannot read /proc/self/cmdline: is /proc mounted in here?")
            exit(ExitCode.tryAgainLater.rawValue)
        }
        var code = run(Array(words.dropFirst()))
        Console.flush()
        if unsafe Console.outputFailure != 0, code == .success {
            // `| head` is no mistake; a full disk is.
            if unsafe Console.outputFailure != EPIPE {
                Console.complain("gatehouse: cannot write the result: \(systemMessage(unsafe Console.outputFailure))")
                code = .ioError
            }
        }
        exit(code.rawValue)
    }

    /// The only place that turns an error into words and an exit code.
    static func run(_ words: [String]) -> ExitCode {
        guard let name = words.first else {
            Console.complain(HelpCommand.overview)
            return .usage
        }
        switch name {
        case "--help", "-h":
            Console.print(HelpCommand.overview)
            return .success
        case "--version":
            Console.print("gatehouse \(version)")
            return .success
        default: break
        }
        let rest = words.dropFirst()
        do {
            guard let command = allCommands.first(where: { $0.name == name }) else {
                throw UsageError(
                    "unknown command '\(name)'.\(Suggestion.question(for: name, among: allCommands.map { $0.name }))"
                        + " 'gatehouse help' lists them."
                )
            }
            if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
                Console.print(command.help)
                return .success
            }
            return try command.init(Arguments(rest, options: command.options)).run()
        } catch let error as UsageError {
            Console.complain(
                "gatehouse: \(error)\nTry 'gatehouse \(allCommands.contains { $0.name == name } ? name + " --help" : "help")'."
            )
            return answer(.usage, words)
        } catch {
            EventLog.write(.error, "failed", UnicodeText.printableLines("\(error)"))
            return answer((error as? any OperatorError)?.exitCode ?? .software, words)
        }
    }

    /// What the callers understand: a mail server bounces the customer's mail on most codes, so `ingest --mda` knows only
    /// 0 and 75; a web server's CGI has to answer something.
    private static func answer(_ code: ExitCode, _ words: [String]) -> ExitCode {
        guard words.first == IngestCommand.name else { return code }
        if words.contains("--cgi") { Console.write(WebhookReply.unavailable.cgi) }
        return words.contains("--mda") ? .tryAgainLater : code
    }
}
