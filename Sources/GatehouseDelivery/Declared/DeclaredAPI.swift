import GatehouseCore
import GatehouseTransfer

/// A ticket system that is known by a declaration alone.
struct DeclaredAPI: TicketAPI {
    let declaration: PresetDeclaration
    /// The configured address without the endings that the declaration takes off.
    let base: HTTPURL
    private let user: String?
    private let options: [String: String]

    init(_ target: TargetConfiguration, _ declaration: PresetDeclaration) throws(TargetError) {
        func fault(_ reason: String) -> TargetError { TargetError(target: target.name, reason: reason) }
        var url = try Self.url(target)
        for ending in ["/"] + declaration.dropped + ["/"] where url.text.hasSuffix(ending) {
            url = HTTPURL(String(url.text.dropLast(ending.utf8.count))) ?? url
        }
        base = url
        user = target.user
        if declaration.needsQueue, target.queue == nil { throw fault("\(declaration.name) needs 'queue'") }
        if declaration.needsUser, target.user == nil { throw fault("\(declaration.name) needs 'user'") }
        if declaration.needsSecret, target.secret == nil { throw fault("\(declaration.name) needs 'secret'") }
        var options = target.options
        for option in declaration.options where options[option.name] == nil {
            if option.isRequired { throw fault("\(declaration.name) needs the option '\(option.name)'") }
            options[option.name] = option.defaultValue
        }
        self.options = options.filter { !$0.value.isEmpty }
        self.declaration = declaration
    }

    var attachmentLimit: Int { declaration.attachmentBytes }
    var lookupDelayMilliseconds: Int64 { declaration.lookupDelayMilliseconds }

    var attachmentEndings: [String]? {
        guard let option = declaration.extensionsOption, let text = options[option], text != "*" else { return nil }
        return text.lowercased().split(separator: " ").map(String.init)
    }

    func plan(for message: OutgoingMessage) -> any DeliveryPlan { DeclaredPlan(api: self, message: message) }

    func values(of message: OutgoingMessage) -> MessageValues {
        MessageValues(
            message: message,
            ticket: message.job.ticket,
            base: base.text,
            user: user,
            options: options,
            priorities: declaration.priorities,
            textBytes: declaration.textBytes
        )
    }

    // MARK: Who we are

    private func proofValues(secret: String?, session: String?) -> PresetValues {
        { name in
            switch name {
            case "user": user.map { .text($0) }
            case "secret": secret.map { .text($0) }
            case "session": session.map { .text($0) }
            case "base": .text(base.text)
            default: name.hasPrefix("option.") ? options[String(name.dropFirst(7))].map { .text($0) } : nil
            }
        }
    }

    func login(secret: String?) -> HTTPRequest? {
        let values = proofValues(secret: secret, session: nil)
        guard let login = declaration.login, secret != nil, login.condition.holds(values) else { return nil }
        return request(login, values, files: [], message: nil, file: nil)
    }

    func session(from answer: HTTPResponse) -> String? {
        guard (200..<300).contains(answer.status), let take = declaration.login?.takes.first else { return nil }
        switch take.place {
        case .pointer(let pointer): return answer.json?.pointer(pointer)?.text
        case .header(let name): return answer.header(name)
        case .body: return TicketText.oneLine(String(decoding: answer.body, as: UTF8.self), limit: 4096)
        }
    }

    func authorise(_ request: inout HTTPRequest, secret: String?, session: String?) {
        let values = proofValues(secret: secret, session: session)
        guard let proof = declaration.proofs.first(where: { $0.condition.holds(values) }),
            let text = proof.value.text(values)
        else { return }
        switch proof.place {
        case .basic: request.headers.append(HTTPField(.authorization, cleaned: "Basic \(Base64.encode(text))"))
        case .header(let name): if let field = HTTPField(name, text) { request.headers.append(field) }
        case .parameter(let name):
            request.url = request.url.appendingQuery("\(name)=\(HTTPURL.encode(text))") ?? request.url
        }
    }

    // MARK: Requests

    /// - Parameters:
    ///   - files: The values of each file, for `$files`.
    ///   - file: The one whose bytes are the body.
    /// - Returns: nil where a placeholder of the address has no value, or the address is none.
    func request(
        _ exchange: PresetDeclaration.Exchange,
        _ values: @escaping PresetValues,
        files: [PresetValues],
        message: OutgoingMessage?,
        file: Int?
    ) -> HTTPRequest? {
        guard let path = exchange.path.path(values), let url = address(path) else { return nil }
        var headers: [HTTPField] = []
        for (name, template) in declaration.headers + exchange.headers {
            guard let text = template.text(values), let field = HTTPField(name, TicketText.oneLine(text, limit: 2000))
            else { continue }
            headers.append(field)
        }
        let body = exchange.body?.filled(values, files: files)
        let form = RequestBody(exchange.shape, body, message?.files ?? [], file: file)
        func isNamed(_ name: String) -> Bool { headers.contains { $0.name.lowercased() == name } }
        if !isNamed("accept") { headers.append(HTTPField(.accept, cleaned: "application/json")) }
        if let type = form.contentType, !isNamed("content-type") {
            headers.append(HTTPField(.contentType, cleaned: type))
        }
        return HTTPRequest(exchange.method, url, headers: headers, body: form.bytes)
    }

    private func address(_ path: String) -> HTTPURL? {
        if path.isEmpty { return base }
        return path.hasPrefix("?") ? base.appendingQuery(String(path.dropFirst())) : base.appending(path)
    }
}
