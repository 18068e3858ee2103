package import GatehouseCore

/// What becomes of a message at a target when it is stored.
package struct TargetPlan: Sendable, Equatable {
    package enum State: String, Sendable {
        case ready, held
        case notDue = "not_due"
        /// Ready where its conversation has come this way before, not due otherwise: a bounce opens no ticket.
        case followUpOnly = "follow_up_only"
    }

    package var name: String
    package var state: State
    /// After a pause longer than this the conversation gets a new ticket; nil for never, as with e-mail.
    package var conversationIdleSeconds: Int64?

    package init(name: String, state: State = .ready, conversationIdleSeconds: Int64? = nil) {
        self.name = name
        self.state = state
        self.conversationIdleSeconds = conversationIdleSeconds
    }
}

/// One input on its way into the store.
package struct IntakeEntry: Sendable {
    /// A message with triage done and secrets removed, or what else the input was.
    package var item: ParsedItem
    package var origin: IntakeOrigin
    package var targets: [TargetPlan]
    /// `EnvelopeIdentity.contentDigest(of:)` from before secrets were removed; nil takes it from the envelope as it is.
    package var contentDigest: [UInt8]?
    /// 64 hex digits, the SHA-256 of the bytes before secrets were removed; nil takes it from the bytes as they are.
    package var originalDigest: String?
    /// Set where the input was not let in, as for a wrong signature: it is counted under this word, and not stored.
    package var refusal: String?

    package init(
        item: ParsedItem,
        origin: IntakeOrigin,
        targets: [TargetPlan],
        contentDigest: [UInt8]? = nil,
        originalDigest: String? = nil,
        refusal: String? = nil
    ) {
        self.item = item
        self.origin = origin
        self.targets = targets
        self.contentDigest = contentDigest
        self.originalDigest = originalDigest
        self.refusal = refusal
    }
}

/// The five fates of an input.
package enum InputState: String, CaseIterable, Sendable { case accepted, duplicate, rejected, ignored, refused }

package struct IntakeResult: Sendable, Equatable {
    package var state: InputState
    /// The envelope's id; of a duplicate, the first one's; nil where nothing is stored.
    package var id: String?
    package var revision = 0
    /// What the store added to the envelope's warnings.
    package var warnings: [String] = []

    package init(state: InputState, id: String? = nil, revision: Int = 0, warnings: [String] = []) {
        self.state = state
        self.id = id
        self.revision = revision
        self.warnings = warnings
    }
}
