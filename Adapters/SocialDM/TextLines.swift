import GatehouseCore

/// One line of a text file, without its end.
struct TextLine {
    var bytes: [UInt8]
    /// Bytes of the input before it.
    let offset: Int
    /// False for a last line without a line end.
    let isTerminated: Bool

    /// Where its bytes end, if none was passed over for its length.
    var end: Int { offset + bytes.count }
    var isBlank: Bool { bytes.allSatisfy(JSONShape.isBlank) }
    /// Bytes that are no UTF-8 become U+FFFD.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The lines of an input, one after the other, in the memory of a chunk; they end in LF or CRLF.
struct TextLines: ~Copyable {
    private let input: ByteReader
    private let limit: Int
    private var buffer: [UInt8] = []
    private var position = 0
    /// Bytes that have left the buffer.
    private var base = 0
    private var isBegun = false

    /// - Parameter limit: Bytes of one line; what is beyond them is passed over.
    init(_ input: ByteReader, limit: Int) {
        self.input = input
        self.limit = max(limit, 1)
    }

    /// The lines of bytes that are at hand, however long.
    init(_ bytes: [UInt8], name: String) { self.init(ByteReader(bytes: bytes, name: name), limit: .max) }

    mutating func next() throws(IntakeError) -> TextLine? {
        if !isBegun { try begin() }
        let offset = base + position
        var bytes: [UInt8] = []
        var isEmpty = true
        while try fill() {
            isEmpty = false
            let end = ByteSearch.firstIndex(of: 0x0A, in: buffer, position..<buffer.count)
            bytes += buffer[position..<(end ?? buffer.count)].prefix(max(limit - bytes.count, 0))
            position = end.map { $0 + 1 } ?? buffer.count
            guard end != nil else { continue }
            if bytes.last == 0x0D { bytes.removeLast() }
            return TextLine(bytes: bytes, offset: offset, isTerminated: true)
        }
        return isEmpty ? nil : TextLine(bytes: bytes, offset: offset, isTerminated: false)
    }

    private mutating func begin() throws(IntakeError) {
        isBegun = true
        guard try input.peek(3) == [0xEF, 0xBB, 0xBF], try input.read(upTo: 3, into: &buffer) == 3 else { return }
        buffer = []
        base = 3
    }

    private mutating func fill() throws(IntakeError) -> Bool {
        if position < buffer.count { return true }
        base += buffer.count
        position = 0
        buffer.removeAll(keepingCapacity: true)
        return try input.read(upTo: ByteReader.chunkSize, into: &buffer) > 0
    }
}
