import Foundation
import GatehouseCore
import Testing

@testable import WebChatAdapter

/// Files of vendors and other projects, where they are at hand.
struct VendorFileTests {
    private static let folder = Sample.folder.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/data/channels")

    @Test(
        arguments: [
            ("web-chat/chatwoot_message_created.json", "chatwoot", 1),
            ("web-chat/tawkto_transcript_created.json", "tawk", 2),
            ("web-chat/crisp_wrapper.json", "crisp", 0), ("web-chat/livechat_incoming_event.json", "livechat", 1),
            ("web-chat/olark_conversation.json", "olark", 2),
            ("web-chat/rocketchat_livechatsession.json", "rocketchat-livechat", 2),
            ("web-chat/sunshine_v2_conversation_message.json", "sunshine-v2", 1),
            ("web-chat/zendesk_messaging_message_added.json", "zendesk-messaging", 1),
            ("intercom-webhook/zulip_intercom_conversation_admin_closed.json", "intercom", 0),
            ("intercom-webhook/zulip_intercom_conversation_admin_noted.json", "intercom", 1),
            ("intercom-webhook/zulip_intercom_conversation_admin_replied.json", "intercom", 1),
            ("intercom-webhook/zulip_intercom_conversation_user_created.json", "intercom", 1),
            ("intercom-webhook/zulip_intercom_ping.json", "intercom", 0),
            ("intercom-webhook/zulip_intercom_user_tag_created.json", "intercom", 0),
            ("front-webhook/zulip_front_comment.json", "front", 1),
            ("front-webhook/zulip_front_inbound_message.json", "front", 1),
            ("front-webhook/zulip_front_outbound_reply.json", "front", 1),
            ("front-webhook/zulip_front_conversation_tagged.json", "front", 0),
            ("front-webhook/zulip_front_gmail.json", "front", 0),
            ("groove-webhook/zulip_groove_agent_replied.json", "groove", 1),
            ("groove-webhook/zulip_groove_note_added.json", "groove", 1),
            ("groove-webhook/zulip_groove_ticket_started.json", "groove", 1),
            ("groove-webhook/zulip_groove_ticket_state_changed.json", "groove", 0),
            ("groove-webhook/zulip_groove_ticket_assigned__no_one.json", "groove", 1),
            ("jotform-webhook/zulip_jotform_response.json", "jotform", 1),
        ]
    )
    func `A vendor's own example is taken for what it is`(name: String, format: String, count: Int) throws {
        guard let data = try? Data(contentsOf: Self.folder.appending(path: name)) else {
            return print("skipped: no \(name)")
        }
        #expect(bestFormat(Array(data)) == FormatMatch(format: format, confidence: .certain))
        let items = try read(Array(data), as: format)
        #expect(items.messages.count == count)
        #expect(items.rejected.isEmpty)
        #expect(!items.isEmpty)
    }
}
