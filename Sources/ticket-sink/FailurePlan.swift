import GatehouseCore

/// One way in which the server misbehaves on purpose.
///
/// As text: `WHAT[,OPTION[=VALUE]]…`, where WHAT is a status from 400 to 599, or
/// `html` (200 with a web page), `close` (the connection ends before the body is read), `lost` (the ticket is made and
/// the connection ends without an answer) or `slow` (answers after `delay`). Options: `count=N` (the next N requests),
/// `share=0.03` (that part of all requests), `retry-after=2`, `retry-after=1.5` or `retry-after=date:3` (an HTTP date
/// 3 s ahead), `committed` (the ticket is made all the same), `delay=700` (milliseconds).
struct Failure: Equatable {
    enum Kind: Equatable {
        case status(Int)
        case html, close, lost, slow
    }

    var kind: Kind
    /// How many requests it still strikes; nil for no end.
    var remaining: Int?
    /// 0…1; nil strikes always.
    var share: Double?
    var retryAfter: String?
    var isCommitted = false
    var delayMilliseconds = 0

    init?(_ text: String) {
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        switch words[0] {
        case "html": kind = .html
        case "close": kind = .close
        case "lost": kind = .lost
        case "slow": kind = .slow
        default:
            guard let status = Int(words[0]), (400...599).contains(status) else { return nil }
            kind = .status(status)
        }
        for word in words.dropFirst() where !apply(option: word) { return nil }
        if kind == .slow, delayMilliseconds == 0 { delayMilliseconds = 1000 }
    }

    private mutating func apply(option: String) -> Bool {
        let mark = option.firstIndex(of: "=") ?? option.endIndex
        let value = option[mark...].dropFirst()
        switch option[..<mark] {
        case "count":
            guard let count = Int(value), count > 0 else { return false }
            remaining = count
        case "share":
            guard let part = Double(value), (0...1).contains(part) else { return false }
            share = part
        case "delay":
            guard let delay = Int(value), (0...600_000).contains(delay) else { return false }
            delayMilliseconds = delay
        case "retry-after":
            guard !value.isEmpty, value.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return false }
            retryAfter = String(value)
        case "committed": isCommitted = true
        default: return false
        }
        return true
    }

    /// Retry-After as it goes over the wire: `date:3` becomes the HTTP date 3 s from now.
    var retryAfterField: String? {
        guard let retryAfter, retryAfter.hasPrefix("date:"), let seconds = Int64(retryAfter.dropFirst(5)),
            (-86_400...86_400).contains(seconds)
        else { return retryAfter }
        return httpDate(Timestamp(milliseconds: Timestamp.now().milliseconds + seconds * 1000 + 999))
    }
}

/// RFC 9110 §5.6.7, the preferred form: `Sun, 06 Nov 1994 08:49:37 GMT`.
func httpDate(_ timestamp: Timestamp) -> String {
    let time = CivilTime(timestamp)
    let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let weekday = days[Int(((timestamp.seconds / 86_400) % 7 + 7) % 7)]
    let clock = "\(two(time.hour)):\(two(time.minute)):\(two(time.second))"
    return "\(weekday), \(two(time.day)) \(months[time.month - 1]) \(time.year) \(clock) GMT"
}

/// The failures in force, and the dice; the same seed gives the same sequence.
struct FailurePlan {
    private var failures: [Failure] = []
    private var state: UInt64

    init(_ failures: [Failure] = [], seed: UInt64 = 1) {
        self.failures = failures
        state = seed
    }

    /// What happens to the next request: the first failure that strikes, or nil.
    mutating func strike() -> Failure? {
        for index in failures.indices {
            if let share = failures[index].share, roll() >= share { continue }
            let failure = failures[index]
            if let remaining = failure.remaining {
                if remaining <= 1 { failures.remove(at: index) } else { failures[index].remaining = remaining - 1 }
            }
            return failure
        }
        return nil
    }

    /// SplitMix64 (Steele, Lea, Flood 2014), as a number in 0..<1.
    private mutating func roll() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) / Double(1 << 53)
    }
}
