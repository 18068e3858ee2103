import GatehouseCore
import GatehouseTransfer

/// `generic-json`: posts the envelope itself, for endpoints of one's own and for `ticket-sink`.
///
/// The envelope goes as a CloudEvent in structured mode (CloudEvents HTTP binding 1.0 §3.2) with `Idempotency-Key`
/// (draft-ietf-httpapi-idempotency-key-header), which the endpoint should honour: then a repeated request is answered
/// with the same ticket. With `mode` `binary` it goes in binary mode (§3.1): the attributes as `ce-` fields, the data as the
/// body. Attachments go inline, as base 64 in `data.attachments[].content`.
///
/// Options: `mode` (`structured` or `binary`), `auth` (`bearer`, `basic`, `none` or a header's name), `id_pointer` (where the answer has the ticket's id,
/// default `/id`), `url_pointer` (default `/url`), `messages_path` (default `/{ticket}/messages`), and for endpoints
/// that ignore the key `lookup` (such as `?external_id={id}`) with `lookup_pointer` (default `/items/0/id`).
struct GenericJSON: ProgrammedAPI {
    static let name = "generic-json"
    static let attachmentLimit = 1 << 20
    static let optionNames = ["mode", "auth", "id_pointer", "url_pointer", "messages_path", "lookup", "lookup_pointer"]

    let url: HTTPURL
    let user: String?
    let authorisation: String
    let options: [String: String]

    var looksInside: Bool { false }

    init(_ target: TargetConfiguration) throws(TargetError) {
        url = try Self.url(target)
        user = target.user
        options = target.options
        authorisation = options["auth"] ?? (target.secret == nil ? "none" : target.user == nil ? "bearer" : "basic")
        if !["bearer", "basic", "none"].contains(authorisation), HTTPField(authorisation, "") == nil {
            throw TargetError(target: target.name, reason: "auth is bearer, basic, none or the name of a header field")
        }
        guard ["structured", "binary"].contains(options["mode"] ?? "structured") else {
            throw TargetError(target: target.name, reason: "mode is structured or binary")
        }
        for path in [followUpPath, options["lookup"] ?? ""] where address(path, ticket: "1", id: "1") == nil {
            throw TargetError(target: target.name, reason: "not a path: \(UnicodeText.printable(path))")
        }
    }

    private var followUpPath: String { options["messages_path"] ?? "/{ticket}/messages" }

    func authorise(_ request: inout HTTPRequest, secret: String?, session: String?) {
        guard let secret else { return }
        switch authorisation {
        case "none": return
        case "bearer": request.headers.append(HTTPField(.authorization, cleaned: "Bearer \(secret)"))
        case "basic":
            let pair = Base64.encode("\(user ?? ""):\(secret)")
            request.headers.append(HTTPField(.authorization, cleaned: "Basic \(pair)"))
        default: if let field = HTTPField(authorisation, secret) { request.headers.append(field) }
        }
    }

    func plan(for message: OutgoingMessage) -> any DeliveryPlan { Plan(api: self, message: message) }

    /// `template` with its placeholders filled in, behind the target's address; a template that starts with `?`
    /// is a query of that address.
    private func address(_ template: String, ticket: String, id: String) -> HTTPURL? {
        let filled = template.replacing("{ticket}", with: HTTPURL.encode(ticket)).replacing(
            "{id}",
            with: HTTPURL.encode(id)
        )
        if filled.isEmpty { return url }
        return filled.hasPrefix("?") ? url.appendingQuery(String(filled.dropFirst())) : url.appending(filled)
    }

    private struct Plan: DeliveryPlan {
        private enum Phase { case start, lookingUp, sending }

        let api: GenericJSON
        let message: OutgoingMessage
        private var phase = Phase.start

        init(api: GenericJSON, message: OutgoingMessage) {
            self.api = api
            self.message = message
        }

        private var job: DeliveryJob { message.job }

        mutating func next(_ answer: HTTPResponse?) -> Step {
            switch phase {
            case .start:
                if job.outcomeUnknown, job.ticket == nil, let lookup = lookup() {
                    phase = .lookingUp
                    return .send(lookup, .none)
                }
                return post()
            case .lookingUp:
                guard let answer, let found = answer.json else { return .unclear(answer?.whatCameInstead ?? "nothing") }
                if let ticket = found.pointer(api.options["lookup_pointer"] ?? "/items/0/id")?.text, !ticket.isEmpty {
                    return .done(.sent(ticket: ticket, url: nil, lookedUp: true))
                }
                return post()
            case .sending:
                guard let answer else { return .unclear("nothing") }
                return finished(answer)
            }
        }

        mutating func refused(_ answer: HTTPResponse) -> Step? {
            guard phase == .sending, job.ticket != nil, answer.status == 404 || answer.status == 410 else { return nil }
            return .done(.ticketGone(reason: "answered \(answer.status) to a follow-up"))
        }

