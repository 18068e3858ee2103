import GatehouseTransfer

/// What opens the way to a target, as it is needed: secrets, a session, the transport. All of it is asked for when the
/// first request goes out, and again after it was refused.
struct TargetAccess {
    private let target: TargetConfiguration
    private(set) var secret: String?
    private var transport: TransportSettings?
    var session: String?
    /// Counts renewals, so that ten requests refused at once cause one new login, not ten.
    private(set) var generation = 0
    /// The values of the fields that have proved who we are.
    private var proofs: Set<String> = []

    init(_ target: TargetConfiguration) { self.target = target }

    /// What no log or kept answer may show; an answer may echo a whole field.
    var confidential: [String] {
        proofs.sorted { $0.utf8.count > $1.utf8.count } + [secret, session].compactMap { $0 }
            + (transport?.confidential ?? [])
    }

    /// Asks for the secrets, unless they are known.
    mutating func prepare() throws {
        guard transport == nil else { return }
        secret = try target.secret?()
        transport = try target.transport()
    }

    /// Forgets what was refused, unless somebody else has done so meanwhile.
    mutating func renew(after generation: Int) {
        guard generation == self.generation else { return }
        self.generation += 1
        transport = nil
        secret = nil
        session = nil
        proofs = []
    }

    /// Bounds and transport of a request.
    func complete(_ request: inout HTTPRequest) {
        request.timeoutMilliseconds = target.timeoutMilliseconds
        request.connectTimeoutMilliseconds = min(request.connectTimeoutMilliseconds, target.timeoutMilliseconds)
        request.transport = transport
    }

    mutating func authorise(_ request: inout HTTPRequest, by api: any TicketAPI) {
        let known = request.headers.count
        api.authorise(&request, secret: secret, session: session)
        guard secret != nil || session != nil, proofs.count < Self.proofLimit else { return }
        for field in request.headers.dropFirst(known) where !Self.publicFields.contains(field.name.lowercased()) {
            guard proofs.insert(field.value).inserted else { continue }
            // Of `Basic dXNlcjpzZWNyZXQ=` the second word, too.
            if let word = field.value.split(separator: " ").last { proofs.insert(String(word)) }
        }
    }

    private static let proofLimit = 16

    /// Fields that prove nothing by themselves, and those that differ with each request.
    private static let publicFields: Set<String> = [
        "origin", "referer", "x-requested-with", "webhook-timestamp", "webhook-signature",
    ]
}
