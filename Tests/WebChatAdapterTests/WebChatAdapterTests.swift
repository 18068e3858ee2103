import Foundation
import GatehouseCore
import Testing

@testable import WebChatAdapter

struct WebChatAdapterTests {
    /// Two payloads in an array, and one below the other.
    @Test(arguments: ["[%, #]", "%\n#\n", "[%]\n[#]"])
    func `Several payloads in one file are read one by one`(frame: String) throws {
        let first = String(decoding: try Sample.bytes("crisp-message-fr.json"), as: UTF8.self)
        let second = first.replacingOccurrences(of: "177279140410537", with: "177279140410538")
        let text = frame.replacingOccurrences(of: "%", with: first).replacingOccurrences(of: "#", with: second)
        #expect(bestFormat(Array(text.utf8))?.format == "crisp")
        let items = try read(text, as: "crisp")
        let alone = try #require(try read(first, as: "crisp").messages.first)
        #expect(items.rejected.isEmpty)
        #expect(items.messages.count == 2)
        #expect(items.messages.first?.keys == alone.keys)
        #expect(items.messages.last?.keys != alone.keys)
        // Each has its own bytes, and says where they stand.
        for message in items.messages {
            let place = message.envelope.data.raw.sourcePosition?.split(separator: "#").last.flatMap { Int($0) } ?? 0
            #expect(Array(Array(text.utf8)[place..<(place + message.raw.count)]) == message.raw)
        }
        let cut = try read(String(text.dropLast(90)), as: "crisp")
        #expect(cut.messages.count == 1)
        #expect(cut.rejected.map(\.reason) == ["json_truncated"])
    }

