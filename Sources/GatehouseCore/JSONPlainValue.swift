// Whole values at one go, where they are JSON to the letter and lie in the buffer from end to end: nearly all of an export.

extension JSONReader {
    /// Builds the object or array that is next, without a step for each token.
    ///
    /// - Returns: nil where it needs a repair, passes a limit, or ends outside of the buffer: then nothing has changed, and
    ///   `readValue` goes its own way from token to token.
    mutating func readPlainValue() -> JSONValue? {
        guard !options.allowsComments else { return nil }
        var scan = PlainJSON(
            index: position,
            base: byteOffset - position,
            levels: min(PlainJSON.deepest, options.maximumDepth - containers.count),
            maximumStringBytes: options.maximumStringBytes
        )
        let value: JSONValue?
        switch buffer[position] {
        case UInt8(ascii: "{"): value = scan.object(buffer.span, level: 0)
        case UInt8(ascii: "["): value = scan.array(buffer.span, level: 0)
        default: return nil
        }
        guard let value, scan.index - position <= options.maximumValueBytes else { return nil }
        pass(valueUpTo: scan.index)
        return value
    }

    /// Goes behind a value that was read in the buffer.
    mutating func pass(valueUpTo end: Int) {
        valueStart = position
        position = end
        tokenStart = end - 1
        offset = byteOffset - 1
        cutText = nil
        finishValue()
    }
}

extension JSONDocument {
    /// Whether `bytes` are one object to the letter of RFC 8259, in valid UTF-8, and nothing else; nothing is built.
    ///
    /// - Returns: False for what only `parse` can tell, such as objects nested deeper than any envelope of ours.
    package static func isPlainObject(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == UInt8(ascii: "{"), (try? UTF8Span(validating: bytes.span)) != nil else { return false }
        var scan = PlainJSON(index: 0, base: 0, levels: PlainJSON.deepest, maximumStringBytes: .max)
        return scan.passDocument(bytes.span)
    }

    /// The document, if it is one object or array to the letter; nil for what the reader has to look at.
    static func plainValue(_ bytes: [UInt8], _ options: JSONOptions) -> JSONValue? {
        guard !options.allowsComments, let first = bytes.first else { return nil }
        var scan = PlainJSON(
            index: 0,
            base: 0,
            levels: min(PlainJSON.deepest, options.maximumDepth),
            maximumStringBytes: options.maximumStringBytes
        )
        let value: JSONValue?
        switch first {
        case UInt8(ascii: "{"): value = scan.object(bytes.span, level: 0)
        case UInt8(ascii: "["): value = scan.array(bytes.span, level: 0)
        default: return nil
        }
        return scan.isAtEnd(bytes.span) ? value : nil
    }
}
