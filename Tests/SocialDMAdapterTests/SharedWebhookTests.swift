import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

/// Payloads that vendors and other projects have published, which lie outside the repository.
@Suite struct SharedWebhookTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data/channels").standardizedFileURL

    private static let hello = "This is the first message from the customer"

    static let files = [
        ("instagram-webhook/chatwoot_incoming_ig_text_message.json", ["created instagram:message-id-1 \(hello)"]),
        ("instagram-webhook/chatwoot_instagram_message_attachment_event.json", ["created instagram:message-id-1"]),
        ("instagram-webhook/chatwoot_instagram_message_create_event.json", ["created instagram:message-id-1 \(hello)"]),
        (
            "instagram-webhook/chatwoot_instagram_message_reply_event.json",
            ["created instagram:message-id-2 This is message with replyto mid"]
        ),
        ("instagram-webhook/chatwoot_instagram_message_standby_event.json", ["ignored standby"]),
        ("instagram-webhook/chatwoot_instagram_message_unsend_event.json", ["deleted instagram:message-id-to-delete"]),
        (
            "instagram-webhook/chatwoot_instagram_message_unsupported_event.json",
            ["created instagram:unsupported-message-id-1"]
        ),
        ("instagram-webhook/chatwoot_instagram_story_mention_event_with_echo.json", ["ignored echo"]),
        ("instagram-webhook/chatwoot_instagram_test_event.json", ["created instagram:random_mid random_text"]),
        ("instagram-webhook/chatwoot_instagram_test_text_event.json", ["created instagram:random_mid random_text"]),
        ("instagram-webhook/chatwoot_messaging_seen_event.json", ["ignored read_receipt"]),
        ("messenger-webhook/chatwoot_message_deliveries.json", ["ignored delivery_receipt"]),
        ("messenger-webhook/chatwoot_message_reads.json", ["ignored read_receipt"]),
        ("twitter-account-activity-dm/chatwoot_twitter_message_create_event.json", ["created x:123 Blue Bird"]),
        ("twitter-account-activity-dm/zammad_webhook1_direct_message.json", ["ignored echo"]),
        ("slack-outgoing-webhook/zulip_slack_message_info.txt", ["created slack:C3W8CTZFZ:1485947263.000010 test"]),
        ("slack-outgoing-webhook/zulip_slack_message_info_missing_text.txt", ["rejected no_text_field"]),
        ("slack-events/javasdk_MessageBotPayload.json", ["ignored bot_message"]),
        ("slack-events/javasdk_ReactionAddedPayload.json", ["ignored reaction"]),
        ("slack-events/javasdk_MessageRepliedPayload.json", ["ignored message_replied"]),
    ]

    @Test(arguments: files)
    func `A payload of somebody else is taken for what it is`(name: String, items: [String]) throws {
        let file = Self.folder.appendingPathComponent(name)
        guard let content = try? Data(contentsOf: file) else { return print("skipped: no \(file.path)") }
        let formats = [
            "instagram-webhook": "instagram-webhook", "messenger-webhook": "messenger-webhook",
            "twitter-account-activity-dm": "x-webhook", "slack-outgoing-webhook": "slack-webhook",
            "slack-events": "slack-webhook",
        ]
        let format = try #require(formats[file.deletingLastPathComponent().lastPathComponent])
        #expect(try outline(String(decoding: content, as: UTF8.self), as: format) == items)
        let found = SocialDMAdapter().recognise(head: [UInt8](content), name: name, headers: [:])
        #expect(found.contains { $0.format == format })
    }

    @Test func `LINE's own list of all events has its messages, and none is rejected`() throws {
        let file = Self.folder.appendingPathComponent("line-webhook/line-sdk_webhook.json")
        guard let content = try? Data(contentsOf: file) else { return print("skipped: no \(file.path)") }
        let items = try outline(String(decoding: content, as: UTF8.self), as: "line-webhook")
        #expect(items.count { $0.hasPrefix("created") } == 11)
        #expect(items.count { $0.hasPrefix("revised") } == 1)
        #expect(items.count { $0.hasPrefix("deleted") } == 1)
        #expect(items.count { $0.hasPrefix("ignored") } == 15)
        #expect(!items.contains { $0.hasPrefix("rejected") })
    }
}
