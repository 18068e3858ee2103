import GatehouseCore

/// A span of time as people write it on a command line: `90s`, `45m`, `12h`, `30d`, `2w`.
enum TimeWords {
    /// - Returns: Seconds; nil for anything else, and for spans past a thousand years.
    static func seconds(_ text: String) -> Int64? {
        guard let unit = text.utf8.last, let number = Int64(text.dropLast()), number >= 0, text.utf8.first != 0x2B
        else {
            return nil
        }
        let factor: Int64
        switch unit {
        case UInt8(ascii: "s"): factor = 1
        case UInt8(ascii: "m"): factor = 60
        case UInt8(ascii: "h"): factor = 3600
        case UInt8(ascii: "d"): factor = 86_400
        case UInt8(ascii: "w"): factor = 7 * 86_400
        default: return nil
        }
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows || product > 1000 * 366 * 86_400 ? nil : product
    }

    /// `2.5 s`, `12 min`, `3 h`; `-` for what is not known.
    static func text(ofSeconds seconds: Double?) -> String {
        guard let seconds else { return "-" }
        if seconds < 100 { return "\((seconds * 10).rounded() / 10) s" }
        return seconds < 6000 ? "\(Int(seconds / 60)) min" : "\(Int(seconds / 3600)) h"
    }
}

extension Arguments {
    /// The moment that an option names: a date, or a span of time before now.
    func moment(_ option: String, now: Timestamp = .now()) throws(UsageError) -> Timestamp? {
        guard let text = try value(option) else { return nil }
        if let seconds = TimeWords.seconds(text) {
            return Timestamp(milliseconds: now.milliseconds - seconds * 1000)
        }
        guard let date = ParsedTime(iso8601: text) else {
            throw UsageError(
                "\(option) takes a date such as 2026-01-31, or a span such as 12h, 7d or 4w, not '\(text)'"
            )
        }
        return date.timestamp()
    }

    /// Seconds of a span such as `30d`.
    func span(_ option: String) throws(UsageError) -> Int64? {
        guard let text = try value(option) else { return nil }
        guard let seconds = TimeWords.seconds(text) else {
            throw UsageError("\(option) takes a span such as 12h, 30d or 4w, not '\(text)'")
        }
        return seconds
    }
}
