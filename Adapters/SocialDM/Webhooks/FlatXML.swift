import GatehouseCore

/// Why an XML body could not be read to its end.
struct FlatXMLError: Error, Equatable {
    let reason: String
    let detail: String
    /// Bytes of the body before the place.
    let offset: Int
}

/// The fields of a flat XML document: elements below the root, their names and texts.
///
/// Reads what messengers send (XML 1.0 without a document type): elements, text, CDATA, the five entities and character
/// references. Comments, processing instructions and attributes are passed over; a `<!DOCTYPE` is refused, so that nothing
/// is ever expanded or fetched. What is nested deeper than the root's children is named by its path, `ScanCodeInfo/ScanType`.
struct FlatXML: Equatable {
    static let maximumDepth = 16
    static let maximumFields = 10_000

    private(set) var root = ""
    private(set) var fields: [(name: String, value: String)] = []
    private var firstByName: [String: Int] = [:]

    /// The first value of `name`, without white space around it; an empty one counts as absent.
    subscript(name: String) -> String? {
        firstByName[name].flatMap { PayloadText.trimmed(fields[$0].value) }
    }

    func has(_ name: String) -> Bool { firstByName[name] != nil }

    static func == (left: FlatXML, right: FlatXML) -> Bool {
        left.root == right.root && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }

    /// Reads as many fields as there are; `error` says why not all.
    static func read(_ bytes: [UInt8]) -> (document: FlatXML, error: FlatXMLError?) {
        var reader = FlatXMLReader(bytes: bytes)
        do throws(FlatXMLError) {
            try reader.readDocument()
            return (reader.document, nil)
        } catch {
            return (reader.document, error)
        }
    }

    fileprivate mutating func open(root name: String) { root = name }

    fileprivate mutating func add(_ name: String, _ value: String) {
        if firstByName[name] == nil { firstByName[name] = fields.count }
        fields.append((name, value))
    }
}

/// Text of a payload's field.
enum PayloadText {
    static func trimmed(_ text: String) -> String? {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        return String(scalars[first...last])
    }
}

private enum Mark {
    static let cdata = Array("<![CDATA[".utf8)
    static let cdataEnd = Array("]]>".utf8)
    static let comment = Array("<!--".utf8)
    static let commentEnd = Array("-->".utf8)
    static let instruction = Array("<?".utf8)
    static let instructionEnd = Array("?>".utf8)
    static let declaration = Array("<!".utf8)
    static let endTag = Array("</".utf8)
    static let tagEnd = Array(">".utf8)
}

/// Walks through the bytes once; what it holds open is a short list, never the call stack.
private struct FlatXMLReader {
    let bytes: [UInt8]
    var index = 0
    var document = FlatXML()
    /// The open elements below the root, and the text of the innermost.
    private var path: [String] = []
    private var text: [UInt8] = []
    private var isInRoot = false
    private var isLeaf = false

    init(bytes: [UInt8]) { self.bytes = bytes }

    private func failure(_ reason: String, _ detail: String) -> FlatXMLError {
        FlatXMLError(reason: reason, detail: detail, offset: min(index, bytes.count))
    }

    private func starts(_ word: [UInt8], at place: Int) -> Bool {
        place + word.count <= bytes.count && bytes[place..<place + word.count].elementsEqual(word)
    }

    /// The place of `word` at or after `start`.
    private func find(_ word: [UInt8], from start: Int) -> Int? {
        var place = start
        while place < bytes.count {
            if bytes[place] == word[0], starts(word, at: place) { return place }
            place += 1
        }
        return nil
    }

