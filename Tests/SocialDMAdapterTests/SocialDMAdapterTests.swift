import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

/// What an adapter made of one input.
struct Parsed {
    var messages: [ParsedMessage] = []
    var rejected: [RejectedInput] = []
    var ignored: [String] = []
    /// All of them in order: `message`, `rejected:<reason>`, `ignored:<kind>`.
    var order: [String] = []

    var texts: [String] { messages.map(\.envelope.data.body.text) }
    var keys: [String] { messages.flatMap(\.keys).map(\.value) }

    mutating func add(_ item: ParsedItem) {
        switch item {
        case .message(let held):
            let message = held.message
            messages.append(message)
            order.append("message")
        case .rejected(let input):
            rejected.append(input)
            order.append("rejected:\(input.reason)")
        case .ignored(let input):
            ignored.append(input.kind)
            order.append("ignored:\(input.kind)")
        }
    }
}

func parse(
    _ bytes: [UInt8],
    as format: String,
    account: String? = nil,
    path: String? = nil,
    change: (inout IntakeContext) -> Void = { _ in }
) throws -> Parsed {
    var context = IntakeContext(source: "/social_dm/test", account: account)
    change(&context)
    let input = AdapterInput(
        bytes: ByteReader(bytes: bytes, name: path ?? "test"),
        position: path ?? "test",
        path: path,
        context: context
    )
    var parsed = Parsed()
    try SocialDMAdapter().parse(input, format: format) { parsed.add($0) }
    return parsed
}

func parse(_ text: String, as format: String, account: String? = nil, path: String? = nil) throws -> Parsed {
    try parse(Array(text.utf8), as: format, account: account, path: path)
}

enum SampleFolder {
    static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Samples/social_dm").standardizedFileURL

    /// Name of a sample and its format.
    static let samples = [
        ("x-archive-stolen-account.js", "x-archive"), ("x-archive-group.js", "x-archive"),
        ("messenger-stuck-withdrawal.json", "messenger"), ("messenger-encrypted-idle-question.json", "messenger"),
        ("instagram-stolen-account.json", "instagram"), ("instagram-idle-question.json", "instagram"),
        ("telegram-stuck-withdrawal.json", "telegram-desktop"), ("telegram-account.json", "telegram-desktop"),
        ("google-chat-locked.json", "google-chat"), ("snapchat-hacked.json", "snapchat"),
        ("tiktok-fees.json", "tiktok"),
        ("discord-chat-account-locked.json", "discord-chat-exporter"),
    ]

    /// Samples that are no single JSON document.
    static let texts = [
        ("line-stuck-withdrawal-ja.txt", "line"), ("line-group-zh.txt", "line"), ("line-desktop-ja.txt", "line"),
        ("messenger-page-fr.html", "messenger-html"), ("instagram-page-en.html", "instagram-html"),
        ("signal-text-lost-phone.txt", "signal-text"), ("signal-cli-withdrawal.jsonl", "signal-cli"),
        ("linkedin-deposit-missing.csv", "linkedin"), ("reddit-messages.csv", "reddit"), ("reddit-chat.csv", "reddit"),
    ]

    static let formats = Set((samples + texts).map(\.1)).sorted()

    /// Two hundred times the bytes with a few of them changed, the same ones in each run.
    ///
    /// - Parameter alphabet: What they are changed to, besides bytes that are no UTF-8 and NUL.
    static func changes(of bytes: [UInt8], with alphabet: String, _ body: ([UInt8]) throws -> Void) rethrows {
        var seed = UInt64(bytes.count)
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let alphabet = Array(alphabet.utf8) + [0xFF, 0x80, 0]
        for _ in 0..<200 {
            var changed = bytes
            for _ in 0...random(6) { changed[random(changed.count)] = alphabet[random(alphabet.count)] }
            try body(changed)
        }
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url.appendingPathComponent(name)))
    }
}

