import GatehouseCore

/// Takes an mbox (RFC 4155 and its relatives mboxo, mboxrd, mboxcl, mboxcl2) apart, one message at a time.
///
/// A message starts at a From_ line at the start or after an empty line. Content-Length is believed only where it lands
/// on such a line or the end. Memory is bounded by the largest message.
struct MboxReader {
    struct Entry {
        /// The message without its From_ line, `>From ` unquoted.
        var message: [UInt8]
        /// Where its From_ line starts, counted from the start of the input.
        var offset: Int
        /// Where the next From_ line starts.
        var end: Int
        /// True where the message is longer than the limit; the rest of it was skipped.
        var isCut: Bool
    }

    private let input: ByteReader
    private let limit: Int
    private var buffer: [UInt8] = []
    /// The input's offset of `buffer[0]`.
    private var base: Int
    private var start = 0
    private var isAtEnd = false
    /// How many bytes may still be read.
    private var left: Int

    /// - Parameters:
    ///   - start: The offset at which `input` stands in its file.
    ///   - end: The file's offset beyond which nothing is read.
    init(_ input: ByteReader, limit: Int, start: Int = 0, end: Int = .max) {
        self.input = input
        self.limit = limit
        base = start
        left = end - start
    }

    /// The next message, or nil at the end. Text before the first From_ line is a message of its own, for it is not
    /// lost.
    mutating func next() throws(IntakeError) -> Entry? {
        repeat {
            try dropConsumed()
            try skipEmptyLines()
            try fill(to: start + 2048)
        } while passEmptyEntry()
        guard start < buffer.count else { return nil }
        let offset = base + start
        var bodyStart = start
        try fill(to: start + 1024)
        let firstLineEnd = lineEnd(in: buffer, start, buffer.count)
        if Self.isFromLine(buffer, start, firstLineEnd) { bodyStart = firstLineEnd }
        let (end, isCut, message) = try findEnd(from: bodyStart)
        let entry = Entry(message: message, offset: offset, end: base + end, isCut: isCut)
        start = end
        try dropConsumed()
        return entry
    }

    /// Passes over a From_ line that another follows with nothing but empty lines between: there is no message whose
    /// loss it could be. The last one of a file stays, for its message may be being written.
    private mutating func passEmptyEntry() -> Bool {
        let next = lineEnd(in: buffer, start, buffer.count)
        guard next < buffer.count, Self.isFromLine(buffer, start, next) else { return false }
        var following = next
        while following < buffer.count, isLineEnd(buffer[following]) { following &+= 1 }
        guard Self.isFromLine(buffer, following, lineEnd(in: buffer, following, buffer.count)) else { return false }
        start = following
        return true
    }

    /// - Returns: Where the next From_ line starts in the buffer, and the message before it.
    private mutating func findEnd(from bodyStart: Int) throws(IntakeError) -> (end: Int, isCut: Bool, message: [UInt8])
    {
        if let end = try declaredEnd(from: bodyStart) {
            return (end, false, Self.declared(buffer, bodyStart, withoutTrailingLine(bodyStart, end)))
        }
        var bodyStart = bodyStart
        var search = bodyStart
        // What was cut off at the limit and kept, once the message is longer.
        var kept: [UInt8]?
        while true {
            if let end = nextFromLine(search, bodyStart) {
                let message = kept ?? Self.unquoted(buffer, bodyStart, withoutTrailingLine(bodyStart, end))
                return (end, kept != nil, message)
            }
            if isAtEnd {
                return (buffer.count, kept != nil, kept ?? Self.unquoted(buffer, bodyStart, buffer.count))
            }
            if kept == nil, buffer.count - bodyStart > limit {
                kept = Self.unquoted(buffer, bodyStart, bodyStart + limit)
            }
            search = max(bodyStart, searchEnd - 8)
            if kept != nil, search > bodyStart {
                // The rest of an overlong message is only looked through.
                let dropped = search - 1
                buffer.removeFirst(dropped)
                base += dropped
                search = 1
                bodyStart = 0
            }
            try fill(to: buffer.count + max(ByteReader.chunkSize, min(buffer.count, limit)))
        }
    }

    /// A From_ line is judged with the line behind it, so the last bytes wait until more are there.
    private var searchEnd: Int { isAtEnd ? buffer.count : max(0, buffer.count - 2048) }

    /// The first From_ line in `from...` that may part two messages.
    private func nextFromLine(_ from: Int, _ bodyStart: Int) -> Int? {
        var cursor = from
        while let found = ByteSearch.firstIndex(of: Self.fromMark, in: buffer, cursor..<max(cursor, searchEnd)) {
            cursor = found + 1
            let line = found + 1
            guard followsEmptyLine(found, bodyStart) || followsLastBoundary(found, bodyStart) else { continue }
            if Self.isFromLine(buffer, line, lineEnd(in: buffer, line, buffer.count)) { return line }
        }
        return nil
    }

    /// `found` is the LF before a From_ line: does an empty line end there?
    private func followsEmptyLine(_ found: Int, _ bodyStart: Int) -> Bool {
        var index = found - 1
        if index >= bodyStart, buffer[index] == 0x0D { index -= 1 }
        return index < bodyStart || buffer[index] == 0x0A
    }

    /// Some writers leave the empty line out after the last boundary of a multipart, `--x--`.
    private func followsLastBoundary(_ found: Int, _ bodyStart: Int) -> Bool {
        var end = found
        if end > bodyStart, buffer[end - 1] == 0x0D { end -= 1 }
        guard end - bodyStart > 4, buffer[end - 1] == UInt8(ascii: "-"), buffer[end - 2] == UInt8(ascii: "-") else {
            return false
        }
        var start = end
        while start > bodyStart, buffer[start - 1] != 0x0A, end - start < 80 { start -= 1 }
        return end - start > 4 && buffer[start] == UInt8(ascii: "-") && buffer[start + 1] == UInt8(ascii: "-")
    }

