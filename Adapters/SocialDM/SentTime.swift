import GatehouseCore

/// When a message was sent, how exactly that is known, and in which zone it was written.
struct SentTime: Equatable {
    let timestamp: Timestamp
    let precision: TimePrecision
    /// As in the envelope: `UTC`, `stated` or `assumed:…`.
    let zone: String

    /// The years 1 to 9999: all that RFC 3339 can write.
    private static let range: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    private init?(milliseconds: Int64, precision: TimePrecision, zone: String = "UTC") {
        guard Self.range.contains(milliseconds) else { return nil }
        timestamp = Timestamp(milliseconds: milliseconds)
        self.precision = precision
        self.zone = zone
    }

    /// Seconds since 1970, as a number or a string.
    init?(seconds value: JSONValue?) { self.init(seconds: value?.text) }

    init?(seconds text: String?) {
        guard let whole = text.flatMap(Self.number) else { return nil }
        let (milliseconds, isOver) = whole.multipliedReportingOverflow(by: 1000)
        guard !isOver else { return nil }
        self.init(milliseconds: milliseconds, precision: .s)
    }

    /// Milliseconds since 1970, as a number or a string.
    init?(milliseconds value: JSONValue?) {
        guard let whole = value?.text.flatMap(Self.number) else { return nil }
        self.init(milliseconds: whole, precision: .ms)
    }

    /// A date text; one that names no zone is read in `zone`.
    init?(text: String?, zone: AssumedZone) {
        guard let text, let parsed = ParsedTime(iso8601: text) else { return nil }
        self.init(parsed, zone: zone)
    }

    /// A time that was read; one that names no zone is read in `zone`.
    init?(_ parsed: ParsedTime, zone: AssumedZone) {
        let precision = TimePrecision(rawValue: parsed.precision) ?? .s
        if let offset = parsed.offsetSeconds {
            let zone = offset == 0 ? "UTC" : "stated"
            self.init(milliseconds: parsed.timestamp().milliseconds, precision: precision, zone: zone)
        } else {
            let timestamp = zone.timestamp(of: parsed.civil)
            self.init(milliseconds: timestamp.milliseconds, precision: precision, zone: "assumed:\(zone.name)")
        }
    }

    /// A number since 1970 in the unit that its size tells: s, ms, µs or ns.
    init?(epoch value: JSONValue?) {
        guard let text = value?.text, !text.contains("-"), let time = PayloadTime(text), time.zone == "UTC" else {
            return nil
        }
        self.init(milliseconds: time.timestamp.milliseconds, precision: time.precision)
    }

    private static func number(_ text: String) -> Int64? {
        if let whole = Int64(text) { return whole }
        guard let number = Double(text), abs(number) < 9e15 else { return nil }
        return Int64(number)
    }
}

/// The zone in which a clock without one is read: the configured one, or UTC.
struct AssumedZone: Sendable {
    /// As in `assumed:…`.
    let name: String
    private let table: TimeZoneTable?
    private let offset: Int

    /// - Parameter configured: An IANA name or an offset, `+02:00`; what is neither, or unknown to the system, means UTC.
    init(_ configured: String?) {
        table = configured.flatMap { TimeZoneTable(name: $0) }
        let fixed = configured.flatMap { ParsedTime(iso8601: "2000-01-01T00:00" + $0)?.offsetSeconds }
        offset = fixed ?? 0
        name = table?.name ?? (fixed == nil ? nil : configured) ?? "UTC"
    }

    func timestamp(of local: CivilTime) -> Timestamp {
        table?.timestamp(of: local) ?? local.timestamp(offsetSeconds: offset)
    }
}
