import GatehouseCore
import GatehouseStore
import Testing

@testable import gatehouse

/// The keys that only e-mail has.
struct MailConfigurationTests {
    static let complete = """
        { "schema": 1, "state_dir": "s",
          "sources": [
            { "name": "m", "type": "maildir", "path": "p", "trusted_authserv_ids": ["MX.desk.example"] },
            { "name": "n", "type": "maildir", "path": "q" } ],
          "targets": [{ "name": "t", "preset": "rt", "url": "https://rt.example.org" }],
          "policy": { "loop_breaker": { "messages": 5, "automated_messages": 2, "window_minutes": 10 } },
          "mail": {
            "trusted_authserv_ids": ["mx2.desk.example"],
            "own_addresses": ["support@desk.example", "@own.example"], "own_message_id_domains": ["RT.desk.example"],
            "own_markers": ["X-Ours: yes"], "ticket_tokens": ["[rt #{id}]"],
            "control": { "trusted_senders": ["@desk.example"], "priority_header": "X-Prio", "queue_header": "X-Q",
              "authenticated": false } } }
        """

    @Test func `Each key arrives where it is used`() throws {
        let (checked, problems) = ConfigurationTests.check(Self.complete)
        #expect(problems.isEmpty, "\(problems)")
        let configuration = try #require(checked)
        let mail = configuration.sources[0].context.mail
        #expect(mail.trustedServers == ["mx.desk.example"])
        #expect(configuration.sources[1].context.mail.trustedServers == ["mx2.desk.example"])
        #expect(mail.ownAddresses.contains("Any@own.example") && mail.ownAddresses.contains("support@Desk.example"))
        #expect(!mail.ownAddresses.contains("a@desk.example") && !mail.ownAddresses.contains("a@sub.own.example"))
        #expect(mail.ownMessageIDDomains == ["rt.desk.example"] && mail.ownMarkers == [MarkerField("x-ours: yes")])
        #expect(mail.ticketTokens == [TicketToken("[RT #{id}]")].compactMap(\.self))
        #expect(mail.control.priorityField == "X-Prio" && mail.control.queueField == "X-Q")
        #expect(!mail.control.needsAuthentication && mail.control.trustedSenders.contains("a@desk.example"))
        let breaker = try #require(configuration.loopBreaker)
        #expect(breaker.messages == 5 && breaker.automatedMessages == 2 && breaker.windowSeconds == 600)
    }

    @Test(
        arguments: [
            (#""policy": { "loop_breaker": { "enabled": false } }"#, nil), (#""policy": {}"#, 60),
            (#""policy": { "loop_breaker": { "messages": 7 } }"#, 7),
        ] as [(String, Int?)]
    )
    func `The loop breaker is at work unless it is switched off`(members: String, messages: Int?) throws {
        #expect(
            try #require(ConfigurationTests.check(ConfigurationTests.top(members)).0).loopBreaker?.messages == messages
        )
    }

    @Test(arguments: [
        WrongConfiguration(
            "no number",
            ConfigurationTests.top(#""mail": { "ticket_tokens": [▸"[rt #id]"] }"#),
            "{id} once"
        ),
        WrongConfiguration("no address", ConfigurationTests.top(#""mail": { "own_addresses": [▸"desk"] }"#), ""),
        WrongConfiguration(
            "a misspelt key",
            ConfigurationTests.top(#""policy": { "loop_breaker": { ▸"message": 7 } }"#),
            "Did you mean 'messages'?"
        ),
    ])
    func `What can't be meant is an error`(line: WrongConfiguration) {
        let (configuration, problems) = ConfigurationTests.check(line.text)
        #expect(configuration == nil)
        #expect(problems.contains { $0.hasPrefix("f:\(line.place): error") && $0.contains(line.words) }, "\(problems)")
    }

    @Test func `Control fields that no server can vouch for are warned of`() {
        let text = ConfigurationTests.top(#""mail": { "control": { "trusted_senders": ["a@b.example"] } }"#)
        #expect(ConfigurationTests.check(text).1.contains { $0.contains("trusted_authserv_ids") })
    }
}
