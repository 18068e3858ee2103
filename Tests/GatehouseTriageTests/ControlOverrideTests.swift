import GatehouseCore
import Testing

/// What a trusted sender's fields ask for.
struct ControlOverrideTests {
    @Test(arguments: UrgencyLevel.allCases)
    func `A trusted sender's priority is the urgency, and says so`(level: UrgencyLevel) {
        let result = assessed("My account was hacked and my money is gone!") { data in
            data.mail = MailFacts()
            data.mail?.control = MailControl(priority: level, queue: "Legal")
        }
        #expect(result.urgency.level == level && result.queue == "Legal")
        #expect(result.urgency.reasons.first?.rule == "control_field")
        #expect(result.urgency.reasons.first?.location == "header")
    }

    @Test func `Without a field the rules decide`() {
        let plain = assessed("Where is the button?")
        #expect(plain.urgency.reasons.allSatisfy { $0.rule != "control_field" } && plain.queue == nil)
    }
}
