import GatehouseCore

/// Days of the week by their names, in the languages in which exports head a day.
enum WeekdayNames {
    /// From Sunday on; beginnings of names, those of one or two letters whole.
    private static let table = [
        "sun mon tue wed thu fri sat",  // English
        "so/sonntag mo/montag di/dienstag mi/mittwoch do/donnerstag fr/freitag sa/samstag/sonnabend",  // German
        "dim lun mar mer jeu ven sam",  // French
        "dom lun mar mié/mie jue vie sáb/sab",  // Spanish
        "dom seg ter qua qui sex sáb/sab",  // Portuguese
        "dom lun mar mer gio ven sab",  // Italian
        "вс/воск пн/пон вт/втор ср/сре чт/чет пт/пят сб/суб",  // Russian
        "paz pzt/pazartesi sal çar per cum cmt/cumartesi",  // Turkish
        "min sen sel rab kam jum sab",  // Indonesian
        "cn t2 t3 t4 t5 t6 t7",  // Vietnamese
        "อาทิตย์/อา จันทร์/จ อังคาร/อ พุธ/พ พฤหัส/พฤ ศุกร์/ศ เสาร์/ส",  // Thai
        "الأحد/الاحد الاثنين/الإثنين الثلاثاء الأربعاء/الاربعاء الخميس الجمعة السبت",  // Arabic
    ]
    /// Signs of Chinese, Japanese and Korean, from Sunday on; `一` to `六` count from Monday.
    private static let signs: [[Unicode.Scalar]] = [
        ["日", "天", "일"], ["月", "一", "월"], ["火", "二", "화"], ["水", "三", "수"], ["木", "四", "목"], ["金", "五", "금"],
        ["土", "六", "토"],
    ]
    private static let signFrames = ["週", "周", "星期", "曜", "요일", "日星期", "日週"]

    private static let starts: [(start: String, day: Int)] = table.flatMap { language in
        language.split(separator: " ").enumerated().flatMap { day, starts in
            starts.split(separator: "/").map { (String($0), day) }
        }
    }

    /// The days, 0 for Sunday, that a word in lower case may mean; empty for a word that is no weekday.
    static func days(_ word: String) -> Set<Int> {
        let scalars = word.unicodeScalars
        if let sign = scalars.last(where: { scalar in signs.contains { $0.contains(scalar) } }),
            scalars.count == 1 || signFrames.contains(where: word.contains)
        {
            // Of 火曜日 the first sign counts, of 星期五 the last.
            let isJapanese = word.contains("曜") || word.contains("요일")
            let meant = isJapanese ? scalars.drop { $0 == "日" && scalars.count > 3 }.first ?? sign : sign
            return Set(signs.indices.filter { signs[$0].contains(meant) })
        }
        return Set(
            starts.filter { start, _ in
                start.unicodeScalars.count <= 2 ? word == start : word.hasPrefix(start)
            }.map(\.day)
        )
    }

    /// 0 for Sunday.
    static func day(of date: CivilTime) -> Int {
        let days = CivilTime(year: date.year, month: date.month, day: date.day).timestamp().seconds / 86_400
        // 1 January 1970 was a Thursday.
        return Int(((days + 4) % 7 + 7) % 7)
    }
}