        private func lookup() -> HTTPRequest? {
            guard let template = api.options["lookup"], let url = api.address(template, ticket: "", id: job.envelopeID)
            else {
                return nil
            }
            return HTTPRequest(.get, url, headers: [HTTPField(.accept, cleaned: "application/json")])
        }

        private mutating func post() -> Step {
            phase = .sending
            let url = job.ticket.map { api.address(api.followUpPath, ticket: $0, id: job.envelopeID) } ?? api.url
            guard let url else { return .done(.ticketGone(reason: "the ticket's id makes no address")) }
            let headers = [
                HTTPField(.accept, cleaned: "application/json"),
                HTTPField(.idempotencyKey, cleaned: job.envelopeID),
            ]
            let event =
                api.options["mode"] == "binary" ? CloudEventBody(binary: message) : CloudEventBody(structured: message)
            return .send(HTTPRequest(.post, url, headers: event.headers + headers, body: event.body), .commits)
        }

        /// A ticket is made only where the answer names it; a follow-up's answer may be empty.
        private func finished(_ answer: HTTPResponse) -> Step {
            let json = answer.json
            let named = json?.pointer(api.options["id_pointer"] ?? "/id")?.text
            let url = json?.pointer(api.options["url_pointer"] ?? "/url")?.string ?? answer.header("location")
            if let ticket = job.ticket {
                guard json != nil || answer.body.isEmpty else { return .unclear(answer.whatCameInstead) }
                return .done(.sent(ticket: ticket, url: url, lookedUp: false))
            }
            guard let ticket = named ?? Self.ticketFromLocation(answer), !ticket.isEmpty, ticket.utf8.count <= 512
            else {
                return .unclear(
                    json == nil ? answer.whatCameInstead : "the answer names no ticket: is id_pointer right?"
                )
            }
            let isReplay = json?["replayed"]?.bool ?? false
            return .done(.sent(ticket: ticket, url: url, lookedUp: isReplay))
        }

        /// The last piece of where the new ticket is.
        private static func ticketFromLocation(_ answer: HTTPResponse) -> String? {
            guard answer.status == 201, let location = answer.header("location") else { return nil }
            return location.split(separator: "/").last.map(String.init)
        }
    }
}

/// The envelope with the attachments' bytes in it.
enum EnvelopeWithFiles {
    /// - Returns: The stored bytes themselves where there is nothing to add.
    static func encode(_ message: OutgoingMessage) -> [UInt8] {
        guard !message.files.isEmpty || !message.leftOut.isEmpty else { return message.job.envelopeBytes }
        let contents = contents(of: message)
        var writer = JSONWriter()
        writer.object { envelope in
            for member in message.job.envelope.members ?? [] {
                envelope.key(member.key)
                if member.key == "data" {
                    write(data: member.value, contents, message.leftOut, to: &envelope)
                } else {
                    envelope.value(member.value)
                }
            }
        }
        return writer.bytes
    }

    /// The files in base 64, by their places among the attachments.
    static func contents(of message: OutgoingMessage) -> [Int: [UInt8]] {
        Dictionary(message.files.map { ($0.index, Base64.encodedBytes($0.bytes)) }) { first, _ in first }
    }

    static func write(
        data: JSONValue,
        _ contents: [Int: [UInt8]],
        _ leftOut: [String],
        to writer: inout JSONWriter
    ) {
        writer.object { object in
            for member in data.members ?? [] where member.key != "warnings" {
                object.key(member.key)
                guard member.key == "attachments", let attachments = member.value.array else {
                    object.value(member.value)
                    continue
                }
                object.array { list in
                    for (index, attachment) in attachments.enumerated() {
                        list.object { file in
                            for part in attachment.members ?? [] {
                                file.key(part.key)
                                file.value(part.value)
                            }
                            guard let content = contents[index] else { return }
                            file.key("content")
                            file.raw([UInt8(ascii: "\"")] + content + [UInt8(ascii: "\"")])
                        }
                    }
                }
            }
            let warnings = (data["warnings"]?.array ?? []).compactMap(\.string)
            object.member("warnings", warnings + leftOut.map { "attachment_left_out:\($0)" })
        }
    }
}

extension JSONWriter {
    /// Writes a value that was read. Its depth is bounded by the reader's.
    mutating func value(_ value: JSONValue) {
        switch value.content {
        case .null: raw(Array("null".utf8))
        case .bool(let flag): bool(flag)
        case .number(let digits): raw(Array(digits.utf8))
        case .string(let text): string(text)
        case .array(let values): array { list in for element in values { list.value(element) } }
        case .object(let members):
            object { object in
                for member in members {
                    object.key(member.key)
                    object.value(member.value)
                }
            }
        }
    }
}
