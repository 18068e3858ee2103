/// What people call time zones, in folded spelling (`FoldedWords`).
enum ZoneNames {
    /// Abbreviations that mean one zone to those who write them; summer and winter names are used for the whole year.
    static let abbreviations = table([
        ("America/New_York", "est edt"), ("America/Chicago", "cdt"), ("America/Denver", "mst mdt"),
        ("America/Los_Angeles", "pst pdt"), ("America/Anchorage", "akst akdt"), ("Pacific/Honolulu", "hst"),
        ("America/Halifax", "adt"), ("America/St_Johns", "ndt"), ("America/Sao_Paulo", "brt"),
        ("America/Argentina/Buenos_Aires", "art"), ("America/Bogota", "cot"), ("America/Santiago", "clt clst"),
        ("Etc/UTC", "utc gmt"), ("Europe/London", "bst"), ("Europe/Lisbon", "west"), ("Europe/Berlin", "mez mesz"),
        ("Europe/Paris", "cet cest"), ("Europe/Athens", "eet eest"), ("Europe/Istanbul", "trt"),
        ("Europe/Moscow", "msk мск"), ("Africa/Johannesburg", "sast"), ("Africa/Nairobi", "eat"),
        ("Africa/Lagos", "wat"), ("Asia/Dubai", "gst"), ("Asia/Karachi", "pkt"), ("Asia/Kathmandu", "npt"),
        ("Asia/Jakarta", "wib"), ("Asia/Makassar", "wita"), ("Asia/Bangkok", "ict"), ("Asia/Singapore", "sgt"),
        ("Asia/Hong_Kong", "hkt"), ("Asia/Manila", "pht"), ("Asia/Tokyo", "jst"), ("Asia/Seoul", "kst"),
        ("Australia/Sydney", "aest aedt"), ("Australia/Adelaide", "acst acdt"), ("Australia/Perth", "awst"),
        ("Pacific/Auckland", "nzst nzdt"),
    ])

    /// Those that mean another zone elsewhere: the number's region tells which.
    static let byRegion: [String: [String: String]] = [
        "ist": ["IN": "Asia/Kolkata", "IL": "Asia/Jerusalem", "IE": "Europe/Dublin"],
        "cst": [
            "US": "America/Chicago", "CA": "America/Chicago", "MX": "America/Mexico_City", "CN": "Asia/Shanghai",
            "TW": "Asia/Taipei", "HK": "Asia/Hong_Kong", "CU": "America/Havana",
        ],
        "ast": [
            "CA": "America/Halifax", "PR": "America/Puerto_Rico", "SA": "Asia/Riyadh", "KW": "Asia/Kuwait",
            "QA": "Asia/Qatar", "BH": "Asia/Bahrain", "IQ": "Asia/Baghdad",
        ],
        "bst": ["BD": "Asia/Dhaka"],
    ]

    /// Two letters, which count behind a time alone: `3pm ET`.
    static let short = table([
        ("America/New_York", "et"), ("America/Chicago", "ct"), ("America/Denver", "mt"), ("America/Los_Angeles", "pt"),
        ("Etc/UTC", "z"),
    ])

    /// Abbreviations that are words of some language, which count in capitals or behind a time alone.
    static let alsoWords: Set = ["est", "ist", "art", "eat", "west", "met", "wat", "cot", "pst", "ast", "adt", "cst"]

