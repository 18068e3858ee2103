import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

/// Other people's files, which lie outside the repository; where they are absent nothing is tested.
@Suite struct SharedFilesTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data/channels").standardizedFileURL

    @Test(arguments: [
        (
            "facebook-messenger-export/e2ee_simple__alice_1.json", "messenger",
            ["Hello", "café time?", "See you soon", ""]
        ),
        (
            "facebook-messenger-export/json_simple__archived_threads__zoe_ARCH__message_1.json", "messenger",
            ["Old message in archive"]
        ),
        (
            "facebook-messenger-export/json_simple__inbox__alice_ABC123__message_1.json", "messenger",
            ["See you soon", "café time?", "Hello"]
        ),
        (
            "facebook-messenger-export/json_with_media__inbox__bob_XYZ789__message_1.json", "messenger",
            ["Here's a photo"]
        ),
        ("instagram-export/chatminer_test_export.json", "instagram", ["Hello Jane!", "Hello John!"]),
        (
            "telegram-desktop-export/chatminer_test_batch_export.json", "telegram-desktop",
            ["Minimal Message", "Link:https://telegram.org/"]
        ),
        (
            "telegram-desktop-export/chatminer_test_single_export.json", "telegram-desktop",
            ["Minimal Message", "Link:https://telegram.org/"]
        ),
        (
            "facebook-messenger-export/html_multi_media__inbox__carol_IMG456__message_1.html", "messenger-html",
            ["Hello Carol", "Check out this photo", "Nice picture"]
        ),
        (
            "facebook-messenger-export/html_simple__inbox__alice_ABC123__message_1.html", "messenger-html",
            ["Hello", "café time?", "See you soon"]
        ),
        ("facebook-messenger-export/html_timestamps__layout1.html", "messenger-html", ["ping"]),
        ("facebook-messenger-export/html_timestamps__layout2.html", "messenger-html", ["ping"]),
        ("facebook-messenger-export/html_timestamps__layout3.html", "messenger-html", ["ping"]),
        (
            "facebook-messenger-export/html_with_media__inbox__bob_XYZ789__message_1.html", "messenger-html",
            ["Here's a photo"]
        ),
        ("line-txt-export/line_en.txt", "line", ["first line\nsecond line", ""]),
        (
            "line-txt-export/line_media.txt", "line",
            ["", "https://example.com", "https://maps.google.com/example", "Bob left the group"]
        ),
        ("signal-desktop-txt/chatminer_test_export.txt", "signal-text", ["Hello John!", "Hello\nJane!"]),
        ("signal-cli-jsonrpc/receive.json", "signal-cli", ["foobar"]),
        ("signal-cli-jsonrpc/sync_sent.json", "signal-cli", ["j"]),
        ("google-chat-takeout/messages.json", "google-chat", ["Hello", "", "Edited text", "Current reply"]),
        ("linkedin-export/messages.csv", "linkedin", ["Thanks for the intro — free Thursday?"]),
        ("reddit-gdpr/messages.csv", "reddit", ["private sociology talk", "Please reconsider"]),
        ("snapchat-export/chat_history.json", "snapchat", ["was he good?", ""]),
        ("tiktok-export/user_data.json", "tiktok", ["hello"]),
    ])
    func `An export of somebody else is read`(name: String, format: String, texts: [String]) throws {
        let file = Self.folder.appendingPathComponent(name)
        guard let content = try? Data(contentsOf: file) else { return print("skipped: no \(file.path)") }
        let bytes = [UInt8](content)
        let parsed = try parse(bytes, as: format)
        #expect(parsed.texts == texts)
        #expect(parsed.rejected.isEmpty)
        #expect(SocialDMAdapter().recognise(head: bytes, name: name, headers: [:]).first?.format == format)
    }

    @Test(arguments: [
        ("whatsapp-txt/chatistics_chat4.txt", 3), ("whatsapp-txt/chatminer_test_[mmddyy]_24hrs.txt", 7),
        ("whatsapp-txt/chatminer_test_ddmmyy_24hrs.txt", 7), ("whatsapp-txt/chatminer_test_mmddyy_24hrs.txt", 7),
        ("whatsapp-txt/chatminer_test_mmddyyyy_12hrs.txt", 7), ("whatsapp-txt/chatminer_test_yyyymmdd_24hrs.txt", 7),
    ])
    func `A chat of WhatsApp is read the same in every manner of dates`(name: String, count: Int) throws {
        let file = Self.folder.appendingPathComponent(name)
        guard let content = try? Data(contentsOf: file) else { return print("skipped: no \(file.path)") }
        let parsed = try parse([UInt8](content), as: "whatsapp")
        #expect(parsed.messages.count == count)
        #expect(parsed.rejected.isEmpty)
        guard name.contains("chatminer") else { return }
        let days = parsed.messages.compactMap { $0.envelope.data.times.sentAt?.rfc3339.prefix(10) }
        #expect(
            days == [
                "2019-01-01", "2019-01-20", "2019-01-30", "2020-06-10", "2021-12-10", "2021-12-20", "2021-12-30",
            ]
        )
    }

    @Test func `Formats of other channels are not taken for exports`() throws {
        guard let walk = FileManager.default.enumerator(at: Self.folder, includingPropertiesForKeys: nil) else {
            return print("skipped: no \(Self.folder.path)")
        }
        let ours = [
            "facebook-messenger-export", "instagram-export", "telegram-desktop-export", "line-txt-export",
            "signal-desktop-txt", "signal-cli-jsonrpc", "google-chat-takeout", "linkedin-export", "reddit-gdpr",
            "snapchat-export", "tiktok-export", "discord-data-package", "slack-export", "whatsapp-txt",
        ]
        for case let file as URL in walk where !file.pathComponents.contains(where: ours.contains) {
            guard let content = try? Data(contentsOf: file) else { continue }
            let found = SocialDMAdapter().recognise(
                head: [UInt8](content.prefix(65_536)),
                name: file.lastPathComponent,
                headers: [:]
            )
            let exports = SocialDMAdapter.all.map(\.format.name)
            #expect(found.allSatisfy { !exports.contains($0.format) }, "\(file.path)")
        }
    }
}
