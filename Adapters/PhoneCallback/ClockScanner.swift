/// Finds times of day among the bytes of `FoldedWords` in which the phrases that were understood are blank.
struct ClockScanner {
    private struct Time {
        var minutes: Int
        /// `am` is false, `pm` is true.
        var isAfternoon: Bool?
        /// Surely a time of day, and surely this one: `17`, `05:30`, `5 Uhr`; not `5`.
        var isCertain: Bool
        var isMarked: Bool
    }

    private let text: [UInt8]
    /// The parts of the day that are named beside the numbers, in their order.
    private let parts: [DayPart]
    private var index = 0

    init(_ text: [UInt8], parts: [DayPart]) {
        self.text = text
        self.parts = parts
    }

    /// The times in minutes after midnight, one or two.
    ///
    /// - Parameter isIntroduced: A word such as "after" stands in the text, so that a bare number is a time.
    /// - Returns: nil where more numbers stand, or one that is no time of day or could be two. `assumed` is a time that was
    ///   taken for one of the afternoon, since nobody asks to be called at five in the morning.
    func times(isIntroduced: Bool) -> (minutes: [Int], assumed: Int?)? {
        var copy = self
        return copy.scan(isIntroduced: isIntroduced)
    }

    private mutating func scan(isIntroduced: Bool) -> (minutes: [Int], assumed: Int?)? {
        var found: [Time] = []
        var firstEnd = 0
        var secondStart = 0
        while index < text.count {
            guard isDigit(index) else {
                index += 1
                continue
            }
            secondStart = index
            guard found.count < 2, let time = time() else { return nil }
            found.append(time)
            if found.count == 1 { firstEnd = index }
        }
        guard !found.isEmpty, parts.count <= max(found.count, 1) else { return nil }
        if found.count == 2 {
            shareMarks(&found)
            let between = text[firstEnd..<secondStart].filter { $0 != 0x20 }
            let isRange = between.elementsEqual("-".utf8) || between.elementsEqual("~".utf8)
            guard isRange || isIntroduced || found.contains(where: \.isMarked) else { return nil }
        } else if !found[0].isMarked, !isIntroduced, parts.isEmpty {
            return nil
        }
        return resolved(found)
    }

    /// In "2-4 pm" and "10-12 Uhr" the mark stands only after the second.
    private func shareMarks(_ found: inout [Time]) {
        if found[0].isAfternoon == nil, let half = found[1].isAfternoon {
            found[0].isCertain = true
            let isSameHalf = found[0].minutes % 720 < found[1].minutes % 720
            if found[0].minutes < 780 { found[0].isAfternoon = isSameHalf ? half : half == false }
        } else if found[1].isMarked {
            found[0].isCertain = found[0].isCertain || found[1].isCertain
        }
    }

    private func resolved(_ found: [Time]) -> (minutes: [Int], assumed: Int?)? {
        var minutes: [Int] = []
        var assumed: Int?
        for (number, time) in found.enumerated() {
            let part = parts.count == 2 ? parts[number] : parts.first
            guard let (value, isAssumed) = Self.onDay(time, part) else { return nil }
            if isAssumed { assumed = assumed ?? value }
            minutes.append(value)
        }
        guard minutes.count == 2, minutes[1] <= minutes[0] else { return (minutes, assumed) }
        // "From 11 to 2 in the afternoon": the part of the day is the second's.
        if parts.count == 1, found[0].minutes < minutes[1] { return ([found[0].minutes, minutes[1]], assumed) }
        // "6-8": the first was taken for the evening, so the second is.
        if assumed != nil, minutes[1] < 720, minutes[1] + 720 > minutes[0] {
            return ([minutes[0], minutes[1] + 720], assumed)
        }
        // "22-2" may be the night or a slip; with signs of the hour it is the night.
        return found.allSatisfy(\.isMarked) ? (minutes, assumed) : nil
    }

    /// Minutes after midnight, and whether the afternoon was only assumed.
    private static func onDay(_ time: Time, _ part: DayPart?) -> (Int, isAssumed: Bool)? {
        if time.minutes >= 780 { return (time.minutes, false) }
        if let isAfternoon = time.isAfternoon { return (time.minutes % 720 + (isAfternoon ? 720 : 0), false) }
        switch part {
        case .morning: return (time.minutes, false)
        case .midday: return (time.minutes < 240 ? time.minutes + 720 : time.minutes, false)
        case .afternoon, .evening: return (time.minutes < 720 ? time.minutes + 720 : time.minutes, false)
        case nil: break
        }
        if time.isCertain { return (time.minutes, false) }
        return (60..<420).contains(time.minutes) ? (time.minutes + 720, true) : nil
    }

