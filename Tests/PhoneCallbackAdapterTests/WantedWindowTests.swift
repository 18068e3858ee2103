import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

/// What people write where they are asked when to call, against a fixed moment of arrival: a Wednesday.
struct WantedWindowTests {
    private static let arrival = "2026-01-14T09:30:00Z"

    private func windows(
        _ words: String,
        zone: String = "Europe/Berlin",
        region: String? = nil,
        receivedAt: String? = arrival
    ) throws -> (windows: [CallbackWindow], warnings: [String]) {
        var context = IntakeContext(source: "/phone_callback/test")
        context.receivedAt = receivedAt.flatMap { Timestamp(rfc3339: $0) }
        var reader = CallbackWindows(zone: TimeZoneTable(name: zone), in: context, region: region)
        let window = reader.window(date: nil, words: words)
        return ([window].compactMap(\.self), reader.warnings)
    }

    private var hasZones: Bool { TimeZoneTable(name: "Europe/Berlin") != nil }

    @Test(
        arguments: [
            ("tomorrow after 5pm", "Europe/Berlin", "2026-01-15T16:00:00Z", nil),
            ("morgens", "Europe/Berlin", "2026-01-14T07:00:00Z", "2026-01-14T11:00:00Z"),
            ("после 18", "Europe/Moscow", "2026-01-14T15:00:00Z", nil),
            ("завтра с 10 до 12", "Europe/Moscow", "2026-01-15T07:00:00Z", "2026-01-15T09:00:00Z"),
            ("завтра в 7 вечера", "Europe/Moscow", "2026-01-15T16:00:00Z", nil),
            ("mañana por la tarde", "Europe/Madrid", "2026-01-15T11:00:00Z", "2026-01-15T16:00:00Z"),
            ("manana a las 10 de la manana", "Europe/Madrid", "2026-01-15T09:00:00Z", nil),
            ("pasado mañana a partir de las 16:30", "Europe/Madrid", "2026-01-16T15:30:00Z", nil),
            ("明日の午前", "Asia/Tokyo", "2026-01-14T23:00:00Z", "2026-01-15T03:00:00Z"),
            ("明後日の15時以降", "Asia/Tokyo", "2026-01-16T06:00:00Z", nil),
            ("내일 오후 3시 이후", "Asia/Seoul", "2026-01-15T06:00:00Z", nil),
            ("내일 오전 10시부터 오후 3시까지", "Asia/Seoul", "2026-01-15T01:00:00Z", "2026-01-15T06:00:00Z"),
            ("내일 오후 세 시 반 이후", "Asia/Seoul", "2026-01-15T06:30:00Z", nil),
            ("amanhã de manhã", "America/Sao_Paulo", "2026-01-15T11:00:00Z", "2026-01-15T15:00:00Z"),
            ("amanha as 15h", "America/Sao_Paulo", "2026-01-15T18:00:00Z", nil),
            ("demain après-midi", "Europe/Paris", "2026-01-15T11:00:00Z", "2026-01-15T16:00:00Z"),
            ("demain apres midi", "Europe/Paris", "2026-01-15T11:00:00Z", "2026-01-15T16:00:00Z"),
            ("après 17 heures", "Europe/Paris", "2026-01-14T16:00:00Z", nil),
            ("غدا بعد 5", "Asia/Riyadh", "2026-01-15T14:00:00Z", nil),
            ("غدًا بعد الساعة ٥ مساءً", "Asia/Riyadh", "2026-01-15T14:00:00Z", nil),
            ("明天下午三点以后", "Asia/Shanghai", "2026-01-15T07:00:00Z", nil),
            ("明天上午9点到下午5点", "Asia/Shanghai", "2026-01-15T01:00:00Z", "2026-01-15T09:00:00Z"),
            ("yarın öğleden sonra", "Europe/Istanbul", "2026-01-15T09:00:00Z", "2026-01-15T14:00:00Z"),
            ("domani dalle 14 alle 16", "Europe/Rome", "2026-01-15T13:00:00Z", "2026-01-15T15:00:00Z"),
            ("morgen na 17:00", "Europe/Amsterdam", "2026-01-15T16:00:00Z", nil),
            ("morgen na 17 uur", "Europe/Amsterdam", "2026-01-15T16:00:00Z", nil),
            ("montags bis freitags 9-17 Uhr", "Europe/Berlin", "2026-01-14T08:00:00Z", "2026-01-14T16:00:00Z"),
            ("Monday to Friday 9am-5pm", "Europe/London", "2026-01-14T09:00:00Z", "2026-01-14T17:00:00Z"),
            ("Thursday-Saturday after 18:00", "Europe/London", "2026-01-15T18:00:00Z", nil),
            ("Mon-Fri after 6pm", "Europe/London", "2026-01-14T18:00:00Z", nil),
            ("с понедельника по пятницу после 18", "Europe/Moscow", "2026-01-14T15:00:00Z", nil),
            ("月曜日から金曜日 15時以降", "Asia/Tokyo", "2026-01-14T06:00:00Z", nil),
            ("chiều mai", "Asia/Ho_Chi_Minh", "2026-01-15T05:00:00Z", "2026-01-15T10:00:00Z"),
            ("sáng mai", "Asia/Ho_Chi_Minh", "2026-01-15T01:00:00Z", "2026-01-15T05:00:00Z"),
            ("morgenmiddag na 15u", "Europe/Amsterdam", "2026-01-15T14:00:00Z", nil),
            ("vrijdag 15u30", "Europe/Brussels", "2026-01-16T14:30:00Z", nil),
            ("przed południem", "Europe/Warsaw", "2026-01-14T07:00:00Z", "2026-01-14T11:00:00Z"),
            ("jutro po południu", "Europe/Warsaw", "2026-01-15T11:00:00Z", "2026-01-15T16:00:00Z"),
            ("कल सुबह", "Asia/Kolkata", "2026-01-15T02:30:00Z", "2026-01-15T06:30:00Z"),
            ("พรุ่งนี้เช้า", "Asia/Bangkok", "2026-01-15T01:00:00Z", "2026-01-15T05:00:00Z"),
            ("tonight", "Europe/London", "2026-01-14T17:00:00Z", "2026-01-14T20:00:00Z"),
            ("heute zwischen 14 und 16 Uhr", "Europe/Berlin", "2026-01-14T13:00:00Z", "2026-01-14T15:00:00Z"),
            ("ab mittags", "Europe/Berlin", "2026-01-14T11:00:00Z", nil),
            ("tomorrow", "Europe/Berlin", "2026-01-14T23:00:00Z", "2026-01-15T23:00:00Z"),
            ("Friday morning", "Europe/London", "2026-01-16T08:00:00Z", "2026-01-16T12:00:00Z"),
            ("mittwochs vormittags", "Europe/Berlin", "2026-01-14T07:00:00Z", "2026-01-14T11:00:00Z"),
            ("viernes a las 17 horas", "Europe/Madrid", "2026-01-16T16:00:00Z", nil),
            ("金曜日の午後", "Asia/Tokyo", "2026-01-16T03:00:00Z", "2026-01-16T08:00:00Z"),
            ("周五上午", "Asia/Shanghai", "2026-01-16T00:00:00Z", "2026-01-16T04:00:00Z"),
            ("5 March at 3pm", "Europe/London", "2026-03-05T15:00:00Z", nil),
            ("am 5.3. ab 15 Uhr", "Europe/Berlin", "2026-03-05T14:00:00Z", nil),
            ("3月5日 午前10時", "Asia/Tokyo", "2026-03-05T01:00:00Z", nil),
            ("2026-03-05 14:00-16:00", "Europe/Berlin", "2026-03-05T13:00:00Z", "2026-03-05T15:00:00Z"),
            ("１４：００～１６：００", "Asia/Tokyo", "2026-01-15T05:00:00Z", "2026-01-15T07:00:00Z"),
        ] as [(String, String, String, String?)]
    )
    func `Words become a window in UTC`(words: String, zone: String, start: String, end: String?) throws {
        guard hasZones else { return print("skipped: no tz database") }
        let window = try #require(try windows(words, zone: zone).windows.first)
        #expect(window.start?.rfc3339 == start)
        #expect(window.end?.rfc3339 == end)
        #expect(window.text == words)
    }

