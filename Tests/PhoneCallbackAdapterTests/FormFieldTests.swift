import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

/// Forms of any site: other names, repeated names, objects within objects.
struct FormFieldTests {
    private func one(_ text: String) throws -> MessageData {
        let items = try read(Array(text.utf8), as: "generic-callback", region: "DE", receivedAt: "2026-01-14T09:30:00Z")
        return try #require(items.messages.first, "\(items)").envelope.data
    }

    @Test(arguments: [
        "your-name=Ana&your-phone=%2B4930123456&besttime=morning",
        "name=Ana&phone=%2B4930123456&time=after+6pm", "name=Ana&phone=%2B4930123456&wanted=morgen+9+bis+11+Uhr",
        "Vorname=Ana&Telefonnummer=030+123456&Uhrzeit=morgens",
        "form_fields%5Bname%5D=Ana&form_fields%5BPhone%5D=030%2F123456&form_fields%5Bwhen_to_call%5D=x",
        "pr%C3%A9nom=Ana&T%C3%A9l%C3%A9phone=%2B49+30+123456&cr%C3%A9neau=matin",
        "%E5%90%8D%E5%89%8D=Ana&%E9%9B%BB%E8%A9%B1%E7%95%AA%E5%8F%B7=%2B4930123456&%E5%B8%8C%E6%9C%9B%E6%99%82%E9%96%93=x",
        #"{"firstName":"Ana","phoneNumber":"+4930123456","preferredTime":"morning"}"#,
        #"{"contact":{"name":"Ana","phone":"+4930123456"},"callback":{"timeWindow":"morning"}}"#,
        #"{"form_name":"Callback","fields":[{"name":"Name","value":"Ana"},{"label":"Phone","value":"+4930123456"}]}"#,
    ])
    func `Common names of fields are understood`(text: String) throws {
        #expect(bestFormat(Array(text.utf8))?.format == "generic-callback")
        let data = try one(text)
        #expect(data.callback?.phone == "+4930123456")
        #expect(data.customer?.name == "Ana")
    }

    @Test func `A field called time is a wish, unless it holds a moment`() throws {
        #expect(try one("phone=030+123456&time=9am-11am").callback?.windows.first?.text == "9am-11am")
        let sent = try one("phone=030+123456&name=Ana&time=2026-01-14T09:29:00Z")
        #expect(sent.callback?.windows.isEmpty == true)
        #expect(sent.body.text.contains("time: 2026-01-14T09:29:00Z"))
    }

    @Test func `Repeated fields are all kept`() throws {
        let data = try one(
            "phone=nope&phone=030+123456&phone=0171+1234567&topic=Card&topic=Payout&message=One&message=Two"
                + "&preferred_time=tomorrow+morning&preferred_time=tomorrow+evening&company=ACME&csrf_token=x"
        )
        #expect(data.callback?.phone == "+4930123456")
        #expect(data.callback?.topic == "Card, Payout")
        #expect(data.body.text == "Card, Payout\n\nOne\n\nTwo\n\nAlso: nope, 0171 1234567\ncompany: ACME")
        #expect(data.callback?.windows.count == 2)
    }

    @Test func `Lists of JSON are repeated fields`() throws {
        let data = try one(#"{"phone":["x","+4930123456"],"preferred_time":["tomorrow morning","tomorrow evening"]}"#)
        #expect(data.callback?.phone == "+4930123456")
        #expect(data.callback?.windows.count == 2)
    }

    @Test func `What a form was sent says when tomorrow is, not when it was read`() throws {
        let text = #"{"phone":"+4930123456","preferred_time":"tomorrow 9am","created_at":"2026-01-10T10:00:00Z"}"#
        let data = try one(text)
        guard TimeZoneTable(name: "Europe/Berlin") != nil else { return print("skipped: no tz database") }
        #expect(data.callback?.windows.first?.start?.rfc3339 == "2026-01-11T08:00:00Z")
        #expect(data.warnings == ["window_passed"])
    }

    @Test(arguments: [
        #"{"user":{"name":"A","phone":"+4930123456"},"id":7}"#, #"{"topic":"x","data":{"phone":"+4930123456"}}"#,
    ])
    func `An object with a number somewhere in it is not taken for a request`(text: String) {
        #expect(bestFormat(Array(text.utf8)) == nil)
    }
}
