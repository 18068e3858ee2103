import GatehouseCore
import GatehouseDelivery
import GatehousePipeline
import GatehouseWebhooks
import Glibc

struct CheckCommand: Command {
    static let name = "check"
    static let usage = "[--json] [FILE]"
    static let summary = "Says all that is wrong in the configuration at once, with line and column."
    static let details = """
        Reads the configuration, the secrets it names (without showing them) and the folders of its sources. Sends
        nothing and changes nothing. Exit code 78 where there is an error; warnings alone are 0.
        """
    static let options = [OptionSpecification.configuration, OptionSpecification.json]
    static let examples = ["gatehouse check", "gatehouse check --json deploy/gatehouse.jsonc"]

    private let path: String
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...1, "FILE")
        let named = try arguments.value("--config")
        if named != nil, !arguments.positional.isEmpty {
            throw UsageError("FILE and --config name the same thing: give one")
        }
        path = try ConfigurationLoader.locate(named ?? arguments.positional.first)
        isJSON = arguments.has("--json")
    }

    func run() throws -> ExitCode {
        let (configuration, problems) = try ConfigurationLoader.check(path)
        for problem in problems { say(problem.severity.rawValue, problem.words, at: problem) }
        guard let configuration else { return .configuration }
        let surroundings = checkSurroundings(of: configuration)
        for (isError, words) in surroundings { say(isError ? "error" : "warning", words) }
        if surroundings.contains(where: \.isError) { return .configuration }
        let counts = "\(configuration.sources.count) sources, \(configuration.targets.count) targets"
        say("fine", "\(counts), state in \(configuration.stateDirectory)")
        return .success
    }

    /// - Parameter problem: Where in the file; nil for what lies around it, or for all of it.
    private func say(_ level: String, _ words: String, at problem: ConfigurationProblem? = nil) {
        guard isJSON else {
            let place = problem.map { ":\($0.line):\($0.column)" } ?? ""
            return Console.print(UnicodeText.printable("\(path)\(place): \(level): \(words)"))
        }
        let place = problem.map { (line: $0.line, column: $0.column) }
        Console.printFinding(level == "fine" ? "ok" : level, path, at: place, words)
    }

    /// What lies outside the file: folders, formats and secrets.
    private func checkSurroundings(of configuration: Configuration) -> [(isError: Bool, words: String)] {
        var found: [(isError: Bool, words: String)] = []
        for source in configuration.sources {
            if source.kind == .webhook {
                found += checkWebhook(source)
            } else if let mailbox = source.mailbox {
                found += check(mailbox, of: source)
            } else if unsafe access(source.path, R_OK) != 0 {
                found.append(
                    (errno != ENOENT, "source '\(source.name)': cannot read \(source.path): \(systemMessage(errno)).")
                )
            }
            if let format = source.format, !formatResolver.formatNames.contains(format) {
                let hint = Suggestion.question(for: format, among: formatResolver.formatNames)
                found.append((true, "source '\(source.name)': there is no format '\(format)'.\(hint)"))
            }
        }
        for target in configuration.targets {
            do {
                _ = try DeliveryEngine(targets: [target.deliveryConfiguration])
            } catch {
                found.append((true, "\(error)."))
            }
            if let file = target.caFile, unsafe access(file, R_OK) != 0 {
                found.append((true, "target '\(target.name)': cannot read \(file): \(systemMessage(errno))."))
            }
            guard let secret = target.secret else { continue }
            do {
                _ = try secret.resolve()
            } catch {
                found.append((true, "target '\(target.name)': \(error)"))
            }
        }
        return found
    }

    private func check(
        _ mailbox: Configuration.Mailbox,
        of source: Configuration.Source
    ) -> [(isError: Bool, words: String)] {
        var found: [(isError: Bool, words: String)] = []
        if let file = mailbox.caFile, unsafe access(file, R_OK) != 0 {
            found.append((true, "source '\(source.name)': cannot read \(file): \(systemMessage(errno))."))
        }
        do {
            _ = try mailbox.secret.resolve()
        } catch {
            found.append((true, "source '\(source.name)': \(error)"))
        }
        return found
    }

    private func checkWebhook(_ source: Configuration.Source) -> [(isError: Bool, words: String)] {
        guard let signature = source.signature else {
            return [
                (
                    false,
                    "source '\(source.name)': without 'signature' everybody who finds the address can send messages."
                )
            ]
        }
        do {
            _ = try WebhookGate(signature)
        } catch {
            return [(true, "source '\(source.name)': \(error)")]
        }
        guard signature.recipe.handshake == .meta, signature.verifyToken == nil else { return [] }
        return [(false, "source '\(source.name)': without 'verify_token' Meta's check of the address fails.")]
    }
}
