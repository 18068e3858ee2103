import GatehouseCore

/// The endpoint's rules: which request makes, finds or ends which ticket. It knows no sockets.
struct TicketService: ~Copyable {
    private var book = TicketBook()
    private var failures: FailurePlan
    private var file: TicketFile?
    private(set) var counts = Counts()
    /// `http://127.0.0.1:PORT`.
    private let origin: String

    init(origin: String, failures: FailurePlan, directory: String?) throws(IntakeError) {
        self.origin = origin
        self.failures = failures
        file = nil
        if let directory {
            file = try TicketFile(directory: directory)
            book = try TicketFile.load(directory: directory)
            counts.tickets = book.tickets.count
            counts.messages = book.tickets.reduce(0) { $0 + $1.messages.count }
        }
    }

    mutating func countConnection() { counts.connections += 1 }
    mutating func countBadRequest() { counts.badRequests += 1 }
    mutating func flush() throws(IntakeError) { try file?.flush() }

    /// The failure that strikes this request, if it is one that makes a ticket or a follow-up.
    mutating func failure(for request: Request) -> Failure? {
        guard request.method == "POST", request.path == "/tickets" || Self.messagesTicket(request.path) != nil else {
            return nil
        }
        return failures.strike()
    }

    mutating func answer(_ request: Request, failure: Failure?) -> Answer {
        counts.requests += 1
        file?.record(request)
        guard let failure else { return route(request) }
        counts.failures += 1
        var answer = failed(request, failure)
        answer.delayMilliseconds = failure.delayMilliseconds
        return answer
    }

    private mutating func failed(_ request: Request, _ failure: Failure) -> Answer {
        let commits = failure.isCommitted || failure.kind == .lost || failure.kind == .slow
        let real = commits ? route(request) : nil
        switch failure.kind {
        case .slow: return real ?? route(request)
        case .close, .lost: return .withheld
        case .html:
            let page = "<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>"
            return Answer(status: 200, fields: [("Content-Type", "text/html; charset=utf-8")], body: Array(page.utf8))
        case .status(let status):
            var answer = Answer.refusal(status, "this failure was asked for")
            if let value = failure.retryAfterField { answer.fields.append(("Retry-After", value)) }
            return answer
        }
    }

    private mutating func route(_ request: Request) -> Answer {
        switch (request.method, request.path) {
        case ("POST", "/tickets"): return create(request)
        case ("GET", "/tickets"), ("HEAD", "/tickets"): return list(request)
        case ("GET", "/_stats"): return statistics()
        case ("POST", "/_fail"): return configureFailures(request)
        default: break
        }
        if let number = Self.messagesTicket(request.path) {
            return request.method == "POST" ? followUp(request, number) : .refusal(405, "only POST here")
        }
        guard request.path.hasPrefix("/tickets/"), let number = Self.number(request.path.dropFirst(9)),
            let ticket = book.ticket(number)
        else { return .refusal(404, "nothing is here") }
        switch request.method {
        case "GET", "HEAD": return .json(200) { Self.write(ticket, to: &$0) }
        case "DELETE":
            book.close(number)
            return Answer(status: 204)
        default: return .refusal(405, "only GET and DELETE here")
        }
    }

    private mutating func create(_ request: Request) -> Answer {
        if let key = request.headers["idempotency-key"], let place = book.place(ofKey: key) {
            counts.replayed += 1
            return made(place, isReplay: true)
        }
        switch entry(of: request) {
        case .failure(let refusal): return .refusal(refusal.status, refusal.reason)
        case .success(let entry):
            let key = request.headers["idempotency-key"]
            let place = book.open(entry, key: key)
            counts.tickets += 1
            file?.record(entry, at: place, key: key)
            return made(place, isReplay: false)
        }
    }

    private mutating func followUp(_ request: Request, _ number: Int) -> Answer {
        if let key = request.headers["idempotency-key"], let place = book.place(ofKey: key) {
            counts.replayed += 1
            return made(place, isReplay: true)
        }
        guard let ticket = book.ticket(number) else { return .refusal(404, "no such ticket") }
        guard !ticket.isClosed else { return .refusal(410, "the ticket is gone") }
        switch entry(of: request) {
        case .failure(let refusal): return .refusal(refusal.status, refusal.reason)
        case .success(let entry):
            let key = request.headers["idempotency-key"]
            let place = book.add(entry, to: number, key: key)
            counts.messages += 1
            file?.record(entry, at: place, key: key)
            return made(place, isReplay: false)
        }
    }

