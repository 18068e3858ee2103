import GatehouseCore
import GatehouseTransfer

/// `rt`: Request Tracker 5 by its REST 2 interface (docs.bestpractical.com/rt/5.0.3/RT/REST2.html).
///
/// `url` is RT's own address. With `user` and `secret` it logs in once and uses the session's cookie, since RT hashes
/// passwords and tokens slowly on each request; with a `secret` alone that is sent as a token.
///
/// RT knows no idempotency key. The envelope's id stands in a custom field of the ticket, and in the subject of each
/// follow-up; both are looked up before anything is sent again.
///
/// Options: `external_id_field` (a custom field of the queue's tickets, default `ExternalId`), `status` (of new tickets),
/// `follow_up` (`correspond`, the default, which reopens a resolved ticket; or `comment`, which no customer sees).
struct RequestTracker: ProgrammedAPI {
    static let name = "rt"
    static let attachmentLimit = 10 << 20
    static let optionNames = ["external_id_field", "status", "follow_up"]

    /// Without `/REST/2.0`.
    let base: HTTPURL
    let user: String?
    let queue: String
    let idField: String
    let status: String?
    let followUp: String

    init(_ target: TargetConfiguration) throws(TargetError) {
        var url = try Self.url(target)
        for suffix in ["/", "/REST/2.0", "/"] where url.text.hasSuffix(suffix) {
            url = HTTPURL(String(url.text.dropLast(suffix.count))) ?? url
        }
        base = url
        user = target.user
        queue = target.queue ?? "General"
        idField = target.options["external_id_field"] ?? "ExternalId"
        status = target.options["status"]
        followUp = target.options["follow_up"] ?? "correspond"
        guard ["correspond", "comment"].contains(followUp) else {
            throw TargetError(target: target.name, reason: "follow_up is correspond or comment")
        }
        guard !idField.contains(where: { "{}'\"\\".contains($0) }), !idField.isEmpty else {
            throw TargetError(target: target.name, reason: "external_id_field may hold no quote, brace or backslash")
        }
    }

    func login(secret: String?) -> HTTPRequest? {
        guard let user, let secret, let url = base.appending("/NoAuth/Login.html") else { return nil }
        let form = "user=\(HTTPURL.encode(user))&pass=\(HTTPURL.encode(secret))"
        let headers = [
            HTTPField(.contentType, cleaned: "application/x-www-form-urlencoded"),
            HTTPField(.referer, cleaned: "\(base.text)/"),
        ]
        return HTTPRequest(.post, url, headers: headers, body: Array(form.utf8))
    }

    /// RT answers 200 with the login page whether it took the password or not, and sets its cookie on both; what the
    /// page's script says of the current user tells them apart.
    func session(from answer: HTTPResponse) -> String? {
        let isRefused = String(decoding: answer.body, as: UTF8.self).contains("RT.CurrentUser = {}")
        guard (200..<400).contains(answer.status), !isRefused else { return nil }
        return answer.headers(named: "set-cookie").compactMap { field -> String? in
            guard field.hasPrefix("RT_SID"), let pair = field.split(separator: ";").first else { return nil }
            return String(pair)
        }.last
    }

    func authorise(_ request: inout HTTPRequest, secret: String?, session: String?) {
        if let session {
            request.headers.append(HTTPField(.cookie, cleaned: session))
            // RT's protection against forged requests wants to see where a request with a cookie comes from.
            request.headers.append(HTTPField(.referer, cleaned: "\(base.text)/"))
        } else if let secret {
            request.headers.append(HTTPField(.authorization, cleaned: "token \(secret)"))
        }
    }

    func plan(for message: OutgoingMessage) -> any DeliveryPlan { RequestTrackerPlan(api: self, message: message) }

    /// A request to the REST 2 interface.
    func request(_ method: HTTPMethod, _ path: String, body: [UInt8] = []) -> HTTPRequest? {
        guard let url = base.appending("/REST/2.0\(path)") else { return nil }
        var headers = [HTTPField(.accept, cleaned: "application/json")]
        if method != .get { headers.append(HTTPField(.contentType, cleaned: "application/json")) }
        return HTTPRequest(method, url, headers: headers, body: body)
    }
}

/// Look up where needed, then create or follow up.
struct RequestTrackerPlan: DeliveryPlan {
    private enum Phase: Equatable {
        case start, lookingUp, sending
        case checkingTicket(String)
    }

    let api: RequestTracker
    let message: OutgoingMessage
    private var phase = Phase.start

    init(api: RequestTracker, message: OutgoingMessage) {
        self.api = api
        self.message = message
    }

    private var job: DeliveryJob { message.job }
    private var marker: String { "[gatehouse \(job.envelopeID)]" }

    mutating func next(_ answer: HTTPResponse?) -> Step {
        switch (phase, answer) {
        case (.start, _) where job.outcomeUnknown: return lookUp()
        case (.start, _): return send()
        case (.lookingUp, let answer?): return lookedUp(answer)
        case (.sending, let answer?): return sent(answer)
        case (.checkingTicket(let refusal), _): return .done(.dead(reason: refusal, status: 400, answer: ""))
        default: return .unclear("no answer")
        }
    }