    @Test func `A list of things with words and times is no chat`() {
        let list = Array(#"[{"scheme": "slack-v0", "secret": "s", "timestamp": "1531420618", "body": "token=x"}]"#.utf8)
        #expect(bestFormat(list) == nil)
    }

    @Test func `There are samples of every format`() {
        for format in WebChatAdapter().formats {
            #expect(Sample.names.contains { $0.hasPrefix(format.name.split(separator: "-")[0]) }, "\(format.name)")
        }
    }

    @Test(arguments: Sample.names)
    func `A sample is recognised by its shape and read without a rejection unless it is cut`(name: String) throws {
        let bytes = try Sample.bytes(name)
        let matches = WebChatAdapter().recognise(head: bytes, name: "body", headers: [:])
        let match = try #require(bestFormat(bytes))
        #expect(matches.count { $0.confidence == match.confidence } == 1)
        #expect(name.hasPrefix(match.format.split(separator: "-")[0]), "\(name) as \(match.format)")
        let items = try read(bytes, as: match.format)
        #expect(!items.isEmpty)
        #expect(Set(items.messages.flatMap(\.keys)).count >= items.messages.count)
        #expect(items.rejected.isEmpty == !name.contains("-cut-"), "\(items.rejected.map(\.detail))")
    }

    @Test(arguments: Sample.names)
    func `Every prefix of a sample is read without a trap and leaves something behind`(name: String) throws {
        let bytes = try Sample.bytes(name)
        let format = try #require(bestFormat(bytes)).format
        // Of long samples every third, so that the test stays quick.
        for length in stride(from: 0, through: bytes.count, by: bytes.count > 1200 ? 3 : 1) {
            let prefix = Array(bytes.prefix(length))
            _ = bestFormat(prefix)
            #expect(try !read(prefix, as: format).isEmpty, "\(length) bytes of \(name)")
        }
    }

    @Test(arguments: Sample.names)
    func `A changed byte anywhere in a sample is survived`(name: String) throws {
        let bytes = try Sample.bytes(name)
        let format = try #require(bestFormat(bytes)).format
        for index in stride(from: 0, to: bytes.count, by: max(3, bytes.count / 150)) {
            for byte: UInt8 in [0, 0x22, 0x5B, 0x5D, 0x7B, 0x7D, 0x31, 0xFF] {
                var changed = bytes
                changed[index] = byte
                _ = bestFormat(changed)
                _ = try read(changed, as: format)
            }
        }
    }

    @Test(arguments: WebChatAdapter().formats.map(\.name))
    func `An empty body is rejected by name`(format: String) throws {
        for text in ["", " \r\n", "\u{FEFF}"] {
            #expect(try read(text, as: format).rejected.map(\.reason) == ["empty_input"])
        }
    }

    @Test(arguments: [
        #"{"update_id":1,"message":{"message_id":2,"text":"hi","chat":{"id":3}}}"#,
        #"{"object":"page","entry":[{"messaging":[{"message":{"text":"hi"}}]}]}"#,
        #"{"participants":[{"name":"A"}],"messages":[{"sender_name":"A","timestamp_ms":1,"content":"hi"}]}"#,
        #"{"name":"A","type":"personal_chat","id":5,"messages":[{"id":1,"type":"message","from":"A","text":"hi"}]}"#,
        #"{"phone":"+4930123456","name":"A","notes":"call me"}"#,
        #"{"action":"incoming_event","payload":{"event":{"text":"hello"}}}"#,
        "[12.03.24, 10:00:01] Anna: hi", "From: a@example.org\r\n\r\nhi", "", "{", "[", "null",
    ])
    func `Inputs of other channels are left to them`(text: String) {
        #expect(bestFormat(Array(text.utf8)) == nil)
    }

    @Test func `A format that this channel lacks is an error that names those it has`() {
        #expect(throws: IntakeError.self) { try read("{}", as: "telegram") }
    }

    @Test(arguments: [
        ("chatwoot", #"{"event":"message_created","content":{"a":1}}"#, "content"),
        ("chatwoot", "{\"event\":\"message_created\",\n  \"sender\": \"Anna\"}", "sender"),
        ("tawk", #"{"event":"chat:transcript_created","chat":[1]}"#, "chat"),
        ("tawk", #"{"event":"chat:transcript_created","chat":{"messages":[7]}}"#, "chat.messages[0].item"),
        ("generic-chat", #"{"conversation_id":"1","messages":[{"text":["a"]}]}"#, "messages[0].text"),
        ("generic-chat", #""words""#, "the document"),
    ])
    func `A field of the wrong type is rejected with its name and place`(format: String, text: String, field: String)
        throws
    {
        let rejected = try #require(try read(text, as: format).rejected.first)
        #expect(rejected.reason == "wrong_type")
        #expect(rejected.detail.contains("'\(field)'"))
        #expect(rejected.detail.contains("line "))
        #expect(!rejected.raw.isEmpty)
    }

    @Test func `The place of a wrong field is its line and column`() throws {
        let rejected = try read("{\"event\":\"message_created\",\n  \"sender\": \"Anna\"}", as: "chatwoot").rejected
        #expect(rejected.first?.position == "test.json:2:13")
    }

    @Test func `Half a document is rejected with the place of the cut`() throws {
        let bytes = try Sample.bytes("chatwoot-emptied-account-en.json")
        let items = try read(Array(bytes.prefix(bytes.count / 2)), as: "chatwoot")
        #expect(items.messages.isEmpty)
        #expect(items.rejected.map(\.reason) == ["json_truncated"])
    }

    @Test func `Of a list with many bad items each is rejected with its own bytes, in one walk`() throws {
        let items =
            String(repeating: #"{"text":7.5e},{"text":[1]},9,"#, count: 3000)
            + #"{"id":"z","text":"x","sent_at":1772600767}"#
        let read = try read(#"{"conversation_id":"1","messages":["# + items + "]}", as: "generic-chat")
        #expect(read.messages.count > 0)
        #expect(read.rejected.allSatisfy { $0.raw.count < 20 })
        #expect(read.rejected.count >= 6000)
    }
}
