import Foundation
import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

struct AsteriskVoicemailTests {
    /// A mailbox's folder that is removed with the test.
    private final class Mailbox {
        let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "voicemail-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: folder.appending(path: name)) }

        func message(_ number: String, _ text: String) throws -> ParsedMessage {
            let path = folder.appending(path: "msg\(number).txt").path()
            let items = try read(Array(text.utf8), as: "asterisk-voicemail", path: path)
            return try #require(items.messages.first, "\(items)")
        }
    }

    private static let audio = Array("RIFF....WAVEfmt ".utf8)

    private static func text(_ fields: String = "msg_id=1773254469-0000001b\n", duration: String = "duration=23\n")
        -> String
    {
        """
        ;
        ; Message Information file
        ;
        [message]
        origmailbox=205
        context=internal
        exten=205
        callerchan=PJSIP/trunk-00000c41
        callerid="Jörg Schäfer" <+4930123456>
        origdate=Wed Mar 11 06:41:09 PM UTC 2026
        origtime=1773254469
        \(fields)flag=
        \(duration)
        """
    }

    @Test func `A voicemail has its caller, its second and its audio`() throws {
        let mailbox = try Mailbox()
        try mailbox.write("msg0003.wav", Self.audio)
        try mailbox.write("msg0003.gsm", [1, 2, 3])
        let message = try mailbox.message("0003", Self.text())
        let data = message.envelope.data
        #expect(message.envelope.type == .voicemailReceived)
        #expect(data.account == "205")
        #expect(data.customer?.name == "Jörg Schäfer")
        #expect(data.customer?.phone == "+4930123456")
        #expect(data.times.sentAt?.seconds == 1_773_254_469)
        #expect(data.call?.durationSeconds == 23)
        #expect(data.body.text == "Voicemail from Jörg Schäfer, +4930123456 (23 s)")
        #expect(data.attachments.map(\.name) == ["msg0003.wav", "msg0003.gsm"])
        #expect(data.attachments.first?.sha256 == SHA256.hex(of: Self.audio))
        #expect(message.contents[0] == Self.audio)
        #expect(data.warnings.isEmpty)
    }

    @Test(arguments: ["msg_id=1773254469-0000001b\n", ""])
    func `The file's number is no part of what a voicemail is`(id: String) throws {
        let mailbox = try Mailbox()
        try mailbox.write("msg0003.wav", Self.audio)
        try mailbox.write("msg0001.wav", Self.audio)
        let before = try mailbox.message("0003", Self.text(id))
        let after = try mailbox.message("0001", Self.text(id))
        #expect(before.keys == after.keys)
        #expect(
            EnvelopeIdentity.contentDigest(of: before.envelope) == EnvelopeIdentity.contentDigest(of: after.envelope)
        )
    }

    @Test func `Two voicemails under one number are two, and an id that is added later makes no new one`() throws {
        let mailbox = try Mailbox()
        let first = try mailbox.message("0000", Self.text(""))
        let other = Self.text("").replacingOccurrences(of: "1773254469", with: "1773254470")
        #expect(try mailbox.message("0000", other).keys != first.keys)
        let channel = Self.text("").replacingOccurrences(of: "00000c41", with: "00000c42")
        #expect(try mailbox.message("0000", channel).keys != first.keys)
        #expect(try mailbox.message("0000", Self.text()).keys.last == first.keys.last)
    }

    @Test func `A voicemail without audio says so, whatever its number`() throws {
        let mailbox = try Mailbox()
        let data = try mailbox.message("0003", Self.text()).envelope.data
        #expect(data.attachments.map(\.status) == [.missing])
        #expect(data.warnings == ["audio_missing"])
        #expect(try mailbox.message("0002", Self.text()).envelope.data.attachments == data.attachments)
    }

    @Test func `Audio that is a link or a pipe is not read`() throws {
        let mailbox = try Mailbox()
        try mailbox.write("secret", Self.audio)
        let link = mailbox.folder.appending(path: "msg0003.wav")
        try FileManager.default.createSymbolicLink(
            at: link,
            withDestinationURL: mailbox.folder.appending(path: "secret")
        )
        #expect(unsafe mkfifo(mailbox.folder.appending(path: "msg0003.gsm").path(), 0o600) == 0)
        #expect(try mailbox.message("0003", Self.text()).envelope.data.warnings == ["audio_missing"])
    }

    @Test(
        arguments: [
            (#""Jörg Schäfer" <+4930123456>"#, "Jörg Schäfer", "+4930123456"), ("<102>", nil, "102"),
            ("102", nil, "102"), ("Unknown", nil, "Unknown"), (#""" <102>"#, nil, "102"),
            (#""A \"B\" <C>" <102>"#, #"A "B" <C>"#, "102"), (#""102" <102>"#, nil, "102"), ("", nil, nil),
            (#""No number" <>"#, "No number", nil), ("Plain Name <102>", "Plain Name", "102"),
        ] as [(String, String?, String?)]
    )
    func `A caller's line is name and number`(text: String, name: String?, number: String?) {
        let caller = AsteriskVoicemailFormat.callerID(text)
        #expect(caller.name == name)
        #expect(caller.number == number)
    }

    @Test(arguments: [
        ("\r\n", true), ("\n", true),
    ])
    func `Line ends are either`(end: String, isRead: Bool) throws {
        let text = Self.text().split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end)
        #expect(bestFormat(Array(text.utf8)) == FormatMatch(format: "asterisk-voicemail", confidence: .certain))
        #expect(try read(Array(text.utf8), as: "asterisk-voicemail").messages.isEmpty != isRead)
    }

    @Test func `A file without the comment on top is no array of JSON`() throws {
        let text = Self.text().split(separator: "\n").filter { !$0.hasPrefix(";") }.joined(separator: "\n") + "\n"
        #expect(bestFormat(Array(text.utf8)) == FormatMatch(format: "asterisk-voicemail", confidence: .certain))
        #expect(try read(Array(text.utf8), as: "asterisk-voicemail").messages.count == 1)
    }

    @Test func `A file that breaks off is rejected with its place`() throws {
        let text = Self.text(duration: "")
        let rejected = try read(Array(text.utf8), as: "asterisk-voicemail").rejected
        #expect(rejected.map(\.reason) == ["voicemail_truncated"])
        let cut = Array(Self.text().utf8.prefix(100))
        #expect(bestFormat(cut)?.format == "asterisk-voicemail")
        #expect(try read(cut, as: "asterisk-voicemail").rejected.first?.position.hasPrefix("body:8:") == true)
    }

    @Test(arguments: ["[general]\nformat=wav\n", "[message]\n", "a=b", "; a comment\n[message]\nx=1\n"])
    func `Other texts of this kind are no voicemails`(text: String) {
        #expect(bestFormat(Array(text.utf8))?.format != "asterisk-voicemail")
    }
}
