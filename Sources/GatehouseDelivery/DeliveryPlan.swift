import GatehouseCore
import GatehouseTransfer

/// What a request changes at the target.
enum Effect {
    /// It may be sent twice without harm: a look-up, an upload that nothing refers to yet.
    case none
    /// It makes a ticket, or adds to one.
    case commits
}

/// The next step of a delivery.
enum Step {
    case send(HTTPRequest, Effect)
    case done(DeliveryOutcome)
    /// The last answer was a 2xx, but not one that this API gives.
    case unclear(String)
    /// The last answer did nothing, for a reason that may pass.
    case later(String)
    /// The last answer refused our proof of identity, whatever its status says.
    case denied
    /// The last answer found the message too large: again, without its files.
    case withoutFiles
}

/// The requests that bring one message to one ticket system, in order: a small state machine.
///
/// It sees answers that are its business alone: 2xx, and through `refused` those 4xx that the common rules leave over.
protocol DeliveryPlan {
    /// - Parameter answer: What the last request was answered; nil at the start.
    mutating func next(_ answer: HTTPResponse?) -> Step

    /// What an answer means where this API means something by it that no common rule knows; nil for the common rules.
    mutating func particular(_ answer: HTTPResponse) -> Step?

    /// What a refusal means where this API means something particular by it; nil for the common rule.
    mutating func refused(_ answer: HTTPResponse) -> Step?
}

extension DeliveryPlan {
    mutating func particular(_ answer: HTTPResponse) -> Step? { nil }
    mutating func refused(_ answer: HTTPResponse) -> Step? { nil }

    /// The step that sends `request`; nil where a ticket's id, which is the target's word, can't stand in an address.
    func step(_ request: HTTPRequest?, _ effect: Effect) -> Step {
        guard let request else {
            return .done(.dead(reason: "the ticket's id makes no address", status: nil, answer: ""))
        }
        return .send(request, effect)
    }
}

/// A kind of ticket system: its addresses and shapes, and its way to log in.
protocol TicketAPI: Sendable {
    /// Bytes of one attachment where the configuration sets no bound.
    var attachmentLimit: Int { get }
    /// The endings of file names that it takes; nil for all. A name without any ending is taken.
    var attachmentEndings: [String]? { get }
    /// What may have been done unheard can't be found sooner than this.
    var lookupDelayMilliseconds: Int64 { get }

    /// Whether its requests are made of what the envelope says: who sends it whole need not look into it.
    var looksInside: Bool { get }

    /// The request that opens a session; nil where each request carries the secret itself.
    func login(secret: String?) -> HTTPRequest?
    /// The session that a login's answer opened; nil if it opened none.
    func session(from answer: HTTPResponse) -> String?
    /// Adds what proves who we are.
    func authorise(_ request: inout HTTPRequest, secret: String?, session: String?)
    func plan(for message: OutgoingMessage) -> any DeliveryPlan
}

/// A ticket system whose way is written as code: what `DeclaredAPI` can't say.
protocol ProgrammedAPI: TicketAPI {
    /// The word for `preset`.
    static var name: String { get }
    static var attachmentLimit: Int { get }
    /// The keys that it knows under `options`.
    static var optionNames: [String] { get }

    init(_ target: TargetConfiguration) throws(TargetError)
}

extension ProgrammedAPI {
    var attachmentLimit: Int { Self.attachmentLimit }
}

extension TicketAPI {
    var attachmentEndings: [String]? { nil }
    var lookupDelayMilliseconds: Int64 { 0 }
    var looksInside: Bool { true }

    func login(secret: String?) -> HTTPRequest? { nil }
    func session(from answer: HTTPResponse) -> String? { nil }

    static func url(_ target: TargetConfiguration) throws(TargetError) -> HTTPURL {
        guard let url = HTTPURL(target.url) else {
            throw TargetError(
                target: target.name,
                reason: "url is no http or https address: \(UnicodeText.printable(target.url)). "
                    + "Write user and secret in their own keys, not in the address."
            )
        }
        return url
    }
}

/// The presets, in the order in which the manual lists them.
package enum PresetList {
    static let programmed: [any ProgrammedAPI.Type] = [
        GenericJSON.self, RequestTracker.self, Roundup.self, SignedWebhook.self,
    ]

    package static var names: [String] {
        programmed.map { $0.name } + DeclaredPresets.names + [DeclaredPresets.ownName, ArchiveRunner.name]
    }

    static func make(_ target: TargetConfiguration) throws(TargetError) -> any TicketAPI {
        if let preset = programmed.first(where: { $0.name == target.preset }) {
            try checkOptions(target, preset.optionNames)
            return try preset.init(target)
        }
        if let declaration = try DeclaredPresets.declaration(for: target) {
            try checkOptions(target, declaration.options.map(\.name))
            return try DeclaredAPI(target, declaration)
        }
        let hint = Suggestion.question(for: target.preset, among: names)
        throw TargetError(
            target: target.name,
            reason: "unknown preset '\(UnicodeText.printable(target.preset))'.\(hint) There are: "
                + names.joined(separator: ", ")
        )
    }

    private static func checkOptions(_ target: TargetConfiguration, _ known: [String]) throws(TargetError) {
        for name in target.options.keys.sorted() where !known.contains(name) {
            let hint = Suggestion.question(for: name, among: known)
            throw TargetError(
                target: target.name,
                reason: "\(target.preset) has no option '\(UnicodeText.printable(name))'.\(hint)"
                    + (known.isEmpty ? "" : " It has: \(known.joined(separator: ", "))")
            )
        }
    }
}
