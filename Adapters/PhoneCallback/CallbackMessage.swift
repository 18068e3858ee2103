import GatehouseCore

/// A request to be called back on its way to an envelope: the number, the zone, the windows.
struct CallbackMessage {
    let payload: PhonePayload
    var data: MessageData
    var callback = CallbackRequest()
    var customer = Party(role: .customer)
    var isCanceled = false
    /// The number's plan, for its zone.
    private var region: String?

    init(_ payload: PhonePayload, provider: String) {
        self.payload = payload
        data = MessageData(channel: .phoneCallback, provider: provider)
        data.account = payload.context.account
        data.warnings = payload.warnings
        callback.timeZoneSource = "unknown"
    }

    /// Takes the first of these texts that holds a number, or else the first.
    ///
    /// - Parameters:
    ///   - texts: As typed. Of several the best counts, and the others are named in the text by the caller.
    ///   - country: ISO 3166 where the request states one.
    /// - Returns: The texts that were not taken.
    @discardableResult
    mutating func setPhone(_ texts: [String], country: String? = nil) -> [String] {
        let stated = country.flatMap { $0.utf8.count == 2 ? $0 : nil }
        let home = stated ?? payload.context.defaultRegion
        let readings = texts.prefix(20).map { PhoneNumberTable.world.read($0, defaultRegion: home) }
        let best =
            readings.firstIndex { $0.status == .valid } ?? readings.firstIndex { $0.e164 != nil }
            ?? readings.indices.first
        guard let best else {
            if !isCanceled { data.warnings.append("phone_missing") }
            callback.phoneStatus = .unparsed
            return []
        }
        let reading = readings[best]
        callback.phoneRaw = texts[best]
        callback.phone = reading.e164
        callback.phoneStatus = reading.status
        callback.extension = reading.extension
        customer.phone = reading.e164
        region = reading.region
        if reading.e164 == nil { data.warnings.append("phone_\(reading.status.rawValue)") }
        if reading.hasOtherText { data.warnings.append("phone_extra_text") }
        return texts.indices.filter { $0 != best && texts[$0] != texts[best] }.map { texts[$0] }
    }

    /// The zone that is stated, or else that of the number's region, or else the source's.
    mutating func findZone(stated: String?) -> TimeZoneTable? {
        if let stated {
            if let zone = TimeZoneTable(name: stated) ?? Self.zone(ofOffset: stated) {
                callback.timeZone = zone.name
                callback.timeZoneSource = "stated"
                return zone
            }
            data.warnings.append("time_zone_unknown:" + stated)
        }
        let moment = payload.context.receivedAt ?? Timestamp(seconds: 1_767_225_600)
        if let region, let zone = TimeZoneTable.sole(region: region, at: moment) {
            callback.timeZone = zone.name
            callback.timeZoneSource = "region"
            return zone
        }
        guard let name = payload.context.timeZone, let zone = TimeZoneTable(name: name) else { return nil }
        callback.timeZone = zone.name
        data.warnings.append("time_zone_assumed:" + zone.name)
        return zone
    }

    /// `UTC+2`, `+02:00`, `GMT-5`: of the IANA names `Etc/GMT-2` is two hours ahead of UTC.
    private static func zone(ofOffset text: String) -> TimeZoneTable? {
        var rest = text.uppercased().utf8[...]
        for prefix in ["UTC", "GMT"] where rest.starts(with: prefix.utf8) { rest = rest.dropFirst(3) }
        rest = rest.drop { $0 == 0x20 }
        guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return nil }
        let digits = rest.dropFirst().filter { $0 != UInt8(ascii: ":") }
        guard (1...4).contains(digits.count), let value = Int(String(decoding: digits, as: UTF8.self)) else {
            return nil
        }
        let (hours, minutes) = digits.count <= 2 ? (value, 0) : (value / 100, value % 100)
        guard (0...14).contains(hours), minutes == 0 else { return nil }
        if hours == 0 { return TimeZoneTable(name: "Etc/UTC") }
        return TimeZoneTable(name: "Etc/GMT\(sign == UInt8(ascii: "+") ? "-" : "+")\(hours)")
    }

    /// "Callback requested: name, number" where the customer wrote nothing.
    var standardWords: String {
        let caller = [customer.name, customer.phone ?? callback.phoneRaw ?? customer.email].compactMap(\.self)
        return (isCanceled ? "Callback canceled" : "Callback requested")
            + (caller.isEmpty ? "" : ": " + caller.joined(separator: ", "))
    }

    /// - Parameter time: When it was asked for.
    func parsed(
        time: PayloadTime?,
        keys: [IdentityKey],
        contents: [Int: [UInt8]] = [:]
    ) -> ParsedMessage {
        var data = data
        data.callback = callback
        let accepted = payload.context.headers["accept-language"]
        data.languageHints = accepted.flatMap { LanguageHint(.acceptLanguage, $0) }.map { [$0] } ?? []
        data.from = [customer]
        data.customer = customer
        data.body.format = .plain
        data.times = time?.times ?? Times()
        data.times.receivedAt = payload.context.receivedAt
        data.raw = payload.document.rawFacts(of: payload.document.bytes)
        let envelope = Envelope(
            source: payload.context.source,
            type: isCanceled ? .callbackCanceled : .callbackRequested,
            time: time?.timestamp ?? payload.context.receivedAt,
            data: data
        )
        return ParsedMessage(envelope: envelope, keys: keys, raw: payload.document.bytes, contents: contents)
    }
}
