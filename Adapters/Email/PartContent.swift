import GatehouseCore

/// What a part's header says of its content, read once.
struct PartDescription: Sendable {
    var disposition: ParameterizedField
    var transferEncoding: String
    var contentID: String?
    /// The file name: Content-Disposition's before Content-Type's (RFC 2183 §2.3).
    var name: String?

    private static let dispositionName = FieldName("content-disposition")
    private static let encodingName = FieldName("content-transfer-encoding")
    private static let idName = FieldName("content-id")

    init(of part: MIMEPart, in message: [UInt8]) {
        disposition = ParameterizedField()
        if let value = part.header.first(Self.dispositionName, in: message) {
            disposition = ParameterizedField(of: message, value)
        }
        transferEncoding = ""
        if let value = part.header.first(Self.encodingName, in: message) {
            transferEncoding = ParameterizedField(of: message, value).value
        }
        if let value = part.header.first(Self.idName, in: message) {
            contentID = MessageIDList.ids(in: message, value).first
        }
        let fileName = disposition.parameters["filename"].map(FileName.shown) ?? ""
        guard fileName.isEmpty else {
            name = fileName
            return
        }
        // What names a file on another machine is a path (RFC 2046 §5.2.3).
        let isElsewhere = part.contentType.value == "message/external-body"
        let typeName = part.contentType.parameters["name"].map(isElsewhere ? FileName.title : FileName.shown) ?? ""
        name = typeName.isEmpty ? nil : typeName
    }
}

/// File names as senders give them.
enum FileName {
    /// As a person may see it: without folders (RFC 2183 §2.3), control characters and blanks at the ends. Never used as a
    /// path.
    static func shown(_ name: String) -> String { title(withoutFolders(name)) }

    /// So too, of words that are no path, such as a subject.
    static func title(_ name: String) -> String {
        let normalised = UnicodeText.normalised(name)
        guard normalised.unicodeScalars.contains(where: { $0.value < 0x20 }) else { return normalised.trimmedBlanks }
        return String(String.UnicodeScalarView(normalised.unicodeScalars.filter { $0.value >= 0x20 })).trimmedBlanks
    }

    /// The last part of `/etc/passwd`, `C:\x.doc` and `../x`; `Invoice 11/2026.pdf` has no folders.
    private static func withoutFolders(_ name: String) -> String {
        guard let last = name.utf8.lastIndex(where: isSlash), isPath(name.utf8.prefix(4)) || climbs(name) else {
            return name
        }
        return String(name[name.utf8.index(after: last)...])
    }

    private static func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }

    /// From a root, a drive, a home or the folder above.
    private static func isPath(_ start: Substring.UTF8View) -> Bool {
        let bytes = Array(start)
        guard let first = bytes.first, let slash = bytes.firstIndex(where: isSlash) else { return false }
        return slash == 0 || slash == 1 && (first == UInt8(ascii: ".") || first == UInt8(ascii: "~"))
            || slash == 2 && (bytes[1] == UInt8(ascii: ":") || bytes[..<2].elementsEqual("..".utf8))
    }

    private static func climbs(_ name: String) -> Bool { name.contains("/../") || name.contains("\\..\\") }
}

/// Transfer encodings (RFC 2045 §6).
enum TransferDecoder {
    /// - Returns: The bytes, and a warning where they were damaged or the encoding is unknown.
    static func decode(_ message: [UInt8], _ range: Range<Int>, encoding: String) -> (bytes: [UInt8], warning: String?)
    {
        switch encoding {
        case "base64":
            let decoded = Base64.decode(message, in: range)
            return (decoded.bytes, decoded.isDamaged ? "base64_damaged" : nil)
        case "quoted-printable", "quotedprintable":
            let decoded = QuotedPrintable.decode(message, in: range)
            return (decoded.bytes, nil)
        case "x-uuencode", "uuencode", "x-uue", "uue":
            let blocks = UUEncoding.blocks(in: message, range, limit: 1)
            return (blocks.first?.bytes ?? Array(message[range]), blocks.isEmpty ? "uuencode_damaged" : nil)
        case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "7bits", "8bits":
            return (Array(message[range]), nil)
        default:
            return (Array(message[range]), "transfer_encoding_unknown:\(encoding.prefix(40))")
        }
    }
}
