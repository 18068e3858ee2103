import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

struct TwilioVoiceTests {
    private func one(_ text: String) throws -> ParsedMessage {
        try #require(try read(Array(text.utf8), as: "twilio-voice").messages.first)
    }

    @Test func `A call that nobody answered is a missed call`() throws {
        let message = try #require(try read(Sample.bytes("twilio-no-answer.form"), as: "twilio-voice").messages.first)
        let data = message.envelope.data
        #expect(message.envelope.type == .callMissed)
        #expect(data.body.text == "Missed call from +4917612345678 (no answer, 0 s)")
        #expect(data.call?.durationSeconds == 0)
        #expect(data.times.sentAt?.rfc3339 == "2026-03-10T09:41:07Z")
        #expect(data.account == "AC5f0c1d2e3b4a59687766554433221100")
        #expect(data.to.first?.phone == "+493055512300")
        #expect(data.customer?.phone == "+4917612345678")
        #expect(
            message.keys.map(\.value) == [
                "twilio:AC5f0c1d2e3b4a59687766554433221100:call:CA0a1b2c3d4e5f60718293a4b5c6d7e8f9"
            ]
        )
    }

    @Test func `A voicemail of a withheld number has recording and transcript`() throws {
        let message = try #require(
            try read(Sample.bytes("twilio-voicemail-es.form"), as: "twilio-voice").messages.first
        )
        let data = message.envelope.data
        #expect(message.envelope.type == .voicemailReceived)
        #expect(data.call?.transcript == "Me vaciaron la cuenta hace un minuto, por favor bloquéenla ya.")
        #expect(data.call?.durationSeconds == 21)
        #expect(data.body.text.hasPrefix("Voicemail from a withheld number (21 s):\n\nMe vaciaron"))
        #expect(data.customer == nil)
        #expect(data.warnings == ["caller_anonymous"])
        #expect(data.attachments.first?.status == .remote)
    }

    @Test func `A plus sign that was not escaped is a plus sign again`() throws {
        let data = try #require(try read(Sample.bytes("twilio-busy-unescaped.form"), as: "twilio-voice").messages.first)
            .envelope.data
        #expect(data.customer?.phone == "+14155552671")
        #expect(data.body.text == "Missed call from +14155552671 (busy)")
    }

    @Test(arguments: [
        ("CallStatus=ringing", "call_ringing"), ("CallStatus=completed&CallDuration=9&Duration=1", "call_completed"),
        ("CallStatus=in-progress", "call_in_progress"),
        ("RecordingStatus=in-progress&RecordingSid=RE1", "recording_in_progress"),
        ("RecordingStatus=absent&RecordingSid=RE1", "recording_absent"),
        ("TranscriptionStatus=failed&RecordingSid=RE1", "transcription_failed"),
        ("RecordingStatus=completed&RecordingSid=RE1&RecordingSource=DialVerb", "call_recording"),
        ("DialCallStatus=completed&CallStatus=completed", "call_completed"),
        ("DialCallStatus=completed&RecordingUrl=https%3A%2F%2Fx.example%2FRE1&RecordingSid=RE1", "call_completed"),
        ("TranscriptionEvent=transcription-content&TranscriptionSid=GT1", "transcription_content"),
        ("CallStatus=no-answer&ParentCallSid=CA0&Direction=outbound-dial", "dial_leg_no_answer"),
    ])
    func `Steps of a call that are no messages are ignored by name`(fields: String, kind: String) throws {
        #expect(try read(Array("CallSid=CA1&AccountSid=AC1&\(fields)".utf8), as: "twilio-voice").ignored == [kind])
    }

    @Test(arguments: [
        (
            "CallStatus=completed&DialCallStatus=no-answer&From=%2B4930123456",
            "Missed call from +4930123456 (no answer)"
        ),
        ("CallStatus=canceled&From=whatsapp:%2B4930123456", "Missed call from +4930123456 (the caller hung up)"),
        (
            "CallStatus=failed&From=sip%3Aalice%40example.com",
            "Missed call from sip:alice@example.com (could not be connected)"
        ),
        ("CallStatus=no-answer&From=client:joey", "Missed call from client:joey (no answer)"),
        ("CallStatus=no-answer&From=%2B266696687", "Missed call from a withheld number (no answer)"),
        ("CallStatus=no-answer", "Missed call from an unknown number (no answer)"),
        (
            "CallStatus=completed&QueueResult=hangup&QueueTime=41&From=%2B4930123456",
            "Missed call from +4930123456 (the caller hung up while waiting)"
        ),
        (
            "CallStatus=busy&Direction=outbound-api&From=%2B493055512300&To=%2B4930123456",
            "Call to +4930123456 not connected (busy)"
        ),
    ])
    func `A missed call is one plain sentence`(fields: String, text: String) throws {
        #expect(try one("CallSid=CA1&AccountSid=AC1&\(fields)").envelope.data.body.text == text)
    }

    @Test func `What one call leaves is one message, and its later parts are revisions`() throws {
        let missed = try one("CallSid=CA1&AccountSid=AC1&DialCallStatus=no-answer&From=%2B4930123456")
        let recording = try one(
            "CallSid=CA1&AccountSid=AC1&RecordingSid=RE1&RecordingStatus=completed&RecordingUrl=https://x.example/RE1&RecordingDuration=3&RecordingStartTime=Thu%2C%2029%20Jul%202021%2006%3A59%3A25%20%2B0000"
        )
        let transcription = try one(
            "CallSid=CA1&AccountSid=AC1&RecordingSid=RE1&TranscriptionStatus=completed&TranscriptionText=hello"
        )
        #expect(missed.keys == recording.keys)
        #expect(recording.keys == transcription.keys)
        #expect(missed.envelope.data.conversationID == recording.envelope.data.conversationID)
        #expect(recording.envelope.data.account == transcription.envelope.data.account)
        #expect(recording.envelope.data.times.sentAt?.rfc3339 == "2021-07-29T06:59:25Z")
        #expect(recording.envelope.data.conversationID == transcription.envelope.data.conversationID)
    }

    @Test func `A body without the call's id is rejected`() throws {
        #expect(try read(Array("CallStatus=busy".utf8), as: "twilio-voice").rejected.map(\.reason) == ["no_call_id"])
    }

    @Test(arguments: ["", "CallStatus=", "CallStatus=no-ans", "CallStatus=%1B%5B31m", "From=%2B4930123456&To=%2B49301"])
    func `A step of a call without a status that Twilio has is no step that is known to be none of ours`(
        fields: String
    ) throws {
        let found = try read(Array("CallSid=CA1&AccountSid=AC1&\(fields)".utf8), as: "twilio-voice")
        #expect(found.rejected.map(\.reason) == ["call_status_unknown"])
        #expect(found.ignored.isEmpty && found.messages.isEmpty)
    }

    @Test(arguments: ["CallSid=CA1&CallStatus=busy&From=%2B49%", "CallSid=CA1&CallStatus=busy&From=%2"])
    func `A form that ends inside an escape was cut`(text: String) throws {
        #expect(try read(Array(text.utf8), as: "twilio-voice").rejected.map(\.reason) == ["form_truncated"])
    }
}
