/// Steps from word to word through UTF-8; a word is a run of letters of any script.
enum WordWalk {
    /// No word of a seed phrase has as many bytes, in Unicode's form C or D; what has is cut, and is none of them.
    static let longest = 48
    /// Bytes that may stand between two words of one phrase: numbers, commas, quote marks, line ends.
    static let widestGap = 48

    /// The scalar at `index` and its length; a broken byte counts as U+FFFD.
    @inline(__always)
    static func scalar(_ bytes: borrowing Span<UInt8>, _ index: Int) -> (value: UInt32, length: Int) {
        let first = UInt32(bytes[index])
        if first < 0x80 { return (first, 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        guard length > 1, index <= bytes.count &- length else { return (0xFFFD, 1) }
        var value = first & (0x7F >> UInt32(length))
        var next = index &+ 1
        while next < index &+ length {
            let byte = UInt32(bytes[next])
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            value = value << 6 | byte & 0x3F
            next &+= 1
        }
        return (value, length)
    }

    @inline(__always)
    static func isLetter(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 { return (scalar | 0x20) &- 0x61 < 26 }
        switch scalar {
        case 0x80..<0xC0, 0xD7, 0xF7: return false
        // Punctuation, symbols, variation selectors, emoji.
        case 0x2000..<0x2C00, 0x3000..<0x3040, 0xFE00..<0xFE70, 0xFF00..<0xFF21, 0xFF5B..<0xFF66, 0xFFF0...0xFFFF:
            return false
        case 0x1_F000..<0x2_0000, 0xE_0000...: return false
        default: return true
        }
    }

    /// Where the scalar before `index` begins.
    @inline(__always)
    static func before(_ bytes: borrowing Span<UInt8>, _ index: Int, _ floor: Int) -> Int {
        var start = index &- 1
        while start > floor, start > index &- 4, bytes[start] & 0xC0 == 0x80 { start &-= 1 }
        return start
    }

    /// The end of the word that begins at `start`.
    @inline(__always)
    static func end(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Int {
        var index = start
        let limit = min(bytes.count, start &+ longest)
        while index < limit {
            let (value, length) = scalar(bytes, index)
            guard isLetter(value) else { break }
            index &+= length
        }
        return index
    }

    /// The beginning of the word that ends at `end`.
    @inline(__always)
    static func start(_ bytes: borrowing Span<UInt8>, _ end: Int, _ floor: Int) -> Int {
        var index = end
        let limit = max(floor, end &- longest)
        while index > limit {
            let previous = before(bytes, index, floor)
            guard isLetter(scalar(bytes, previous).value) else { break }
            index = previous
        }
        return index
    }

    /// The word that stands at `place` or next behind it; of one that goes on for too long behind `place`, only that.
    @inline(__always)
    static func word(_ bytes: borrowing Span<UInt8>, at place: Int, _ floor: Int) -> Range<Int>? {
        var anchor = place
        while anchor > floor, bytes[anchor] & 0xC0 == 0x80 { anchor &-= 1 }
        let (scalar, length) = scalar(bytes, anchor)
        guard isLetter(scalar) else { return next(bytes, anchor) }
        let end = end(bytes, anchor)
        return end &- anchor >= longest ? anchor..<end : start(bytes, anchor &+ length, floor)..<end
    }

    /// Whether an ideograph stands at `place` with a letter behind it: in no list are both of one word, and in Chinese texts,
    /// which have no blanks, the word is as long as the sentence.
    @inline(__always)
    static func isWithinIdeographs(_ bytes: borrowing Span<UInt8>, at place: Int, _ floor: Int) -> Bool {
        var anchor = place
        while anchor > floor, bytes[anchor] & 0xC0 == 0x80 { anchor &-= 1 }
        // U+4000 to U+9FFF; a mark behind it would be of the same word, too.
        guard 0xE4...0xE9 ~= bytes[anchor], anchor &+ 6 <= bytes.count else { return false }
        let (next, length) = scalar(bytes, anchor &+ 3)
        return length == 3 && isLetter(next)
    }

    /// The next word at or behind `index`.
    @inline(__always)
    static func next(_ bytes: borrowing Span<UInt8>, _ index: Int) -> Range<Int>? {
        var place = index
        let limit = min(bytes.count, index &+ widestGap)
        while place < limit {
            let (value, length) = scalar(bytes, place)
            if isLetter(value) { return place..<max(end(bytes, place), place &+ 1) }
            place &+= length
        }
        return nil
    }

    /// The word before `index`, not before `floor`.
    @inline(__always)
    static func previous(_ bytes: borrowing Span<UInt8>, _ index: Int, _ floor: Int) -> Range<Int>? {
        var place = index
        let limit = max(floor, index &- widestGap)
        while place > limit {
            let previous = before(bytes, place, floor)
            if isLetter(scalar(bytes, previous).value) { return start(bytes, place, floor)..<place }
            place = previous
        }
        return nil
    }
}
