// Dates as RFC 3339 writes them, and the forms of ISO 8601 that real payloads hold.

extension Timestamp {
    /// `2026-01-02T03:04:05Z`, with `.678` where there are milliseconds.
    package var rfc3339: String {
        var output = ByteOutput()
        output.append(rfc3339: self)
        return String(decoding: output.bytes, as: UTF8.self)
    }
}

/// A date text taken apart: the clock's reading, and its distance from UTC where the text states one.
package struct ParsedTime: Equatable, Sendable {
    package var civil: CivilTime
    /// Seconds ahead of UTC; nil where the text names no zone.
    package var offsetSeconds: Int?
    /// "ms", "s", "min" or "day".
    package var precision: String

    package init(civil: CivilTime, offsetSeconds: Int?, precision: String) {
        self.civil = civil
        self.offsetSeconds = offsetSeconds
        self.precision = precision
    }

    package func timestamp(assumedOffset: Int = 0) -> Timestamp {
        civil.timestamp(offsetSeconds: offsetSeconds ?? assumedOffset)
    }

    /// Reads `2026-01-02`, `2026-01-02T03:04`, `2026-01-02 03:04:05.123456789 +0100`, `…Z`, `… UTC`.
    ///
    /// Fractions beyond milliseconds are cut. Returns nil for anything else, and for dates that do not exist.
    package init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        var index = 0
        func digits(_ count: Int) -> Int? {
            guard index + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[index..<index + count] {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            index += count
            return value
        }
        func skip(_ choices: String) -> Bool {
            guard index < bytes.count, choices.utf8.contains(bytes[index]) else { return false }
            index += 1
            return true
        }
        guard let year = digits(4), skip("-/."), let month = digits(2), skip("-/."), let day = digits(2) else {
            return nil
        }
        var civil = CivilTime(year: year, month: month, day: day)
        var precision = "day"
        if skip("Tt ") {
            guard let hour = digits(2), skip(":"), let minute = digits(2) else { return nil }
            civil.hour = hour
            civil.minute = minute
            precision = "min"
            if skip(":") {
                guard let second = digits(2) else { return nil }
                civil.second = second
                precision = "s"
                if skip(".,") {
                    var scale = 100
                    var count = 0
                    while let digit = digits(1) {
                        civil.millisecond += digit * scale
                        scale /= 10
                        count += 1
                    }
                    guard count > 0 else { return nil }
                    precision = "ms"
                }
            }
        }
        guard civil.isValid else { return nil }
        _ = skip(" ")
        var offset: Int?
        let rest = String(decoding: bytes[index...], as: UTF8.self)
        if ["Z", "z", "UTC", "GMT"].contains(rest) {
            offset = 0
        } else if !rest.isEmpty {
            let isNegative = bytes[index] == UInt8(ascii: "-")
            guard skip("+-"), let hours = digits(2) else { return nil }
            _ = skip(":")
            let minutes = digits(2) ?? 0
            guard index == bytes.count, hours < 24, minutes < 60 else { return nil }
            offset = (hours * 3600 + minutes * 60) * (isNegative ? -1 : 1)
        }
        self.init(civil: civil, offsetSeconds: offset, precision: precision)
    }
}

extension Timestamp {
    /// A time with a stated zone, in any form that `ParsedTime(iso8601:)` reads.
    package init?(rfc3339 text: String) {
        guard let parsed = ParsedTime(iso8601: text), parsed.offsetSeconds != nil else { return nil }
        self = parsed.timestamp()
    }
}
