import GatehouseCore

/// A bounce in a server's own words: qmail's, Exim's, Postfix's, Exchange's, Notes' and many others'.
///
/// They have in common that the address stands at the start of a line, in angle brackets or in a sentence, and the reason
/// in its line, in one with a code, or in those below it. What follows the notice, the returned mail, is left out.
struct BounceText {
    /// How much of the text is looked through.
    private static let window = 32 * 1024
    private static let maximumLines = 400
    private static let longestDiagnosis = 500

    private let bytes: [UInt8]
    /// Trimmed, up to the returned mail.
    private var lines: [Range<Int>] = []
    private let own: Set<String>

    /// - Parameter own: Addresses that the notice itself comes from and goes to, in lower case.
    init(_ text: String, own: Set<String>) {
        bytes = Array(text.utf8.prefix(Self.window))
        self.own = own
        var start = 0
        while start < bytes.count, lines.count < Self.maximumLines {
            let next = lineEnd(in: bytes, start, bytes.count)
            var (from, end) = (start, next)
            while from < end, bytes[from] <= 0x20 { from &+= 1 }
            while end > from, bytes[end - 1] <= 0x20 { end &-= 1 }
            if startsReturnedMail(from..<end) { break }
            lines.append(from..<end)
            start = next
        }
    }

    /// Fills what the report lacks.
    func fill(_ report: inout BounceReport) {
        let found = recipient
        if report.recipient == nil { report.recipient = found?.address }
        if report.diagnosis == nil { report.diagnosis = diagnosis(near: found?.line) }
        guard report.status == nil else { return }
        let words = Array((report.diagnosis ?? "").utf8)
        report.status = StatusCode.first(in: report.diagnosis ?? "") ?? firstCode ?? BounceReasons.status(of: words)
    }

    // MARK: The recipient

    private struct Found {
        var address: String
        var line: Int
    }

    private var recipient: Found? {
        var inSentence: Found?
        for (number, line) in lines.enumerated() {
            guard let at = ByteSearch.firstIndex(of: UInt8(ascii: "@"), in: bytes, line) else { continue }
            guard let (address, start) = address(around: at, line), !own.contains(address.lowercased()) else {
                continue
            }
            if BounceReasons.otherAddresses.isPrefix(of: line, in: bytes) { continue }
            let lead = bytes[line.lowerBound..<start]
            // `<a@b>:`, `* a@b`, `To: a@b`, `RCPT TO:<a@b>`.
            let isListed = lead.allSatisfy { "<*-+•\t '\"".utf8.contains($0) || $0 >= 0x80 }
            let isNamed = BounceReasons.recipientLabels.isPrefix(of: line, in: bytes)
            if isListed || isNamed || bytes[start - (start > 0 ? 1 : 0)] == UInt8(ascii: "<") {
                return Found(address: address, line: number)
            }
            if inSentence == nil { inSentence = Found(address: address, line: number) }
        }
        return inSentence
    }

    /// The address whose `@` stands at `at`, and where it starts.
    private func address(around at: Int, _ line: Range<Int>) -> (String, Int)? {
        var start = at
        while start > line.lowerBound, at - start < 130, isAddressByte(bytes[start - 1]) { start &-= 1 }
        var end = at + 1
        while end < line.upperBound, end - at < 255, isAddressByte(bytes[end]) { end &+= 1 }
        while end > at + 1, bytes[end - 1] == UInt8(ascii: ".") { end &-= 1 }
        guard start < at, end > at + 1 else { return nil }
        return (UnicodeText.normalised(String(decoding: bytes[start..<end], as: UTF8.self)), start)
    }

    private func isAddressByte(_ byte: UInt8) -> Bool { byte > 0x20 && !"<>()[]\"',;:@|*".utf8.contains(byte) }

    // MARK: The reason

