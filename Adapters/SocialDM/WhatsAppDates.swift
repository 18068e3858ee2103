import GatehouseCore

/// Which number of a chat's dates is the day: decided from all of them, since one alone seldom tells.
struct WhatsAppDates {
    enum Order: CaseIterable {
        case dayMonthYear, monthDayYear, yearMonthDay, yearDayMonth

        fileprivate var indices: (year: Int, month: Int, day: Int) {
            switch self {
            case .dayMonthYear: (2, 1, 0)
            case .monthDayYear: (2, 0, 1)
            case .yearMonthDay: (0, 1, 2)
            case .yearDayMonth: (0, 2, 1)
            }
        }

        /// As a word in a warning.
        var word: String {
            switch self {
            case .dayMonthYear: "day_month_year"
            case .monthDayYear: "month_day_year"
            case .yearMonthDay: "year_month_day"
            case .yearDayMonth: "year_day_month"
            }
        }
    }

    /// What speaks against an order, taken from all lines.
    private struct Evidence {
        var impossible = 0
        /// Days that lie before the day of the line above.
        var inversions = 0
        var first = Int64.max
        var last = Int64.min
        var previous: Int64?

        var span: Int64 { last >= first ? last - first : 0 }
    }

    /// Regions whose short dates start with the month.
    private static let monthFirstRegions: Set<String> = [
        "US", "PH", "FM", "GU", "MH", "MP", "PR", "PW", "UM", "VI", "AS",
    ]

    private let newest: Int64
    private let region: String?
    private var evidence = [Evidence](repeating: Evidence(), count: Order.allCases.count)
    private var isYearFirst = false
    private var isYearLast = false
    private var isDotted = false
    private var hasCapitalPM = false
    private var isPadded = false
    private var isAsymmetric = false
    private(set) var count = 0

    /// - Parameter newest: When the export was taken in; no message is younger.
    init(newest: Timestamp?, region: String?) {
        self.newest = (newest?.milliseconds).map { $0 / 86_400_000 + 1 } ?? .max
        self.region = region
    }

    mutating func take(_ header: WhatsAppHeader) {
        count += 1
        isYearFirst = isYearFirst || header.numbers[0].digits > 2
        isYearLast = isYearLast || header.numbers[2].digits > 2
        isDotted = isDotted || header.style.separator == "."
        hasCapitalPM = hasCapitalPM || header.words.contains { $0 == "PM" || $0 == "AM" }
        isPadded = isPadded || header.numbers.prefix(2).contains { $0.digits == 2 && $0.value < 10 }
        isAsymmetric = isAsymmetric || header.numbers[0].value != header.numbers[1].value
        for (index, order) in Order.allCases.enumerated() {
            guard let day = Self.civil(header, order).map({ $0.timestamp().milliseconds / 86_400_000 }), day <= newest
            else {
                evidence[index].impossible += 1
                continue
            }
            if let previous = evidence[index].previous, day < previous { evidence[index].inversions += 1 }
            evidence[index].previous = day
            evidence[index].first = min(evidence[index].first, day)
            evidence[index].last = max(evidence[index].last, day)
        }
    }

    /// The order, and whether something else than custom speaks for it.
    var decision: (order: Order, isCertain: Bool) {
        let orders = Order.allCases.filter { order in
            if isYearFirst { return order == .yearMonthDay || order == .yearDayMonth }
            return order != .yearDayMonth && !(isYearLast && order == .yearMonthDay)
        }
        let ranked = orders.sorted { rank($0).lexicographicallyPrecedes(rank($1)) }
        guard ranked.count > 1 else { return (ranked.first ?? .dayMonthYear, true) }
        let (best, second) = (evidence(for: ranked[0]), evidence(for: ranked[1]))
        let isCertain =
            best.impossible < second.impossible || isYearFirst || isDotted || !isAsymmetric
            || best.impossible == second.impossible && best.inversions < second.inversions
        return (ranked[0], isCertain)
    }

    private func evidence(for order: Order) -> Evidence { evidence[Order.allCases.firstIndex(of: order) ?? 0] }

    /// The lower the likelier: impossible dates, then custom that has no exception, then the course of the chat.
    private func rank(_ order: Order) -> [Int64] {
        let found = evidence(for: order)
        let breaksCustom = order == .yearDayMonth || order == .monthDayYear && isDotted
        return [
            Int64(found.impossible), breaksCustom ? 1 : 0, Int64(found.inversions), found.span / 2, preference(order),
        ]
    }

    private func preference(_ order: Order) -> Int64 {
        let isMonthFirst = region.map(Self.monthFirstRegions.contains) ?? (hasCapitalPM && !isPadded)
        switch order {
        case .monthDayYear: return isMonthFirst ? 0 : 2
        case .yearMonthDay: return isYearFirst ? 0 : 3
        case .yearDayMonth: return 4
        case .dayMonthYear: return 1
        }
    }

    /// The clock's reading, or nil for a date that is none; WhatsApp began in 2009.
    static func civil(_ header: WhatsAppHeader, _ order: Order) -> CivilTime? {
        let place = order.indices
        let number = header.numbers[place.year]
        guard number.digits == 2 || number.digits == 4 else { return nil }
        // Thai phones count from the Buddha's death, 543 years earlier.
        let year = number.digits == 2 ? 2000 + number.value : number.value > 2500 ? number.value - 543 : number.value
        let (hour, minute) = header.clock
        let civil = CivilTime(
            year: year,
            month: header.numbers[place.month].value,
            day: header.numbers[place.day].value,
            hour: hour,
            minute: minute,
            second: header.second ?? 0
        )
        return civil.isValid && (2009...2100).contains(year) ? civil : nil
    }
}
