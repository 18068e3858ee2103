import Foundation
import Glibc
import Testing

/// A `ticket-sink` on a port of its own.
final class TicketSinkProcess {
    let url: String
    private let child: Child
    private let folder: URL
    /// Its standard input ends with this process, however that ends, and with it the sink.
    private let lifeline: Int32

    /// - Parameter failures: As for `--fail`: `503,count=2,retry-after=1`.
    init(failures: [String] = []) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "ticket-sink-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let log = folder.appending(path: "log")
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0)
        lifeline = ends[0]
        defer { close(ends[1]) }
        child = try Child(
            [Program.path("ticket-sink"), "--directory", folder.path(), "--quiet", "--until-eof"]
                + failures.flatMap { ["--fail", $0] },
            inputDescriptor: ends[1],
            output: log
        )
        var found: String?
        for _ in 0..<200 where found == nil {
            let text = String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self)
            if text.contains("\n") {
                found = text.split(separator: "\n").first?.components(separatedBy: " ").last
            }
            if found == nil { Thread.sleep(forTimeInterval: 0.05) }
        }
        url = try #require(found, "ticket-sink did not start")
    }

    deinit {
        child.send(SIGKILL)
        child.wait()
        close(lifeline)
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
