import GatehouseCore

/// A request to be called back on its way to an envelope: the number, the zone, the windows.
struct CallbackMessage {
    let payload: PhonePayload
    var data: MessageData
    var callback = CallbackRequest()
    var customer = Party(role: .customer)
    var isCanceled = false
    /// The number's plan, for its zone.
    private(set) var region: String?

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
            if let zone = TimeZoneTable(name: stated) ?? FixedZone.table(stated)
                ?? ZoneWords(stated, region: region).zone
            {
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