@Suite struct SocialDMAdapterTests {
    @Test func `Every format has a sample`() {
        let adapter = SocialDMAdapter()
        var found = Set(SampleFolder.formats)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: SampleFolder.url.path)) ?? []
        for name in names where !name.hasSuffix(".expected.json") {
            guard let bytes = try? SampleFolder.bytes(name) else { continue }
            let matches = adapter.recognise(head: Array(bytes.prefix(1 << 16)), name: name, headers: [:])
            if let best = matches.max(by: { $0.confidence < $1.confidence }) { found.insert(best.format) }
        }
        // Documents of these lie in the samples that are zips, which are taken apart before an adapter sees them.
        for zipped in ["slack", "discord-package", "whatsapp"]
        where names.contains(where: { $0.hasPrefix(zipped.prefix(7)) && $0.hasSuffix(".zip") }) {
            found.insert(zipped)
        }
        #expect(Set(adapter.formats.map(\.name)).subtracting(found) == [])
    }

    @Test(arguments: SampleFolder.texts)
    func `A text sample gives messages and nothing that is rejected`(name: String, format: String) throws {
        let bytes = try SampleFolder.bytes(name)
        let parsed = try parse(bytes, as: format)
        #expect(!parsed.messages.isEmpty)
        #expect(parsed.rejected.isEmpty)
        for message in parsed.messages {
            #expect(message.envelope.data.times.sentAt != nil)
            #expect(message.envelope.data.from.count == 1)
            #expect(
                ByteSearch.firstIndex(
                    of: message.raw.filter { $0 != 0x0D },
                    in: bytes.filter { $0 != 0x0D },
                    0..<bytes.count
                ) != nil
            )
        }
    }

    /// Nothing of what stands before the cut is lost, and of the rest nothing is made up.
    @Test(arguments: SampleFolder.texts)
    func `A text that is cut gives what is whole`(name: String, format: String) throws {
        let bytes = try SampleFolder.bytes(name)
        let whole = try parse(bytes, as: format)
        for length in stride(from: 1, to: bytes.count - 3, by: 7) {
            let cut = try parse(Array(bytes.prefix(length)), as: format)
            #expect(cut.rejected.count <= 1, "cut at \(length)")
            // Where blanks part the columns, what a name is shows in several rows.
            guard name != "line-desktop-ja.txt" else { continue }
            for (cut, whole) in zip(cut.messages.dropLast(), whole.messages) {
                #expect(cut.envelope.data.body.text == whole.envelope.data.body.text, "cut at \(length)")
            }
        }
    }

    @Test(arguments: SampleFolder.samples + SampleFolder.texts)
    func `A sample is recognised as what it is`(name: String, format: String) throws {
        let found = SocialDMAdapter().recognise(head: try SampleFolder.bytes(name), name: name, headers: [:])
        #expect(found.first?.format == format)
        #expect((found.first?.confidence ?? .possible) == (name == "line-desktop-ja.txt" ? .likely : .certain))
        #expect(found.dropFirst().allSatisfy { $0.confidence < .certain })
    }

    @Test(arguments: SampleFolder.samples)
    func `A sample gives messages and nothing that is rejected`(name: String, format: String) throws {
        let parsed = try parse(try SampleFolder.bytes(name), as: format)
        #expect(!parsed.messages.isEmpty)
        #expect(parsed.rejected.isEmpty)
        #expect(Set(parsed.keys).count == parsed.messages.count, "each message has a key of its own")
        for message in parsed.messages {
            let data = message.envelope.data
            #expect(data.conversationID != nil)
            #expect(data.times.sentAt != nil)
            #expect(data.from.count == 1)
            #expect(message.raw.first == UInt8(ascii: "{") && message.raw.last == UInt8(ascii: "}"))
            #expect(data.raw.sha256 == SHA256.hex(of: message.raw))
        }
    }

    @Test(arguments: SampleFolder.samples + SampleFolder.texts)
    func `A sample that is read again gives the same keys`(name: String, format: String) throws {
        let bytes = try SampleFolder.bytes(name)
        #expect(try parse(bytes, as: format).keys == parse(bytes, as: format).keys)
    }

    /// Every whole message before the cut, then one rejection with the place.
    @Test(arguments: SampleFolder.samples)
    func `A file that is cut gives what is whole and one rejection`(name: String, format: String) throws {
        let bytes = try SampleFolder.bytes(name)
        let whole = try parse(bytes, as: format)
        for length in stride(from: 1, to: bytes.count - 3, by: 7) {
            let cut = try parse(Array(bytes.prefix(length)), as: format)
            #expect(cut.rejected.count == 1, "cut at \(length)")
            #expect(cut.order.last?.hasPrefix("rejected:") == true)
            let rest = try #require(cut.rejected.first).raw
            #expect(rest.isEmpty || Array(bytes.prefix(length)).suffix(rest.count).elementsEqual(rest))
            #expect(cut.messages.count <= whole.messages.count)
            #expect(cut.texts == Array(whole.texts.prefix(cut.messages.count)))
        }
    }

    @Test(arguments: SampleFolder.samples + SampleFolder.texts)
    func `Changed bytes never trap`(name: String, format: String) throws {
        let bytes = try SampleFolder.bytes(name)
        try SampleFolder.changes(of: bytes, with: "\"\\{}[]:,0-9en\u{1}") { _ = try parse($0, as: format) }
    }

    @Test(arguments: SampleFolder.formats)
    func `What is no export is rejected with a reason`(format: String) throws {
        let cases = [
            "", " \n", "{}", "[]", "null", "<html></html>", "{\"messages\":5}", "\u{FEFF}", "[1,2]",
            "{\"messages\":[1,[],null]}",
        ]
        for text in cases {
            let parsed = try parse(text, as: format)
            #expect(parsed.messages.isEmpty)
            if format != "x-archive" || text != "[]" {
                #expect(!parsed.rejected.isEmpty || !parsed.ignored.isEmpty, "\(text)")
            }
        }
    }

    @Test func `A wrong format says what the file looks like`() throws {
        let parsed = try parse(try SampleFolder.bytes("telegram-account.json"), as: "x-archive")
        #expect(parsed.rejected.map(\.reason) == ["wrong_format"])
        #expect(parsed.rejected[0].detail.contains("telegram-desktop"))
        #expect(throws: IntakeError.self) { try parse("{}", as: "fax") }
    }

    @Test func `An envelope of each sample holds against the schema`() throws {
        let file = SampleFolder.url.appendingPathComponent("../../deploy/schema/envelope.schema.json")
        let schema = JSONSchema(document: try JSONDocument.parse([UInt8](try Data(contentsOf: file))))
        for (name, format) in SampleFolder.samples + SampleFolder.texts {
            for message in try parse(try SampleFolder.bytes(name), as: format).messages {
                var envelope = message.envelope
                EnvelopeIdentity.assign(to: &envelope, keys: message.keys, ordinal: message.ordinal, rawDigest: "")
                let value = try JSONDocument.parse(EnvelopeEncoder.encode(envelope), options: .strict)
                #expect(schema.violations(of: value) == [], "\(name)")
            }
        }
    }
}
