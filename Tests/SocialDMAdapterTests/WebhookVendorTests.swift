import Foundation
import GatehouseCore
import Testing

@testable import SocialDMAdapter

/// What each vendor's payloads are taken for: one line is one case.
@Suite struct WebhookVendorTests {
    private static func telegram(_ kind: String, _ more: String, from: String = #""id":7,"first_name":"A""#) -> String {
        #"{"update_id":1,"\#(kind)":{"message_id":5,"date":1768993500,"chat":{"id":7,"type":"private"},"from":{\#(from)},\#(more)}}"#
    }

    private static func meta(_ event: String, object: String = "page") -> String {
        #"{"object":"\#(object)","entry":[{"id":"1","time":1,"messaging":[{"sender":{"id":"2"},"recipient":{"id":"1"},"#
            + #""timestamp":1768993500000,\#(event)}]}]}"#
    }

    private static func whatsapp(_ value: String) -> String {
        #"{"object":"whatsapp_business_account","entry":[{"id":"9","changes":[{"field":"messages","value":{"#
            + #""messaging_product":"whatsapp","metadata":{"display_phone_number":"4930901820001","phone_number_id":"1"},"#
            + #"\#(value)}}]}]}"#
    }

    private static func slack(_ event: String) -> String {
        #"{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{\#(event)}}"#
    }

    private static func line(_ event: String) -> String {
        #"{"destination":"U0","events":[{"mode":"active","timestamp":1768993500000,"source":{"type":"user","userId":"U1"},"#
            + #""webhookEventId":"e1",\#(event)}]}"#
    }