    /// The line with a code; else what stands behind the address, or in its line, or below it; else a line with a known
    /// reason.
    private func diagnosis(near line: Int?) -> String? {
        if let found = firstLine(longerThan: 5, where: { StatusCode.enhanced(in: bytes, $0) != nil }) { return found }
        if let found = firstLine(longerThan: 8, where: { StatusCode.reply(in: bytes, $0) != nil }) { return found }
        let below = line.flatMap(linesBelow)
        if let line {
            if let behind = behindAddress(in: lines[line]) { return text(behind) }
            // Words of its own, not those in the address.
            if bytes[lines[line]].contains(0x20), isReason(lines[line]) { return text(lines[line]) }
        }
        if let below, let first = lines.first(where: { $0.lowerBound == below.lowerBound }) {
            if isReason(first) { return text(first) }
            if isReason(below) { return text(below) }
        }
        return firstLine(longerThan: 8, where: isReason) ?? below.flatMap(text)
    }

    /// The first such line with the indented ones below it, into which it was folded.
    private func firstLine(longerThan length: Int, where isWanted: (Range<Int>) -> Bool) -> String? {
        guard let first = lines.firstIndex(where: { $0.count > length && isWanted($0) }) else { return nil }
        var last = first
        while last + 1 < lines.count, last - first < 3, isIndented(lines[last + 1]), !isIndented(lines[first]) {
            last &+= 1
        }
        return text(lines[first].lowerBound..<lines[last].upperBound)
    }

    private func isIndented(_ line: Range<Int>) -> Bool {
        !line.isEmpty && line.lowerBound > 0 && isBlank(bytes[line.lowerBound - 1])
    }

    private func isReason(_ range: Range<Int>) -> Bool { BounceReasons.status(of: Array(bytes[range])) != nil }

    /// What follows an address and a colon: `joe@example.org: Network error`.
    private func behindAddress(in line: Range<Int>) -> Range<Int>? {
        guard let at = ByteSearch.firstIndex(of: UInt8(ascii: "@"), in: bytes, line) else { return nil }
        var index = at + 1
        while index < line.upperBound, isAddressByte(bytes[index]) { index &+= 1 }
        while index < line.upperBound, ">)\"' ".utf8.contains(bytes[index]) { index &+= 1 }
        guard index < line.upperBound, bytes[index] == UInt8(ascii: ":"), line.upperBound - index > 6 else {
            return nil
        }
        return index + 1..<line.upperBound
    }

    /// Up to four lines below the address, to the next empty or ornamental one.
    private func linesBelow(_ line: Int) -> Range<Int>? {
        var next = line + 1
        while next < lines.count, next <= line + 2, lines[next].isEmpty { next &+= 1 }
        var last = next
        while last < lines.count, last - next < 4, isSentence(lines[last]) { last &+= 1 }
        return last > next ? lines[next].lowerBound..<lines[last - 1].upperBound : nil
    }

    /// More than a few letters, and not mostly dashes.
    private func isSentence(_ range: Range<Int>) -> Bool {
        let letters = bytes[range].prefix(200).count { (0x61...0x7A).contains(asciiLower($0)) || $0 >= 0x80 }
        return letters > 5 && letters * 2 > min(range.count, 200) / 2
    }

    private func text(_ range: Range<Int>) -> String? {
        let words = String(decoding: bytes[range.prefix(Self.longestDiagnosis)], as: UTF8.self)
        let line = UnicodeText.normalised(words.split { $0.isWhitespace }.joined(separator: " "))
        return line.isEmpty ? nil : line
    }

    private var firstCode: String? {
        for line in lines {
            if let found = StatusCode.enhanced(in: bytes, line) {
                return String(decoding: bytes[found], as: UTF8.self)
            }
        }
        return nil
    }

    // MARK: The returned mail

    /// A rule with words that announce it, or a field that only a header has.
    private func startsReturnedMail(_ line: Range<Int>) -> Bool {
        guard line.count > 8 else { return false }
        let first = bytes[line.lowerBound]
        if first == UInt8(ascii: "-") || first == UInt8(ascii: "=") || first == UInt8(ascii: "*") {
            return BouncePhrases.returnedMail.isFound(in: line, of: bytes)
        }
        return BounceReasons.headerStarts.isPrefix(of: line, in: bytes)
    }
}
