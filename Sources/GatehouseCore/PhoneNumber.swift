/// What a telephone field was found to say.
package struct PhoneReading: Sendable, Equatable {
    /// `+` and at most 15 digits (ITU-T E.164); only where `status` is valid or possible.
    package var e164: String?
    package var status: PhoneStatus
    package var `extension`: String?
    /// ISO 3166 of the plan that has given out the number, where it belongs to a country.
    package var region: String?
    /// True where the field says more than one number and its extension.
    package var hasOtherText = false

    package init(e164: String? = nil, status: PhoneStatus) {
        self.e164 = e164
        self.status = status
    }
}

extension PhoneNumberTable {
    /// Reads the telephone number in a form field or a header.
    ///
    /// - `valid`: the number lies in a range that its plan has given out.
    /// - `possible`: its length fits the plan, or an obvious slip was put right (`00` where another prefix is dialled).
    /// - `invalid`: no number of that plan; emergency numbers and short codes, which nobody can call back, are among them.
    /// - `unparsed`: no number at all, or a national one without a region to read it in. Nothing is guessed.
    ///
    /// - Parameter defaultRegion: ISO 3166; where the number was typed, for numbers without a calling code.
    package func read(_ text: String, defaultRegion: String?) -> PhoneReading {
        let plan = defaultRegion.flatMap(plan(region:))
        var best = PhoneReading(status: .unparsed)
        for candidate in PhoneNumberText(text).candidates() {
            guard var reading = read(candidate, in: plan) else { continue }
            if reading.status == .valid || reading.status == .possible { reading.extension = candidate.extension }
            reading.hasOtherText = candidate.hasOtherText
            if Self.rank(reading.status) > Self.rank(best.status) { best = reading }
        }
        return best
    }

    private static func rank(_ status: PhoneStatus) -> Int {
        switch status {
        case .valid: 3
        case .possible: 2
        case .invalid: 1
        case .unparsed: 0
        }
    }

    private func read(_ candidate: PhoneNumberCandidate, in plan: Plan?) -> PhoneReading? {
        let digits = candidate.digits[...]
        if candidate.isInternational {
            return international(digits) ?? PhoneReading(status: digits.count < 3 ? .unparsed : .invalid)
        }
        guard let plan else { return nil }
        return national(digits, plan)
    }

    /// Digits that start with a calling code; nil where no plan can have them.
    private func international(_ digits: ArraySlice<UInt8>) -> PhoneReading? {
        let plans = plans(dialling: digits)
        guard let main = plans.first else { return nil }
        let number = digits.dropFirst(main.callingCode.count)
        for form in [number, main.withoutTrunkPrefix(number)] {
            for plan in plans where plan.isAssigned(form) { return reading(.valid, plan, form) }
        }
        if let repaired = retiredPrefix(number, main) { return repaired }
        // Three digits and fewer are emergency numbers and service codes everywhere.
        guard number.count > 3, main.isPossible(number) else { return nil }
        return reading(.possible, main, number)
    }

    /// Digits as they are dialled within a region.
    private func national(_ digits: ArraySlice<UInt8>, _ plan: Plan) -> PhoneReading {
        let stripped = plan.withoutTrunkPrefix(digits)
        let hasTrunkPrefix = stripped != digits
        var possible: PhoneReading?
        if let match = plan.abroad.prefixMatch(digits), match.end < digits.endIndex,
            digits[match.end] != UInt8(ascii: "0")
        {
            possible = international(digits[match.end...])
            if possible?.status == .valid, let possible { return possible }
        }
        // "491712345678": where national numbers start with a trunk prefix, this is a calling code without its +.
        let withCode = digits.starts(with: plan.callingCode) ? international(digits) : nil
        if plan.hasTrunkPrefix, !hasTrunkPrefix, let withCode, withCode.status == .valid { return withCode }
        // Regions that share a calling code dial each other without it.
        for form in [stripped, digits] {
            for plan in [plan] + plans(sharing: plan) where plan.isAssigned(form) { return reading(.valid, plan, form) }
        }
        if let withCode, withCode.status == .valid { return withCode }
        if let repaired = retiredPrefix(digits, plan) ?? doubleZero(digits) { return repaired }
        if let possible { return possible }
        // Without a trunk prefix a short number is a local one or a service's (116 117).
        if stripped.count > (hasTrunkPrefix ? 4 : 6), plan.isPossible(stripped) {
            return reading(.possible, plan, stripped)
        }
        return withCode ?? PhoneReading(status: .invalid)
    }

    /// `00` typed in a region that dials another prefix: the intention is plain, the certainty is not.
    private func doubleZero(_ digits: ArraySlice<UInt8>) -> PhoneReading? {
        guard digits.starts(with: Array("00".utf8)), let meant = international(digits.dropFirst(2)) else { return nil }
        guard meant.status == .valid else { return nil }
        var meantPossibly = meant
        meantPossibly.status = .possible
        return meantPossibly
    }

    /// Mexico's prefixes for mobiles (`044`, `045`, and `1` after +52) went out of use in August 2019.
    private func retiredPrefix(_ number: ArraySlice<UInt8>, _ plan: Plan) -> PhoneReading? {
        guard plan.region == "MX" else { return nil }
        for prefix in ["044", "045", "1"] where number.starts(with: Array(prefix.utf8)) {
            let rest = number.dropFirst(prefix.utf8.count)
            if plan.isAssigned(rest) { return reading(.possible, plan, rest) }
        }
        return nil
    }

    private func reading(_ status: PhoneStatus, _ plan: Plan, _ number: ArraySlice<UInt8>) -> PhoneReading {
        let digits = plan.callingCode + number
        guard digits.count <= 15 else { return PhoneReading(status: .invalid) }
        var reading = PhoneReading(e164: "+" + String(decoding: digits, as: UTF8.self), status: status)
        reading.region = plan.region == "001" ? nil : plan.region
        return reading
    }
}

extension PhoneNumberTable.Plan {
    /// Whether the length fits; a trunk prefix is dialled once.
    func isPossible(_ number: ArraySlice<UInt8>) -> Bool {
        hasLength(number.count) && !(hasTrunkPrefix && number.first == UInt8(ascii: "0"))
    }

    /// The number without its trunk prefix and carrier code, as the plan's rule has it; itself where there is none.
    func withoutTrunkPrefix(_ digits: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let match = trunk.prefixMatch(digits), match.end > digits.startIndex else { return digits }
        let rest = digits[match.end...]
        guard !trunkReplacement.isEmpty, let last = match.groups.last, last != nil else { return rest }
        var result: [UInt8] = []
        var index = 0
        while index < trunkReplacement.count {
            let byte = trunkReplacement[index]
            index += 1
            guard byte == UInt8(ascii: "$"), index < trunkReplacement.count else {
                result.append(byte)
                continue
            }
            let number = Int(trunkReplacement[index] & 15) - 1
            index += 1
            if match.groups.indices.contains(number), let group = match.groups[number] { result += digits[group] }
        }
        return (result + rest)[...]
    }
}