    private func isDigit(_ index: Int) -> Bool { index < text.count && (48...57).contains(text[index]) }

    /// Up to two digits.
    private mutating func number() -> Int? {
        let start = index
        var value = 0
        while isDigit(index) {
            value = min(value * 10 + Int(text[index] - 48), 9999)
            index += 1
        }
        return index - start <= 2 ? value : nil
    }

    /// An hour, perhaps minutes, perhaps a mark.
    private mutating func time() -> Time? {
        let start = index
        guard let hour = number(), hour <= 24 else { return nil }
        var time = Time(minutes: hour * 60, isAfternoon: nil, isCertain: hour >= 8, isMarked: false)
        let isTwoDigits = index - start == 2
        if index < text.count, ":.hu".utf8.contains(text[index]), isDigit(index + 1), isDigit(index + 2),
            !isDigit(index + 3)
        {
            let isFrench = text[index] == UInt8(ascii: "h") || text[index] == UInt8(ascii: "u")
            index += 1
            guard let minute = number(), minute < 60 else { return nil }
            time.minutes += minute
            time.isMarked = true
            time.isCertain = time.isCertain || isTwoDigits || isFrench
        }
        guard time.minutes <= 1440 else { return nil }
        readMark(&time, hour)
        return time
    }

    private mutating func readMark(_ time: inout Time, _ hour: Int) {
        var start = index
        while start < text.count, text[start] == 0x20 { start += 1 }
        let rest = text[start...]
        for (word, isAfternoon) in [("am", false), ("a.m", false), ("pm", true), ("p.m", true)]
        where hour <= 12 && rest.starts(with: Array(word.utf8)) && !goesOn(at: start + word.utf8.count) {
            time.isAfternoon = isAfternoon
            (time.isCertain, time.isMarked) = (true, true)
        }
        // Arabic's "ص" and "م".
        for (word, isAfternoon) in [("ص", false), ("م", true)]
        where hour <= 12 && rest.starts(with: Array(word.utf8)) && !goesOn(at: start + word.utf8.count) {
            time.isAfternoon = isAfternoon
            (time.isCertain, time.isMarked) = (true, true)
        }
        readHourSign(&time, start)
    }

    /// Whether a word goes on at `index`.
    private func goesOn(at index: Int) -> Bool {
        index < text.count && ((97...122).contains(text[index]) || text[index] >= 0x80)
    }

    /// `17 Uhr`, `5点半`, `15時30分`, `18 часов`, `17 heures`.
    private mutating func readHourSign(_ time: inout Time, _ start: Int) {
        let rest = text[start...]
        for word in ["heures", "heure", "horas", "hora", "ore", "hrs", "giờ", "gio"] where starts(rest, word) {
            time.isMarked = true
        }
        for word in ["uhr", "点", "點", "時", "时", "시", "ч", "h", "u"] where starts(rest, word) {
            let next = start + word.utf8.count
            // "2 hours" and "3時間" are no times of day; "15ч" and "15 часов" are.
            if word.utf8.count == 1, goesOn(at: next) { continue }
            if ["時間", "시간", "时间"].contains(where: { starts(rest, $0) }) { continue }
            time.isMarked = true
            // Those who count to twelve in these languages say the part of the day as well.
            time.isCertain = time.isCertain || word == "uhr" || word == "h" || word == "u"
            if word.utf8.count == 3, word != "uhr" { readMinutes(&time, next) }
        }
    }

    private func starts(_ rest: ArraySlice<UInt8>, _ word: String) -> Bool { rest.starts(with: word.utf8) }

    /// `半` and `30分` behind the sign for the hour.
    private mutating func readMinutes(_ time: inout Time, _ start: Int) {
        var next = start
        while next < text.count, text[next] == 0x20 { next += 1 }
        if starts(text[next...], "半") || starts(text[next...], "반") {
            time.minutes += time.minutes % 60 == 0 ? 30 : 0
            return
        }
        let before = index
        index = next
        guard isDigit(index), let minute = number(), minute < 60, time.minutes % 60 == 0,
            starts(text[index...], "分") || starts(text[index...], "분")
        else {
            index = before
            return
        }
        time.minutes += minute
    }
}
