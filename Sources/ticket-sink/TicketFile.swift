import GatehouseCore
import Glibc

/// Two append-only files in the folder given by `--directory`.
///
/// `tickets.jsonl` has a line for each ticket and follow-up, with the body as it was received; `requests.log` has each
/// request's line, key and length, followed by its raw body. Both are written, not synced, before the answer goes out.
struct TicketFile: ~Copyable {
    private let tickets: Int32
    private let requests: Int32
    private var ticketLines: [UInt8] = []
    private var requestLines: [UInt8] = []

    init(directory: String) throws(IntakeError) {
        if unsafe mkdir(directory, 0o700) != 0, errno != EEXIST {
            throw .unreadable(path: directory, reason: systemMessage(errno))
        }
        // A noncopyable value is made whole or not at all.
        let opened = try (Self.open("\(directory)/tickets.jsonl"), Self.open("\(directory)/requests.log"))
        (tickets, requests) = opened
    }

    deinit {
        Glibc.close(tickets)
        Glibc.close(requests)
    }

    private static func open(_ path: String) throws(IntakeError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemMessage(errno)) }
        return descriptor
    }

    mutating func record(_ request: Request) {
        let key = request.headers["idempotency-key"].map { " key=\($0)" } ?? ""
        let type = request.headers["content-type"].map { " type=\($0)" } ?? ""
        let query = request.query.isEmpty ? "" : "?\(request.query)"
        requestLines += Array(
            "\(request.method) \(request.path)\(query) length=\(request.body.count)\(key)\(type)\n".utf8
        )
        requestLines += request.body
        requestLines.append(UInt8(ascii: "\n"))
    }

    /// - Parameter number: The ticket's number; `message` is 0 for the opener.
    mutating func record(_ entry: Entry, at place: TicketBook.Place, key: String?) {
        var writer = JSONWriter()
        writer.object { line in
            line.member("ticket", place.ticket)
            line.member("message", place.message)
            line.member("idempotency_key", key)
            line.member("external_id", entry.externalID)
            line.key("body")
            line.raw(entry.body)
        }
        ticketLines += writer.bytes
        ticketLines.append(UInt8(ascii: "\n"))
    }

    mutating func flush() throws(IntakeError) {
        try Self.write(&requestLines, to: requests)
        try Self.write(&ticketLines, to: tickets)
    }

    private static func write(_ bytes: inout [UInt8], to descriptor: Int32) throws(IntakeError) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { source in
                unsafe Glibc.write(descriptor, source.baseAddress! + start, source.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unreadable(path: "the ticket files", reason: systemMessage(errno)) }
            start += count
        }
        bytes.removeAll(keepingCapacity: true)
    }
}
