/// Collapses blanks and puts line ends where blocks need them.
struct HTMLTextWriter {
    var preformattedDepth = 0
    var quoteDepth = 0

    private var bytes: [UInt8] = []
    /// Line ends that are due before the next text; breaks by `<br>` and those of blocks do not add up.
    private var dueBreaks = 0
    private var needsBlank = false
    private var isLineStart = true
    private var atItemStart = false
    /// The quote marks of the line at hand.
    private var lineMarks = 0

    private static let maximumQuoteDepth = 5

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    var count: Int { bytes.count }
    var isEmpty: Bool { bytes.isEmpty }

    /// True where what was written from an earlier `count` on holds `text`, or is `whole`, or is nothing at all.
    ///
    /// Blanks before it do not count.
    func shows(_ text: [UInt8], orIs whole: ArraySlice<UInt8>, from start: Int) -> Bool {
        var start = start
        while start < bytes.count, bytes[start] <= 0x20 { start &+= 1 }
        guard start < bytes.count else { return true }
        return bytes[start...].elementsEqual(whole)
            || ByteSearch.firstIndex(of: text, in: bytes, start..<bytes.count) != nil
    }

    mutating func lineBreak() {
        needsBlank = false
        if atItemStart { atItemStart = false }
        if isEmpty { return }
        dueBreaks = min(dueBreaks + 1, 3)
    }

    /// - Parameter gap: 0 nothing, 1 a new line, 2 an empty line before what follows.
    mutating func block(gap: Int) {
        guard gap > 0, !isEmpty, !atItemStart else { return }
        needsBlank = false
        dueBreaks = max(dueBreaks, gap)
    }

    mutating func cell() {
        if !isLineStart, dueBreaks == 0 {
            needsBlank = false
            appendRaw(0x09)
        }
    }

    mutating func bullet(_ text: String) {
        startText()
        bytes.append(contentsOf: text.utf8)
        isLineStart = true
        atItemStart = true
    }

    mutating func write(_ text: String) {
        let utf8 = Array(text.utf8)
        write(utf8, 0..<utf8.count)
    }

    /// Text as it stands in the source; character references are decoded already.
    mutating func write(_ source: [UInt8], _ range: Range<Int>) {
        if preformattedDepth > 0 { return writePreformatted(source, range) }
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = source[index]
            if byte <= 0x20 {
                needsBlank = needsBlank || !isLineStart || dueBreaks > 0
                index &+= 1
                continue
            }
            var end = index
            // Words with one blank between them go out as they stand.
            while end < range.upperBound,
                source[end] > 0x20
                    || source[end] == 0x20 && end &+ 1 < range.upperBound && source[end &+ 1] > 0x20
            { end &+= 1 }
            startText()
            if needsBlank, !isLineStart, bytes.last != 0x09 { bytes.append(0x20) }
            bytes.append(contentsOf: source[index..<end])
            needsBlank = false
            isLineStart = false
            atItemStart = false
            index = end
        }
    }

    private mutating func writePreformatted(_ source: [UInt8], _ range: Range<Int>) {
        for index in range {
            let byte = source[index]
            if byte == 0x0A {
                dueBreaks = min(dueBreaks + 1, 100)
            } else if byte != 0x0D {
                startText()
                appendRaw(byte)
            }
        }
    }

    private mutating func appendRaw(_ byte: UInt8) {
        bytes.append(byte)
        isLineStart = false
        atItemStart = false
    }

    /// Pays the line ends that are due, with the quote's marks at the start of each line.
    private mutating func startText() {
        let isFirst = bytes.isEmpty
        guard dueBreaks > 0 || isFirst else { return }
        let marks = min(quoteDepth, Self.maximumQuoteDepth)
        if !isFirst { while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() } }
        for place in 1...max(dueBreaks, 1) {
            if !isFirst { bytes.append(0x0A) }
            let isLast = place == max(dueBreaks, 1)
            // An empty line between a quote and its surroundings belongs to the outer of the two.
            let count = isLast ? marks : isFirst ? 0 : min(marks, lineMarks)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: ">"), count: count))
            if isLast, marks > 0 { bytes.append(0x20) }
        }
        lineMarks = marks
        dueBreaks = 0
        needsBlank = false
        isLineStart = true
    }

    mutating func finish() -> String {
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
