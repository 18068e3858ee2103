import GatehouseCore

/// Error codes without a digit, as programs say them: `INSUFFICIENT_BALANCE`, "Error: AUTH-FAILED".
extension FactScanner {
    private static let lengths = 6...64
    /// Bytes on each side in which a word tells that it is an error's.
    private static let reach = 64

    /// Takes the name around `_`, if it says itself that it is an error's, or the words around do.
    mutating func readErrorName(around place: Int) {
        let name = capitals(around: place)
        done = max(done, name.upperBound)
        guard Self.lengths.contains(name.count), hasParts(name) else { return }
        guard saysError(name) || speakOfError(around: name) else { return }
        add(.errorCode, text(name), name)
    }

    /// Takes a name of parts in capitals behind a colon whose label is an error's.
    mutating func readErrorName(behind colon: Int) {
        let start = skipSpaces(colon + 1)
        guard byte(start) &- 0x41 < 26 else { return }
        let name = capitals(around: start)
        guard name.lowerBound == start, Self.lengths.contains(name.count), hasParts(name),
            label(before: start) == .errorCode
        else { return }
        add(.errorCode, text(name), name)
    }

    /// The run of capitals, digits, `_` and `-` around `place`; empty where a small letter stands at one of its ends.
    private func capitals(around place: Int) -> Range<Int> {
        func belongs(_ byte: UInt8) -> Bool {
            byte &- 0x41 < 26 || Self.isDigit(byte) || byte == 0x5F || byte == 0x2D
        }
        var (start, end) = (place, place)
        while start > done, place - start < 96, belongs(bytes[start - 1]) { start -= 1 }
        while end < bytes.count, end - place < 96, belongs(bytes[end]) { end += 1 }
        let isWhole = !Self.isAlphanumeric(byte(start - 1)) && !Self.isAlphanumeric(byte(end)) && byte(end) < 0x80
        return isWhole ? start..<end : end..<end
    }

    /// Whether it is of two parts or more with two letters each.
    private func hasParts(_ name: Range<Int>) -> Bool {
        let parts = bytes[name].split(whereSeparator: { $0 == 0x5F || $0 == 0x2D })
        return parts.count { part in part.count { $0 &- 0x41 < 26 } >= 2 } >= 2
    }

    private func saysError(_ name: Range<Int>) -> Bool {
        text(name).split(whereSeparator: { $0 == "_" || $0 == "-" }).contains { Self.failures.contains(String($0)) }
    }

    private static let failures: Set<String> = [
        "ERR", "ERROR", "FAILED", "FAILURE", "EXCEEDED", "INVALID", "DENIED", "TIMEOUT", "INSUFFICIENT", "REJECTED",
        "UNAUTHORIZED", "FORBIDDEN", "EXPIRED", "UNAVAILABLE", "REFUSED", "MISMATCH", "UNSUPPORTED",
    ]

    /// Whether a word around the name means an error.
    private func speakOfError(around name: Range<Int>) -> Bool {
        let range = max(0, name.lowerBound - Self.reach)..<min(bytes.count, name.upperBound + Self.reach)
        var start = range.lowerBound
        while start < range.upperBound {
            let end = isUnspaced(start) ? start + 3 : wordEnd(start)
            if end > start, end <= range.upperBound, !name.contains(start) {
                var stop = end
                for _ in 0..<FactWords.longestUnspaced {
                    if meaning(start..<stop, .label)?.value == "error_code" { return true }
                    guard isUnspaced(start), isUnspaced(stop) else { break }
                    stop = min(range.upperBound, stop + 3)
                }
            }
            start = max(end, start + 1)
        }
        return false
    }
}
