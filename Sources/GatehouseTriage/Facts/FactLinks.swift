import CProcessor
import GatehouseCore

/// Links, hosts and e-mail addresses.
extension FactScanner {
    /// - Returns: Whether a link's `//` stands there.
    mutating func readLink(colon: Int) -> Bool {
        guard byte(colon + 1) == 0x2F, byte(colon + 2) == 0x2F else { return false }
        var start = colon
        while start > done, colon - start < 8, Self.isAlphanumeric(bytes[start - 1]) { start -= 1 }
        if Self.schemes.contains(where: { isScheme($0, start..<colon) }) { addLink(start..<linkEnd(colon + 3)) }
        return true
    }

    private static let schemes: [[UInt8]] = ["http", "https", "hxxp", "hxxps", "ftp"].map { Array($0.utf8) }

    /// Whether it is this one, whatever its case; the range holds letters and digits alone.
    private func isScheme(_ name: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.count == name.count else { return false }
        for place in name.indices where bytes[range.lowerBound + place] | 0x20 != name[place] { return false }
        return true
    }

    /// `name.tld` without a scheme, where the last label is a known one.
    mutating func readBareHost(point: Int) {
        guard point >= hostEnd, Self.isLabel(byte(point - 1)), Self.isLabel(byte(point + 1)) else { return }
        var start = point
        while start > done, point - start < 64, LinkText.mayStandInHost(bytes[start - 1]) { start -= 1 }
        var end = point
        while end < bytes.count, LinkText.mayStandInHost(bytes[end]) { end += 1 }
        hostEnd = end
        while end > point, bytes[end - 1] == 0x2E || bytes[end - 1] == 0x2D { end -= 1 }
        let last = bytes[start..<end].lastIndex(of: 0x2E) ?? point
        let domain = text((last + 1)..<end).lowercased()
        guard LinkText.bareDomains.contains(domain) || domain.hasPrefix("xn--"), byte(start - 1) != 0x40,
            end - start > 4
        else {
            // "file.name.ext" is looked at once; a number in it is still read.
            return
        }
        if byte(end) == 0x40 { return }
        addLink(start..<(byte(end) == 0x2F || byte(end) == 0x3F ? linkEnd(end) : end))
    }

    private static func isLabel(_ byte: UInt8) -> Bool { byte >= 0x80 || isAlphanumeric(byte) }

    private mutating func addLink(_ range: Range<Int>) {
        done = max(done, range.upperBound)
        guard let link = LinkText(bytes[range]) else { return }
        found.append(FoundFact(kind: .url, value: link.defanged, range: range, link: link))
        readTransaction(in: range)
    }

    /// The transaction that a block explorer's link shows: the path's part behind `tx` or `transaction`.
    private mutating func readTransaction(in link: Range<Int>) {
        var previous = link.lowerBound..<link.lowerBound
        var start = link.lowerBound
        // What is too short for a transaction holds none.
        while link.upperBound - start >= 64 {
            let end = WideBytes.firstIndex(in: bytes.span, start..<link.upperBound) { block in
                cprocessor_equal(block, 0x2F) | cprocessor_equal(block, 0x3F) | cprocessor_equal(block, 0x23)
                    | cprocessor_equal(block, 0x26) | cprocessor_equal(block, 0x3D)
            }
            let part = start..<end
            if part.count >= 64, part.count <= Self.longestCode, Self.transactionParts.contains(text(previous)),
                let code = ChainCode.read(bytes[part]), code.kind == .transactionHash
            {
                return add(.transactionHash, text(part), part, network: code.network)
            }
            (previous, start) = (part, end + 1)
        }
    }

    private static let transactionParts: Set<String> = ["tx", "txs", "transaction", "transactions", "txid", "hash"]

    /// The end of a link: no space, quote or bracket is part of it, nor the full stop of its sentence.
    private func linkEnd(_ start: Int) -> Int {
        let limit = min(bytes.count, start + 2048)
        var end = start
        while end < limit {
            end = WideBytes.firstIndex(in: bytes.span, end..<limit) { block in
                let quotes = cprocessor_equal(block, 0x22) | cprocessor_equal(block, 0x60)
                let brackets = cprocessor_equal(block, 0x3C) | cprocessor_equal(block, 0x3E)
                return block | quotes | brackets | cprocessor_equal(block, 0x7B) | cprocessor_within(block, 0, 0x21)
            }
            guard end < limit, goesOn(beyondASCII: end) else { break }
            end += 1
        }
        var keepsBracket: Bool?
        while end > start, Self.endsSentence(bytes[end - 1]) {
            // "…/Title_(film)" keeps its bracket.
            if bytes[end - 1] == 0x29 {
                let keeps = keepsBracket ?? bytes[start..<end].contains(0x28)
                keepsBracket = keeps
                if keeps { break }
            }
            end -= 1
        }
        return end
    }

    /// Whether a link goes on with a byte that may end it: one beyond ASCII does, unless it is of punctuation of CJK or
    /// typography: U+2018…U+201F, U+3000…U+301F, U+FF01…U+FF0F and U+FF1A…U+FF1F.
    private func goesOn(beyondASCII place: Int) -> Bool {
        let second = byte(place + 1)
        return switch bytes[place] {
        case 0..<0x80: false
        case 0xE2, 0xE3: second != 0x80
        case 0xEF: second != 0xBC
        case 0xC2: second != 0xBB && second != 0xA0
        default: true
        }
    }

    /// One of `.,;:!?'*_)]}`.
    private static func endsSentence(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2E, 0x2C, 0x3B, 0x3A, 0x21, 0x3F, 0x27, 0x2A, 0x5F, 0x29, 0x5D, 0x7D: true
        default: false
        }
    }

    /// An e-mail address around its `@`.
    mutating func readAddress(at place: Int) {
        func isLocal(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x2E, 0x5F, 0x25, 0x2B, 0x2D: true  // ._%+-
            default: Self.isAlphanumeric(byte)
            }
        }
        guard isLocal(byte(place - 1)), Self.isAlphanumeric(byte(place + 1)) else { return }
        var start = place
        while start > done, place - start < 64, isLocal(bytes[start - 1]) { start -= 1 }
        var end = place + 1
        while end < bytes.count, end - place < 254, LinkText.mayStandInHost(bytes[end]), bytes[end] < 0x80 { end += 1 }
        while end > place, bytes[end - 1] == 0x2E || bytes[end - 1] == 0x2D { end -= 1 }
        guard start < place, bytes[(place + 1)..<max(end, place + 1)].contains(0x2E), byte(place + 1) != 0x2E else {
            return
        }
        add(.email, text(start..<end), start..<end)
    }
}
