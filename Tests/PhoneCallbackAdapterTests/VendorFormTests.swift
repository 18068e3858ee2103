import Foundation
import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

/// Captured bodies, where they are at hand.
struct VendorFormTests {
    private static let folder = Sample.folder.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/data/channels/phone-callback")

    @Test(
        arguments: [
            ("twilio_incoming_voice.form.txt", "call_ringing"),
            ("twilio_voice_status_inbound.form.txt", "call_completed"),
            ("twilio_recording_status.form.txt", nil),
        ] as [(String, String?)]
    )
    func `A captured body is recognised and read`(name: String, kind: String?) throws {
        guard let data = try? Data(contentsOf: Self.folder.appending(path: name)) else {
            return print("skipped: no \(name)")
        }
        #expect(bestFormat(Array(data)) == FormatMatch(format: "twilio-voice", confidence: .certain))
        let items = try read(Array(data), as: "twilio-voice")
        #expect(items.ignored.first == kind)
        if kind == nil { #expect(items.messages.first?.envelope.type == .voicemailReceived) }
    }

    @Test(arguments: [
        "aircall_voicemail_left.json", "calendly_invitee_created.json", "genesys_callback_request.json",
        "zammad_cti_answer_in.json",
    ])
    func `A format that is not read is left alone`(name: String) throws {
        guard let data = try? Data(contentsOf: Self.folder.appending(path: name)) else {
            return print("skipped: no \(name)")
        }
        #expect(bestFormat(Array(data)) == nil)
    }
}
