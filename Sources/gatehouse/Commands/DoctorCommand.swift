import GatehouseCore
import GatehouseDelivery
import GatehouseSources
import GatehouseStore
import Glibc

struct DoctorCommand: Command {
    static let name = "doctor"
    static let usage = "[--offline] [--json]"
    static let summary = "Looks at everything a run needs: configuration, state, disk, clock, sources, targets."
    static let details = """
        Changes nothing and sends no message; each target is asked one question that changes nothing there (its login, or
        its address fetched), and each mailbox on a server is logged in to. Exit code 0 where nothing is worse than a warning, 69 where there is an error.
        """
    static let options = [
        OptionSpecification.configuration,
        OptionSpecification("--offline", nil, "ask no target and no mail server"),
        OptionSpecification.json,
    ]
    static let examples = ["gatehouse doctor", "gatehouse doctor --offline --json"]

    enum Level: String { case ok, info, warning, error }

    struct Finding {
        let level: Level
        let place: String
        let words: String
    }

    private let path: String
    private let isOffline: Bool
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        path = try ConfigurationLoader.locate(arguments.value("--config"))
        isOffline = arguments.has("--offline")
        isJSON = arguments.has("--json")
    }

    func run() throws -> ExitCode {
        var findings: [Finding] = []
        let (configuration, problems) = try ConfigurationLoader.check(path)
        for problem in problems {
            let level: Level = problem.severity == .error ? .error : .warning
            let words = "\(path):\(problem.line):\(problem.column): \(problem.words)"
            findings.append(Finding(level: level, place: "configuration", words: words))
        }
        if let configuration {
            if problems.isEmpty { findings.append(Finding(level: .ok, place: "configuration", words: path)) }
            findings += StateExamination(configuration: configuration).findings()
            findings += configuration.sources.map(source)
            findings += configuration.targets.map(target)
        }
        show(findings)
        return findings.contains { $0.level == .error } ? .unavailable : .success
    }

    private func source(_ source: Configuration.Source) -> Finding {
        let place = "source \(source.name)"
        guard source.kind != .webhook else {
            let isSigned = source.signature != nil
            let words = isSigned ? "a webhook, signed" : "a webhook that anybody can call: it has no 'signature'"
            return Finding(level: isSigned ? .ok : .warning, place: place, words: words)
        }
        if source.mailbox != nil { return mailbox(source, place) }
        let needed = source.after == .keep ? R_OK : R_OK | W_OK
        guard unsafe access(source.path, needed) == 0 else {
            let rights = needed == R_OK ? "read" : "read and change"
            return Finding(
                level: .error,
                place: place,
                words: "cannot \(rights) \(source.path): \(systemMessage(errno))"
            )
        }
        return Finding(level: .ok, place: place, words: source.path)
    }

    /// Logs in and looks at the folders; nothing there is changed.
    private func mailbox(_ source: Configuration.Source, _ place: String) -> Finding {
        let found = Workspace.mailboxSource(source)
        guard !isOffline, let found else { return Finding(level: .info, place: place, words: "not asked") }
        do {
            return Finding(level: .ok, place: place, words: try found.probe())
        } catch {
            return Finding(level: .error, place: place, words: "\(error)")
        }
    }

    private func target(_ target: Configuration.Target) -> Finding {
        let place = "target \(target.name)"
        do {
            let engine = try DeliveryEngine(targets: [target.deliveryConfiguration])
            guard !isOffline else { return Finding(level: .info, place: place, words: "not asked") }
            switch engine.probe(target.name) {
            case .fine(let words): return Finding(level: .ok, place: place, words: words)
            case .doubtful(let words): return Finding(level: .warning, place: place, words: words)
            case .failed(let words): return Finding(level: .error, place: place, words: words)
            }
        } catch {
            return Finding(level: .error, place: place, words: "\(error)")
        }
    }

    private func show(_ findings: [Finding]) {
        guard isJSON else {
            var table = TextTable(["", "WHAT", "FOUND"], flexible: 2, wraps: true)
            for finding in findings { table.add([finding.level.rawValue, finding.place, finding.words]) }
            Console.print(table)
            return
        }
        for finding in findings { Console.printFinding(finding.level.rawValue, finding.place, finding.words) }
    }
}
