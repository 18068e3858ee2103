import GatehouseCore

/// A stretch of the day, in minutes after midnight; nil is open.
struct DayRange: Equatable {
    var start: Int?
    var end: Int?
}

/// What people write where a form asks when to call: `14-16 Uhr`, `after 5pm`, `morgens`, «после 18», `下午`.
///
/// Only what can be said with certainty is read; for the rest the words themselves go into the envelope.
struct TimeWords {
    private let words: [String]
    private let text: String

    init(_ text: String) {
        let lowered = text.lowercased().replacingDigits
        self.text = lowered
        words = lowered.unicodeScalars.split { !$0.properties.isAlphabetic && $0 != "'" }.map {
            String(String.UnicodeScalarView($0))
        }
    }

    /// 0 for today, 1 for tomorrow; nil where neither is said.
    ///
    /// Spanish "mañana" and German "morgen" also mean the morning, and alone they are left alone.
    var daysAhead: Int? {
        if words.contains(where: Self.today.contains) || contains(Self.todayParts) { return 0 }
        if words.contains(where: Self.tomorrow.contains) || contains(Self.tomorrowParts) { return 1 }
        let isAmbiguous = words.contains("morgen") || words.contains("mañana")
        guard isAmbiguous, words.count > 1 || !clockTimes.isEmpty else { return nil }
        let namesMorning = contains(["la mañana", "am morgen", "jeden morgen"])
        let isDoubled = words.count { $0 == "mañana" } > 1
        return namesMorning && !isDoubled ? nil : 1
    }

    /// The hours that are meant.
    var range: DayRange? {
        // "Morning or evening" is for a person to read.
        guard !words.contains(where: Self.or.contains) else { return nil }
        let times = clockTimes
        if times.count == 1 {
            if isMarked(by: Self.after, Self.afterParts) { return DayRange(start: times[0], end: nil) }
            if isMarked(by: Self.before, Self.beforeParts) { return DayRange(start: nil, end: times[0]) }
            return DayRange(start: times[0], end: nil)
        }
        if times.count == 2 { return DayRange(start: times[0], end: times[1]) }
        return times.isEmpty ? dayPart : nil
    }

    private func isMarked(by words: Set<String>, _ parts: [String]) -> Bool {
        self.words.contains(where: words.contains) || contains(parts)
    }

    private func contains(_ parts: [String]) -> Bool { parts.contains { text.utf8Contains($0) } }

    /// A part of the day: exactly one of them must be named.
    private var dayPart: DayRange? {
        var found = Self.dayParts.filter { part in
            words.contains(where: part.words.contains) || contains(part.parts)
        }
        // "morgen" and "mañana" are the morning only where nothing else is said.
        if found.isEmpty, ["morgen", "mañana"].contains(where: { words == [$0] }) { found = [Self.dayParts[0]] }
        return found.count == 1 ? found[0].range : nil
    }

    /// Times of day in the text, in minutes; empty where a number is no time of day.
    private var clockTimes: [Int] {
        var scanner = ClockScanner(Array(text.utf8), isAfternoon: (dayPart?.start ?? 0) >= 12 * 60)
        let isIntroduced =
            isMarked(by: Self.after, Self.afterParts) || isMarked(by: Self.before, Self.beforeParts)
            || isMarked(by: Self.between, [])
        return scanner.times(isIntroduced: isIntroduced) ?? []
    }

    private static let today: Set<String> = [
        "today", "heute", "hoy", "oggi", "hoje", "сегодня", "bugün", "vandaag", "dziś",
    ]
    private static let todayParts = ["aujourd'hui", "今天", "今日", "오늘"]
    private static let tomorrow: Set<String> = ["tomorrow", "demain", "domani", "amanhã", "завтра", "yarın", "jutro"]
    private static let tomorrowParts = ["明天", "明日", "내일"]
    private static let after: Set<String> = [
        "after", "from", "nach", "ab", "después", "desde", "après", "dès", "partir", "dopo", "dalle", "depois", "após",
        "после", "с", "sonra", "na", "po",
    ]
    private static let afterParts = ["以后", "之后", "以後", "以降", "から", "이후"]
    private static let before: Set<String> = [
        "before", "until", "till", "vor", "bis", "antes", "hasta", "avant", "jusqu'à", "prima", "entro", "até", "до",
        "önce",
    ]
    private static let beforeParts = ["以前", "之前", "まで", "이전"]

    private static let or: Set<String> = ["or", "oder", "o", "ou", "oppure", "или", "veya", "of", "lub"]
    private static let between: Set<String> = [
        "between", "zwischen", "entre", "tra", "между", "to", "at", "um", "à", "alle",
    ]

    private struct DayPart {
        let range: DayRange
        let words: Set<String>
        let parts: [String]
    }

    private static let dayParts = [
        DayPart(
            range: DayRange(start: 8 * 60, end: 12 * 60),
            words: [
                "morning", "mornings", "morgens", "vormittag", "vormittags", "früh", "matin", "matinée", "mattina",
                "manhã", "утром", "утро", "sabah", "ochtend", "rano",
            ],
            parts: ["por la mañana", "de la mañana", "上午", "早上", "午前", "오전"]
        ),
        DayPart(
            range: DayRange(start: 12 * 60, end: 14 * 60),
            words: [
                "noon", "midday", "lunchtime", "mittag", "mittags", "mediodía", "midi", "mezzogiorno", "полдень",
                "öğlen",
            ],
            parts: ["中午", "正午", "お昼"]
        ),
        DayPart(
            range: DayRange(start: 12 * 60, end: 17 * 60),
            words: [
                "afternoon", "afternoons", "nachmittag", "nachmittags", "tarde", "pomeriggio", "днём", "днем",
                "namiddag",
            ],
            parts: ["après-midi", "下午", "午後", "오후"]
        ),
        DayPart(
            range: DayRange(start: 17 * 60, end: 20 * 60),
            words: [
                "evening", "evenings", "abend", "abends", "noche", "soir", "soirée", "sera", "noite", "вечером",
                "вечер",
                "akşam", "avond", "wieczorem",
            ],
            parts: ["晚上", "傍晚", "夜", "夕方", "저녁"]
        ),
    ]
}

extension String {
    /// Decimal digits of every script as ASCII.
    fileprivate var replacingDigits: String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if !scalar.isASCII, scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue,
                let digit = Unicode.Scalar(48 + UInt32(value))
            {
                result.append(digit)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    fileprivate func utf8Contains(_ part: String) -> Bool {
        let text = Array(utf8)
        let part = Array(part.utf8)
        guard !part.isEmpty, text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }
}
