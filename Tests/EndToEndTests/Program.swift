import Foundation
import Testing

/// What a program that ran said.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String
    var lines: [Substring] { output.split(separator: "\n") }
}

/// The programs as they were built beside these tests.
struct Program {
    static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    static func url(_ name: String) -> URL { folder.appending(path: name) }

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
        let process = Process()
        process.executableURL = url(name)
        process.arguments = arguments
        return try finish(process, input: input, environment: environment)
    }

    /// Runs any program, found in the path.
    @discardableResult
    static func runTool(
        _ words: [String],
        input: Data? = nil,
        environment: [String: String] = [:],
        folder: URL? = nil
    ) throws -> Outcome {
        let process = Process()
        process.currentDirectoryURL = folder
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        return try finish(process, input: input, environment: environment)
    }

    static func start(_ name: String = "gatehouse", _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = url(name)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    private static func finish(_ process: Process, input: Data?, environment: [String: String]) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-io-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appending(path: $0) }
        for file in files { try Data().write(to: file) }
        if let input { try input.write(to: files[0]) }
        process.standardInput = try input == nil ? FileHandle.nullDevice : FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
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
    func configure(sources: String = "[]", target: String? = nil, options: String = "") throws {
        let targets =
            target.map { #"[{ "name": "desk", "preset": "generic-json", "url": "\#($0)"\#(options) }]"# } ?? "[]"
        try Data(
            """
            { "schema": 1, "state_dir": "state", "sources": \(sources), "targets": \(targets) }
            """.utf8
        ).write(to: configuration)
    }

    @discardableResult
    func gatehouse(_ arguments: String..., input: Data? = nil) throws -> Outcome {
        try Program.run("gatehouse", arguments + ["--config", configuration.path()], input: input)
    }

    func start(_ arguments: String...) throws -> Process {
        try Program.start("gatehouse", arguments + ["--config", configuration.path()])
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

    /// How many rows of the only target are in `state`.
    func outbox(_ state: String) throws -> Int {
        let targets = try #require(status()["targets"] as? [[String: Any]])
        return try #require(targets.first?[state] as? Int)
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
