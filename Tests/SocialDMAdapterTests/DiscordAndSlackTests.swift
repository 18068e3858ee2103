import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

@Suite struct DiscordTests {
    @Test func `Ids above 2^53 stay exact and give the time where the text has no zone`() throws {
        // The id was given out half a second after the text's whole second.
        let text = #"[{"ID": 1460201641213952001, "Timestamp": "2026-01-12 09:20:00", "Contents": "a"}]"#
        let parsed = try parse(text, as: "discord-package")
        #expect(parsed.keys == ["discord:1460201641213952001"])
        let times = parsed.messages[0].envelope.data.times
        #expect(times.sentAt?.rfc3339 == "2026-01-12T09:20:00.500Z")
        #expect(times.zone == "UTC")
        #expect(parsed.messages[0].envelope.data.direction == .outbound)
    }

    @Test func `Two messages of one millisecond are two, and an answer names what it answers`() throws {
        let author = #""author": {"id": "9", "name": "ann", "discriminator": "1234", "isBot": false}"#
        let time = #""timestamp": "2026-01-12T10:00:00.001+00:00", "timestampEdited": null"#
        let text = """
            {"guild": {"id": "1", "name": "G"}, "channel": {"id": "2", "type": "GuildTextChat", "name": "help"}, "messages": [
            {"id": "3", "type": "Default", \(time), "content": "a", \(author)},
            {"id": "4", "type": "Reply", \(time), "content": "<@!9> b", \(author), "reference": {"messageId": "3"},
             "mentions": [{"id": "9", "name": "ann", "nickname": "Ann"}]},
            {"id": "5", "type": "46", \(time), "content": "", \(author)},
            {"id": "6", "type": "GuildMemberJoin", \(time), "content": "Joined the server.", \(author)},
            {"id": "7", "type": "Default", \(time), "content": "", \(author), "embeds": [{"title": "T", "description": "D"}],
             "attachments": [{"id": "1", "url": "../x.png", "fileName": "x.png", "fileSizeBytes": 3}]}]}
            """
        let parsed = try parse(text, as: "discord-chat-exporter", path: "/tmp/none/x.json")
        #expect(parsed.keys == ["discord:3", "discord:4", "discord:7"])
        #expect(parsed.texts == ["a", "@Ann b", "T\nD"])
        #expect(parsed.ignored == ["type_46", "participants_joined"])
        #expect(parsed.messages[1].envelope.data.inReplyTo == ["discord:3"])
        #expect(parsed.messages[0].envelope.data.subject == "G #help")
        #expect(parsed.messages[0].envelope.data.from[0].username == "ann#1234")
        #expect(parsed.messages[2].envelope.data.warnings.contains("attachment_outside_export"))
    }