    private func made(_ place: TicketBook.Place, isReplay: Bool) -> Answer {
        let url = "\(origin)/tickets/\(place.ticket)"
        var answer = Answer.json(isReplay ? 200 : 201) { body in
            body.member("id", "\(place.ticket)")
            body.member("number", place.ticket)
            if place.message > 0 { body.member("message", place.message) }
            body.member("url", url)
            if isReplay { body.member("replayed", true) }
        }
        answer.fields.append(("Location", url))
        return answer
    }

    /// The body as an entry; RFC 8259 allows raw line ends between tokens alone, so a space says the same.
    private func entry(of request: Request) -> Result<Entry, BadRequest> {
        let type = (request.headers["content-type"] ?? "").lowercased()
        guard type.hasPrefix("application/cloudevents+json") || type.hasPrefix("application/json") else {
            return .failure(BadRequest(status: 415, reason: "send application/cloudevents+json"))
        }
        guard let id = SinkJSON.envelopeID(request.body) else {
            return .failure(BadRequest(status: 400, reason: "the body is no JSON object with an id"))
        }
        let body = request.body.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
        return .success(Entry(body: body, externalID: id))
    }

    private mutating func configureFailures(_ request: Request) -> Answer {
        guard let asked = SinkJSON.failures(request.body) else {
            return .refusal(
                400,
                "send a list such as [\"503,count=2\"] or {\"seed\": 1, \"rules\": [\"lost,share=0.03\"]}"
            )
        }
        failures = FailurePlan(asked.failures, seed: asked.seed)
        return .json(200) { $0.member("failures", asked.failures.count) }
    }

    private mutating func list(_ request: Request) -> Answer {
        var found: [Ticket] = []
        if let id = Self.parameter("external_id", in: request.query) {
            counts.lookups += 1
            found = book.places(ofExternalID: id).compactMap { book.ticket($0.ticket) }
        } else {
            found = book.tickets
        }
        return .json(200) { body in
            body.member("count", found.count)
            body.key("items")
            body.array { items in
                for ticket in found { items.object { Self.write(ticket, to: &$0) } }
            }
        }
    }

    private static func write(_ ticket: Ticket, to object: inout JSONWriter) {
        object.member("id", "\(ticket.number)")
        object.member("number", ticket.number)
        object.member("closed", ticket.isClosed)
        object.member("external_id", ticket.opener.externalID)
        object.key("envelope")
        object.raw(ticket.opener.body)
        object.key("messages")
        object.array { list in for message in ticket.messages { list.raw(message.body) } }
    }

    private func statistics() -> Answer {
        .json(200) { body in
            body.member("requests", counts.requests)
            body.member("connections", counts.connections)
            body.member("tickets", counts.tickets)
            body.member("messages", counts.messages)
            body.member("doubled", book.doubledCount)
            body.member("replayed", counts.replayed)
            body.member("lookups", counts.lookups)
            body.member("failures", counts.failures)
            body.member("bad_requests", counts.badRequests)
        }
    }

    /// The ticket's number in `/tickets/NUMBER/messages`.
    private static func messagesTicket(_ path: String) -> Int? {
        guard path.hasPrefix("/tickets/"), path.hasSuffix("/messages") else { return nil }
        return number(path.dropFirst(9).dropLast(9))
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// A query's parameter, percent-decoded; nil where it is absent.
    static func parameter(_ name: String, in query: String) -> String? {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) where pair.starts(with: "\(name)=".utf8) {
            let value = Array(pair.dropFirst(name.utf8.count + 1))
            var bytes: [UInt8] = []
            var index = 0
            while index < value.count {
                if value[index] == UInt8(ascii: "%"), index + 2 < value.count,
                    let high = Hex.value(of: value[index + 1]), let low = Hex.value(of: value[index + 2])
                {
                    bytes.append(high << 4 | low)
                    index += 3
                } else {
                    bytes.append(value[index] == UInt8(ascii: "+") ? 0x20 : value[index])
                    index += 1
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        return nil
    }
}
