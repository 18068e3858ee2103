package import GatehouseCore

/// A team's own form of an id, such as `ORD-#{6,12}`: `#` stands for a digit, `@` for a letter, `?` for either, each with a
/// count in braces behind it; every other character for itself, whatever its case.
///
/// Read from left to right without going back, so that no pattern can be slow.
package struct FactPattern: Sendable, Equatable {
    private enum Piece: Equatable {
        case literal(UInt8)
        case digit, letter, either

        func fits(_ byte: UInt8) -> Bool {
            let isDigit = (0x30...0x39).contains(byte)
            let isLetter = (0x61...0x7A).contains(byte | 0x20) && byte < 0x80
            switch self {
            case .literal(let own): return own == byte || (isLetter && own | 0x20 == byte | 0x20)
            case .digit: return isDigit
            case .letter: return isLetter
            case .either: return isDigit || isLetter
            }
        }
    }

    package let kind: FactKind
    private var pieces: [(piece: Piece, least: Int, most: Int)] = []

    package static func == (left: FactPattern, right: FactPattern) -> Bool {
        left.kind == right.kind
            && left.pieces.elementsEqual(right.pieces) {
                $0.piece == $1.piece && $0.least == $1.least && $0.most == $1.most
            }
    }

    /// nil where the text is no pattern, or one that takes nothing.
    package init?(kind: FactKind, _ text: String) {
        self.kind = kind
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let piece: Piece =
                switch bytes[index] {
                case 0x23: .digit
                case 0x40: .letter
                case 0x3F: .either
                default: .literal(bytes[index])
                }
            index += 1
            var (least, most) = (1, 1)
            if index < bytes.count, bytes[index] == 0x7B {
                guard let close = bytes[index...].firstIndex(of: 0x7D) else { return nil }
                let bounds = bytes[(index + 1)..<close].split(separator: 0x2C, omittingEmptySubsequences: false).map {
                    Int(String(decoding: $0, as: UTF8.self))
                }
                guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1],
                    low >= 0,
                    high >= low, high > 0, high <= 128
                else { return nil }
                (least, most) = (low, high)
                index = close + 1
            }
            pieces.append((piece, least, most))
        }
        guard let first = pieces.first, first.least > 0, pieces.count <= 64 else { return nil }
    }

    /// Where the pattern ends that begins at `start`; nil where it doesn't, or where the id would go on.
    func end(in bytes: [UInt8], at start: Int) -> Int? {
        var index = start
        for (piece, least, most) in pieces {
            var count = 0
            while count < most, index < bytes.count, piece.fits(bytes[index]) {
                count += 1
                index += 1
            }
            guard count >= least else { return nil }
        }
        let goesOn = index < bytes.count && FactScanner.isAlphanumeric(bytes[index])
        return goesOn && index > start && FactScanner.isAlphanumeric(bytes[index - 1]) ? nil : index
    }

    /// All places in `bytes` where one of `patterns` begins at a word's start; at most `most`.
    static func find(_ patterns: [FactPattern], in bytes: [UInt8], most: Int) -> [FoundFact] {
        var starts = [Bool](repeating: false, count: 256)
        for pattern in patterns {
            for byte in 0..<256 where pattern.pieces[0].piece.fits(UInt8(byte)) { starts[byte] = true }
        }
        var found: [FoundFact] = []
        var index = 0
        while index < bytes.count, found.count < most {
            defer { index += 1 }
            guard starts[Int(bytes[index])], index == 0 || !FactScanner.isAlphanumeric(bytes[index - 1]) else {
                continue
            }
            for pattern in patterns {
                guard let end = pattern.end(in: bytes, at: index) else { continue }
                let value = String(decoding: bytes[index..<end], as: UTF8.self)
                found.append(FoundFact(kind: pattern.kind, value: value, range: index..<end))
                index = end - 1
                break
            }
        }
        return found
    }
}