    /// RT answers 400 "Message could not be recorded" for a ticket that is not there.
    mutating func refused(_ answer: HTTPResponse) -> Step? {
        guard let ticket = job.ticket else { return nil }
        if answer.status == 404 || answer.status == 410 {
            return .done(.ticketGone(reason: "RT has no ticket \(TicketText.oneLine(ticket, limit: 40))"))
        }
        guard phase == .sending, answer.status == 400 else { return nil }
        phase = .checkingTicket("answered 400: \(TicketText.oneLine(answer.json?["message"]?.text ?? "", limit: 200))")
        return step(api.request(.get, "/ticket/\(HTTPURL.encode(ticket))"), .none)
    }

    // MARK: Look-up

    private mutating func lookUp() -> Step {
        phase = .lookingUp
        if let ticket = job.ticket {
            let query = "fields=Subject&per_page=100&orderby=id&order=DESC"
            return step(api.request(.get, "/ticket/\(HTTPURL.encode(ticket))/attachments?\(query)"), .none)
        }
        let query = "'CF.{\(api.idField)}' = '\(Self.quoted(job.envelopeID))'"
        return step(api.request(.get, "/tickets?query=\(HTTPURL.encode(query))&orderby=id&order=ASC&per_page=1"), .none)
    }

    /// For TicketSQL's single quotes.
    static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "'" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private mutating func lookedUp(_ answer: HTTPResponse) -> Step {
        guard let items = answer.json?["items"]?.array else { return .unclear(answer.whatCameInstead) }
        if let ticket = job.ticket {
            let isThere = items.contains { $0["Subject"]?.string?.contains(marker) ?? false }
            return isThere ? .done(.sent(ticket: ticket, url: page(ticket), lookedUp: true)) : send()
        }
        guard let ticket = items.first?["id"]?.text else { return send() }
        return .done(.sent(ticket: ticket, url: page(ticket), lookedUp: true))
    }

    // MARK: Create and follow up

    private mutating func send() -> Step {
        phase = .sending
        guard let ticket = job.ticket else { return step(api.request(.post, "/ticket", body: ticketBody()), .commits) }
        let action = message.isPersonsMessage ? api.followUp : "comment"
        return step(api.request(.post, "/ticket/\(HTTPURL.encode(ticket))/\(action)", body: followUpBody()), .commits)
    }

    private func ticketBody() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { ticket in
            ticket.member("Queue", message.queue ?? api.queue)
            ticket.member("Subject", Self.plainSubject(TicketText.subject(message)))
            // RT takes any words as a requestor; only a plain address can be answered.
            ticket.member("Requestor", message.customerAddress)
            ticket.member("Status", api.status)
            ticket.key("Priority")
            let priority = message.priority ?? Self.priority(message.level)
            if let number = Int64(priority) { ticket.number(number) } else { ticket.string(priority) }
            ticket.member("CustomFields") { $0.member(api.idField, job.envelopeID) }
            writeContent(to: &ticket)
        }
        return writer.bytes
    }

    private func followUpBody() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { reply in
            reply.member("Subject", "\(Self.plainSubject(TicketText.subject(message, limit: 120))) \(marker)")
            writeContent(to: &reply)
        }
        return writer.bytes
    }

    private func writeContent(to object: inout JSONWriter) {
        object.member("Content", TicketText.body(message))
        object.member("ContentType", "text/plain")
        object.member("Attachments", each: message.files) { list, file in
            list.object { attachment in
                attachment.member("FileName", Self.octets(of: Self.plainSubject(file.name)))
                attachment.member("FileType", file.mediaType)
                attachment.key("FileContent")
                attachment.raw([UInt8(ascii: "\"")] + Base64.encodedBytes(file.bytes) + [UInt8(ascii: "\"")])
            }
        }
    }

    /// RT 5.0.3 decodes a file's name as UTF-8 once more (`RT::Util::mime_recommended_filename`) and answers 500 where it
    /// holds a character beyond U+00FF: so each octet of the name's UTF-8 goes as a character of its own.
    static func octets(of name: String) -> String {
        var result = String.UnicodeScalarView()
        for octet in name.utf8 { result.append(Unicode.Scalar(octet)) }
        return String(result)
    }

    /// RT keeps subjects and names as mail headers, and would decode what looks like an encoded word (RFC 2047).
    static func plainSubject(_ text: String) -> String { text.replacing("=?", with: "= ?") }

    /// RT's usual scale: 0 to 100.
    private static func priority(_ level: UrgencyLevel) -> String {
        switch level {
        case .critical: "90"
        case .high: "70"
        case .normal: "40"
        case .low: "10"
        }
    }

    private func sent(_ answer: HTTPResponse) -> Step {
        guard let json = answer.json else { return .unclear(answer.whatCameInstead) }
        if let ticket = job.ticket {
            guard json.array != nil else { return .unclear(answer.whatCameInstead) }
            return .done(.sent(ticket: ticket, url: page(ticket), lookedUp: false))
        }
        guard answer.status == 201, let ticket = json["id"]?.text, !ticket.isEmpty, ticket.utf8.count <= 32 else {
            return .unclear(answer.whatCameInstead)
        }
        return .done(.sent(ticket: ticket, url: page(ticket), lookedUp: false))
    }

    /// Where a person looks at the ticket.
    private func page(_ ticket: String) -> String {
        "\(api.base.text)/Ticket/Display.html?id=\(HTTPURL.encode(ticket))"
    }
}
