/// Finds times of day among bytes of lower-case UTF-8 with ASCII digits.
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
    /// "… in the afternoon" is said beside the number.
    private let isAfternoon: Bool
    private var index = 0

    init(_ text: [UInt8], isAfternoon: Bool) {
        self.text = text
        self.isAfternoon = isAfternoon
    }

    /// The times in minutes after midnight, one or two.
    ///
    /// - Parameter isIntroduced: A word such as "after" stands in the text, so that a bare number is a time.
    /// - Returns: nil where more numbers stand, or one that is no time of day or could be two.
    mutating func times(isIntroduced: Bool) -> [Int]? {
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
        guard !found.isEmpty else { return nil }
        if found.count == 2 {
            // In "2-4 pm" and "10-12 Uhr" the mark stands only after the second.
            if found[0].isAfternoon == nil, let half = found[1].isAfternoon {
                found[0].isCertain = true
                let isSameHalf = found[0].minutes % 720 < found[1].minutes % 720
                if found[0].minutes < 780 { found[0].isAfternoon = isSameHalf ? half : half == false }
            } else if found[1].isMarked {
                found[0].isCertain = found[0].isCertain || found[1].isCertain
            }
            let between = text[firstEnd..<secondStart].filter { $0 != 0x20 }
            let isRange = [Array("-".utf8), Array("–".utf8), Array("—".utf8), Array("~".utf8)].contains(between)
            guard isRange || isIntroduced || found.contains(where: \.isMarked) else { return nil }
        } else if !found[0].isMarked, !isIntroduced {
            return nil
        }
        let isSaidAfternoon = isAfternoon && found.allSatisfy { $0.minutes < 720 && $0.isAfternoon == nil }
        guard isSaidAfternoon || found.allSatisfy(\.isCertain) else { return nil }
        let times = found.map { isSaidAfternoon ? $0.minutes + 720 : Self.onDay($0) }
        // "9-5" is no night shift.
        if times.count == 2, times[1] <= times[0], !found.allSatisfy(\.isMarked) { return nil }
        return times
    }

    private static func onDay(_ time: Time) -> Int {
        guard let isAfternoon = time.isAfternoon, time.minutes < 780 else { return time.minutes }
        return time.minutes % 720 + (isAfternoon ? 720 : 0)
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
        if index < text.count, ":.h".utf8.contains(text[index]), isDigit(index + 1), isDigit(index + 2),
            !isDigit(index + 3)
        {
            let isFrench = text[index] == UInt8(ascii: "h")
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

    private func readMark(_ time: inout Time, _ hour: Int) {
        var start = index
        while start < text.count, text[start] == 0x20 { start += 1 }
        let rest = text[start...]
        for (word, isAfternoon) in [("am", false), ("a.m", false), ("pm", true), ("p.m", true)]
        where hour <= 12 && rest.starts(with: Array(word.utf8)) {
            time.isAfternoon = isAfternoon
            (time.isCertain, time.isMarked) = (true, true)
        }
        for word in ["uhr", "点", "點", "時", "时", "시", "ч", "h"] where rest.starts(with: Array(word.utf8)) {
            let next = start + word.utf8.count
            let goesOn = next < text.count && ((97...122).contains(text[next]) || text[next] >= 0x80)
            // "2 hours" and "3時間" are no times of day; "15ч" and "15 часов" are.
            if goesOn && (word == "h" || rest.starts(with: Array("時間".utf8)) || rest.starts(with: Array("시간".utf8))) {
                continue
            }
            time.isMarked = true
            // Those who count to twelve in these languages say the part of the day as well.
            time.isCertain = time.isCertain || word == "uhr" || word == "h"
        }
    }
}
