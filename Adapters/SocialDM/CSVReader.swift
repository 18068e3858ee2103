import GatehouseCore

/// One record of a CSV file.
struct CSVRecord {
    let fields: [String]
    /// The record's own bytes, without its line end, and where they begin.
    let raw: [UInt8]
    let offset: Int
    /// The file ends within a quoted field.
    let isCut: Bool
    /// Longer than the limit; what is beyond it was passed over.
    let isTooLarge: Bool
    /// The last record, without a line end behind it.
    let isUnterminated: Bool
    /// Departures from RFC 4180, as words for warnings.
    let repairs: [String]
}

/// Reads CSV (RFC 4180) as it really comes, one record after the other, in the memory of one.
///
/// Fields in quotes may hold line ends and doubled quotes. Tolerated: a byte order mark, LF and CR alone, quotes within an
/// unquoted field, text behind a closing quote, `;` or tabs as separators, bytes that are no UTF-8, blank lines.
struct CSVReader: ~Copyable {
    private enum State { case start, plain, quoted, behindQuote }

    private let input: ByteReader
    private let limit: Int
    private var buffer: [UInt8] = []
    private var position = 0
    /// Bytes that have left the buffer.
    private var base = 0
    private var separator = UInt8(ascii: ",")
    private var isBegun = false
    private var isAtEnd = false

    /// - Parameter limit: Bytes of one record.
    init(_ input: ByteReader, limit: Int) {
        self.input = input
        self.limit = max(limit, 1)
    }

    /// The next record that is no blank line; nil at the end.
    mutating func next() throws(IntakeError) -> CSVRecord? {
        if !isBegun { try begin() }
        while true {
            if try !require() { return nil }
            if buffer[position] != 0x0A && buffer[position] != 0x0D { break }
            position += 1
        }
        return try record()
    }

    /// Passes a byte order mark, and finds the separator in the first line.
    private mutating func begin() throws(IntakeError) {
        isBegun = true
        let head = try input.peek(4096)
        if head.starts(with: [0xEF, 0xBB, 0xBF]), try input.read(upTo: 3, into: &buffer) == 3 {
            buffer = []
            base = 3
        }
        separator = Self.separator(of: head)
    }

    /// Whichever of the three stands most often outside of quotes in the first line.
    static func separator(of head: [UInt8]) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in head {
            if byte == 0x0A, !isQuoted, !counts.isEmpty { break }
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == 0x09 {
                counts[byte, default: 0] += 1
            }
        }
        let comma = UInt8(ascii: ",")
        return counts.max { ($0.value, $0.key == comma ? 1 : 0) < ($1.value, $1.key == comma ? 1 : 0) }?.key ?? comma
    }

    /// Whether another byte is at hand.
    private mutating func require() throws(IntakeError) -> Bool {
        if position < buffer.count { return true }
        base += buffer.count
        position = 0
        buffer.removeAll(keepingCapacity: true)
        if isAtEnd { return false }
        isAtEnd = try input.read(upTo: ByteReader.chunkSize, into: &buffer) == 0
        return !isAtEnd
    }

    private mutating func record() throws(IntakeError) -> CSVRecord {
        let offset = base + position
        var building = Building()
        var state = State.start
        while try require() {
            // Byte by byte, but within this one function.
            let byte = buffer[position]
            position += 1
            let isLineEnd = state != .quoted && (byte == 0x0A || byte == 0x0D)
            if isLineEnd {
                if byte == 0x0D, try require(), buffer[position] == 0x0A { position += 1 }
                return building.record(offset: offset, isCut: false, isUnterminated: false, limit: limit)
            }
            building.keep(byte, limit: limit)
            switch (state, byte) {
            case (.start, UInt8(ascii: "\"")): state = .quoted
            case (.quoted, UInt8(ascii: "\"")): state = .behindQuote
            case (.behindQuote, UInt8(ascii: "\"")):
                building.add(byte, limit: limit)
                state = .quoted
            case (.quoted, _): building.add(byte, limit: limit)
            case (_, separator):
                building.endField()
                state = .start
            default:
                if state == .behindQuote { building.note("csv_repaired:text_after_quote") }
                building.add(byte, limit: limit)
                state = .plain
            }
        }
        return building.record(offset: offset, isCut: state == .quoted, isUnterminated: true, limit: limit)
    }

    /// A record that is being read.
    private struct Building {
        private var raw: [UInt8] = []
        private var field: [UInt8] = []
        private var fields: [String] = []
        private var repairs: [String] = []
        private var size = 0

        mutating func keep(_ byte: UInt8, limit: Int) {
            size += 1
            if raw.count < limit { raw.append(byte) }
        }

        mutating func add(_ byte: UInt8, limit: Int) { if size <= limit { field.append(byte) } }

        mutating func note(_ repair: String) { if !repairs.contains(repair) { repairs.append(repair) } }

        mutating func endField() {
            if let text = String(validating: field, as: UTF8.self) {
                fields.append(text)
            } else {
                note("csv_repaired:invalid_utf8")
                fields.append(String(decoding: field, as: UTF8.self))
            }
            field.removeAll(keepingCapacity: true)
        }

        mutating func record(offset: Int, isCut: Bool, isUnterminated: Bool, limit: Int) -> CSVRecord {
            endField()
            return CSVRecord(
                fields: fields,
                raw: raw,
                offset: offset,
                isCut: isCut,
                isTooLarge: size > limit,
                isUnterminated: isUnterminated,
                repairs: repairs
            )
        }
    }
}

