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

    @Test(
        arguments: [
            ("phone-callback/aircall_voicemail_left.json", "aircall", EventType.voicemailReceived),
            ("phone-callback/calendly_invitee_created.json", "calendly", .callbackRequested),
            ("phone-callback/genesys_callback_request.json", "genesys-callback", .callbackRequested),
            ("phone-callback/zammad_cti_answer_in.json", "zammad-cti", nil),
            ("asterisk-voicemail/msg0000.txt", "asterisk-voicemail", .voicemailReceived),
        ] as [(String, String, EventType?)]
    )
    func `A published payload is recognised and read`(name: String, format: String, type: EventType?) throws {
        guard let data = try? Data(contentsOf: Self.folder.deletingLastPathComponent().appending(path: name)) else {
            return print("skipped: no \(name)")
        }
        #expect(bestFormat(Array(data)) == FormatMatch(format: format, confidence: .certain))
        let items = try read(Array(data), as: format)
        #expect(items.count == 1)
        #expect(items.messages.first?.envelope.type == type)
    }
}
