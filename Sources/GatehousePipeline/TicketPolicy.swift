package import GatehouseCore

/// What becomes of a message at a target.
package enum TicketDecision: Sendable, Equatable {
    /// Opens a ticket, or follows up on its conversation's.
    case send
    /// Goes to its conversation's ticket where there is one, and opens none.
    case followUpOnly
    /// Kept, never sent.
    case keep
}

/// What becomes a ticket: configurable, with the defaults that a desk would choose.
package struct TicketPolicy: Sendable {
    /// Send what the desk itself wrote, and internal notes, as well.
    package var sendsOutbound = false
    /// A chat or direct message opens a new ticket after this many seconds of silence.
    package var chatIdleSeconds: Int64 = 7 * 86_400
    /// Messages sent before this moment are kept and never sent; nil sends every one.
    package var since: Timestamp?

    package init() {}

    package func decide(_ envelope: Envelope) -> TicketDecision {
        if envelope.type == .inputRejected { return .keep }
        if let since, let sent = envelope.data.times.sentAt, sent < since { return .keep }
        switch envelope.data.direction {
        case .outbound, .internal: if !sendsOutbound { return .keep }
        case .system: return .keep
        case .inbound: break
        }
        switch envelope.data.automated {
        case .bounce, .autoReply, .feedbackReport: return .followUpOnly
        // In a mailbox a machine's notices are somebody's alarms and forms; in a chat a bot is the desk's own.
        case .bot where envelope.data.channel == .email: break
        case .echo, .bot: return sendsOutbound ? .send : .keep
        case .no, .list: break
        }
        switch envelope.type {
        case .messageRevised, .messageDeleted, .callbackCanceled: return .followUpOnly
        default: return .send
        }
    }

    /// How long a conversation's ticket is followed up; nil without end.
    package func idleSeconds(for channel: Channel) -> Int64? {
        switch channel {
        case .email: nil
        case .socialDM, .webChat, .phoneCallback: chatIdleSeconds
        }
    }
}
