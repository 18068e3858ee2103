import GatehouseCore

/// Times of day with the hour's name in place of a colon: `14 Uhr 30`, `15h30`, `15時30分`, `下午3点半`, `오후 3시`, `15 giờ`.
extension FactScanner {
    private static let hours: [[UInt8]] = ["時", "时", "点", "點", "시"].map { Array($0.utf8) }
    private static let minutes: [[UInt8]] = ["分", "분"].map { Array($0.utf8) }
    private static let halves: [[UInt8]] = ["半", "반"].map { Array($0.utf8) }
    /// Before the number, and whether twelve hours are to be added.
    private static let halvesOfDay: [(word: [UInt8], isAfternoon: Bool)] = [
        ("下午", true), ("晚上", true), ("傍晚", true), ("午後", true), ("夜", true), ("오후", true), ("저녁", true), ("밤", true),
        ("上午", false), ("早上", false), ("凌晨", false), ("午前", false), ("朝", false), ("오전", false), ("아침", false),
        ("새벽", false),
    ].map { (Array($0.0.utf8), $0.1) }
    /// Behind the number, in the languages that write so.
    private static let names: [(word: [UInt8], languages: Set<String>)] = [
        (Array("uhr".utf8), ["de"]), (Array("giờ".utf8), ["vi"]), (Array("heures".utf8), ["fr"]),
        (Array("heure".utf8), ["fr"]), (Array("horas".utf8), ["es", "pt"]), (Array("ч".utf8), ["ru"]),
        (Array("h".utf8), ["fr", "pt", "vi", "es", "de", "it"]),
    ]

    /// - Returns: Whether the number at `start` was the hour of a clock.
    mutating func readSpokenClock(_ start: Int, _ hour: (value: Int, digits: Int, end: Int)) -> Bool {
        guard hour.digits <= 2, hour.value < 24 else { return false }
        let behind = skipSpaces(hour.end)
        // The first letters of these words.
        switch byte(behind) | 0x20 {
        case UInt8(ascii: "u"), UInt8(ascii: "g"), UInt8(ascii: "h"), 0x80...: break
        default: return false
        }
        let isUnspaced = Self.hours.contains { isAt($0, behind) }
        let name = isUnspaced ? nil : Self.names.first { names($0.word, behind) && $0.languages.contains(language) }
        guard isUnspaced || name != nil else { return false }
        var end = behind + (name?.word.count ?? 3)
        // "5时" of "5时段" and "24 horas" as a length of time are no clock; "à 9h" and "3시간" differ in what stands around.
        if isAt(Array("间".utf8), end) || isAt(Array("間".utf8), end) || isAt(Array("간".utf8), end) { return false }
        if name != nil, !isClock(before: start, name: name?.word.count ?? 0), !hasMinutes(end) { return false }
        var minute = 0
        let next = skipSpaces(end)
        if Self.halves.contains(where: { isAt($0, next) }) {
            (minute, end) = (30, next + 3)
        } else if let number = smallNumber(next), number.value < 60, number.digits == 2 || isUnspaced {
            let isMinute = Self.minutes.contains { isAt($0, number.end) }
            if !isUnspaced || isMinute { (minute, end) = (number.value, number.end + (isMinute ? 3 : 0)) }
        }
        let half = halfOfDay(before: start)
        let value = half.map { hour.value % 12 + ($0.isAfternoon ? 12 : 0) } ?? hour.value
        let text = (value < 10 ? "0" : "") + "\(value):" + (minute < 10 ? "0" : "") + "\(minute)"
        add(.date, text, (half?.start ?? start)..<end)
        return true
    }

    private func names(_ word: [UInt8], _ index: Int) -> Bool {
        for place in word.indices {
            let own = byte(index + place)
            guard own == word[place] || (own < 0x80 && own | 0x20 == word[place]) else { return false }
        }
        let next = byte(index + word.count)
        return next < 0x80 && !((next | 0x20) &- 0x61 < 26)
    }

    private func hasMinutes(_ index: Int) -> Bool {
        guard let number = smallNumber(index) else { return false }
        return number.digits == 2 && number.value < 60 && !Self.isAlphanumeric(byte(number.end))
    }

    /// A word such as "at" before the number: without it "24 h" is a length of time. German's "Uhr" is never one.
    private func isClock(before start: Int, name length: Int) -> Bool {
        if language == "de", length == 3 { return true }
        let end = skipSpacesBack(start)
        var first = end
        while first > 0, end - first < 8, bytes[first - 1] > 0x20 { first -= 1 }
        return Self.ats.contains(text(first..<end).lowercased())
    }

    private static let ats: Set<String> = [
        "à", "vers", "a", "às", "as", "las", "lúc", "um", "gegen", "в", "около", "alle",
    ]

    private func smallNumber(_ index: Int) -> (value: Int, digits: Int, end: Int)? {
        var (value, digits, place) = (0, 0, index)
        while digits < 3, let (own, length) = digit(at: place) {
            value = value * 10 + Int(own)
            digits += 1
            place += length
        }
        return digits > 0 && digits < 3 ? (value, digits, place) : nil
    }

    func halfOfDay(before start: Int) -> (isAfternoon: Bool, start: Int)? {
        let end = skipSpacesBack(start)
        for (word, isAfternoon) in Self.halvesOfDay where end >= word.count && isAt(word, end - word.count) {
            return (isAfternoon, end - word.count)
        }
        return nil
    }
}
