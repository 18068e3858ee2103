import GatehouseCore
import GatehouseWebhooks
import Glibc

/// Stands before a webhook's payload: signature first, then the vendor's own questions, then the way in.
struct WebhookGate {
    enum Passage {
        case admitted(Verification)
        /// It was a question, and this is the answer; there is nothing to take in.
        case answered(WebhookReply)
        /// - Parameters:
        ///   - reason: The word under which it is counted.
        ///   - words: What to tell an operator.
        case refused(reason: String, words: String)
    }

    private let signature: Configuration.Signature?
    private let verifier: SignatureVerifier?
    private let verifyToken: String?

    /// Reads the secrets.
    ///
    /// - Parameter signature: nil lets everything in, marked as `not_applicable`.
    init(_ signature: Configuration.Signature?) throws {
        self.signature = signature
        guard let signature else {
            (verifier, verifyToken) = (nil, nil)
            return
        }
        let secrets = [try signature.secret.resolve()] + (try signature.previousSecret.map { [try $0.resolve()] } ?? [])
        verifier = try SignatureVerifier(recipe: signature.recipe, secrets: secrets)
        verifyToken = try signature.verifyToken?.resolve()
    }

    /// The word in `data.verification.scheme`.
    var scheme: String? { signature?.recipe.scheme }

    func pass(_ request: WebhookRequest, now: Timestamp) -> Passage {
        guard request.method == "POST" else { return .answered(answer(toQueryOf: request, now: now)) }
        guard let verifier, let signature else { return .admitted(Verification(status: .notApplicable)) }
        switch verifier.verdict(on: request, now: now) {
        case .verified:
            if let reply = signature.recipe.handshake?.answer(toBodyOf: request) { return .answered(reply) }
            return .admitted(Verification(status: .verified, scheme: scheme))
        case .absent:
            guard signature.isRequired else { return .admitted(Verification(status: .absent, scheme: scheme)) }
            return .refused(reason: "signature_absent", words: "there is no signature of the scheme '\(scheme ?? "")'")
        case .failed(let failure): return .refused(reason: failure.rawValue, words: failure.words)
        }
    }

    private func answer(toQueryOf request: WebhookRequest, now: Timestamp) -> WebhookReply {
        // Some vendors look first whether anybody is there.
        if request.method == "HEAD" { return WebhookReply(200) }
        guard request.method == "GET", let verifier, let handshake = signature?.recipe.handshake else {
            return .wrongMethod
        }
        let reply = handshake.answer(toQueryOf: request, verifier: verifier, verifyToken: verifyToken, now: now)
        return reply ?? .wrongMethod
    }
}

extension CGIEnvironment {
    /// This process's own environment.
    static var current: CGIEnvironment {
        var variables: [String: String] = [:]
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let pair = unsafe String(cString: entry).split(
                separator: "=",
                maxSplits: 1,
                omittingEmptySubsequences: false
            )
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            unsafe next += 1
        }
        return CGIEnvironment(variables)
    }
}