    static let x = [
        WebhookCase("x-webhook", #"{"for_user_id":"1","direct_message_events":[]}"#, ["ignored empty_event_list"]),
        WebhookCase("x-webhook", #"{"for_user_id":"1","follow_events":[{"type":"follow"}]}"#, ["ignored follow"]),
        WebhookCase("x-webhook", #"{"user_event":{"revoke":{"date_time":"x"}}}"#, ["ignored user_event"]),
        WebhookCase(
            "x-webhook",
            #"{"for_user_id":"1","direct_message_events":[{"type":"message_create","id":9007199254740993,"#
                + #""message_create":{"sender_id":"2","message_data":{"text":"a &lt;b&gt; &amp;lt;"}}}]}"#,
            ["created x:9007199254740993 a <b> &lt;"]
        ),
        WebhookCase(
            "x-webhook",
            #"{"data":{"event_uuid":"1","filter":{"user_id":"1"},"event_type":"dm.received","payload":{"id":"77","#
                + #""text":"hi","sender_id":"2","dm_conversation_id":"1-2","created_at":"2026-01-21T10:00:00.000Z"}}}"#,
            ["created x:77 hi"]
        ),
        WebhookCase(
            "x-webhook",
            #"{"for_user_id":"1","direct_message_events":[5,{"type":"message_create","id":"3","message_create":"#
                + #"{"sender_id":"2","message_data":{"text":{}}}},{"type":"message_create","id":"4","message_create":"#
                + #"{"sender_id":"2","message_data":{"text":"whole"}}}]}"#,
            ["rejected wrong_type", "rejected wrong_type", "created x:4 whole"]
        ),
    ]

    static let meta = [
        WebhookCase("messenger-webhook", meta(#""message":{"mid":"m_1","text":"hi"}"#), ["created messenger:m_1 hi"]),
        WebhookCase(
            "messenger-webhook",
            meta(#""message":{"mid":"m_1","is_echo":true,"text":"hi"}"#),
            ["ignored echo"]
        ),
        WebhookCase("messenger-webhook", meta(#""read":{"watermark":1}"#), ["ignored read_receipt"]),
        WebhookCase("messenger-webhook", meta(#""pass_thread_control":{}"#), ["ignored pass_thread_control"]),
        WebhookCase("messenger-webhook", meta(#""something_new":{}"#), ["ignored something_new"]),
        WebhookCase(
            "messenger-webhook",
            meta(
                #""message":{"mid":"m_2","attachments":[{"type":"location","payload":{"coordinates":{"lat":52.5,"long":13.4}}}]}"#
            ),
            ["created messenger:m_2 geo:52.5,13.4"]
        ),
        WebhookCase(
            "instagram-webhook",
            meta(#""message":{"mid":"i1","is_unsupported":true}"#, object: "instagram"),
            ["created instagram:i1"]
        ),
        WebhookCase(
            "instagram-webhook",
            meta(#""message":{"mid":"i1","is_deleted":true}"#, object: "instagram"),
            ["deleted instagram:i1"]
        ),
        WebhookCase(
            "messenger-webhook",
            #"{"messaging":{"sender":{"id":"2"},"recipient":{"id":"1"},"message":{"mid":"m_1","text":"hi"}}}"#,
            ["created messenger:m_1 hi"]
        ),
        WebhookCase(
            "instagram-webhook",
            #"{"object":"instagram","entry":[{"id":"1","changes":[{"field":"comments","value":{"id":"5","text":"nice"}}]}]}"#,
            ["ignored change_comments"]
        ),
        WebhookCase("messenger-webhook", #"{"object":"page","entry":[]}"#, ["ignored empty_event_list"]),
    ]

    static let whatsapp = [
        WebhookCase(
            "whatsapp-webhook",
            whatsapp(
                #""messages":[{"from":"491711234567","id":"w1","timestamp":"1768993500","type":"unsupported","errors":[{"code":131051}]}]"#
            ),
            ["created whatsapp:w1"]
        ),
        WebhookCase(
            "whatsapp-webhook",
            whatsapp(
                #""messages":[{"from":"491711234567","id":"w2","type":"revoke","revoke":{"original_message_id":"w1"}}]"#
            ),
            ["deleted whatsapp:w1"]
        ),
        WebhookCase(
            "whatsapp-webhook",
            whatsapp(#""messages":[{"from":"4930901820001","id":"w2","type":"text","text":{"body":"ours"}}]"#),
            ["ignored echo"]
        ),
        WebhookCase(
            "whatsapp-webhook",
            whatsapp(
                #""statuses":[{"id":"w9","status":"delivered"},{"id":"w9","status":"failed"},{"id":"w9","status":"read"}]"#
            ),
            ["ignored delivery_receipt", "ignored status_failed", "ignored read_receipt"]
        ),
        WebhookCase(
            "whatsapp-webhook",
            whatsapp(
                #""messages":[{"from":"491711234567","id":"w3","type":"location","location":{"latitude":1.5,"longitude":2,"name":"Home"}}]"#
            ),
            ["created whatsapp:w3 Home\ngeo:1.5,2"]
        ),
        WebhookCase(
            "whatsapp-webhook",
            #"{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"account_update","value":{"event":"x"}}]}]}"#,
            ["ignored account_update"]
        ),
        WebhookCase(
            "whatsapp-webhook",
            #"{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"smb_message_echoes","value":{"message_echoes":[{"id":"w1"}]}}]}]}"#,
            ["ignored echo"]
        ),
    ]

    static let telegram = [
        WebhookCase("telegram-webhook", telegram("message", #""text":"hi""#), ["created telegram:user7:5 hi"]),
        WebhookCase(
            "telegram-webhook",
            telegram("edited_message", #""edit_date":1768993600,"text":"hi!""#),
            ["revised telegram:user7:5 hi!"]
        ),
        WebhookCase(
            "telegram-webhook",
            telegram("message", #""text":"hi""#, from: #""id":8,"is_bot":true"#),
            ["ignored bot_message"]
        ),
        WebhookCase(
            "telegram-webhook",
            telegram("message", #""new_chat_members":[]"#),
            ["ignored service_new_chat_members"]
        ),
        WebhookCase(
            "telegram-webhook",
            telegram("edited_message", #""location":{"latitude":1,"longitude":2}"#),
            ["ignored live_location"]
        ),
        WebhookCase("telegram-webhook", telegram("message_reaction", #""new_reaction":[]"#), ["ignored reaction"]),
        WebhookCase("telegram-webhook", telegram("some_new_kind", #""a":1"#), ["ignored some_new_kind"]),
        WebhookCase(
            "telegram-webhook",
            telegram("business_message", #""business_connection_id":"b1","text":"q""#),
            ["created telegram:business:b1:user7:5 q"]
        ),
        WebhookCase(
            "telegram-webhook",
            telegram("business_message", #""business_connection_id":"b1","text":"q""#, from: #""id":9"#),
            ["ignored echo"]
        ),
        WebhookCase(
            "telegram-webhook",
            #"{"update_id":2,"deleted_business_messages":{"business_connection_id":"b1","chat":{"id":7,"type":"private"},"message_ids":[5,6]}}"#,
            ["deleted telegram:business:b1:user7:5", "deleted telegram:business:b1:user7:6"]
        ),
        WebhookCase("telegram-webhook", #"{"update_id":2}"#, ["ignored empty_update"]),
        WebhookCase("telegram-webhook", #"{"ok":true,"result":[]}"#, ["ignored empty_event_list"]),
        WebhookCase(
            "telegram-webhook",
            telegram(
                "message",
                #""text":"😀 here","entities":[{"type":"text_link","offset":3,"length":4,"url":"https://a.example"},"#
                    + #"{"type":"text_link","offset":9223372036854775807,"length":4,"url":"https://b.example"}]"#
            ),
            ["created telegram:user7:5 😀 here (https://a.example)"]
        ),
    ]

    static let line = [
        WebhookCase("line-webhook", #"{"destination":"U0","events":[]}"#, ["ignored empty_event_list"]),
        WebhookCase(
            "line-webhook",
            line(#""type":"message","message":{"id":"5","type":"text","text":"hi"}"#),
            ["created line:5 hi"]
        ),
        WebhookCase(
            "line-webhook",
            line(#""type":"messageEdited","message":{"id":"5","type":"text","text":"ho"}"#),
            ["revised line:5 ho"]
        ),
        WebhookCase("line-webhook", line(#""type":"unsend","unsend":{"messageId":"5"}"#), ["deleted line:5"]),
        WebhookCase(
            "line-webhook",
            line(#""type":"videoPlayComplete"}, {"type":"follow""#),
            ["ignored video_play_complete", "ignored follow"]
        ),
        WebhookCase(
            "line-webhook",
            line(
                #""type":"follow"}, {"type":"message","mode":"standby","message":{"id":"5","type":"text","text":"hi"}"#
            ),
            ["ignored follow", "ignored standby"]
        ),
    ]

    static let viber = [
        WebhookCase(
            "viber-webhook",
            #"{"event":"webhook","timestamp":1457764197627,"message_token":241256543215}"#,
            ["ignored handshake"]
        ),
        WebhookCase(
            "viber-webhook",
            #"{"event":"seen","timestamp":1457764197627,"message_token":4912661846655238145,"user_id":"a"}"#,
            ["ignored read_receipt"]
        ),
        WebhookCase(
            "viber-webhook",
            #"{"event":"message","timestamp":1457764197627,"message_token":4912661846655238145,"sender":{"id":"a","name":"N"},"message":{"type":"text","text":"hi"}}"#,
            ["created viber:4912661846655238145 hi"]
        ),
    ]

    static let slack = [
        WebhookCase(
            "slack-webhook",
            #"{"type":"url_verification","challenge":"c","token":"t"}"#,
            ["ignored handshake"]
        ),
        WebhookCase(
            "slack-webhook",
            slack(
                #""type":"message","channel":"D1","user":"U1","ts":"1768993500.000100","text":"a &amp; <!here> <https://x.example|x.example>""#
            ),
            ["created slack:D1:1768993500.000100 a & @here https://x.example"]
        ),
        WebhookCase(
            "slack-webhook",
            slack(#""type":"message","subtype":"bot_message","channel":"D1","ts":"1.2","text":"a""#),
            ["ignored bot_message"]
        ),
        WebhookCase(
            "slack-webhook",
            slack(#""type":"message","subtype":"channel_join","channel":"C1","user":"U1","ts":"1.2","text":"a""#),
            ["ignored channel_join"]
        ),
        WebhookCase("slack-webhook", slack(#""type":"reaction_added","user":"U1""#), ["ignored reaction"]),
        WebhookCase(
            "slack-webhook",
            slack(
                #""type":"message","subtype":"message_deleted","channel":"D1","deleted_ts":"1768993500.000100","previous_message":{"user":"U1","ts":"1768993500.000100","text":"a"}"#
            ),
            ["deleted slack:D1:1768993500.000100"]
        ),
        WebhookCase(
            "slack-webhook",
            slack(
                #""type":"message","subtype":"message_changed","channel":"D1","message":{"user":"U1","ts":"1.2","text":"a"},"previous_message":{"user":"U1","ts":"1.2","text":"a"}"#
            ),
            ["ignored message_unfurled"]
        ),
        WebhookCase(
            "slack-webhook",
            "payload=%7B%22type%22%3A%22block_actions%22%2C%22trigger_id%22%3A%221%22%7D",
            ["ignored block_actions"]
        ),
        WebhookCase(
            "slack-webhook",
            "token=x&team_id=T1&channel_id=C1&channel_name=g&timestamp=1485947263.000010&user_id=U1&user_name=n&text=test",
            ["created slack:C1:1485947263.000010 test"]
        ),
    ]

    static let others = [
        WebhookCase("discord-webhook", #"{"op":0,"t":"TYPING_START","d":{"channel_id":"1"}}"#, ["ignored typing"]),
        WebhookCase(
            "discord-webhook",
            #"{"op":0,"t":"MESSAGE_DELETE","d":{"id":"1463190000000000123","channel_id":"5"}}"#,
            ["deleted discord:1463190000000000123"]
        ),
        WebhookCase(
            "discord-webhook",
            #"{"op":0,"t":"MESSAGE_UPDATE","d":{"id":"1","channel_id":"5","embeds":[]}}"#,
            ["ignored message_unfurled"]
        ),
        WebhookCase(
            "discord-webhook",
            #"{"application_id":"1","id":"2","token":"t","type":1,"version":1}"#,
            ["ignored handshake"]
        ),
        WebhookCase(
            "discord-webhook",
            #"{"application_id":"1","id":"1463190000000000123","token":"t","type":2,"channel_id":"5","user":{"id":"9","username":"n"},"#
                + #""data":{"name":"help","options":[{"name":"text","value":"no login"}]}}"#,
            ["created discord:interaction:1463190000000000123 /help no login"]
        ),
        WebhookCase(
            "twilio-messaging",
            "MessageSid=SM1&AccountSid=AC1&MessageStatus=delivered&From=%2B491711234567",
            ["ignored delivery_receipt"]
        ),
        WebhookCase(
            "twilio-messaging",
            "MessageSid=SM1&AccountSid=AC1&From=%2B491711234567&To=%2B4930901820001&Body=a%0Ab",
            ["created twilio:SM1 a\nb"]
        ),
        WebhookCase(
            "twilio-messaging",
            "EventType=onMessageUpdated&ConversationSid=CH1&AccountSid=AC1&MessageSid=IM1&Author=me&Body=b",
            ["revised twilio:IM1 b"]
        ),
        WebhookCase(
            "wechat-webhook",
            "<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime>1348831860</CreateTime><MsgType>event</MsgType><Event>subscribe</Event></xml>",
            ["ignored event_subscribe"]
        ),
        WebhookCase(
            "wechat-webhook",
            "<xml><ToUserName>a</ToUserName><Encrypt>x</Encrypt></xml>",
            ["rejected encrypted_payload"]
        ),
        WebhookCase(
            "wechat-webhook",
            "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><ToUserName>&a;</ToUserName></xml>",
            ["rejected wrong_format"]
        ),
        WebhookCase(
            "wechat-webhook",
            "<xml><ToUserName>a</ToUserName><FromUserName>b</FromUserName><MsgType>text</MsgType><Content>a &lt;&#33;&#x1F600;&amp;</Content><MsgId>6</MsgId></xml>",
            ["created wechat:6 a <!😀&"]
        ),
    ]

    @Test func `Contacts that are sent by WhatsApp come as a list`() throws {
        let contact = #"{"name": {"formatted_name": "Bob B."}, "phones": [{"phone": "+49 171 1234567"}]}"#
        let frame = #""from": "49171", "id": "wamid.1", "timestamp": "1767323045", "type": "contacts""#
        let messages = #""messages": [{\#(frame), "contacts": [\#(contact)]}]"#
        let value = #"{"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1"}, \#(messages)}"#
        let parsed = try parse(value, as: "whatsapp-webhook")
        #expect(parsed.rejected.isEmpty)
        #expect(parsed.texts.first?.contains("Bob B.") == true)
    }

    @Test(arguments: x + meta + whatsapp + telegram + line + viber + slack + others)
    func `A payload is taken for what it is`(item: WebhookCase) throws {
        #expect(try outline(item.payload, as: item.format) == item.items)
    }

    @Test func `Pictures that come one by one share the album's key and have a key each`() throws {
        func part(_ id: Int, _ unique: String) -> String {
            Self.telegram(
                "message",
                #""media_group_id":"88","photo":[{"file_id":"f","file_unique_id":"\#(unique)","width":1,"height":1}]"#
            )
            .replacingOccurrences(of: #""message_id":5"#, with: #""message_id":\#(id)"#)
        }
        let first = try #require(try parse(part(5, "a"), as: "telegram-webhook").messages.first)
        let second = try #require(try parse(part(6, "b"), as: "telegram-webhook").messages.first)
        #expect(first.keys.map(\.value) == ["telegram:user7:5", "telegram:user7:album:88"])
        #expect(second.keys.map(\.value) == ["telegram:user7:6", "telegram:user7:album:88"])
        let digests = [first, second].map { EnvelopeIdentity.contentDigest(of: $0.envelope) }
        #expect(digests[0] != digests[1], "the second picture must not pass for the first")
        let both = try #require(try parse("[\(part(5, "a")),\(part(6, "b"))]", as: "telegram-webhook").messages.first)
        #expect(both.envelope.data.attachments.map(\.name) == ["photo-a", "photo-b"])
        #expect(both.keys.map(\.value) == ["telegram:user7:5", "telegram:user7:6", "telegram:user7:album:88"])
    }

    @Test func `The archive of X and its webhook give one key and one conversation`() throws {
        let webhook =
            #"{"for_user_id":"12","direct_message_events":[{"type":"message_create","id":"9","created_timestamp":"#
            + #""1768991405123","message_create":{"target":{"recipient_id":"12"},"sender_id":"3","message_data":{"text":"hi"}}}]}"#
        let archive =
            #"[{"dmConversation":{"conversationId":"3-12","messages":[{"messageCreate":{"id":"9","senderId":"3","#
            + #""recipientId":"12","createdAt":"2026-01-21T10:30:05.123Z","text":"hi"}}]}}]"#
        let one = try #require(try parse(webhook, as: "x-webhook").messages.first)
        let other = try #require(
            try parse("window.YTD.direct_messages.part0 = \(archive)", as: "x-archive").messages.first
        )
        #expect(one.keys == other.keys)
        #expect(one.envelope.data.conversationID == other.envelope.data.conversationID)
        #expect(EnvelopeIdentity.contentDigest(of: one.envelope) == EnvelopeIdentity.contentDigest(of: other.envelope))
    }

    @Test(arguments: [
        "AccountSid=AC1&To=%2B1&Body=x&MessageSid=SM1", "From=%2B1&AccountSid=AC1&MessageSid=SM0123456789abcdef",
    ])
    func `A form of Twilio's that breaks off is no message`(form: String) throws {
        #expect(try parse(form, as: "twilio-messaging").rejected.map(\.reason) == ["form_truncated"])
    }
}
