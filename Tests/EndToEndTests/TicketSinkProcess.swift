import Foundation
import Testing

/// A `ticket-sink` on a port of its own.
final class TicketSinkProcess {
    let url: String
    private let process: Process
    private let folder: URL

    /// - Parameter failures: As for `--fail`: `503,count=2,retry-after=1`.
    init(failures: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ticket-sink-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let log = folder.appending(path: "log")
        try Data().write(to: log)
        process = Process()
        process.executableURL = Program.url("ticket-sink")
        process.arguments = ["--directory", folder.path(), "--quiet"] + failures.flatMap { ["--fail", $0] }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: log)
        process.standardError = FileHandle.nullDevice
        try process.run()
        var found: String?
        for _ in 0..<200 where found == nil {
            let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
            if text.hasSuffix("\n") || text.contains("\n") {
                found = text.split(separator: "\n").first?.components(separatedBy: " ").last
            }
            if found == nil { Thread.sleep(forTimeInterval: 0.05) }
        }
        url = try #require(found, "ticket-sink did not start")
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    struct Entry {
        let ticket: Int
        /// 0 for the message that opened the ticket.
        let message: Int
        let envelopeID: String
        let body: [String: Any]
        var data: [String: Any] { body["data"] as? [String: Any] ?? [:] }
    }

    /// What it holds: one entry for each ticket, and one for each follow-up.
    func entries() throws -> [Entry] {
        let file = folder.appending(path: "tickets.jsonl")
        let text = String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
        return try text.split(separator: "\n").map { line in
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let body = try #require(object["body"] as? [String: Any])
            return Entry(
                ticket: try #require(object["ticket"] as? Int),
                message: try #require(object["message"] as? Int),
                envelopeID: try #require(body["id"] as? String),
                body: body
            )
        }
    }

    /// Every request as it came, bodies included.
    func requests() throws -> Data { try Data(contentsOf: folder.appending(path: "requests.log")) }
}
