import Foundation
import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

/// Aircall, Zammad's telephone interface, Genesys, Calendly.
struct TelephoneSystemTests {
    private func one(_ text: String, as format: String, region: String? = nil, receivedAt: String? = nil) throws
        -> ParsedMessage
    {
        let items = try read(Array(text.utf8), as: format, region: region, receivedAt: receivedAt)
        return try #require(items.messages.first, "\(items)")
    }

    private func aircall(_ event: String, _ data: String) -> String {
        let resource = event.split(separator: ".")[0]
        return #"{"resource":"\#(resource)","event":"\#(event)","timestamp":1773243612,"token":"t","data":{\#(data)}}"#
    }

    @Test func `A voicemail comes after the missed call and is its revision`() throws {
        let call = #""id":7,"direction":"inbound","raw_digits":"+33 6 39 98 12 34","answered_at":null"#
        let missed = try one(aircall("call.ended", call + #","missed_call_reason":"short_abandoned""#), as: "aircall")
        let url = #","voicemail":"https://x.example/7.mp3?X-Amz-Expires=600","duration":17"#
        let voicemail = try one(aircall("call.voicemail_left", call + url), as: "aircall")
        let words = #""call_id":7,"type":"voicemail","content":{"language":"fr-FR","utterances":[{"text":"Bonjour"}]}"#
        let transcription = try one(aircall("transcription.created", words), as: "aircall")
        #expect(missed.keys == voicemail.keys)
        #expect(voicemail.keys == transcription.keys)
        #expect([missed, voicemail, transcription].allSatisfy { $0.envelope.data.conversationID == "7" })
        #expect(missed.envelope.type == .callMissed)
        #expect(missed.envelope.data.customer?.phone == "+33639981234")
        #expect(voicemail.envelope.type == .voicemailReceived)
        let recording = try #require(voicemail.envelope.data.attachments.first)
        #expect(recording.status == .remote)
        #expect(recording.mediaType == "audio/mpeg")
        // Ten minutes after the event.
        #expect(recording.expiresAt == Timestamp(seconds: 1_773_244_212))
        #expect(transcription.envelope.data.call?.transcript == "Bonjour")
    }

    @Test(arguments: [
        ("call.created", "call_created"), ("call.ringing_on_agent", "call_ringing_on_agent"),
        ("call.commented", "call_commented"), ("user.opened", "user_opened"), ("call.newThing", "call_new_thing"),
        ("call.\\u001b[31m", "unknown_event"),
    ])
    func `Steps of a call at Aircall are ignored by name`(event: String, kind: String) throws {
        #expect(try read(Array(aircall(event, #""id":7"#).utf8), as: "aircall").ignored == [kind])
    }

    @Test func `A text message to the telephone number is a message`() throws {
        let data = #""id":"m1","direction":"inbound","raw_digits":"+4930123456","body":"Where is my money?""#
        let message = try one(aircall("message.received", data), as: "aircall")
        #expect(message.envelope.type == .messageCreated)
        #expect(message.envelope.data.body.text == "Where is my money?")
        #expect(message.envelope.data.callback?.phone == "+4930123456")
    }

    @Test(arguments: [
        ("noAnswer", "no answer"), ("busy", "busy"), ("cancel", "the caller hung up"),
        ("congestion", "could not be connected"),
    ])
    func `A hangup without an answer is a missed call`(cause: String, words: String) throws {
        let text = "event=hangup&from=493055512345&to=4922147100000&direction=in&callId=c1&cause=\(cause)"
        let message = try one(text, as: "zammad-cti", region: "DE")
        #expect(message.envelope.type == .callMissed)
        #expect(message.envelope.data.body.text == "Missed call from +493055512345 (\(words))")
        #expect(message.envelope.data.conversationID == "c1")
    }

    @Test(arguments: [
        ("newCall", "", "call_ringing"), ("answer", "", "call_answered"),
        ("hangup", "normalClearing", "call_completed"), ("hangup", "forwarded", "call_forwarded"),
        ("hangup", "somethingNew", "call_something_new"), ("dtmf", "", "dtmf"),
    ])
    func `What leaves nobody waiting is ignored by name`(event: String, cause: String, kind: String) throws {
        let text = #"{"event":"\#(event)","from":"1","to":"2","direction":"in","callId":"c","cause":"\#(cause)"}"#
        #expect(bestFormat(Array(text.utf8))?.format == "zammad-cti")
        #expect(try read(Array(text.utf8), as: "zammad-cti").ignored == [kind])
    }

    @Test(arguments: ["", "&cause=", "&cause=noAn", "&cause=normalClear"])
    func `An end of a call whose form lacks its cause was cut`(end: String) throws {
        let text = "event=hangup&from=493055512345&to=4922147100000&direction=in&callId=c1\(end)"
        let found = try read(Array(text.utf8), as: "zammad-cti")
        #expect(found.rejected.map(\.reason) == ["form_truncated"] && found.ignored.isEmpty)
    }

    @Test(
        arguments: [
            ("493055512345", nil, "+493055512345", PhoneStatus.possible),
            ("493055512345", "DE", "+493055512345", .valid), ("02214710334", "DE", "+492214710334", .valid),
            ("02214710334", nil, nil, .unparsed), ("anonymous", "DE", nil, .unparsed),
            ("493055512345", "US", "+493055512345", .possible),
        ] as [(String, String?, String?, PhoneStatus)]
    )
    func `Numbers without a plus sign are read as far as they are certain`(
        from: String,
        region: String?,
        phone: String?,
        status: PhoneStatus
    ) throws {
        let text = "event=hangup&from=\(from)&to=1&direction=in&callId=c&cause=busy"
        let data = try one(text, as: "zammad-cti", region: region).envelope.data
        #expect(data.callback?.phone == phone)
        #expect(data.callback?.phoneStatus == status)
    }

    @Test func `A call that the mailbox took is a missed one`() throws {
        let text = "event=hangup&from=anonymous&to=1&direction=in&callId=c&answeringNumber=voicemail"
        let words = try one(text, as: "zammad-cti").envelope.data.body.text
        #expect(words.hasSuffix("a withheld number (went to voicemail)"))
    }

    @Test func `The body that asks Genesys for a callback has number, time and notes`() throws {
        let text =
            #"{"queueId":"q","callbackUserName":"Ana","callbackNumbers":["555 1","(11) 95555-0123"],"countryCode":"BR","#
            + #""callbackScheduledTime":"2026-03-12T09:00:00.000Z","data":{"reason":"saque"}}"#
        let message = try one(text, as: "genesys-callback", receivedAt: "2026-03-13T00:00:00Z")
        let data = message.envelope.data
        #expect(data.callback?.phone == "+5511955550123")
        #expect(data.callback?.windows.first?.start?.rfc3339 == "2026-03-12T09:00:00Z")
        #expect(data.warnings == ["window_passed"])
        #expect(data.body.text.contains("Also: 555 1") && data.body.text.contains("reason: saque"))
        #expect(message.keys.map(\.strength) == [.composite])
    }

    @Test func `Events of one callback have the conversation as their key`() throws {
        let callback = #""callbackNumbers":["+4930123456"],"callbackUserName":"A""#
        let bridge =
            #"{"version":"0","detail-type":"v2.detail.events.conversation.{id}.user.start","#
            + #""source":"aws.partner/genesys.com/cloud/x","detail":{"topicName":"v2.detail.events","#
            + #""eventBody":{"conversationId":"k","mediaType":"CALLBACK",\#(callback)}}}"#
        let api =
            #"{"id":"k","participants":[{"purpose":"customer","callbacks":[{"state":"scheduled",\#(callback)}]}]}"#
        for text in [bridge, api] {
            #expect(bestFormat(Array(text.utf8)) == FormatMatch(format: "genesys-callback", confidence: .certain))
            #expect(try one(text, as: "genesys-callback").keys.map(\.value) == ["genesys:conversation:k"])
        }
    }

    @Test(arguments: [
        (#"{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}"#, "heartbeat"),
        (#"{"topicName":"v2.users.x.presence","eventBody":{"id":"1"}}"#, "event_without_callback"),
        (
            #"{"topicName":"v2.x","eventBody":{"id":"1","participants":[{"state":"terminated","callbackNumbers":["1"]}]}}"#,
            "callback_terminated"
        ),
    ])
    func `Events of Genesys that ask for no call are ignored by name`(text: String, kind: String) throws {
        #expect(bestFormat(Array(text.utf8))?.format == "genesys-callback")
        #expect(try read(Array(text.utf8), as: "genesys-callback").ignored == [kind])
    }

    @Test func `A booking is rescheduled in one conversation`() throws {
        let old = #"{"event":"invitee.canceled","payload":{"uri":"u1","rescheduled":true,"name":"A","email":"a@b.c"}}"#
        let new = #"{"event":"invitee.created","payload":{"uri":"u2","old_invitee":"u1","name":"A","email":"a@b.c"}}"#
        let canceled = try one(old, as: "calendly")
        let created = try one(new, as: "calendly")
        #expect(canceled.envelope.type == .callbackCanceled)
        #expect(created.envelope.type == .callbackRequested)
        #expect(canceled.envelope.data.conversationID == created.envelope.data.conversationID)
        #expect(created.keys.map(\.value) == ["calendly:u2:created"])
    }

    @Test(
        arguments: [
            (#""text_reminder_number":"+1 415-555-2671""#, "+14155552671"),
            (#""questions_and_answers":[{"question":"Phone Number","answer":"+1 415-555-2671"}]"#, "+14155552671"),
            (#""questions_and_answers":[{"question":"Order","answer":"Order 20260312 is late"}]"#, nil),
            (#""scheduled_event":{"location":{"type":"inbound_call","location":"+14155552671"}}"#, nil),
            (#""scheduled_event":{"location":{"type":"outbound_call","location":"+14155552671"}}"#, "+14155552671"),
        ] as [(String, String?)]
    )
    func `A booking's number may stand in several places`(member: String, phone: String?) throws {
        let text = #"{"event":"invitee.created","payload":{"uri":"u","name":"A",\#(member)}}"#
        #expect(try one(text, as: "calendly").envelope.data.callback?.phone == phone)
    }

    @Test func `The first version of Calendly's payload is read`() throws {
        let text =
            #"{"event":"invitee.created","time":"2026-03-10T14:22:31Z","payload":{"event":{"start_time":"#
            + #""2026-03-12T10:00:00-03:00","end_time":"2026-03-12T10:30:00-03:00"},"invitee":{"uuid":"V1","name":"A","#
            + #""timezone":"America/Sao_Paulo","text_reminder_number":"+5511955550123"}}}"#
        let data = try one(text, as: "calendly").envelope.data
        #expect(data.callback?.phone == "+5511955550123")
        #expect(data.callback?.windows.first?.start?.rfc3339 == "2026-03-12T13:00:00Z")
    }

    @Test(arguments: ["invitee_no_show.created", "routing_form_submission.created", "invitee.deleted"])
    func `Other events of Calendly are ignored by name`(event: String) throws {
        let text = #"{"event":"\#(event)","payload":{"uri":"u"}}"#
        #expect(bestFormat(Array(text.utf8))?.format == "calendly")
        #expect(try read(Array(text.utf8), as: "calendly").ignored == [EventName.kind(event)])
    }
}
