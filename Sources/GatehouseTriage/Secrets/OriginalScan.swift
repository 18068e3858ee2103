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
        guard contains("\\u", bytes) || contains("\\n", bytes) else { return nil }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                plain.append(bytes[index])
                index += 1
                continue
            }
            guard bytes[index + 1] == UInt8(ascii: "u"), index + 6 <= bytes.count,
                let value = UInt32(String(decoding: bytes[index + 2..<index + 6], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(value)
            else {
                plain.append(UInt8(ascii: " "))
                index += 2
                continue
            }
            plain += Array(String(Character(scalar)).utf8)
            index += 6
        }
        return scanner.proven(in: plain.span).first?.kind
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

    /// In either case.
    private func index(_ needle: StaticString, _ bytes: [UInt8], from start: Int) -> Int? {
        let needle = Array(needle.description.utf8)
        guard let rare = needle.last, start < bytes.count else { return nil }
        _ = rare
        let span = bytes.span
        var place = start
        while place <= span.count - needle.count {
            var count = 0
            while count < needle.count {
                let byte = span[place &+ count]
                guard byte == needle[count] || ((0x41...0x5A).contains(byte) && byte | 0x20 == needle[count]) else {
                    break
                }
                count &+= 1
            }
            if count == needle.count { return place }
            place &+= 1
        }
        return nil
    }
}
