import Foundation
import GatehouseCore
import Testing

@testable import WebChatAdapter

/// Files of vendors and other projects, where they are at hand.
struct VendorFileTests {
    private static let folder = Sample.folder.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/data/channels/web-chat")

    @Test(
        arguments: [
            ("chatwoot_message_created.json", "chatwoot", 1), ("tawkto_transcript_created.json", "tawk", 2),
            ("crisp_wrapper.json", nil, 0), ("livechat_incoming_event.json", nil, 0),
            ("olark_conversation.json", nil, 0),
            ("rocketchat_livechatsession.json", nil, 0), ("sunshine_v2_conversation_message.json", nil, 0),
            ("zendesk_messaging_message_added.json", nil, 0),
        ] as [(String, String?, Int)]
    )
    func `A vendor's own example is taken for what it is`(name: String, format: String?, count: Int) throws {
        guard let data = try? Data(contentsOf: Self.folder.appending(path: name)) else {
            return print("skipped: no \(name)")
        }
        let match = bestFormat(Array(data))
        #expect(match?.format == format)
        if let format { #expect(try read(Array(data), as: format).messages.count == count) }
    }
}
