import GatehouseCore

/// Private keys in PEM (RFC 7468) and its kin, from `-----BEGIN … PRIVATE KEY…-----` to their end.
enum PrivateKeyBlocks {
    private static let begin = Array("-----BEGIN ".utf8)
    private static let close = Array("-----END ".utf8)
    private static let name = Array("PRIVATE KEY".utf8)

    static func find(_ bytes: borrowing Span<UInt8>, _ findings: inout [SecretFinding]) {
        guard holdsName(bytes) else { return }
        var place = 0
        while let start = index(of: begin, in: bytes, place..<bytes.count) {
            place = start + begin.count
            let head = place..<min(bytes.count, place + 48)
            guard let label = index(of: name, in: bytes, head) else { continue }
            let end = end(bytes, from: label + name.count)
            findings.append(SecretFinding(kind: .privateKey, range: start..<end, isProven: true))
            place = end
        }
    }

    /// Whether a key's name stands anywhere, found by the letter of it that texts have least often.
    private static func holdsName(_ bytes: borrowing Span<UInt8>) -> Bool {
        var place = 0
        while let rare = ByteSearch.firstIndex(of: UInt8(ascii: "V"), in: bytes, place..<bytes.count) {
            place = rare + 1
            let start = rare - 3
            if start >= 0, index(of: name, in: bytes, start..<min(bytes.count, start + name.count)) != nil {
                return true
            }
        }
        return false
    }

    /// Behind the end line; where there is none, behind the last line that may belong to the key.
    private static func end(_ bytes: borrowing Span<UInt8>, from start: Int) -> Int {
        if let close = index(of: close, in: bytes, start..<min(bytes.count, start + 64 * 1024)) {
            var end = min(bytes.count, close + self.close.count)
            let limit = min(bytes.count, end + 64)
            while end < limit, bytes[end] != 0x0A, !(bytes[end] == UInt8(ascii: "-") && isDashes(bytes, end)) {
                end += 1
            }
            return end < bytes.count && bytes[end] == UInt8(ascii: "-") ? min(bytes.count, end + 5) : end
        }
        var end = start
        while end < bytes.count {
            var line = end
            var hasSpace = false
            while line < bytes.count, bytes[line] != 0x0A {
                if bytes[line] == 0x20, line > end + 2 { hasSpace = true }
                line += 1
            }
            let isFirst = end == start
            guard isFirst || !hasSpace || (line - end < 80 && index(of: [0x3A], in: bytes, end..<line) != nil) else {
                break
            }
            end = min(bytes.count, line + 1)
        }
        return end
    }

    private static func isDashes(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Bool {
        guard start + 5 <= bytes.count else { return false }
        for index in start..<start + 5 where bytes[index] != UInt8(ascii: "-") { return false }
        return true
    }

    static func index(of needle: [UInt8], in bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        ByteSearch.firstIndex(of: needle, in: bytes, range)
    }
}