    @Test(arguments: [
        ("3pm EST", "2026-01-14T20:00:00Z"), ("tomorrow 3pm est", "2026-01-15T20:00:00Z"),
        ("tomorrow 15:00 CET", "2026-01-15T14:00:00Z"), ("Friday 2-4 pm PST", "2026-01-16T22:00:00Z"),
        ("tomorrow after 5pm Eastern", "2026-01-15T22:00:00Z"), ("tomorrow 9am ET", "2026-01-15T14:00:00Z"),
        ("tomorrow at 10 am Pacific time", "2026-01-15T18:00:00Z"), ("tomorrow 9am GMT+2", "2026-01-15T07:00:00Z"),
        ("today at 10 UTC", "2026-01-14T10:00:00Z"), ("tomorrow 15:00 +0530", "2026-01-15T09:30:00Z"),
        ("tomorrow 3pm New York time", "2026-01-15T20:00:00Z"), ("tomorrow at noon (EST)", "2026-01-15T17:00:00Z"),
        ("завтра после 18:00 по московскому времени", "2026-01-15T15:00:00Z"),
        ("завтра в 19:00 мск", "2026-01-15T16:00:00Z"),
        ("demain 14h heure de Paris", "2026-01-15T13:00:00Z"), ("明天下午3点 北京时间", "2026-01-15T07:00:00Z"),
        ("mañana a las 5 de la tarde hora de Madrid", "2026-01-15T16:00:00Z"), ("明日15時 日本時間", "2026-01-15T06:00:00Z"),
        ("morgen um 15 Uhr MEZ", "2026-01-15T14:00:00Z"), ("amanhã às 15h horário de Brasília", "2026-01-15T18:00:00Z"),
        ("tomorrow 3pm IST", "2026-01-15T09:30:00Z"), ("tomorrow 9:00-17:00", "2026-01-15T02:00:00Z"),
        ("tomorrow any time after 3pm", "2026-01-15T08:00:00Z"),
        ("I eat at noon, call tomorrow 3pm", "2026-01-15T08:00:00Z"),
    ])
    func `A zone in the words goes before the number's`(words: String, start: String) throws {
        guard hasZones else { return print("skipped: no tz database") }
        let read = try windows(words, zone: "Asia/Bangkok", region: words.hasSuffix("IST") ? "IN" : nil)
        let isOther = words.hasPrefix("I eat")
        #expect(isOther || read.windows.first?.start?.rfc3339 == start, "\(read)")
        #expect(read.windows.first?.text == words)
    }

