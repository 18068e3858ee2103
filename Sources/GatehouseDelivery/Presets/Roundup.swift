import GatehouseCore
import GatehouseTransfer

/// `roundup`: Roundup by its REST interface (www.roundup-tracker.org/docs/rest.html).
///
/// `url` is the tracker's address. Files are uploaded first, then the message is made, then the issue, or the message is
/// added to its issue with `If-Match`. The message's `messageid` carries the envelope's id; by it an earlier attempt is
/// found, whether it got as far as the issue or not.
///
/// Options: `author` (the user id that stands as each message's author, default `1`), `status` (of new issues).
struct Roundup: ProgrammedAPI {
    static let name = "roundup"
    static let attachmentLimit = 10 << 20
    static let optionNames = ["author", "status"]

    let base: HTTPURL
    let user: String?
    let author: String
    let status: String?

    init(_ target: TargetConfiguration) throws(TargetError) {
        var url = try Self.url(target)
        for suffix in ["/", "/rest", "/"] where url.text.hasSuffix(suffix) {
            url = HTTPURL(String(url.text.dropLast(suffix.count))) ?? url
        }
        base = url
        user = target.user
        author = target.options["author"] ?? "1"
        status = target.options["status"]
    }

    /// Roundup refuses what a browser could be tricked into sending, unless these fields are there.
    func authorise(_ request: inout HTTPRequest, secret: String?, session: String?) {
        request.headers += [
            HTTPField(.requestedWith, cleaned: "rest"), HTTPField(.origin, cleaned: base.origin),
            HTTPField(.referer, cleaned: "\(base.text)/"),
        ]
        guard let secret else { return }
        let proof = user.map { "Basic \(Base64.encode("\($0):\(secret)"))" } ?? "Bearer \(secret)"
        request.headers.append(HTTPField(.authorization, cleaned: proof))
    }

    func plan(for message: OutgoingMessage) -> any DeliveryPlan { RoundupPlan(api: self, message: message) }

    func request(_ method: HTTPMethod, _ path: String, type: String = "application/json", body: [UInt8] = [])
        -> HTTPRequest?
    {
        guard let url = base.appending("/rest/data/\(path)") else { return nil }
        var headers = [HTTPField(.accept, cleaned: "application/json")]
        if method != .get { headers.append(HTTPField(.contentType, cleaned: type)) }
        return HTTPRequest(method, url, headers: headers, body: body)
    }
}

/// Files → message → issue; each answer's id goes into the next request.
struct RoundupPlan: DeliveryPlan {
    private enum Phase { case start, findingMessage, findingIssue, readingIssue, uploading, makingMessage, finishing }

    static let conflictLimit = 5

    let api: Roundup
    let message: OutgoingMessage
    private var phase = Phase.start
    private var files: [String] = []
    private var messageID: String?
    private var entityTag: String?
    private var conflicts = 0

    init(api: Roundup, message: OutgoingMessage) {
        self.api = api
        self.message = message
    }

    private var job: DeliveryJob { message.job }
    private var nativeID: String { "<\(job.envelopeID)@gatehouse>" }

    mutating func next(_ answer: HTTPResponse?) -> Step {
        guard let answer else { return job.outcomeUnknown ? findMessage() : readIssueOrUpload() }
        guard let data = answer.json?["data"] else { return .unclear(answer.whatCameInstead) }
        switch phase {
        case .start: return .unclear("it came unasked")
        case .findingMessage:
            guard let found = data["collection"]?.array else { return .unclear(answer.whatCameInstead) }
            messageID = found.first?["id"]?.text
            return messageID == nil ? readIssueOrUpload() : findIssue()
        case .findingIssue:
            guard let found = data["collection"]?.array else { return .unclear(answer.whatCameInstead) }
            guard let ticket = found.first?["id"]?.text else { return readIssueOrUpload() }
            return .done(.sent(ticket: ticket, url: page(ticket), lookedUp: true))
        case .readingIssue:
            entityTag = answer.header("etag") ?? data["@etag"]?.text
            return upload()
        case .uploading:
            guard let id = data["id"]?.text else { return .unclear(answer.whatCameInstead) }
            files.append(id)
            return upload()
        case .makingMessage:
            guard let id = data["id"]?.text else { return .unclear(answer.whatCameInstead) }
            messageID = id
            return finish()
        case .finishing:
            guard let ticket = job.ticket ?? data["id"]?.text else { return .unclear(answer.whatCameInstead) }
            return .done(.sent(ticket: ticket, url: page(ticket), lookedUp: false))
        }
    }