    /// What stands before "time", or behind "heure de", "hora de" and the like.
    static let places = table(
        [
            ("America/New_York", "eastern,eastern standard,eastern daylight,us eastern,nueva york,nyc,washington"),
            ("America/Chicago", "central,central standard,central daylight,us central,texas"),
            ("America/Denver", "mountain,mountain standard,mountain daylight"),
            ("America/Los_Angeles", "pacific,pacific standard,pacific daylight,us pacific,california,san francisco,la"),
            ("America/Sao_Paulo", "brasilia,brazil,brasil"), ("America/Mexico_City", "mexico,ciudad de mexico,cdmx"),
            ("America/Argentina/Buenos_Aires", "buenos aires,argentina"), ("America/Bogota", "colombia"),
            ("Europe/London", "uk,british,london,londres,londra,britische"),
            (
                "Europe/Berlin",
                "german,germany,deutsche,deutscher,berliner,deutschland,mitteleuropaische,mitteleuropaischer"
            ),
            ("Europe/Paris", "french,france,francaise,paris,pariser,central european,european,cet"),
            ("Europe/Madrid", "spanish,spain,espana,espanola,peninsular,madrid,madrider"),
            ("Europe/Rome", "italian,italy,italia,italiana,roma,rom"),
            ("Europe/Lisbon", "lisboa,lissabon,lisbonne,portugal"),
            ("Europe/Vienna", "wien,wiener,austrian,osterreich,vienne,viena"),
            ("Europe/Zurich", "swiss,schweizer,zurcher,suisse"),
            ("Europe/Amsterdam", "dutch,nederlandse,nederland"),
            ("Europe/Warsaw", "polish,polskiego,warschau,varsovie"),
            ("Europe/Moscow", "moscow,moskau,moskauer,moscou,moscu,mosca,московскому,москве,москвы"),
            ("Europe/Kyiv", "kyiv,kiev,киеву,киевскому,київським,києвом,kiew"),
            ("Europe/Istanbul", "turkey,turkish,turkiye,istanbul"),
            ("Europe/Athens", "greek,athen,athenes,atenas,atene"),
            ("Asia/Dubai", "uae,gulf,dubai,دبي,الامارات"), ("Asia/Riyadh", "saudi,riad,الرياض,مكه,السعوديه"),
            ("Africa/Cairo", "egypt,kairo,le caire,القاهره,مصر"), ("Asia/Kolkata", "india,indian,mumbai,delhi"),
            ("Asia/Shanghai", "china,beijing,chinese,peking,pekin"), ("Asia/Tokyo", "japan,japanese,tokio"),
            ("Asia/Seoul", "korea,korean"), ("Asia/Singapore", "singapore"), ("Asia/Hong_Kong", "hong kong,hk"),
            ("Australia/Sydney", "aest"), ("Asia/Jakarta", "jakarta"), ("Etc/UTC", "greenwich,universal"),
        ],
        separator: ","
    )

    /// Scripts without blanks between words: found as they stand.
    static let dense: [(words: String, zone: String)] = [
        ("北京时间", "Asia/Shanghai"), ("北京時間", "Asia/Shanghai"), ("中国时间", "Asia/Shanghai"), ("台北時間", "Asia/Taipei"),
        ("台湾时间", "Asia/Taipei"), ("台灣時間", "Asia/Taipei"), ("香港时间", "Asia/Hong_Kong"), ("香港時間", "Asia/Hong_Kong"),
        ("日本時間", "Asia/Tokyo"), ("日本时间", "Asia/Tokyo"), ("东京时间", "Asia/Tokyo"), ("東京時間", "Asia/Tokyo"),
        ("한국시간", "Asia/Seoul"), ("한국 시간", "Asia/Seoul"), ("美东时间", "America/New_York"), ("美東時間", "America/New_York"),
        ("美西时间", "America/Los_Angeles"), ("美西時間", "America/Los_Angeles"), ("เวลาไทย", "Asia/Bangkok"),
    ]

    /// Whose last word is the place: "heure de Paris", "по московскому времени", "за київським часом", "بتوقيت الرياض".
    static let introductions = [
        "heure de", "heure d", "hora de", "horario de", "ora di", "zeit in", "time in", "uhrzeit in", "tijd in", "по",
        "за", "بتوقيت",
    ]

    /// Behind the place: "Berlin time", "Berliner Zeit", "времени".
    static let words: Set = ["time", "zeit", "tijd", "saati", "saatiyle", "времени", "часом", "czasu"]

    private static func table(
        _ rows: [(zone: String, names: String)],
        separator: Character = " "
    ) -> [String: String] {
        var table: [String: String] = [:]
        for row in rows {
            for name in row.names.split(separator: separator) { table[String(name)] = row.zone }
        }
        return table
    }
}
