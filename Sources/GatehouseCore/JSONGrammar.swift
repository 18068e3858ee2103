// What may follow what: the reader's state machine over the bytes between tokens.

extension JSONReader {
    /// Passes white space, commas and colons up to the next token, which stays unread.
    mutating func prepare() throws(JSONError) -> Upcoming {
        while let byte = try significantByte() {
            switch expectation {
            case .document:
                if !isDocumentBegun {
                    isDocumentBegun = true
                    try skipPrefix()
                    continue
                }
                return .value
            case .afterDocument: try finishDocument(byte)
            case .value: return .value
            case .colon:
                guard byte == UInt8(ascii: ":") else { throw failure(.unexpected(byte, expected: "':'")) }
                position += 1
                expectation = .value
            case .firstElement, .nextElement, .afterElement:
                if let upcoming = try prepareElement(byte) { return upcoming }
            case .firstKey, .nextKey, .afterMember:
                if let upcoming = try prepareKey(byte) { return upcoming }
            }
        }
        guard containers.isEmpty, expectation == .document || expectation == .afterDocument else {
            throw failure(.truncated)
        }
        return .endOfInput
    }

    /// After a top-level value: a semicolon, or the next document.
    private mutating func finishDocument(_ byte: UInt8) throws(JSONError) {
        guard options.isTolerant else { throw failure(.trailingContent) }
        if byte == UInt8(ascii: ";") {
            position += 1
            note(.trailingSemicolon)
        } else {
            note(.concatenatedDocuments)
            expectation = .document
            isDocumentBegun = false
        }
    }

    private mutating func prepareElement(_ byte: UInt8) throws(JSONError) -> Upcoming? {
        switch byte {
        case UInt8(ascii: "]"):
            if expectation == .nextElement { try passExtraComma() }
            return .endArray
        case UInt8(ascii: ","):
            if expectation != .afterElement {
                guard options.isTolerant else { throw failure(.unexpected(byte, expected: "a value")) }
                note(.extraComma)
            }
            position += 1
            expectation = .nextElement
            return nil
        default:
            guard expectation != .afterElement else { throw failure(.unexpected(byte, expected: "',' or ']'")) }
            return .value
        }
    }

    private mutating func prepareKey(_ byte: UInt8) throws(JSONError) -> Upcoming? {
        switch byte {
        case UInt8(ascii: "}"):
            if expectation == .nextKey { try passExtraComma() }
            return .endObject
        case UInt8(ascii: ","):
            if expectation != .afterMember {
                guard options.isTolerant else { throw failure(.unexpected(byte, expected: "a key in double quotes")) }
                note(.extraComma)
            }
            position += 1
            expectation = .nextKey
            return nil
        default:
            guard expectation != .afterMember else { throw failure(.unexpected(byte, expected: "',' or '}'")) }
            guard byte == UInt8(ascii: "\"") || options.isTolerant && Self.isWordByte(byte) else {
                throw failure(.unexpected(byte, expected: "a key in double quotes"))
            }
            return .key
        }
    }

    private mutating func passExtraComma() throws(JSONError) {
        if options.allowsTrailingCommas { return }
        guard options.isTolerant else {
            throw failure(.unexpected(buffer[position], expected: "a value after the comma"))
        }
        note(.extraComma)
    }

    /// Reads one token.
    ///
    /// - Parameter skipping: Leaves texts unread and uncounted, and frees their bytes at once.
    mutating func advance(skipping: Bool) throws(JSONError) -> Token? {
        let upcoming = try prepare()
        tokenStart = position
        offset = base + position
        cutText = nil
        switch upcoming {
        case .endOfInput: return nil
        case .endObject, .endArray:
            position += 1
            containers.removeLast()
            finishValue()
            return upcoming == .endObject ? .endObject : .endArray
        case .key:
            try scanKey(skipping: skipping)
            expectation = .colon
            return .key
        case .value:
            switch buffer[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): return try open()
            case UInt8(ascii: "\""):
                try scanString(skipping: skipping)
                finishValue()
                return .string
            default:
                let token = try scanWord(skipping: skipping)
                finishValue()
                return token
            }
        }
    }

    private mutating func open() throws(JSONError) -> Token {
        let isObject = buffer[position] == UInt8(ascii: "{")
        let limit = options.isTolerant ? Self.maximumSkippedDepth : options.maximumDepth
        guard containers.count < limit else { throw failure(.tooDeep(limit: limit)) }
        position += 1
        containers.append(isObject)
        expectation = isObject ? .firstKey : .firstElement
        return isObject ? .beginObject : .beginArray
    }

    mutating func finishValue() {
        switch containers.last {
        case nil:
            expectation = .afterDocument
        case true?: expectation = .afterMember
        case false?: expectation = .afterElement
        }
    }

    /// A byte order mark and `name.path = ` before a document.
    private mutating func skipPrefix() throws(JSONError) {
        guard options.isTolerant else { return }
        guard Self.isWordByte(buffer[position]), let equals = try findAssignment() else { return }
        position += equals + 1
        note(.assignmentPrefix)
    }
}
