import Foundation
import GatehouseCore

@testable import WebChatAdapter

enum Sample {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Samples/web_chat")

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

    /// The inputs, without their expected envelopes.
    static var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { !$0.contains(".expected.") }.sorted()
    }
}

func read(_ bytes: [UInt8], as format: String, context: IntakeContext = IntakeContext(source: "/web_chat/test")) throws
    -> [ParsedItem]
{
    var items: [ParsedItem] = []
    let input = AdapterInput(
        bytes: ByteReader(bytes: bytes, name: "test.json"),
        position: "test.json",
        context: context
    )
    try WebChatAdapter().parse(input, format: format) { items.append($0) }
    return items
}

func read(_ text: String, as format: String) throws -> [ParsedItem] { try read(Array(text.utf8), as: format) }

extension [ParsedItem] {
    var messages: [ParsedMessage] { compactMap { if case .message(let held) = $0 { held.message } else { nil } } }
    var rejected: [RejectedInput] { compactMap { if case .rejected(let input) = $0 { input } else { nil } } }
    var ignored: [String] { compactMap { if case .ignored(let input) = $0 { input.kind } else { nil } } }
}

func bestFormat(_ bytes: [UInt8]) -> FormatMatch? {
    WebChatAdapter().recognise(head: bytes, name: "body", headers: [:]).max { $0.confidence < $1.confidence }
}
