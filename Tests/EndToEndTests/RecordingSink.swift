import Foundation
import TestSupport
import Testing

/// A `ticket-sink` on a port of its own, and what it has written down.
final class RecordingSink {
    var url: String { process.origin }
    private let process: TicketSinkProcess
    /// Where it writes.
    let folder: URL

    /// - Parameter failures: As for `--fail`: `503,count=2,retry-after=1`.
    init(failures: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ticket-sink-\(UUID().uuidString)")
        process = try TicketSinkProcess(["--directory", folder.path()] + failures.flatMap { ["--fail", $0] })
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

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
