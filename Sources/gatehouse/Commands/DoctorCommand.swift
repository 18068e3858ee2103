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
            findings.append(Finding(level: level, place: "configuration", words: problem.described(path: path)))
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
            var table = TextTable(["", "WHAT", "FOUND"], flexible: 2)
            for finding in findings { table.add([finding.level.rawValue, finding.place, finding.words]) }
            Console.print(table)
            return
        }
        for finding in findings {
            var json = JSONWriter()
            json.object { json in
                json.member("level", finding.level.rawValue)
                json.member("what", finding.place)
                json.member("found", finding.words)
            }
            Console.print(json.text)
        }
    }
}

/// The state directory: its rights, its disk, what waits in it, and whether the clock goes with it.
struct StateExamination {
    typealias Finding = DoctorCommand.Finding

    let configuration: Configuration

    func findings() -> [Finding] {
        let directory = configuration.stateDirectory
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else {
            let words = "\(directory) is not there yet: the first poll or ingest makes it"
            return [Finding(level: .info, place: "state", words: words)]
        }
        var found: [Finding] = []
        if status.st_mode & 0o077 != 0 {
            let words = "others may look into \(directory), which holds customers' words: chmod 700 \(directory)"
            found.append(Finding(level: .warning, place: "state", words: words))
        }
        if status.st_uid != geteuid() {
            let words = "\(directory) belongs to user \(status.st_uid), and this is user \(geteuid())"
            found.append(Finding(level: .warning, place: "state", words: words))
        }
        return found + [disk(directory)] + contents()
    }

    private func disk(_ directory: String) -> Finding {
        var space = statvfs()
        guard unsafe statvfs(directory, &space) == 0 else {
            return Finding(level: .error, place: "disk", words: "\(directory): \(systemMessage(errno))")
        }
        let free = (UInt64(space.f_bavail) &* UInt64(space.f_frsize)) >> 20
        let level: DoctorCommand.Level = free < 100 ? .error : free < 1024 ? .warning : .ok
        return Finding(level: level, place: "disk", words: "\(free) MiB free")
    }

    private func contents() -> [Finding] {
        do {
            let workspace = Workspace(configuration: configuration)
            let store = try workspace.openStore(create: false)
            let statistics = try store.statistics()
            var found = [Finding(level: .ok, place: "state", words: "\(statistics.inputs) inputs so far")]
            let now = Timestamp.now()
            if let restored = store.restoredAt {
                let words = "an older database was put back, as was found out at \(restored.rfc3339)"
                found.append(Finding(level: .info, place: "state", words: words))
            }
            for source in statistics.sources {
                let isAhead = source.lastCommitAt.milliseconds > now.milliseconds + 60_000
                found.append(
                    Finding(
                        level: isAhead ? .warning : .info,
                        place: isAhead ? "clock" : "source \(source.name)",
                        words: "last commit \(source.lastCommitAt.rfc3339)"
                            + (isAhead ? ", which is in the future: was the clock put back?" : "")
                    )
                )
            }
            for (target, states) in statistics.outbox.sorted(by: { $0.key < $1.key }) {
                let dead = states[.dead] ?? 0
                guard dead > 0 else { continue }
                let words = "\(dead) dead letters wait for a person: gatehouse dead list"
                found.append(Finding(level: .warning, place: "target \(target)", words: words))
            }
            return found
        } catch StoreError.missing {
            return [Finding(level: .info, place: "state", words: "empty: nothing was taken in yet")]
        } catch {
            return [Finding(level: .error, place: "state", words: "\(error)")]
        }
    }
}
