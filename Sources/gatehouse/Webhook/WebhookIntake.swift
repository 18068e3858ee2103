import GatehouseCore
import GatehousePipeline
import GatehouseWebhooks

/// One webhook request from its arrival to the answer.
struct WebhookIntake {
    let gate: WebhookGate
    let limit: Int
    /// Takes an admitted payload in: when it returns, it is committed and synced.
    let take: (_ body: [UInt8], _ headers: [String: String], _ verification: Verification) throws -> IntakeReport
    /// Counts one that is not let in.
    let refuse: (_ reason: String) throws -> IntakeReport

    struct Outcome {
        var reply: WebhookReply
        var report = IntakeReport()
        /// The sentence for the operator, where something was turned away.
        var complaint: String?
    }

    func handle(_ request: WebhookRequest) throws -> Outcome {
        switch gate.pass(request, now: .now()) {
        case .answered(let reply):
            let isRefusal = reply.exitCode == .noPermission
            return Outcome(reply: reply, complaint: isRefusal ? "the verify token is wrong." : nil)
        case .refused(let reason, let words):
            let report = try refuse(reason)
            return Outcome(
                reply: .unsigned,
                report: report,
                complaint: "refused: \(words). Nothing of it was taken in."
            )
        case .admitted(let verification):
            let report = try take(request.body, request.headers, verification)
            return Outcome(reply: .accepted(scheme: gate.scheme), report: report)
        }
    }

    /// Reads a request as a web server hands it over.
    ///
    /// - Returns: The request, or the answer where it can't be one.
    func request(_ environment: CGIEnvironment, body reader: ByteReader) throws -> (WebhookRequest?, WebhookReply) {
        guard let method = environment.method else {
            throw UsageError("--cgi is for a web server's CGI: there is no $REQUEST_METHOD")
        }
        var request = WebhookRequest(method: method, headers: environment.headers, query: environment.query)
        guard method == "POST" else { return (request, WebhookReply(200)) }
        switch environment.body(limit: limit) {
        case .refused(let reply): return (nil, reply)
        case .length(let length):
            // Never a byte more: a server may keep the pipe open for its next request.
            while request.body.count < length {
                let wanted = min(length - request.body.count, ByteReader.chunkSize)
                if try reader.read(upTo: wanted, into: &request.body) == 0 { return (nil, .badLength) }
            }
        case .rest:
            let (body, isCut) = try reader.readAll(limit: limit)
            if isCut { return (nil, .tooLarge) }
            request.body = body
        }
        return (request, WebhookReply(200))
    }
}
