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
        let names = [disposition.parameters["filename"], part.contentType.parameters["name"]]
        name = names.lazy.compactMap { $0.map(FileName.shown) }.first { !$0.isEmpty }
    }
}

/// File names as senders give them.
enum FileName {
    /// Without folders, control characters and blanks at the ends. Never used as a path.
    static func shown(_ name: String) -> String {
        let normalised = UnicodeText.normalised(name)
        guard normalised.unicodeScalars.contains(where: { $0.value < 0x20 }) else { return normalised.trimmedBlanks }
        return String(String.UnicodeScalarView(normalised.unicodeScalars.filter { $0.value >= 0x20 })).trimmedBlanks
    }
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
