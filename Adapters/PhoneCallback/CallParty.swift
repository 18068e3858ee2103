import GatehouseCore

/// One end of a call: a number, a SIP or client address, or nobody where the caller withheld it.
struct CallParty {
    /// As the telephone system wrote it; nil where it said nothing.
    let raw: String?
    /// nil where the number is withheld or not stated.
    private(set) var party: Party?
    private(set) var reading: PhoneReading?
    private(set) var warnings: [String] = []

    /// - Parameters:
    ///   - country: ISO 3166 as the system states it for this number; else the source's region counts.
    ///   - hasNoPlus: Numbers of this system are E.164 without the plus sign, or national.
    init(
        _ raw: String?,
        name: String? = nil,
        country: String? = nil,
        context: IntakeContext,
        hasNoPlus: Bool = false
    ) {
        self.raw = raw
        guard let raw, !Self.isWithheld(raw) else { return }
        if raw.hasPrefix("client:") {
            party = Party(id: raw, name: name)
            return
        }
        let region = country.flatMap { $0.utf8.count == 2 ? $0 : nil } ?? context.defaultRegion
        var reading = PhoneNumberTable.world.read(raw, defaultRegion: region)
        if hasNoPlus, reading.status != .valid, let repaired = Self.withPlus(raw) {
            reading = repaired
            warnings.append("phone_plus_assumed")
        }
        self.reading = reading
        let isOnlyNumber = reading.e164 != nil && raw.hasPrefix("+")
        party = Party(id: isOnlyNumber ? nil : raw, name: name, phone: reading.e164)
    }

    /// "+4930…", the address, or words for an absent number.
    var words: String { party?.phone ?? party?.id ?? (raw == nil ? "an unknown number" : "a withheld number") }

    /// Why there is no number to call back; nil where there is one.
    var warning: String? {
        guard let party else { return raw == nil ? "caller_not_stated" : "caller_anonymous" }
        return party.phone == nil ? "caller_without_number" : nil
    }

    /// Digits that are a number of some country once a plus stands before them: certain of form, so only `possible`.
    private static func withPlus(_ text: String) -> PhoneReading? {
        let digits = Array(text.utf8)
        guard (8...15).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }), digits[0] != 48 else {
            return nil
        }
        var reading = PhoneNumberTable.world.read("+" + text, defaultRegion: nil)
        guard reading.status == .valid else { return nil }
        reading.status = .possible
        return reading
    }

    /// The words of telephone systems, and the numbers that spell them on a keypad
    /// (https://www.twilio.com/docs/voice, "anonymous calls").
    private static func isWithheld(_ text: String) -> Bool {
        let words: Set<String> = [
            "anonymous", "restricted", "unknown", "unavailable", "blocked", "private", "withheld", "private number",
            "no caller id", "anonymous caller", "unknown caller", "anonym", "asterisk", "<unknown>", "null", "none",
            "+266696687", "+7378742833", "+8656696", "+86282452253", "+2562533", "+464", "266696687", "7378742833",
            "86282452253",
        ]
        let lowered = text.lowercased()
        return words.contains(lowered) || lowered.hasPrefix("sip:anonymous@") || lowered.hasPrefix("anonymous@")
    }
}
