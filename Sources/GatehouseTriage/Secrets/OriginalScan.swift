import GatehouseCore

/// Looks for secrets in bytes as they came: as they stand, and in what they hold encoded.
struct OriginalScan {
    let scanner: SecretScanner
    let includesProbable: Bool

    /// - Parameter includesProbable: Whether what only the words around it give away is sought, too.
    init(_ scanner: SecretScanner, includesProbable: Bool) {
        (self.scanner, self.includesProbable) = (scanner, includesProbable)
    }

    func first(in bytes: borrowing Span<UInt8>) -> SecretKind? {
        (includesProbable ? scanner.all(in: bytes) : scanner.proven(in: bytes)).first?.kind
    }

    /// - Parameters:
    ///   - isMail: Whether parts may be in base 64 or quoted-printable.
    ///   - read: Its texts hold none; where they stand in the bytes they are not read again.
    func secret(in bytes: [UInt8], isMail: Bool, read: Body? = nil) -> SecretKind? {
        if !isMail, JSONOriginal.isObject(bytes.span) { return JSONOriginal(bytes).secret(self, read: read?.text) }
        let texts = [read?.text, read?.html].compactMap(\.self)
        if let kind = unreadSecret(in: bytes, texts) { return kind }
        if let text = wideText(bytes), let kind = first(in: text.utf8.span) { return kind }
        if let kind = escapedSecret(in: bytes) { return kind }
        return isMail ? encodedSecret(in: bytes, read: texts) : nil
    }

    private func unreadSecret(in bytes: [UInt8], _ read: [String]) -> SecretKind? {
        let span = bytes.span
        for range in UnreadStretches.of(span, read: read) {
            if let kind = first(in: span.extracting(range)) { return kind }
        }
        return nil
    }

    /// In parts of a mail that are encoded.
    func encodedSecret(in bytes: [UInt8], read: [String] = []) -> SecretKind? {
        if mayBeQuotedPrintable(bytes) {
            let decoded = QuotedPrintable.decode(bytes, in: 0..<bytes.count).bytes
            if let kind = unreadSecret(in: decoded, read) { return kind }
        }
        var place = 0
        while let start = index(of: Self.base64, from: UInt8(ascii: "6"), in: bytes, from: place) {
            place = start + 25
            guard let range = base64Body(bytes, behind: place) else { continue }
            place = range.upperBound
            let head = Base64.decode(bytes, in: range.lowerBound..<min(range.upperBound, range.lowerBound + 1024)).bytes
            guard SecretRedactor.text(of: head, nil) != nil else { continue }
            let decoded = Base64.decode(bytes, in: range).bytes
            guard let text = SecretRedactor.text(of: decoded, nil) else { continue }
            if let kind = first(in: text.utf8.span) { return kind }
        }
        return nil
    }

    /// In a JSON text's escapes.
    func escapedSecret(in bytes: [UInt8]) -> SecretKind? {
        guard hasEscape(bytes) else { return nil }
        return first(in: JSONEscape.removed(from: bytes).span)
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

    /// Whether a backslash stands before `u` or `n`, in either case, or a slash.
    private func hasEscape(_ bytes: [UInt8]) -> Bool {
        var start = 0
        while let slash = ByteSearch.firstIndex(of: UInt8(ascii: "\\"), in: bytes, start..<bytes.count) {
            start = slash + 1
            guard start < bytes.count else { return false }
            let letter = bytes[start] | 0x20
            if letter == UInt8(ascii: "u") || letter == UInt8(ascii: "n") || letter == UInt8(ascii: "/") { return true }
        }
        return false
    }

    /// Whether a line ends in `=`.
    private func hasSoftBreak(_ bytes: [UInt8]) -> Bool {
        var start = 0
        while let found = ByteSearch.firstIndex(of: UInt8(ascii: "="), in: bytes, start..<bytes.count) {
            start = found + 1
            while start < bytes.count, bytes[start] == UInt8(ascii: "=") { start &+= 1 }
            let rest = bytes[start...].prefix(2)
            if rest.first == 0x0A || rest.elementsEqual([0x0D, 0x0A]) { return true }
        }
        return false
    }

    /// Whether something seems to be quoted-printable: its name, or a line that ends in `=`.
    private func mayBeQuotedPrintable(_ bytes: [UInt8]) -> Bool {
        hasSoftBreak(bytes) || index(of: Self.quotedPrintable, from: UInt8(ascii: "q"), in: bytes, from: 0) != nil
    }

    private static let quotedPrintable = Array("quoted-printable".utf8)
    private static let base64 = Array("transfer-encoding: base64".utf8)

    /// Where `needle` stands, in either case.
    ///
    /// - Parameter rare: One of its letters or digits that few texts have: only where it stands is more looked at.
    private func index(of needle: [UInt8], from rare: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        guard let offset = needle.firstIndex(of: rare) else { return nil }
        let upper = rare >= UInt8(ascii: "a") ? rare & 0xDF : rare
        var lowerPlace = start + offset
        var upperPlace = upper == rare ? bytes.count : lowerPlace
        func next(_ byte: UInt8, _ place: Int) -> Int {
            ByteSearch.firstIndex(of: byte, in: bytes, min(place, bytes.count)..<bytes.count) ?? bytes.count
        }
        lowerPlace = next(rare, lowerPlace)
        upperPlace = next(upper, upperPlace)
        while true {
            let found = min(lowerPlace, upperPlace)
            guard found < bytes.count else { return nil }
            if isSpelled(needle, bytes, found - offset) { return found - offset }
            if found == lowerPlace { lowerPlace = next(rare, found + 1) } else { upperPlace = next(upper, found + 1) }
        }
    }

    private func isSpelled(_ needle: [UInt8], _ bytes: [UInt8], _ start: Int) -> Bool {
        guard start >= 0, start + needle.count <= bytes.count else { return false }
        for place in needle.indices {
            let byte = bytes[start + place]
            guard byte == needle[place] || ((0x41...0x5A).contains(byte) && byte | 0x20 == needle[place]) else {
                return false
            }
        }
        return true
    }
}
