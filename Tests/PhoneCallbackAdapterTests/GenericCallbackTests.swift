import Foundation
import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

struct GenericCallbackTests {
    private func one(_ text: String, region: String? = nil, zone: String? = nil, receivedAt: String? = nil) throws
        -> ParsedMessage
    {
        try #require(
            try read(Array(text.utf8), as: "generic-callback", region: region, zone: zone, receivedAt: receivedAt)
                .messages.first
        )
    }

    private var hasZones: Bool { TimeZoneTable(name: "Europe/Berlin") != nil }

    @Test func `A request has number, windows, topic and the customer's words`() throws {
        let message = try #require(
            try read(Sample.bytes("callback-windows-de.json"), as: "generic-callback").messages.first
        )
        let data = message.envelope.data
        let callback = try #require(data.callback)
        #expect(message.envelope.type == .callbackRequested)
        #expect(callback.phone == "+491711234567")
        #expect(callback.phoneRaw == "0171 / 123 45 67 (abends)")
        #expect(callback.phoneStatus == .valid)
        #expect(callback.language == "de")
        #expect(data.warnings.contains("phone_extra_text"))
        #expect(data.body.text.hasPrefix("Auszahlung hängt\n\nMeine Auszahlung"))
        #expect(message.keys.map(\.value) == ["generic:exchange.example:callback:rb-20260314-7:request"])
        guard hasZones else { return print("skipped: no tz database") }
        #expect(callback.timeZoneSource == "stated")
        #expect(callback.windows.map { $0.start?.rfc3339 } == ["2026-03-16T08:00:00Z", "2026-03-17T13:00:00Z", nil])
        #expect(callback.windows.map { $0.end?.rfc3339 } == ["2026-03-16T10:30:00Z", "2026-03-17T15:00:00Z", nil])
        #expect(callback.windows[2].text == "sonst jederzeit am Wochenende")
    }

    @Test func `A form's words become a window in the zone of the number's region`() throws {
        let data = try #require(try read(Sample.bytes("callback-form-ja.form"), as: "generic-callback").messages.first)
            .envelope.data
        let callback = try #require(data.callback)
        #expect(data.customer?.name == "佐藤 花子")
        #expect(callback.phone == "+819012345678")
        guard hasZones else { return print("skipped: no tz database") }
        #expect(callback.timeZone == "Asia/Tokyo")
        #expect(callback.timeZoneSource == "region")
        #expect(callback.windows.first?.start?.rfc3339 == "2026-03-18T03:00:00Z")
        #expect(callback.windows.first?.end?.rfc3339 == "2026-03-18T08:00:00Z")
        #expect(callback.windows.first?.text == "2026-03-18 午後")
    }

    @Test(arguments: [
        ("de", "de"), ("pt_BR", "pt-BR"), ("zh-Hant-TW", "zh-Hant-TW"), ("es-419", "es-419"), ("ja-", nil),
        ("es321", nil),
        ("d", nil), ("-de", nil), ("de--AT", nil), ("deutschland", nil), ("de AT", nil),
    ])
    func `Only a language's tag is one`(text: String, tag: String?) { #expect(LanguageTag(text)?.text == tag) }

    @Test(arguments: ["[%, %]", "%\n%"])
    func `Several requests in one file are read one by one`(frame: String) throws {
        let request = String(decoding: try Sample.bytes("callback-canceled-zh.json"), as: UTF8.self)
        var text = frame.replacingOccurrences(of: "%", with: request)
        let last = try #require(text.range(of: "rb-20260314-9", options: .backwards))
        text.replaceSubrange(last, with: "rb-20260314-8")
        #expect(bestFormat(Array(text.utf8))?.format == "generic-callback")
        let items = try read(Array(text.utf8), as: "generic-callback")
        #expect(items.rejected.isEmpty)
        #expect(items.messages.map { $0.keys.first?.value.hasSuffix("-9:cancel") } == [true, false])
        #expect(items.messages.map(\.envelope.type) == [.callbackCanceled, .callbackCanceled])
    }

    @Test func `An extension and a morning on the day of the clock change are read`() throws {
        let callback = try #require(
            try read(Sample.bytes("callback-extension-en.json"), as: "generic-callback").messages.first?.envelope.data
                .callback
        )
        #expect(callback.extension == "123")
        guard hasZones else { return print("skipped: no tz database") }
        // Clocks in London went forward that night: 8 o'clock is 7 in UTC.
        #expect(callback.windows.first?.start?.rfc3339 == "2026-03-29T07:00:00Z")
    }

    @Test func `A number that is none is kept as it was typed`() throws {
        let data = try #require(
            try read(Sample.bytes("callback-no-number-fr.json"), as: "generic-callback").messages.first
        ).envelope.data
        #expect(data.callback?.phoneStatus == .unparsed)
        #expect(data.callback?.phoneRaw == "voir mon dossier")
        #expect(data.callback?.phone == nil)
        #expect(data.warnings == ["phone_unparsed"])
        #expect(data.customer?.email == "elodie@example.fr")
    }

    @Test func `A cancellation belongs to the request's conversation and has a key of its own`() throws {
        let message = try #require(
            try read(Sample.bytes("callback-canceled-zh.json"), as: "generic-callback").messages.first
        )
        #expect(message.envelope.type == .callbackCanceled)
        #expect(message.envelope.data.conversationID == "rb-20260314-9")
        #expect(message.keys.map(\.value) == ["generic::callback:rb-20260314-9:cancel"])
    }

    @Test func `A national number without a region is not guessed`() throws {
        let callback = try one(#"{"phone":"0171 1234567","name":"A"}"#).envelope.data.callback
        #expect(callback?.phoneStatus == .unparsed)
        #expect(
            try one(#"{"phone":"0171 1234567","name":"A"}"#, region: "DE").envelope.data.callback?.phone
                == "+491711234567"
        )
        #expect(
            try one(#"{"phone":"0171 1234567","name":"A","country":"de"}"#).envelope.data.callback?.phone
                == "+491711234567"
        )
    }

    @Test func `A form whose plus sign was not escaped still has its number`() throws {
        #expect(try one("phone=+49+171+1234567&name=A").envelope.data.callback?.phone == "+491711234567")
    }

    @Test func `Without id and time there is no key, with a time a composite one`() throws {
        #expect(try one(#"{"phone":"+4930123456"}"#).keys.isEmpty)
        let keys = try one(#"{"phone":"+4930123456","created_at":1772600767}"#).keys
        #expect(keys.map(\.strength) == [.composite])
    }

    @Test(
        arguments: [
            ("morning", "07:00", "11:00"), ("Nachmittags", "11:00", "16:00"), ("por la tarde", "11:00", "16:00"),
            ("晚上", "16:00", "19:00"),
            ("вечером", "16:00", "19:00"), ("14-16 Uhr", "13:00", "15:00"), ("2-4 pm", "13:00", "15:00"),
            ("11am - 1pm", "10:00", "12:00"),
            ("10:30–12:00", "09:30", "11:00"), ("after 5pm", "16:00", nil), ("после 18", "17:00", nil),
            ("nach 17 Uhr", "16:00", nil),
            ("before 10:00", nil, "09:00"), ("14h30", "13:30", nil), ("下午3点", "14:00", nil),
            ("22:00-02:00", "21:00", "01:00+1"),
            ("17:00", "16:00", nil), ("morgens", "07:00", "11:00"), ("Morgen", "07:00", "11:00"),
            ("abends um 8", "19:00", nil),
        ] as [(String, String?, String?)]
    )
    func `Words on a named day become a window`(words: String, start: String?, end: String?) throws {
        guard hasZones else { return print("skipped: no tz database") }
        let text =
            #"{"phone":"+4930123456","preferred_date":"2026-01-15","preferred_time":"\#(words)","time_zone":"Europe/Berlin"}"#
        let window = try #require(try one(text).envelope.data.callback?.windows.first)
        func utc(_ clock: String?) -> String? {
            clock.map { $0.hasSuffix("+1") ? "2026-01-16T\($0.prefix(5)):00Z" : "2026-01-15T\($0):00Z" }
        }
        #expect(window.start?.rfc3339 == utc(start))
        #expect(window.end?.rfc3339 == utc(end))
        #expect(window.text == "2026-01-15 \(words)")
    }

    @Test(arguments: [
        "whenever you like", "after 7", "call within 2 hours", "not before the 3rd, 4th or 5th", "25:00",
        "mañana o tarde", "2 or 3 people", "next week", "nicht vormittags", "ab 17 Uhr oder morgens", "24/7",
    ])
    func `Words that say no certain time stay words`(words: String) throws {
        let text =
            #"{"phone":"+4930123456","preferred_date":"2026-01-15","preferred_time":"\#(words)","time_zone":"Europe/Berlin"}"#
        let window = try #require(try one(text).envelope.data.callback?.windows.first)
        #expect(window.start == nil && window.end == nil)
        #expect(window.text == "2026-01-15 \(words)")
    }

    @Test(arguments: [
        ("tomorrow after 5pm", "2026-01-16T16:00:00Z"), ("heute ab 17 Uhr", "2026-01-15T16:00:00Z"),
        ("morgen früh", "2026-01-16T07:00:00Z"),
        ("mañana por la mañana", "2026-01-16T07:00:00Z"), ("明天下午", "2026-01-16T11:00:00Z"),
        ("завтра после 18", "2026-01-16T17:00:00Z"),
    ])
    func `Today and tomorrow count from the day of receipt in the customer's zone`(words: String, start: String) throws
    {
        guard hasZones else { return print("skipped: no tz database") }
        let text = #"{"phone":"+4930123456","preferred_time":"\#(words)","time_zone":"Europe/Berlin"}"#
        let window = try one(text, receivedAt: "2026-01-14T23:30:00Z").envelope.data.callback?.windows.first
        #expect(window?.start?.rfc3339 == start)
        #expect(try one(text).envelope.data.callback?.windows.first?.start == nil)
    }

    @Test func `A window that has passed and one that is reversed say so`() throws {
        let text = #"{"phone":"+4930123456","windows":[{"start":"2026-01-15T12:00:00Z","end":"2026-01-15T10:00:00Z"}]}"#
        let data = try one(text, receivedAt: "2026-02-01T00:00:00Z").envelope.data
        #expect(data.warnings == ["window_reversed", "window_passed"])
        #expect(data.callback?.windows.first?.start?.rfc3339 == "2026-01-15T10:00:00Z")
    }

    @Test(
        arguments: [
            ("15.1.2026", "2026-01-14T23:00:00Z"), ("15/1/2026", "2026-01-14T23:00:00Z"),
            ("1/15/2026", "2026-01-14T23:00:00Z"), ("2/1/2026", nil),
        ] as [(String, String?)]
    )
    func `A date is read where its order is certain`(date: String, start: String?) throws {
        guard hasZones else { return print("skipped: no tz database") }
        let text = #"{"phone":"+4930123456","preferred_date":"\#(date)","time_zone":"Europe/Berlin"}"#
        #expect(try one(text).envelope.data.callback?.windows.first?.start?.rfc3339 == start)
    }

    @Test func `Windows without any zone stay words`() throws {
        let text = #"{"phone":"+14155552671","preferred_date":"2026-01-15","preferred_time":"morning"}"#
        let callback = try one(text).envelope.data.callback
        #expect(callback?.timeZoneSource == "unknown")
        #expect(callback?.windows == [CallbackWindow(text: "2026-01-15 morning")])
    }

    @Test(arguments: [
        ("UTC+2", "Etc/GMT-2"), ("+02:00", "Etc/GMT-2"), ("GMT-5", "Etc/GMT+5"), ("Europe/Berlin", "Europe/Berlin"),
    ])
    func `A time zone is a name or a distance from UTC`(text: String, name: String) throws {
        guard hasZones else { return print("skipped: no tz database") }
        #expect(try one(#"{"phone":"+4930123456","tz":"\#(text)"}"#).envelope.data.callback?.timeZone == name)
    }

    @Test(arguments: ["../../etc/passwd", "/etc/passwd", "Europe/Atlantis", ""])
    func `A time zone that is none is named in a warning and opens no file`(text: String) throws {
        let data = try one(#"{"phone":"+14155552671","tz":"\#(text)"}"#).envelope.data
        #expect(data.callback?.timeZone == nil)
        #expect(data.warnings == (text.isEmpty ? [] : ["time_zone_unknown:\(text)"]))
    }
}