    mutating func refused(_ answer: HTTPResponse) -> Step? {
        guard let ticket = job.ticket else { return nil }
        let isAboutIssue = phase == .readingIssue || phase == .finishing
        if isAboutIssue, answer.status == 404 || answer.status == 410 {
            return .done(.ticketGone(reason: "Roundup has no issue \(TicketText.oneLine(ticket, limit: 40))"))
        }
        // Somebody else changed the issue between our reading and our writing.
        guard phase == .finishing, answer.status == 412 else { return nil }
        conflicts += 1
        guard conflicts < Self.conflictLimit else {
            let delay = RetryBounds().delay(afterAttempts: 0)
            let reason = "the issue changed \(conflicts) times meanwhile"
            return .done(.retry(afterMilliseconds: delay, reason: reason, status: 412, outcomeUnknown: true))
        }
        return readIssueOrUpload()
    }

    // MARK: Steps

    private mutating func findMessage() -> Step {
        phase = .findingMessage
        return step(api.request(.get, "msg?messageid:=\(HTTPURL.encode(nativeID))"), .none)
    }

    private mutating func findIssue() -> Step {
        phase = .findingIssue
        return step(api.request(.get, "issue?messages=\(HTTPURL.encode(messageID ?? ""))"), .none)
    }

    private mutating func readIssueOrUpload() -> Step {
        guard let ticket = job.ticket else { return upload() }
        phase = .readingIssue
        return step(api.request(.get, "issue/\(HTTPURL.encode(ticket))"), .none)
    }

    private mutating func upload() -> Step {
        guard messageID == nil else { return finish() }
        guard files.count < message.files.count else { return makeMessage() }
        phase = .uploading
        let file = message.files[files.count]
        var form = MultipartForm()
        form.add("name", file.name)
        form.add("type", file.mediaType)
        form.add("content", file: file)
        form.end()
        return step(api.request(.post, "file", type: form.contentType, body: form.body), .none)
    }

    private mutating func makeMessage() -> Step {
        phase = .makingMessage
        var writer = JSONWriter()
        writer.object { body in
            body.member("content", TicketText.body(message))
            body.member("author", api.author)
            body.member("messageid", nativeID)
            body.member("files", files)
        }
        return step(api.request(.post, "msg", body: writer.bytes), .commits)
    }

    private mutating func finish() -> Step {
        phase = .finishing
        var writer = JSONWriter()
        writer.object { body in
            body.member("messages", [messageID ?? ""])
            body.member("files", files)
            if job.ticket != nil {
                body.member("@op", "add")
            } else {
                body.member("title", TicketText.subject(message))
                body.member("priority", message.priority ?? Self.priority(message.level))
                body.member("status", api.status)
            }
        }
        guard let ticket = job.ticket else { return step(api.request(.post, "issue", body: writer.bytes), .commits) }
        var request = api.request(.patch, "issue/\(HTTPURL.encode(ticket))", body: writer.bytes)
        if let entityTag { request?.headers.append(HTTPField(.ifMatch, cleaned: entityTag)) }
        return step(request, .commits)
    }

    /// The words of Roundup's `classic` template.
    private static func priority(_ level: UrgencyLevel) -> String {
        switch level {
        case .critical: "critical"
        case .high: "urgent"
        case .normal: "bug"
        case .low: "wish"
        }
    }

    private func page(_ ticket: String) -> String { "\(api.base.text)/issue\(HTTPURL.encode(ticket))" }
}