    /// mboxcl: the end that Content-Length tells, where a From_ line or the end of the input stands there.
    private mutating func declaredEnd(from bodyStart: Int) throws(IntakeError) -> Int? {
        try fill(to: bodyStart + 64 * 1024)
        var limits = Limits()
        limits.headerCount = 1000
        let header = HeaderBlock(of: buffer, in: bodyStart..<min(buffer.count, bodyStart + 64 * 1024), limits: limits)
        guard let range = header.first(FieldName("content-length"), in: buffer) else { return nil }
        let digits = unfold(buffer, range)
        guard (1...10).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let length = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        guard length <= limit else { return nil }
        let end = header.bodyStart + length
        try fill(to: end + 1024)
        if end == buffer.count, isAtEnd { return end }
        for skipped in 0...2 where end + skipped < buffer.count {
            let line = end + skipped
            if skipped > 0, !isLineEnd(buffer[line - 1]) { return nil }
            guard line > 0, buffer[line - 1] == 0x0A else { continue }
            if Self.isFromLine(buffer, line, lineEnd(in: buffer, line, buffer.count)) { return line }
        }
        return nil
    }

    /// Without the empty line that parts a message from the next.
    private func withoutTrailingLine(_ bodyStart: Int, _ end: Int) -> Int {
        var end = end
        guard end > bodyStart + 1, buffer[end - 1] == 0x0A else { return end }
        if buffer[end - 2] == 0x0A {
            end -= 1
        } else if buffer[end - 2] == 0x0D, end > bodyStart + 2, buffer[end - 3] == 0x0A {
            end -= 2
        }
        return end
    }

    private mutating func skipEmptyLines() throws(IntakeError) {
        while true {
            while start < buffer.count, isLineEnd(buffer[start]) { start += 1 }
            if start < buffer.count || isAtEnd { return }
            try fill(to: buffer.count + 1)
        }
    }

    /// Reads until the buffer holds `count` bytes, or the input ends.
    private mutating func fill(to count: Int) throws(IntakeError) {
        while buffer.count < count, !isAtEnd {
            if try input.read(upTo: max(ByteReader.chunkSize, count - buffer.count), into: &buffer) == 0 {
                isAtEnd = true
            }
        }
    }

    private mutating func dropConsumed() throws(IntakeError) {
        guard start > 4 * ByteReader.chunkSize || start == buffer.count else { return }
        buffer.removeFirst(start)
        base += start
        start = 0
    }

    private static let fromMark = Array("\nFrom ".utf8)
    private static let from = Array("From ".utf8)
    private static let quotedMark = Array(">From ".utf8)

    /// `From sender Sat Jan  3 01:05:34 1996`: the word, and a time of day and a year as asctime writes them.
    ///
    /// Netscape wrote `From -`, and Google writes `From 184…@xxx`, without a date: believed where a field follows.
    static func isFromLine(_ bytes: [UInt8], _ start: Int, _ next: Int) -> Bool {
        guard ByteSearch.matches(from, bytes, at: start), next - start < 1024 else { return false }
        let words = bytes[start..<trimmedLine(bytes, start, next)].split(whereSeparator: isBlank).dropFirst()
        guard words.count > 1 else {
            guard let word = words.first, word.elementsEqual([0x2D]) || word.contains(UInt8(ascii: "@")) else {
                return false
            }
            return next < bytes.count && fieldColon(bytes, next, min(bytes.count, next + 256)) != nil
        }
        var hasClock = false
        for word in words {
            if isClock(word) {
                hasClock = true
            } else if hasClock, word.count == 4, word.allSatisfy({ (48...57).contains($0) }) {
                return true
            }
        }
        return false
    }

    /// `01:05` or `01:05:34`.
    private static func isClock(_ word: ArraySlice<UInt8>) -> Bool {
        let pieces = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return (2...3).contains(pieces.count)
            && pieces.allSatisfy { (1...2).contains($0.count) && $0.allSatisfy { (48...57).contains($0) } }
    }

    /// A message whose end its Content-Length tells. In mboxcl2 nothing is quoted, so a `>From ` there is the sender's own;
    /// an unquoted `From ` in it shows that form.
    private static func declared(_ bytes: [UInt8], _ start: Int, _ end: Int) -> [UInt8] {
        let isBare = ByteSearch.firstIndex(of: fromMark, in: bytes, start..<end) != nil
        return isBare ? Array(bytes[start..<end]) : unquoted(bytes, start, end)
    }

    /// mboxrd: one `>` is taken from each line of `>`s and `From `.
    private static func unquoted(_ bytes: [UInt8], _ start: Int, _ end: Int) -> [UInt8] {
        guard ByteSearch.firstIndex(of: quotedMark, in: bytes, start..<end) != nil else {
            return Array(bytes[start..<end])
        }
        var result: [UInt8] = []
        result.reserveCapacity(end - start)
        var copied = start
        var cursor = start
        while let found = ByteSearch.firstIndex(of: quotedMark, in: bytes, cursor..<end) {
            cursor = found + 1
            var lineStart = found
            while lineStart > copied, bytes[lineStart - 1] == UInt8(ascii: ">") { lineStart -= 1 }
            guard lineStart == start || bytes[lineStart - 1] == 0x0A else { continue }
            result += bytes[copied..<lineStart]
            copied = lineStart + 1
        }
        return result + bytes[copied..<end]
    }
}
