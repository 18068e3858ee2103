import CTables
import GatehouseCore

/// Finds the legal notice that companies put under their mails: nobody wrote it, and it speaks of misuse and errors.
///
/// Source: `Sources/CTables/data/disclaimers.tsv`.
struct Disclaimers: Sendable {
    /// By their first byte.
    private var starts: [[[UInt8]]] = Array(repeating: [], count: 256)
    /// A bit for the hash of the first four letters of each beginning; all bits where one is shorter.
    private var filter = [UInt64](repeating: 0, count: 64)
    /// By their first byte.
    private var marks: [[[UInt8]]] = Array(repeating: [], count: 256)

    /// How far behind its beginning a notice says what it is.
    private static let reach = 700

    static let builtIn = unsafe Disclaimers(ctables_disclaimers().array)

    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: 0x0A) where line.first != 0x23 {
            let fields = line.split(separator: 0x09)
            guard fields.count == 2 else { continue }
            let words = fields[1].split(separator: 0x2C).map { word in word.drop { $0 == 0x20 }.map(Self.lower) }
            for word in words {
                guard let first = word.first else { continue }
                if fields[0].elementsEqual("mark".utf8) {
                    marks[Int(first)].append(word)
                } else {
                    starts[Int(first)].append(word)
                    note(word)
                }
            }
        }
    }

    /// The byte at which the notice begins; nil where there is none, or nothing before it.
    func start(in text: String, limit: Int) -> Int? {
        let bytes = text.utf8.span
        let end = min(bytes.count, limit)
        var hasWords = false
        var line = 0
        while line < end {
            var first = line
            // What sets it apart: "*", "_", ">", quotes.
            while first < end, bytes[first] < 0x30 || bytes[first] == 0x5F, bytes[first] != 0x0A { first += 1 }
            if hasWords, first < end, isStart(bytes, first), isMarked(bytes, first) { return line }
            if first < end, bytes[first] != 0x0A { hasWords = true }
            line = (ByteSearch.firstIndex(of: 0x0A, in: bytes, first..<end) ?? end) + 1
        }
        return nil
    }

    private func isStart(_ bytes: borrowing Span<UInt8>, _ place: Int) -> Bool {
        if place + 4 <= bytes.count {
            var letters: UInt32 = 0
            for index in place..<place + 4 { letters = letters << 8 | UInt32(bytes[index]) }
            let hash = Self.hash(letters)
            guard filter[hash >> 6] >> UInt64(hash & 63) & 1 == 1 else { return false }
        }
        for word in starts[Int(Self.lower(bytes[place]))] where Self.matches(bytes, place, word) { return true }
        return false
    }

    private mutating func note(_ start: [UInt8]) {
        guard start.count >= 4 else {
            filter = [UInt64](repeating: .max, count: 64)
            return
        }
        let hash = Self.hash(start[..<4].reduce(0) { $0 << 8 | UInt32($1) })
        filter[hash >> 6] |= 1 << UInt64(hash & 63)
    }

    /// Of four letters, of either case.
    private static func hash(_ letters: UInt32) -> Int {
        Int(truncatingIfNeeded: ((letters | 0x2020_2020) &* 0x9E37_79B1) >> 20)
    }

    private func isMarked(_ bytes: borrowing Span<UInt8>, _ place: Int) -> Bool {
        for index in place..<min(bytes.count, place + Self.reach) {
            for word in marks[Int(Self.lower(bytes[index]))] where Self.matches(bytes, index, word) { return true }
        }
        return false
    }

    private static func matches(_ bytes: borrowing Span<UInt8>, _ place: Int, _ word: [UInt8]) -> Bool {
        guard place + word.count <= bytes.count else { return false }
        for index in word.indices where lower(bytes[place + index]) != word[index] { return false }
        return true
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
