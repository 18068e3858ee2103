/// A webhook's body or a small document, held as a whole: its bytes, and what its messages say of where they came from.
package struct PayloadDocument: Sendable {
    package let bytes: [UInt8]
    package let position: String
    package let context: IntakeContext
    /// For `data.provider`: the format's or vendor's word.
    package let provider: String
    /// For `data.raw.parser`: `web-chat/1`.
    package let parser: String

    /// Reads all of an input.
    ///
    /// - Throws: `IntakeError` if it can't be read, or is longer than `limits.message_bytes`.
    package init(_ input: AdapterInput, provider: String, parser: String) throws(IntakeError) {
        let limit = input.context.limits.messageBytes
        let read = try input.bytes.readAll(limit: limit)
        if read.isCut { throw .tooLarge(place: input.position, limit: limit) }
        bytes = read.bytes
        position = input.position
        context = input.context
        self.provider = provider
        self.parser = parser
    }

    /// True where there is nothing but white space and perhaps a byte order mark.
    package var isBlank: Bool {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return bytes[start...].allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) || $0 == 0 }
    }

    package func json() -> JSONDocument.Partial {
        JSONDocument.readPartially(bytes, name: position, options: JSONOptions(limits: context.limits))
    }

    /// `data.raw` of a message with these bytes.
    ///
    /// - Parameter offset: Where they start, if they are not the whole document.
    package func rawFacts(of raw: [UInt8], at offset: Int? = nil) -> RawFacts {
        var facts = RawFacts()
        facts.sha256 = SHA256.hex(of: raw)
        facts.size = raw.count
        facts.sourcePosition = offset.map { "\(position)#\($0)" } ?? position
        facts.parser = parser
        return facts
    }

    /// The bytes of the object or array that starts at `offset`, up to the bracket that closes it.
    package func bytes(ofValueAt offset: Int) -> [UInt8] {
        var depth = 0
        var isInString = false
        var index = min(max(offset, 0), bytes.count)
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\") where isInString: index += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{"), UInt8(ascii: "["): if !isInString { depth += 1 }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if !isInString { depth -= 1 }
                if depth == 0, !isInString { return Array(bytes[start...index]) }
            default: break
            }
            index += 1
        }
        return Array(bytes[start...])
    }

    package func ignored(_ kind: String) -> ParsedItem { .ignored(IgnoredInput(kind: kind, position: position)) }

    package func rejectedAsEmpty() -> ParsedItem {
        rejected(
            "empty_input",
            "The input is empty. The sender, or what stands between, has dropped the body.",
            position
        )
    }

    /// The part of the document that could not be read.
    package func rejected(_ error: JSONError) -> ParsedItem {
        let reason =
            switch error.reason {
            case .truncated: "json_truncated"
            case .empty: "empty_input"
            default: "json_invalid"
            }
        return rejected(reason, error.description, "\(position):\(error.line):\(error.column)")
    }

    package func rejected(_ error: JSONFieldError) -> ParsedItem {
        let place = LineMap(bytes).position(of: error.offset)
        return rejected(
            "wrong_type",
            "'\(error.field)' is \(Self.withArticle(error.found)) where \(error.expected) is expected "
                + "(line \(place.line), column \(place.column), offset \(error.offset)).",
            "\(position):\(place.line):\(place.column)"
        )
    }

    /// A document that is well-formed and yet holds no message of its format.
    package func rejected(_ reason: String, _ detail: String, at offset: Int = 0) -> ParsedItem {
        let place = LineMap(bytes).position(of: offset)
        return rejected(reason, detail, "\(position):\(place.line):\(place.column)")
    }

    private func rejected(_ reason: String, _ detail: String, _ place: String) -> ParsedItem {
        .rejected(RejectedInput(reason: reason, detail: detail, position: place, provider: provider, raw: bytes))
    }

    private static func withArticle(_ type: String) -> String {
        switch type {
        case "null": "null"
        case "object", "array": "an \(type)"
        default: "a \(type)"
        }
    }
}
