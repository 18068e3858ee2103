import Foundation
import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

struct PhoneCallbackAdapterTests {
    @Test(arguments: Sample.names)
    func `A sample is recognised by its shape and read`(name: String) throws {
        let bytes = try Sample.bytes(name)
        let match = try #require(bestFormat(bytes))
        #expect(match.format == Sample.format(name))
        let items = try read(bytes, as: match.format)
        #expect(items.count == 1)
        #expect(items.rejected.isEmpty, "\(items.rejected.map(\.detail))")
    }

    @Test(arguments: Sample.names)
    func `Every prefix of a sample is read without a trap and leaves something behind`(name: String) throws {
        let bytes = try Sample.bytes(name)
        let format = try #require(bestFormat(bytes)).format
        for length in 0...bytes.count {
            let prefix = Array(bytes.prefix(length))
            _ = bestFormat(prefix)
            #expect(try read(prefix, as: format, region: "DE").count == 1, "\(length) bytes of \(name)")
        }
    }

    @Test(arguments: Sample.names)
    func `A changed byte anywhere in a sample is survived`(name: String) throws {
        let bytes = try Sample.bytes(name)
        let format = try #require(bestFormat(bytes)).format
        for index in stride(from: 0, to: bytes.count, by: 11) {
            for byte: UInt8 in [0, 0x22, 0x25, 0x26, 0x3D, 0x5B, 0x7B, 0x39, 0xFF] {
                var changed = bytes
                changed[index] = byte
                _ = bestFormat(changed)
                // A bracket may make several payloads of it; each of them is told.
                #expect(try !read(changed, as: format).isEmpty)
            }
        }
    }

    @Test(arguments: [
        "MessageSid=SM1&AccountSid=AC1&From=%2B14155552671&Body=hi&NumMedia=0", "payload=%7B%22type%22%3A1%7D",
        #"{"event":"call.voicemail_left","data":{"id":1,"phone":"x"}}"#, #"{"conversation_id":"1","text":"hi"}"#,
        "From: a@example.org\r\n\r\nphone=1&name=2", "", "[]", "{", "hello world", "a=b",
    ])
    func `Inputs of other channels are left to them`(text: String) {
        #expect(bestFormat(Array(text.utf8)) == nil)
    }

    @Test(arguments: ["", "\n", "\u{FEFF}"])
    func `An empty body is rejected by name`(text: String) throws {
        #expect(try read(Array(text.utf8), as: "twilio-voice").rejected.map(\.reason) == ["empty_input"])
        #expect(try read(Array(text.utf8), as: "generic-callback").rejected.map(\.reason) == ["empty_input"])
    }

    @Test(arguments: [
        (#"{"phone":"+4930123456","na"#, "json_truncated"), (#"{"phone":{"a":1}}"#, "wrong_type"),
        (#"{"phone":"+4930123456","windows":"soon"}"#, "wrong_type"), ("\u{1}\u{2}", "unknown_encoding"),
        (#"{"format":"gatehouse-callback/7","phone":"1"}"#, "unknown_version"), ("color=blue", "no_callback_fields"),
    ])
    func `Bad input is rejected with its reason and its bytes`(text: String, reason: String) throws {
        let rejected = try read(Array(text.utf8), as: "generic-callback").rejected
        #expect(rejected.map(\.reason) == [reason])
        #expect(rejected.first?.raw == Array(text.utf8))
    }
}
