import Foundation
import GatehouseCore

@testable import EmailAdapter

/// The samples in `Samples/email`, and short ways to read a mail.
enum Samples {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Samples/email")
        .standardized

    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []).filter { $0.hasSuffix(".eml") }
        .sorted()

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

    static func parse(_ bytes: [UInt8], limits: Limits = Limits()) -> ParsedMessage {
        var context = IntakeContext(source: "/email/test")
        context.limits = limits
        return MailParser(context: context, position: "test").parse(bytes)
    }

    static func parse(_ text: String, limits: Limits = Limits()) -> ParsedMessage {
        parse(Array(text.utf8), limits: limits)
    }

    /// A mail that holds `bytes` in base 64, and nothing else.
    static func wrapped(_ bytes: [UInt8], _ type: String) -> [UInt8] {
        Array("Content-Type: \(type)\nContent-Transfer-Encoding: base64\n\n\(Base64.encode(bytes))\n".utf8)
    }

    static func sample(_ name: String) throws -> MessageData { parse(try bytes(name)).envelope.data }

    /// Every item that the adapter hands on.
    static func items(_ bytes: [UInt8], format: String) throws -> [ParsedItem] {
        let input = AdapterInput(
            bytes: ByteReader(bytes: bytes, name: "test"),
            position: "test",
            context: IntakeContext(source: "/email/test")
        )
        var items: [ParsedItem] = []
        try EmailAdapter().parse(input, format: format) { items.append($0) }
        return items
    }
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
    let path: String

    init() throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        path = place.path()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func makeMaildir() throws {
        for name in ["new", "cur", "tmp"] {
            try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
        }
    }

    func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }

    func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }
}
