/// The world's numbering plans (ITU-T E.164), read from a table such as `Sources/CTables/data/phone-regions.tsv`.
package struct PhoneNumberTable: Sendable {
    /// One region's plan.
    struct Plan: Sendable {
        /// ISO 3166, or `001` for a code that belongs to no country.
        let region: String
        let callingCode: [UInt8]
        /// True where this plan stands for all regions that share its calling code.
        let isMain: Bool
        /// What is dialled before a calling code.
        let abroad: PhoneNumberPattern
        let hasTrunkPrefix: Bool
        /// What is taken off a national number, with a carrier's code where the region has such.
        let trunk: PhoneNumberPattern
        /// What takes its place: digits and `$1`, `$2`.
        let trunkReplacement: [UInt8]
        /// Lengths of a national significant number.
        let lengths: [ClosedRange<Int>]
        let assigned: PhoneNumberPattern

        func hasLength(_ count: Int) -> Bool { lengths.contains { $0.contains(count) } }

        /// Whether the number lies in a range that the plan has given out.
        func isAssigned(_ number: ArraySlice<UInt8>) -> Bool {
            hasLength(number.count) && assigned.matchesWhole(number)
        }
    }

    private let plans: [Plan]
    private let byRegion: [String: Int]
    private let byCode: [[UInt8]: [Int]]

    /// Lines of nine tab-separated columns, as the table's own header describes them; others are passed over.
    package init(_ bytes: [UInt8]) {
        var plans: [Plan] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            let columns = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            if columns.count == 9 { plans.append(Plan(columns)) }
        }
        self.plans = plans
        var byRegion: [String: Int] = [:]
        var byCode: [[UInt8]: [Int]] = [:]
        for (index, plan) in plans.enumerated() {
            if plan.region != "001" { byRegion[plan.region] = index }
            byCode[plan.callingCode, default: []].append(index)
        }
        self.byRegion = byRegion
        self.byCode = byCode.mapValues { indices in
            indices.filter { plans[$0].isMain } + indices.filter { !plans[$0].isMain }
        }
    }

    package var regions: [String] { plans.map(\.region) }

    func plan(region: String) -> Plan? { byRegion[region.uppercased()].map { plans[$0] } }

    /// All plans with the calling code of this one, the main one first.
    func plans(sharing plan: Plan) -> [Plan] { (byCode[plan.callingCode] ?? []).map { plans[$0] } }

    /// The plans under the calling code with which `digits` starts, the main one first. No code is another's start.
    func plans(dialling digits: ArraySlice<UInt8>) -> [Plan] {
        for length in 1...3 where digits.count > length {
            if let found = byCode[Array(digits.prefix(length))] { return found.map { plans[$0] } }
        }
        return []
    }
}

extension PhoneNumberTable.Plan {
    /// The nine columns of one line.
    init(_ columns: [ArraySlice<UInt8>]) {
        region = String(decoding: columns[0], as: UTF8.self)
        callingCode = Array(columns[1])
        isMain = columns[2].first == UInt8(ascii: "1")
        abroad = PhoneNumberPattern(columns[3])
        hasTrunkPrefix = !columns[4].isEmpty
        trunk = PhoneNumberPattern(columns[5])
        trunkReplacement = Array(columns[6])
        lengths = columns[7].split(separator: UInt8(ascii: ",")).compactMap { range in
            let ends = range.split(separator: UInt8(ascii: "-")).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
            guard let low = ends.first, let high = ends.last, low <= high else { return nil }
            return low...high
        }
        assigned = PhoneNumberPattern(columns[8])
    }
}
