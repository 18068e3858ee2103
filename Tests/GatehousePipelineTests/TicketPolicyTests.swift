import GatehouseCore
import GatehouseStore
import Testing

@testable import GatehousePipeline

/// One line of the table: what a message is, and what becomes of it by default and with `"outbound": "ticket"`.
struct PolicyCase: CustomTestStringConvertible {
    var direction = Direction.inbound
    var automated = Automation.no
    var type = EventType.messageCreated
    let standard: TicketDecision
    let sendingAll: TicketDecision

    var testDescription: String { "\(direction) \(automated) \(type)" }
}

struct TicketPolicyTests {
    static let table = [
        PolicyCase(standard: .send, sendingAll: .send),
        PolicyCase(type: .callMissed, standard: .send, sendingAll: .send),
        PolicyCase(type: .voicemailReceived, standard: .send, sendingAll: .send),
        PolicyCase(type: .callbackRequested, standard: .send, sendingAll: .send),
        PolicyCase(type: .callbackCanceled, standard: .followUpOnly, sendingAll: .followUpOnly),
        PolicyCase(type: .messageRevised, standard: .followUpOnly, sendingAll: .followUpOnly),
        PolicyCase(type: .messageDeleted, standard: .followUpOnly, sendingAll: .followUpOnly),
        PolicyCase(type: .inputRejected, standard: .keep, sendingAll: .keep),
        PolicyCase(automated: .list, standard: .send, sendingAll: .send),
        PolicyCase(automated: .bounce, standard: .followUpOnly, sendingAll: .followUpOnly),
        PolicyCase(automated: .autoReply, standard: .followUpOnly, sendingAll: .followUpOnly),
        PolicyCase(automated: .feedbackReport, standard: .followUpOnly, sendingAll: .followUpOnly),
        PolicyCase(automated: .bot, standard: .keep, sendingAll: .send),
        PolicyCase(automated: .echo, standard: .keep, sendingAll: .send),
        PolicyCase(direction: .outbound, standard: .keep, sendingAll: .send),
        PolicyCase(direction: .internal, standard: .keep, sendingAll: .send),
        PolicyCase(direction: .outbound, type: .messageRevised, standard: .keep, sendingAll: .followUpOnly),
        PolicyCase(direction: .system, standard: .keep, sendingAll: .keep),
    ]

    static func envelope(_ line: PolicyCase, sentAt: Int64? = nil) -> Envelope {
        var data = MessageData(channel: .webChat, provider: "test")
        data.direction = line.direction
        data.automated = line.automated
        data.times.sentAt = sentAt.map { Timestamp(milliseconds: $0) }
        return Envelope(source: "/x", type: line.type, data: data)
    }

    @Test(arguments: table)
    func `What becomes a ticket follows the table`(line: PolicyCase) {
        var policy = TicketPolicy()
        #expect(policy.decide(Self.envelope(line)) == line.standard)
        policy.sendsOutbound = true
        #expect(policy.decide(Self.envelope(line)) == line.sendingAll)
    }

    @Test(
        arguments: [
            (999, TicketDecision.keep), (1000, .send), (1001, .send), (nil, .send),
        ] as [(Int64?, TicketDecision)]
    )
    func `Messages sent before 'since' are kept; those of no known time are sent`(
        sentAt: Int64?,
        decision: TicketDecision
    ) {
        var policy = TicketPolicy()
        policy.since = Timestamp(milliseconds: 1000)
        let line = PolicyCase(standard: .send, sendingAll: .send)
        #expect(policy.decide(Self.envelope(line, sentAt: sentAt)) == decision)
    }

    @Test(arguments: Channel.allCases)
    func `Mail threads have no end, chats pause after some days`(channel: Channel) {
        var policy = TicketPolicy()
        policy.chatIdleSeconds = 86_400
        #expect(policy.idleSeconds(for: channel) == (channel == .email ? nil : 86_400))
    }

    @Test func `Each target gets a plan with the decision's state`() {
        let planner = TargetPlanner(targets: ["desk", "archive"], policy: TicketPolicy())
        let states: [(PolicyCase, TargetPlan.State)] = [
            (PolicyCase(standard: .send, sendingAll: .send), .ready),
            (PolicyCase(automated: .bounce, standard: .followUpOnly, sendingAll: .followUpOnly), .followUpOnly),
            (PolicyCase(direction: .outbound, standard: .keep, sendingAll: .send), .notDue),
        ]
        for (line, state) in states {
            let plans = planner.plans(for: Self.envelope(line))
            #expect(plans.map(\.name) == ["desk", "archive"])
            #expect(plans.allSatisfy { $0.state == state && $0.conversationIdleSeconds == 7 * 86_400 })
        }
    }
}