    @Test func `What the exporter can't show is named, a thread's pointer is counted`() throws {
        let text = #"""
            {"guild":{"id":"0"},"channel":{"id":"12","type":"DirectTextChat","name":"Ann"},"messages":[
            {"id":"5","type":"Default","timestamp":"2026-01-02T03:04:05+00:00","content":"","author":{"id":"4","name":"ann"}},
            {"id":"6","type":"21","timestamp":"2026-01-02T03:04:05+00:00","content":"","author":{"id":"4","name":"ann"}}]}
            """#
        let parsed = try parse(text, as: "discord-chat-exporter")
        #expect(parsed.ignored == ["thread_starter_message"])
        #expect(parsed.messages.first?.envelope.data.warnings.contains("unsupported_content:default") == true)
    }

    @Test(arguments: [
        ("Support", [Direction.inbound, .outbound]), ("5", [.inbound, .outbound]), ("4", [.outbound, .inbound]),
        ("ann", [.outbound, .inbound]),
    ])
    func `An account that is neither of two says nothing of who is who`(account: String, expected: [Direction]) throws {
        let text = #"""
            {"guild":{"id":"0"},"channel":{"id":"12","type":"DirectTextChat","name":"Ann"},"messages":[
            {"id":"5","type":"Default","timestamp":"2026-01-02T03:04:05+00:00","content":"a","author":{"id":"4","name":"ann","nickname":"Ann"}},
            {"id":"6","type":"Default","timestamp":"2026-01-02T03:04:05+00:00","content":"b","author":{"id":"5","name":"desk"}}]}
            """#
        let data = try parse(text, as: "discord-chat-exporter", account: account).messages.map(\.envelope.data)
        #expect(data.map(\.direction) == expected)
        // Nobody writes to oneself.
        #expect(data.allSatisfy { message in !message.to.contains { $0.name == message.from.first?.name } })
    }

    @Test func `A CSV that breaks off inside quotes gives what is whole and one rejection`() throws {
        let parsed = try parse(
            "ID,Timestamp,Contents,Attachments\n1,2026-01-12 10:00:00,\"a\n\"\"b\"\"\",\n2,2026-01-12 10:00:00,\"c",
            as: "discord-package"
        )
        #expect(parsed.texts == ["a\n\"b\""])
        #expect(parsed.order == ["message", "rejected:csv_truncated"])
    }
}

@Suite struct SlackTests {
    @Test(arguments: [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"), ("<@U1> and <@U2|bob>", "@U1 and @bob"),
        ("<#C1|help> <#C2>", "#help #C2"), ("<!here> <!subteam^S1|@team> <!date^1^{date}|today>", "@here @team today"),
        (
            "<https://x.org/a|a page> <https://x.org> <mailto:a@x.org|a@x.org>",
            "a page (https://x.org/a) https://x.org a@x.org"
        ),
        ("5 < 6 and no end", "5 < 6 and no end"), ("<https://x.org?a=1&amp;b=2>", "https://x.org?a=1&b=2"),
        ("*bold* _it_", "*bold* _it_"),
    ])
    func `mrkdwn becomes text`(written: String, read: String) {
        #expect(SlackText(directory: SlackDirectory()).plain(written) == read)
    }

    @Test func `Changes and deletions keep the key of the message they change`() throws {
        let text = """
            [{"type": "message", "subtype": "message_changed", "ts": "2.000000", "message":
              {"type": "message", "user": "U1", "text": "new", "ts": "1736478630.905399", "edited": {"ts": "2.0"}}},
             {"type": "message", "subtype": "message_deleted", "ts": "1736478700.000100", "deleted_ts": "1736478640.000200",
              "previous_message": {"type": "message", "user": "U1", "text": "old", "ts": "1736478640.000200"}},
             {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.",
              "ts": "1736478650.000300"},
             {"type": "message", "subtype": "channel_topic", "user": "U1", "text": "x", "ts": "1736478660.000300"}]
            """
        let parsed = try parse(text, as: "slack", path: "/tmp/none/C0AAAAAAA/2026-01-01.json")
        #expect(
            parsed.keys == [
                "slack:C0AAAAAAA:1736478630.905399", "slack:C0AAAAAAA:1736478640.000200",
                "slack:C0AAAAAAA:1736478650.000300",
            ]
        )
        #expect(parsed.messages.map(\.envelope.type) == [.messageCreated, .messageDeleted, .messageDeleted])
        #expect(parsed.texts == ["new", "", ""])
        #expect(parsed.ignored == ["channel_topic"])
        #expect(parsed.messages[0].envelope.data.times.sentAt?.milliseconds == 1_736_478_630_905)
    }

    @Test(arguments: [
        #""text": "see <https://x.org/a|a page>, <http://y.org|y.org>, <mailto:a@x.org|a@x.org> &amp; <!here>""#,
        #""text": "", "attachments": [{"pretext": "p", "title": "t", "text": "x &lt; y", "fallback": "f"}]"#,
        #""text": "", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*hi* <https://x.org>"}}]"#,
        #""text": "file", "files": [{"id": "F1", "name": "a.png", "url_private": "https://files.slack.com/a.png"}]"#,
    ])
    func `The same message by export and by event says the same, in the same conversation`(content: String) throws {
        let times = #""ts": "1736478630.905399", "thread_ts": "1736478600.000100""#
        let message = #"{"type": "message", "user": "U1", \#(times), \#(content)}"#
        let path = "/tmp/none/C0AAAAAAA/2026-01-01.json"
        let export = try #require(try parse("[\(message)]", as: "slack", account: "T1", path: path).messages.first)
        let event = message.dropLast() + #", "channel": "C0AAAAAAA", "channel_type": "channel"}"#
        let body = #"{"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": \#(event)}"#
        let webhook = try #require(try parse(body, as: "slack-webhook", account: "T1").messages.first)
        #expect(export.keys == webhook.keys)
        #expect(export.envelope.data.conversationID == webhook.envelope.data.conversationID)
        #expect(export.envelope.data.body.text == webhook.envelope.data.body.text)
        let digest = EnvelopeIdentity.contentDigest(of: export.envelope)
        #expect(digest == EnvelopeIdentity.contentDigest(of: webhook.envelope))
    }

    @Test func `An address loses the token that opens the whole workspace`() {
        #expect(SlackMessage.withoutToken("https://f/x?t=xoxe-1-2") == "https://f/x")
        #expect(SlackMessage.withoutToken("https://f/x?a=1&t=xoxe-1-2&b=2") == "https://f/x?a=1&b=2")
        #expect(SlackMessage.withoutToken("https://f/x?t=12") == "https://f/x?t=12")
    }
}
