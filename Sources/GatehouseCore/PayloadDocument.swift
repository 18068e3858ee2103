/// A webhook's body or a small document, held as a whole: its bytes, and what its messages say of where they came from.
package struct PayloadDocument {
    package let bytes: [UInt8]
    package let position: String
    package let context: IntakeContext
    /// For `data.provider`: the format's or vendor's word.
    package let provider: String
    /// For `data.raw.parser`: `web-chat/1`.
    package let parser: String
    /// All of the input, and where in it `bytes` begins: not at 0 where it holds several payloads.
    private let whole: [UInt8]
    private let base: Int
    private let places: PlaceFinder

    /// Reads all of an input.
    ///
    /// - Throws: `IntakeError` if it can't be read, or is longer than `limits.message_bytes`.
    package init(_ input: AdapterInput, provider: String, parser: String) throws(IntakeError) {
        let limit = input.context.limits.messageBytes
        let read = try input.bytes.readAll(limit: limit)
        if read.isCut { throw .tooLarge(place: input.position, limit: limit) }
        bytes = read.bytes
        whole = read.bytes
        base = 0
        places = PlaceFinder()
        position = input.position
        context = input.context
        self.provider = provider
        self.parser = parser
    }

    /// One payload of several in `other`.
    private init(at offset: Int, of other: PayloadDocument) {
        bytes = other.bytes(ofValueAt: offset)
        whole = other.whole
        base = other.base + offset
        places = other.places
        position = other.position
        context = other.context
        provider = other.provider
        parser = other.parser
    }

    /// The payloads that somebody has gathered in one input, in an array or one after another.
    ///
    /// - Returns: nil where the document is a payload itself; else those that are whole, and why reading ended before the end.
    package func parts(of read: JSONDocument.Partial) -> (parts: [PayloadDocument], error: JSONError?)? {
        var values = read.value?.array
        var error = read.error
        if case .trailingContent? = error?.reason {
            let several = JSONDocument.readSeveral(bytes, name: position, options: JSONOptions(limits: context.limits))
            values = several.values.flatMap { $0.array ?? [$0] }
            error = several.error
        }
        return values.map { ($0.map { PayloadDocument(at: $0.offset, of: self) }, error) }
    }

    /// True where there is nothing but white space and perhaps a byte order mark.
    package var isBlank: Bool {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return bytes[start...].allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) || $0 == 0 }
    }

    package func json() -> JSONDocument.Partial {
        JSONDocument.readPartially(bytes, name: position, options: JSONOptions(limits: context.limits))
    }

    /// For `source_position`: where these bytes stand.
    package var place: String { base == 0 ? position : place(0) }

    /// - Parameter offset: Of a value in `bytes`.
    package func place(_ offset: Int) -> String { "\(position)#\(base + offset)" }

    /// `data.raw` of a message with these bytes.
    ///
    /// - Parameter offset: Where they start, if they are not the whole document.
    package func rawFacts(of raw: [UInt8], at offset: Int? = nil) -> RawFacts {
        var facts = RawFacts()
        facts.sha256 = SHA256.hex(of: raw)
        facts.size = raw.count
        facts.sourcePosition = offset.map(place) ?? place
        facts.parser = parser
        return facts
    }

    /// The bytes of the value that starts at `offset`: of an object or array up to the bracket that closes it.
    package func bytes(ofValueAt offset: Int) -> [UInt8] { Self.bytes(ofValueAt: offset, in: bytes) }

    package static func bytes(ofValueAt offset: Int, in bytes: [UInt8]) -> [UInt8] {
        var depth = 0
        var isInString = false
        var index = min(max(offset, 0), bytes.count)
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\\") where isInString: index += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case _ where isInString: break
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
                if depth == 0 { return Array(bytes[start..<index]) }
                if byte != UInt8(ascii: ",") { depth -= 1 }
                if depth == 0 { return Array(bytes[start...index]) }
            default: break
            }
            index += 1
        }
        return Array(bytes[start...])
    }

    package func ignored(_ kind: String) -> ParsedItem { .ignored(IgnoredInput(kind: kind, position: place)) }

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
        return rejected(
            reason,
            "Line \(error.line), column \(error.column): \(error.words)",
            "\(position):\(error.line):\(error.column)"
        )
    }

    /// - Parameter item: Where the item starts that is lost, if it is not the whole document.
    package func rejected(_ error: JSONFieldError, item: Int? = nil) -> ParsedItem {
        let place = places.position(of: base + error.offset, in: whole)
        return rejected(
            "wrong_type",
            "'\(error.field)' is \(Self.withArticle(error.found)) where \(error.expected) is expected "
                + "(line \(place.line), column \(place.column), offset \(base + error.offset)).",
            "\(position):\(place.line):\(place.column)",
            item: item
        )
    }

    /// What is well-formed and yet no message of its format.
    package func rejected(_ reason: String, _ detail: String, at offset: Int = 0, item: Int? = nil) -> ParsedItem {
        let place = places.position(of: base + offset, in: whole)
        return rejected(reason, detail, "\(position):\(place.line):\(place.column)", item: item)
    }

    private func rejected(_ reason: String, _ detail: String, _ place: String, item: Int? = nil) -> ParsedItem {
        let raw = item.map { bytes(ofValueAt: $0) } ?? bytes
        return .rejected(
            RejectedInput(reason: reason, detail: detail, position: place, provider: provider, raw: raw)
        )
    }

    private static func withArticle(_ type: String) -> String {
        switch type {
        case "null": "null"
        case "object", "array": "an \(type)"
        default: "a \(type)"
        }
    }
}

/// Lines and columns of offsets that mostly ascend: a document with many bad items is walked through once.
private final class PlaceFinder {
    private var offset = 0
    private var line = 1
    private var column = 1

    func position(of target: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        if target < offset { (offset, line, column) = (0, 1, 1) }
        let end = min(max(target, 0), bytes.count)
        while offset < end {
            if bytes[offset] == 0x0A {
                line += 1
                column = 1
            } else if bytes[offset] & 0xC0 != 0x80 {
                column += 1
            }
            offset += 1
        }
        return (line, column)
    }
}
