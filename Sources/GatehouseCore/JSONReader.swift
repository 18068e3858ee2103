/// A pull reader over JSON (RFC 8259) as it really comes: one event after the other, in the memory of one token.
///
/// It repairs what `JSONRepair` names and counts each repair. Offsets count the bytes of the input.
package struct JSONReader: ~Copyable {
    /// What must come next.
    enum Expectation {
        case document, afterDocument, value
        case firstElement, nextElement, afterElement
        case firstKey, nextKey, afterMember, colon
    }

    /// What comes next; its bytes are still unread.
    enum Upcoming { case endOfInput, value, key, endObject, endArray }

    /// A token whose text, if it has one, lies at `tokenStart..<tokenEnd` until the next token is read.
    enum Token { case beginObject, endObject, beginArray, endArray, key, string, number, yes, no, null }

    /// Levels that even a skipped value may not pass, so that a gigabyte of `[` takes a megabyte.
    static let maximumSkippedDepth = 1 << 20

    package let options: JSONOptions
    private let input: ByteReader
    private let chunkSize: Int

    var buffer: [UInt8] = []
    /// The next unread byte of `buffer`.
    var position = 0
    /// The bytes of the current token, without quotes.
    var tokenStart = 0
    var tokenEnd = 0
    var tokenHasEscapes = false
    /// The text of a string that was too long to stay in the buffer.
    var cutText: String?
    /// The first byte of the value that `readValue` is building, or `Int.max`.
    var anchor = Int.max
    /// Set once the value that `readValue` is building has proved too large.
    var oversize: JSONError?
    /// Where the line begins, if only white space lies between there and `marginEnd`.
    var margin: Int? = 0
    var marginEnd = 0
    /// How far from the margin the last value began that `readValue` built at the start of a line; see `recover`.
    package internal(set) var valueIndentation: Int?
    /// Where the value that `readValue` built last begins.
    var valueStart = 0
    /// Room for the members of a record, used again for the next.
    var recordMembers: [JSONRecord.Member] = []
    /// Bytes that have left the buffer.
    private(set) var base = 0
    private var lines = LineCounter()
    private var isAtEnd = false

    var expectation = Expectation.document
    /// The open containers; true is an object.
    var containers: [Bool] = []
    /// Whether the place where a prefix may stand has been looked at.
    var isDocumentBegun = false

    /// How often each repair was made so far.
    package private(set) var repairs: [JSONRepair: Int] = [:]
    private var newRepairs: Set<JSONRepair> = []

    /// Byte offset of the last event: of its first quote, bracket or digit.
    package internal(set) var offset = 0
    /// How many `{` and `[` are open.
    package var depth: Int { containers.count }
    /// Byte offset of the next byte to be read.
    package var byteOffset: Int { base + position }

    /// - Parameter chunkSize: Bytes asked for at once; tests make it small.
    package init(_ input: ByteReader, options: JSONOptions = .tolerant, chunkSize: Int = ByteReader.chunkSize) {
        self.input = input
        self.options = options
        self.chunkSize = max(chunkSize, 1)
    }

    package init(bytes: [UInt8], name: String = "json", options: JSONOptions = .tolerant) {
        self.init(ByteReader(bytes: bytes, name: name), options: options, chunkSize: max(bytes.count, 1))
    }

    /// The next event; nil at the end of the input.
    package mutating func next() throws(JSONError) -> JSONEvent? {
        guard let token = try advance(skipping: false) else { return nil }
        switch token {
        case .beginObject: return .beginObject
        case .endObject: return .endObject
        case .beginArray: return .beginArray
        case .endArray: return .endArray
        case .key: return .key(try text())
        case .string: return .string(try text())
        case .number: return .number(try text())
        case .yes: return .bool(true)
        case .no: return .bool(false)
        case .null: return .null
        }
    }

    /// The repairs made since the last call, in a fixed order.
    package mutating func takeRepairs() -> [JSONRepair] {
        guard !newRepairs.isEmpty else { return [] }
        let taken = JSONRepair.allCases.filter { newRepairs.contains($0) }
        newRepairs = []
        return taken
    }

    mutating func note(_ repair: JSONRepair) {
        repairs[repair, default: 0] += 1
        newRepairs.insert(repair)
    }

    /// An error at a byte of the buffer.
    func failure(_ reason: JSONError.Reason, at index: Int? = nil) -> JSONError {
        let index = min(max(index ?? position, 0), buffer.count)
        var counter = lines
        counter.advance(over: buffer.span.extracting(0..<index))
        return JSONError(
            reason: reason,
            name: input.name,
            offset: base + index,
            line: counter.line,
            column: counter.column + 1
        )
    }

    /// Gets more bytes into the buffer and drops those that nobody needs any more.
    ///
    /// - Returns: False at the end of the input.
    mutating func fill() throws(JSONError) -> Bool {
        guard !isAtEnd else { return false }
        if anchor != .max, position - anchor > options.maximumValueBytes { abandonValue() }
        let unneeded = min(tokenStart, anchor, position)
        if unneeded > 0 {
            var passed = lines
            passed.advance(over: buffer.span.extracting(0..<unneeded))
            lines = passed
            if unneeded == buffer.count {
                buffer.removeAll(keepingCapacity: true)
            } else {
                buffer.removeFirst(unneeded)
            }
            base += unneeded
            position -= unneeded
            tokenStart -= unneeded
            tokenEnd = max(tokenEnd - unneeded, 0)
            if anchor != .max { anchor -= unneeded }
        }
        do throws(IntakeError) {
            if try input.read(upTo: chunkSize, into: &buffer) > 0 { return true }
        } catch {
            throw failure(.input(error))
        }
        isAtEnd = true
        return false
    }

    /// Makes sure that `count` bytes from `position` on are in the buffer; false where the input ends before.
    mutating func require(_ count: Int) throws(JSONError) -> Bool {
        while buffer.count - position < count {
            guard try fill() else { return false }
        }
        return true
    }
}
