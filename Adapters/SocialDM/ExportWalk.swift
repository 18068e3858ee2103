import GatehouseCore

extension ExportSession {
    /// Runs `walk` over the input; where the document breaks off, what was read counts and the rest is rejected.
    ///
    /// - Parameter walk: Reads the document and returns whether it was one of the format at all.
    func walk(
        _ format: String,
        emit: (ParsedItem) throws -> Void,
        _ walk: (inout JSONReader) throws -> Bool
    ) throws {
        var reader = reader()
        do {
            guard try !walk(&reader) else { return }
            let detail = "the JSON in it has no messages where a \(format) export has them."
            try emit(rejected("not_\(Self.word(format))", detail, raw: brokenBytes))
        } catch let error as JSONError {
            try emit(rejected(error, raw: brokenBytes))
        }
    }

    /// Hands on each element of the array that was entered; what is broken has been rejected.
    func elements(
        _ reader: inout JSONReader,
        emit: (ParsedItem) throws -> Void,
        take: (_ value: JSONValue, _ raw: [UInt8], _ warnings: [String]) throws -> Void
    ) throws {
        let depth = reader.depth
        while try hasElement(&reader, depth: depth, emit: emit) {
            guard let (value, raw, warnings) = try element(&reader, emit: emit) else { continue }
            try take(value, raw, warnings)
        }
    }

    /// The next value, which stands for one message; nil where it was too large or broken, and has been rejected.
    func element(
        _ reader: inout JSONReader,
        emit: (ParsedItem) throws -> Void
    ) throws -> (value: JSONValue, raw: [UInt8], warnings: [String])? {
        let value = try element(&reader, emit: emit) { reader throws(JSONError) in try reader.readValue() }
        return value.map { ($0, reader.valueBytes, Self.words(for: reader.takeRepairs())) }
    }

    /// As `elements`, of which each is an object and is read member by member.
    ///
    /// - Parameter late: As for `JSONReader.readRecord`.
    func records(
        _ reader: inout JSONReader,
        deferring late: StaticString,
        emit: (ParsedItem) throws -> Void,
        take: (_ record: JSONRecord, _ warnings: [String]) throws -> Void
    ) throws {
        let depth = reader.depth
        while try hasElement(&reader, depth: depth, emit: emit) {
            let record = try element(&reader, emit: emit) { reader throws(JSONError) in
                try reader.readRecord(deferring: late)
            }
            if let record { try take(record, Self.words(for: reader.takeRepairs())) }
        }
    }

    /// The doubts that repairs leave in a message.
    static func words(for repairs: [JSONRepair]) -> [String] {
        repairs.isEmpty ? [] : repairs.map { "json_repaired:\($0.rawValue)" }
    }

    /// What `read` makes of the next value; nil where that was too large or broken, and has been rejected.
    @inline(__always)
    private func element<Element>(
        _ reader: inout JSONReader,
        emit: (ParsedItem) throws -> Void,
        read: (inout JSONReader) throws(JSONError) -> Element
    ) throws -> Element? {
        _ = reader.takeRepairs()
        let depth = reader.depth
        let value: Element
        do throws(JSONError) {
            value = try read(&reader)
        } catch {
            var raw = reader.valueBytes
            if !error.isRecoverable {
                if case .input = error.reason { throw error }
                // What stays unread behind a cut has no next element either.
                guard let passed = try reader.recover(depth: depth, indentation: reader.valueIndentation) else {
                    throw error
                }
                raw += passed
            }
            try emit(rejected(error, raw: raw))
            return nil
        }
        brokenBytes = []
        return value
    }

    /// Whether the array has another element; what stands between two elements and belongs to neither is rejected.
    func hasElement(_ reader: inout JSONReader, depth: Int, emit: (ParsedItem) throws -> Void) throws -> Bool {
        while true {
            let error: JSONError
            do throws(JSONError) {
                return try reader.hasNextElement()
            } catch let failure {
                error = failure
            }
            brokenBytes = []
            try emit(rejected(error, raw: try recover(&reader, from: error, depth: depth)))
        }
    }

    /// Goes on behind an error with the next element of the array at `depth`, and returns what lies between.
    ///
    /// - Throws: `error` where there is none: a cut file, or one that is written in a single line.
    private func recover(_ reader: inout JSONReader, from error: JSONError, depth: Int) throws -> [UInt8] {
        switch error.reason {
        case .input, .truncated: throw error
        default: break
        }
        guard let passed = try reader.recover(depth: depth, indentation: reader.valueIndentation) else { throw error }
        return passed
    }
}
