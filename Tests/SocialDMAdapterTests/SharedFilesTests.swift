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

    @Test func `Formats of other channels are not taken for exports`() throws {
        guard let walk = FileManager.default.enumerator(at: Self.folder, includingPropertiesForKeys: nil) else {
            return print("skipped: no \(Self.folder.path)")
        }
        let ours = ["facebook-messenger-export", "instagram-export", "telegram-desktop-export"]
        for case let file as URL in walk where !ours.contains(file.deletingLastPathComponent().lastPathComponent) {
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