/// The names in the first line of a table.
struct CSVHeader {
    let names: [String]

    init(_ record: CSVRecord) { names = record.fields.map(Self.name) }

    /// Case, white space around a name, and `_` for a space make no difference.
    static func name(_ field: String) -> String {
        let lowered = field.lowercased().unicodeScalars.map { $0 == "_" || $0.properties.isWhitespace ? " " : $0 }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: lowered.drop { $0 == " " || $0 == "\u{FEFF}" })
        while view.last == " " { view.removeLast() }
        return String(view)
    }

    func index(_ name: String) -> Int? { names.firstIndex(of: name) }
}

/// One record under its header.
struct CSVRow {
    let record: CSVRecord
    let header: CSVHeader

    /// The field under the first of these names that the table has; nil where it is empty.
    subscript(names: String...) -> String? {
        for name in names {
            guard let index = header.index(name) else { continue }
            guard index < record.fields.count, !record.fields[index].isEmpty else { return nil }
            return record.fields[index]
        }
        return nil
    }

    var hasAllFields: Bool { record.fields.count >= header.names.count }
}

extension ExportSession {
    /// Hands on the rows of a table; records that are cut, too large or too short are rejected.
    ///
    /// - Parameter isHeader: Whether a record is the table's head; what stands before it are notes and counts as such.
    func rows(
        isHeader: (CSVHeader) -> Bool,
        emit: (ParsedItem) throws -> Void,
        row: (CSVRow) throws -> Void
    ) throws {
        var reader = CSVReader(input.bytes, limit: limits.messageBytes)
        var header: CSVHeader?
        while let record = try reader.next() {
            guard let header else {
                let candidate = CSVHeader(record)
                if isHeader(candidate) { header = candidate }
                // A note before the table is no list.
                if record.isUnterminated, header != nil || record.fields.count > 2 {
                    let detail = "the file ends within the names of its columns. It was cut, or is still being written."
                    return try emit(rejected("csv_truncated", detail, at: record.offset, raw: record.raw))
                }
                if header == nil { try emit(ignored("preamble", at: record.offset)) }
                continue
            }
            let current = CSVRow(record: record, header: header)
            if record.isTooLarge {
                let detail = "a record of more than \(limits.messageBytes) bytes (limits.message_bytes)."
                try emit(rejected("message_too_large", detail, at: record.offset, raw: record.raw))
            } else if record.isCut {
                let detail = "the file ends within a field in quotes. It was cut, or is still being written."
                try emit(rejected("csv_truncated", detail, at: record.offset, raw: record.raw))
            } else if !current.hasAllFields {
                let count = "\(record.fields.count) of \(header.names.count) fields"
                let isEnd = record.isUnterminated
                let detail = isEnd ? "the file ends within a record (\(count))." : "a record has only \(count)."
                let reason = isEnd ? "csv_truncated" : "csv_short_record"
                try emit(rejected(reason, detail, at: record.offset, raw: record.raw))
            } else {
                try row(current)
            }
        }
        guard header == nil else { return }
        try emit(
            rejected(
                "not_\(Self.word(provider))",
                "the table has no line with the names of its columns.",
                raw: brokenBytes
            )
        )
    }

    /// A message with what a row tells of its place and of repairs.
    func message(from sender: Party, row: CSVRow) -> DirectMessage {
        var message = DirectMessage(sender: sender)
        message.raw = row.record.raw
        message.offset = row.record.offset
        message.warnings = row.record.repairs
        if row.record.fields.count > row.header.names.count { message.warnings.append("csv_extra_fields") }
        if row.record.isUnterminated { message.warnings.append("last_line_unterminated") }
        return message
    }
}