    mutating func readDocument() throws(FlatXMLError) {
        var isDone = false
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                try readText(isDone: isDone)
                continue
            }
            if starts(Mark.cdata, at: index) {
                guard let end = find(Mark.cdataEnd, from: index + 9) else { throw truncated() }
                text += bytes[(index + 9)..<end]
                index = end + 3
            } else if starts(Mark.comment, at: index) {
                guard let end = find(Mark.commentEnd, from: index + 4) else { throw truncated() }
                index = end + 3
            } else if starts(Mark.instruction, at: index) {
                guard let end = find(Mark.instructionEnd, from: index + 2) else { throw truncated() }
                index = end + 2
            } else if starts(Mark.declaration, at: index) {
                throw failure("xml_doctype", "The body declares a document type, which is not read. Send plain XML.")
            } else if starts(Mark.endTag, at: index) {
                isDone = try readEnd()
            } else {
                guard !isDone else { throw failure("xml_invalid", "A second element follows the root element.") }
                try readStart()
            }
        }
        guard isDone else { throw truncated() }
    }

    private func truncated() -> FlatXMLError {
        let place = bytes.count
        return FlatXMLError(reason: "xml_truncated", detail: "The XML ends before it is complete.", offset: place)
    }

    /// Text up to the next tag, with its references put in.
    private mutating func readText(isDone: Bool) throws(FlatXMLError) {
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") {
            let byte = bytes[index]
            if byte == UInt8(ascii: "&"), let (scalar, length) = reference() {
                text += Array(String(Character(scalar)).utf8)
                index += length
                continue
            }
            let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte) || byte == 0
            let isMark = byte == 0xEF || byte == 0xBB || byte == 0xBF
            if !isInRoot, !isBlank, !(isMark && !isDone) {
                throw failure("xml_invalid", "There is text outside the root element.")
            }
            text.append(byte)
            index += 1
        }
    }

    /// The reference at `index` and its length; nil where the `&` stands for itself, as careless senders write it.
    private func reference() -> (Unicode.Scalar, Int)? {
        let window = bytes[index...].prefix(12)
        guard let end = window.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
        let length = end + 1 - index
        switch name {
        case "amp": return ("&", length)
        case "lt": return ("<", length)
        case "gt": return (">", length)
        case "quot": return ("\"", length)
        case "apos": return ("'", length)
        default: break
        }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap(Unicode.Scalar.init).map { ($0, length) }
    }

    private mutating func readStart() throws(FlatXMLError) {
        let nameEnd = bytes[(index + 1)...].firstIndex { Self.endsName($0) } ?? bytes.count
        guard nameEnd > index + 1 else { throw failure("xml_invalid", "A '<' does not start an element.") }
        let name = String(decoding: bytes[(index + 1)..<nameEnd], as: UTF8.self)
        guard name.utf8.count <= 256 else { throw failure("xml_invalid", "An element's name is too long.") }
        var end = nameEnd
        var quote: UInt8?
        while end < bytes.count {
            let byte = bytes[end]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                break
            }
            end += 1
        }
        guard end < bytes.count else { throw truncated() }
        let isEmpty = bytes[end - 1] == UInt8(ascii: "/")
        text = []
        if isInRoot {
            guard path.count < FlatXML.maximumDepth else {
                throw failure("xml_too_deep", "The XML is nested too deep.")
            }
            guard document.fields.count < FlatXML.maximumFields else {
                throw failure("xml_too_many_fields", "The XML has more than \(FlatXML.maximumFields) elements.")
            }
            path.append(name)
            isLeaf = true
            index = end + 1
            if isEmpty { close() }
        } else {
            document.open(root: name)
            isInRoot = true
            index = end + 1
            if isEmpty { throw failure("xml_empty", "The root element is empty.") }
        }
    }

    /// - Returns: Whether it was the root's end.
    private mutating func readEnd() throws(FlatXMLError) -> Bool {
        guard let end = find(Mark.tagEnd, from: index + 2) else { throw truncated() }
        let name = PayloadText.trimmed(String(decoding: bytes[(index + 2)..<end], as: UTF8.self)) ?? ""
        guard isInRoot, name == (path.last ?? document.root) else {
            throw failure("xml_invalid", "An element is closed that is not open.")
        }
        index = end + 1
        if path.isEmpty {
            isInRoot = false
            return true
        }
        close()
        return false
    }

    /// Only an element without elements in it has a value.
    private mutating func close() {
        if isLeaf { document.add(path.joined(separator: "/"), String(decoding: text, as: UTF8.self)) }
        path.removeLast()
        text = []
        isLeaf = false
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
            || byte == UInt8(ascii: "<")
    }
}
