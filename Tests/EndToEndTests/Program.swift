import Foundation
import Glibc
import Testing

/// What a program that ran said.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String
    var lines: [Substring] { output.split(separator: "\n") }
}

/// A program that is running. It is waited for exactly once.
final class Child {
    let processIdentifier: pid_t
    private var waitStatus: Int32?

    /// - Parameters:
    ///   - words: The program's path, found in `PATH` where it has no slash, and its words.
    ///   - input: A file to read from; nil gives it nothing.
    ///   - output: A file to write to; nil throws the output away.
    init(
        _ words: [String],
        input: URL? = nil,
        output: URL? = nil,
        errors: URL? = nil,
        environment: [String: String] = [:],
        folder: URL? = nil
    ) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, input?.path() ?? "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output?.path() ?? "/dev/null", O_WRONLY | O_CREAT, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors?.path() ?? "/dev/null", O_WRONLY | O_CREAT, 0o600)
        let words = folder.map { ["env", "-C", $0.path()] + words } ?? words
        let merged = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        var variables = unsafe merged.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
            for index in unsafe variables.indices { unsafe free(variables[index]) }
        }
        var child: pid_t = 0
        let failure = unsafe posix_spawnp(&child, words[0], &actions, nil, &arguments, &variables)
        try #require(failure == 0, "cannot run \(words[0]): \(failure)")
        processIdentifier = child
    }

    /// - Returns: The exit code, or minus the number of the signal that ended it.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = waitStatus ?? 0
        while waitStatus == nil {
            if unsafe waitpid(processIdentifier, &status, 0) == processIdentifier { waitStatus = status }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }

    var isRunning: Bool {
        guard waitStatus == nil else { return false }
        var status: Int32 = 0
        if unsafe waitpid(processIdentifier, &status, WNOHANG) == processIdentifier { waitStatus = status }
        return waitStatus == nil
    }

    func send(_ signal: Int32) { if waitStatus == nil { kill(processIdentifier, signal) } }
}

/// The programs as they were built beside these tests.
struct Program {
    static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    static func path(_ name: String) -> String { folder.appending(path: name).path() }

    /// Runs a built program to its end.
    ///
    /// Input and output go through files, so no pipe can fill up and block.
    @discardableResult
    static func run(
        _ name: String = "gatehouse",
        _ arguments: [String],
        input: Data? = nil,
        environment: [String: String] = [:]
    ) throws -> Outcome {
        try runTool([path(name)] + arguments, input: input, environment: environment)
    }

    /// Runs any program, found in the path.
    @discardableResult
    static func runTool(
        _ words: [String],
        input: Data? = nil,
        environment: [String: String] = [:],
        folder: URL? = nil
    ) throws -> Outcome {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "gatehouse-io-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let files = ["in", "out", "err"].map { scratch.appending(path: $0) }
        if let input { try input.write(to: files[0]) }
        let child = try Child(
            words,
            input: input == nil ? nil : files[0],
            output: files[1],
            errors: files[2],
            environment: environment,
            folder: folder
        )
        let status = child.wait()
        return Outcome(
            status: status,
            output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
        )
    }
}

/// A folder of its own with a configuration, which goes when the test ends.
final class Desk {
    let folder: URL
    var state: URL { folder.appending(path: "state") }
    var configuration: URL { folder.appending(path: "gatehouse.jsonc") }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-desk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try configure()
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// - Parameters:
    ///   - sources: The configuration's `sources`, as JSON.
    ///   - target: The URL of the ticket endpoint.
    ///   - masksProbableSecrets: Whether what is only likely to be a secret is removed, too.
    func configure(
        sources: String = "[]",
        target: String? = nil,
        options: String = "",
        masksProbableSecrets: Bool = false
    ) throws {
        let targets =
            target.map { #"[{ "name": "desk", "preset": "generic-json", "url": "\#($0)"\#(options) }]"# } ?? "[]"
        try configure(sources: sources, targets: targets, masksProbableSecrets: masksProbableSecrets)
    }

    /// - Parameter targets: The configuration's `targets`, as JSON.
    func configure(sources: String, targets: String, masksProbableSecrets: Bool = false) throws {
        let secrets = masksProbableSecrets ? #", "triage": { "secrets": { "mask_probable": true } }"# : ""
        try Data(
            """
            { "schema": 1, "state_dir": "state", "sources": \(sources), "targets": \(targets)\(secrets) }
            """.utf8
        ).write(to: configuration)
    }

    @discardableResult
    func gatehouse(_ arguments: String..., input: Data? = nil) throws -> Outcome {
        try Program.run("gatehouse", arguments + ["--config", configuration.path()], input: input)
    }

    func start(_ arguments: String...) throws -> Child {
        try Child([Program.path("gatehouse")] + arguments + ["--config", configuration.path()])
    }

    /// Starts a command again and again, and kills it a little later each time.
    ///
    /// - Parameters:
    ///   - pause: Seconds before the first kill.
    ///   - step: By how much later each next one is.
    /// - Returns: How many runs had not ended by themselves before.
    func kill(_ words: String..., rounds: Int, after pause: Double, step: Double) throws -> Int {
        var kills = 0
        for round in 0..<rounds {
            let run = try Child([Program.path("gatehouse")] + words + ["--config", configuration.path()])
            Thread.sleep(forTimeInterval: pause + step * Double(round))
            if run.isRunning {
                run.send(SIGKILL)
                kills += 1
            }
            run.wait()
        }
        return kills
    }

    /// `status --json`, read.
    func status() throws -> [String: Any] {
        let outcome = try gatehouse("status", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(object as? [String: Any], "status says: \(outcome.output) \(outcome.errors)")
    }

    func inputs(_ state: String) throws -> Int {
        try #require((status()["inputs_by_state"] as? [String: Int])?[state])
    }

    /// How many rows of all targets together are in `state`.
    func outbox(_ state: String) throws -> Int {
        let targets = try #require(status()["targets"] as? [[String: Any]])
        #expect(!targets.isEmpty)
        return try targets.reduce(0) { try $0 + #require($1[state] as? Int) }
    }

    func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

    func write(_ data: Data, to path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }
}

enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    static let samples = root.appending(path: "Samples")
}
