import Foundation

/// The built `ticket-sink`, running on a free port of the loopback until it is let go.
final class TicketSinkProcess {
    let origin: String
    private let process = Process()

    struct NotBuilt: Error, CustomStringConvertible {
        let description = "ticket-sink is not built beside the tests; run `swift build` first"
    }

    init(_ arguments: [String] = []) throws {
        let folders = [
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent(),
            URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../.build/debug"),
        ]
        let program = folders.map { $0.appending(path: "ticket-sink") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
        guard let program else { throw NotBuilt() }
        process.executableURL = program
        process.arguments = arguments + ["--quiet"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var line = ""
        while !line.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            line += String(decoding: more, as: UTF8.self)
        }
        origin = String(line.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: " ").last ?? "")
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }
}
