import GatehouseCore

/// Looks for proven secrets in bytes as they came: as they stand, and in what they hold encoded.
struct OriginalScan {
    private let scanner: SecretScanner

    init(_ scanner: SecretScanner) { self.scanner = scanner }

    /// - Parameter isMail: Whether parts may be in base 64 or quoted-printable.
    func secret(in bytes: [UInt8], isMail: Bool) -> SecretKind? {
        if let first = scanner.proven(in: bytes.span).first { return first.kind }
        if let text = wideText(bytes), let first = scanner.proven(in: text.utf8.span).first { return first.kind }
        if let kind = escapedSecret(in: bytes) { return kind }
        return isMail ? encodedSecret(in: bytes) : nil
    }

    /// In parts of a mail that are encoded.
    func encodedSecret(in bytes: [UInt8]) -> SecretKind? {
        if contains("quoted-printable", bytes) || contains("=\n", bytes) || contains("=\r\n", bytes) {
            let decoded = QuotedPrintable.decode(bytes, in: 0..<bytes.count).bytes
            if let first = scanner.proven(in: decoded.span).first { return first.kind }
        }
        var place = 0
        while let start = index("transfer-encoding: base64", bytes, from: place) {
            place = start + 25
            guard let range = base64Body(bytes, behind: place) else { continue }
            place = range.upperBound
            let head = Base64.decode(bytes, in: range.lowerBound..<min(range.upperBound, range.lowerBound + 1024)).bytes
            guard SecretRedactor.text(of: head, nil) != nil else { continue }
            let decoded = Base64.decode(bytes, in: range).bytes
            guard let text = SecretRedactor.text(of: decoded, nil) else { continue }
            if let first = scanner.proven(in: text.utf8.span).first { return first.kind }
        }
        return nil
    }

    /// In a JSON text's escapes.
    private func escapedSecret(in bytes: [UInt8]) -> SecretKind? {
        guard hasEscape(bytes) else { return nil }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while let escape = ByteSearch.firstIndex(of: UInt8(ascii: "\\"), in: bytes, index..<bytes.count - 1) {
            plain.append(contentsOf: bytes[index..<escape])
            if bytes[escape + 1] == UInt8(ascii: "u"), let scalar = Self.scalar(bytes, at: escape + 2) {
                plain.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                index = escape + 6
            } else {
                plain.append(UInt8(ascii: " "))
                index = escape + 2
            }
        }
        plain.append(contentsOf: bytes[index...])
        return scanner.proven(in: plain.span).first?.kind
    }

    /// Whether a line end or a scalar is escaped: what else may be leaves a secret as it stands.
    private func hasEscape(_ bytes: [UInt8]) -> Bool {
        var index = 0
        while let escape = ByteSearch.firstIndex(of: UInt8(ascii: "\\"), in: bytes, index..<bytes.count - 1) {
            let letter = bytes[escape + 1] | 0x20
            if letter == UInt8(ascii: "u") || letter == UInt8(ascii: "n") { return true }
            index = escape + 1
        }
        return false
    }

    private static func scalar(_ bytes: [UInt8], at index: Int) -> Unicode.Scalar? {
        guard index + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for place in index..<index + 4 {
            guard let digit = Hex.value(of: bytes[place]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return Unicode.Scalar(value)
    }

    private func wideText(_ bytes: [UInt8]) -> String? {
        guard bytes.prefix(64).contains(0) else { return nil }
        return SecretRedactor.text(of: bytes, nil)
    }

    /// From the empty line that ends a part's header to the next boundary.
    private func base64Body(_ bytes: [UInt8], behind start: Int) -> Range<Int>? {
        var index = start
        var body: Int?
        while index < bytes.count, let feed = ByteSearch.firstIndex(of: 0x0A, in: bytes, index..<bytes.count) {
            index = feed + 1
            let isEmpty = index < bytes.count && (bytes[index] == 0x0A || bytes[index] == 0x0D)
            if body == nil {
                if isEmpty { body = index }
            } else if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "-"), bytes[index + 1] == UInt8(ascii: "-")
            {
                return (body ?? start)..<index
            }
        }
        return body.map { $0..<bytes.count }
    }

    private func contains(_ needle: StaticString, _ bytes: [UInt8]) -> Bool { index(needle, bytes, from: 0) != nil }

    /// In either case. `needle` is in lower case and holds a byte that is no letter, by which it is searched.
    private func index(_ needle: StaticString, _ bytes: [UInt8], from start: Int) -> Int? {
        let needle = Array(needle.description.utf8)
        guard let mark = needle.firstIndex(where: { !(0x61...0x7A).contains($0) }) else { return nil }
        var place = start + mark
        while let found = ByteSearch.firstIndex(of: needle[mark], in: bytes, min(place, bytes.count)..<bytes.count) {
            let first = found - mark
            if first + needle.count <= bytes.count, Self.matches(needle, bytes, first) { return first }
            place = found + 1
        }
        return nil
    }

    private static func matches(_ needle: [UInt8], _ bytes: [UInt8], _ start: Int) -> Bool {
        for index in needle.indices {
            let byte = bytes[start + index]
            guard byte == needle[index] || ((0x41...0x5A).contains(byte) && byte | 0x20 == needle[index]) else {
                return false
            }
        }
        return true
    }
}
