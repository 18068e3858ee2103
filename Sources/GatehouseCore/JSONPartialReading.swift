extension JSONDocument {
    /// A document as far as it could be read.
    package struct Partial: Sendable {
        /// nil where not even the outermost bracket was there.
        package let value: JSONValue?
        /// Why reading ended before the end.
        package let error: JSONError?
        package let repairs: [JSONRepair]

        package init(value: JSONValue?, error: JSONError?, repairs: [JSONRepair]) {
            (self.value, self.error, self.repairs) = (value, error, repairs)
        }
    }

    /// Reads as much of a document as there is.
    ///
    /// Where it breaks off, an object that stands in an array is left out, since half an item is no item; other open
    /// objects and arrays are kept with what they have so far. A second document after the first is an error.
    package static func readPartially(
        _ bytes: [UInt8],
        name: String,
        options: JSONOptions = .tolerant
    ) -> Partial {
        var reader = JSONReader(bytes: bytes, name: name, options: options)
        var frames: [JSONFrame] = []
        do throws(JSONError) {
            while let event = try reader.next() {
                let isTooDeep = reader.depth > options.maximumDepth && (event == .beginObject || event == .beginArray)
                if isTooDeep { try skipContainer(&reader) }
                guard let value = isTooDeep ? JSONValue(.null, offset: reader.offset) : step(event, &frames, reader)
                else {
                    continue
                }
                guard frames.isEmpty else {
                    frames[frames.count - 1].add(value)
                    continue
                }
                guard try !reader.hasValue() else {
                    return Partial(value: value, error: reader.failure(.trailingContent), repairs: reader.takeRepairs())
                }
                return Partial(value: value, error: nil, repairs: reader.takeRepairs())
            }
            throw reader.failure(bytes.isEmpty || reader.byteOffset == 0 || frames.isEmpty ? .empty : .truncated)
        } catch {
            return Partial(value: closed(frames), error: error, repairs: reader.takeRepairs())
        }
    }

    /// Documents one after another, as somebody has appended them to a file: those that are whole, and why reading ended.
    package static func readSeveral(
        _ bytes: [UInt8],
        name: String,
        options: JSONOptions = .tolerant
    ) -> (values: [JSONValue], error: JSONError?, repairs: [JSONRepair]) {
        var reader = JSONReader(bytes: bytes, name: name, options: options)
        var values: [JSONValue] = []
        var failure: JSONError?
        do throws(JSONError) {
            while try reader.hasValue() { values.append(try reader.readValue()) }
        } catch {
            failure = error
        }
        return (values, failure, reader.takeRepairs().filter { $0 != .concatenatedDocuments })
    }

    /// The start of a document as that of one payload: of several in an array the first's.
    package static func firstPayload(of head: [UInt8], name: String) -> JSONValue? {
        let first = head.firstIndex(of: UInt8(ascii: "{")) ?? head.endIndex
        let frame = head[..<first].filter { !($0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF) }
        let isArray = frame.elementsEqual("[".utf8)
        return readPartially(isArray ? Array(head[first...]) : head, name: name).value
    }

    /// Leaves the container that was just entered: a value nested deeper than the limit is read as null.
    private static func skipContainer(_ reader: inout JSONReader) throws(JSONError) {
        reader.note(.depthCut)
        let outer = reader.depth - 1
        while reader.depth > outer, try reader.next() != nil {}
    }

    /// Takes one event in; a value that is complete is returned.
    private static func step(
        _ event: JSONEvent,
        _ frames: inout [JSONFrame],
        _ reader: borrowing JSONReader
    ) -> JSONValue? {
        switch event {
        case .beginObject: frames.append(JSONFrame(isObject: true, offset: reader.offset))
        case .beginArray: frames.append(JSONFrame(isObject: false, offset: reader.offset))
        case .key(let key):
            guard !frames.isEmpty else { return nil }
            frames[frames.count - 1].key = key
            frames[frames.count - 1].keyOffset = reader.offset
        case .endObject, .endArray: return frames.popLast()?.value
        case .string(let text): return JSONValue(.string(text), offset: reader.offset)
        case .number(let text): return JSONValue(.number(text), offset: reader.offset)
        case .bool(let value): return JSONValue(.bool(value), offset: reader.offset)
        case .null: return JSONValue(.null, offset: reader.offset)
        }
        return nil
    }

    /// The open containers, innermost first put into the next.
    private static func closed(_ frames: [JSONFrame]) -> JSONValue? {
        var inner: JSONValue?
        for frame in frames.reversed() {
            var frame = frame
            if let value = inner, frame.isObject || value.members == nil { frame.add(value) }
            inner = frame.value
        }
        return inner
    }
}