    @Test(arguments: ["tomorrow 3pm IST", "tomorrow 3pm CST", "tomorrow 9am AST"])
    func `A zone that may be two stays words, and is named`(words: String) throws {
        guard hasZones else { return print("skipped: no tz database") }
        let read = try windows(words)
        #expect(read.windows.first?.start == nil)
        #expect(read.warnings == ["time_zone_unknown:\(words.suffix(3))"])
    }

    @Test func `Hours without a day are the next that come`() throws {
        guard hasZones else { return print("skipped: no tz database") }
        let afternoon = "2026-01-14T14:00:00Z"
        #expect(try windows("morgens", receivedAt: afternoon).windows.first?.start?.rfc3339 == "2026-01-15T07:00:00Z")
        #expect(
            try windows("nach 17 Uhr", receivedAt: afternoon).windows.first?.start?.rfc3339 == "2026-01-14T16:00:00Z"
        )
    }

    @Test func `An hour that could be two is the afternoon's, and says so`() throws {
        guard hasZones else { return print("skipped: no tz database") }
        let after = try windows("tomorrow after 5")
        #expect(after.windows.first?.start?.rfc3339 == "2026-01-15T16:00:00Z")
        #expect(after.warnings == ["window_hour_assumed:17:00"])
        let day = try windows("tomorrow 9-5")
        #expect(day.windows.first?.start?.rfc3339 == "2026-01-15T08:00:00Z")
        #expect(day.windows.first?.end?.rfc3339 == "2026-01-15T16:00:00Z")
        #expect(try windows("tomorrow 6-8").windows.first?.end?.rfc3339 == "2026-01-15T19:00:00Z")
    }

    @Test func `What was wanted for today and is over says so; an open evening is not over`() throws {
        guard hasZones else { return print("skipped: no tz database") }
        let evening = "2026-01-14T18:00:00Z"
        #expect(try windows("today at 3pm", receivedAt: evening).warnings == ["window_passed"])
        #expect(try windows("heute vormittag", receivedAt: evening).warnings == ["window_passed"])
        #expect(try windows("today after 5pm", receivedAt: evening).warnings.isEmpty)
        #expect(try windows("5 January 2026 3pm", receivedAt: evening).warnings == ["window_passed"])
    }

    @Test func `A window on the day of the clock change has that day's offset`() throws {
        guard hasZones else { return print("skipped: no tz database") }
        let eve = try windows("tomorrow 9am", receivedAt: "2026-03-28T12:00:00Z").windows
        #expect(eve.first?.start?.rfc3339 == "2026-03-29T07:00:00Z")
        // Spring forward comes at another time in New York.
        let york = try windows("tomorrow 9am", zone: "America/New_York", receivedAt: "2026-03-07T15:00:00Z").windows
        #expect(york.first?.start?.rfc3339 == "2026-03-08T13:00:00Z")
    }

    @Test(arguments: [
        "", "asap", "morgen", "mañana", "tomorrow or Friday", "next Monday", "not today", "in 2 Stunden", "2/3 at 5pm",
        "Call my wife on 0171 1234567", "yesterday's 3 calls", "heute oder morgen", "明日か明後日または来週", "mon numéro",
    ])
    func `What is not certain stays words`(words: String) throws {
        guard hasZones else { return print("skipped: no tz database") }
        let window = try windows(words).windows.first
        #expect(window?.start == nil && window?.end == nil, "\(String(describing: window))")
    }

    @Test func `Long and hostile words are survived`() {
        let alphabet = "0123456789:.-/ hamp月日時点半次回tomorrow明日まで後оıİß\u{300}\u{202E}٣".unicodeScalars.map { String($0) }
        for seed in 0..<2000 {
            var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1
            let text = (0..<40).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int(state >> 33) % alphabet.count]
            }.joined()
            _ = TimeWords(text)
        }
        _ = TimeWords(String(repeating: "tomorrow after ", count: 10_000))
        _ = TimeWords(String(repeating: "明", count: 10_000))
    }
}
