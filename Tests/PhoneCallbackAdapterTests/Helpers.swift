import Foundation
import GatehouseCore

@testable import PhoneCallbackAdapter

enum Sample {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Samples/phone_callback")

    static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

    /// The format of a sample, by the first word of its name.
    static func format(_ name: String) -> String {
        let byPrefix = [
            "twilio": "twilio-voice", "aircall": "aircall", "zammad": "zammad-cti", "genesys": "genesys-callback",
            "calendly": "calendly", "asterisk": "asterisk-voicemail",
        ]
        return byPrefix.first { name.hasPrefix($0.key) }?.value ?? "generic-callback"
    }

    /// The inputs, without their expected envelopes.
    static var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return all.filter { !$0.contains(".expected.") && !$0.hasSuffix(".wav") }.sorted()
    }
}

func read(
    _ bytes: [UInt8],
    as format: String,
    region: String? = nil,
    zone: String? = nil,
    receivedAt: String? = nil,
    path: String? = nil
) throws -> [ParsedItem] {
    var items: [ParsedItem] = []
    var context = IntakeContext(source: "/phone_callback/test")
    context.defaultRegion = region
    context.timeZone = zone
    context.receivedAt = receivedAt.flatMap { Timestamp(rfc3339: $0) }
    let reader = ByteReader(bytes: bytes, name: "body")
    let input = AdapterInput(bytes: reader, position: "body", path: path, context: context)
    try PhoneCallbackAdapter().parse(input, format: format) { items.append($0) }
    return items
}

extension [ParsedItem] {
    var messages: [ParsedMessage] { compactMap { if case .message(let held) = $0 { held.message } else { nil } } }
    var rejected: [RejectedInput] { compactMap { if case .rejected(let input) = $0 { input } else { nil } } }
    var ignored: [String] { compactMap { if case .ignored(let input) = $0 { input.kind } else { nil } } }
}

func bestFormat(_ bytes: [UInt8]) -> FormatMatch? {
    PhoneCallbackAdapter().recognise(head: bytes, name: "body", headers: [:]).max { $0.confidence < $1.confidence }
}
