import GatehouseCore

/// One file out of a TNEF container.
struct TNEFFile: Sendable, Equatable {
    var name: String?
    var mediaType: String?
    var contentID: String?
    var bytes: [UInt8]
}

/// A `winmail.dat` taken apart (Transport Neutral Encapsulation Format, MS-OXTNEF): what Outlook sends for a mail in its
/// own rich text.
///
/// A container is a run of attributes; those of level 1 are the message's, those of level 2 its attachments', each of
/// which starts with `attAttachRenddata`. Nothing in it can make this read a byte twice: attributes and properties only
/// move forward, and what a container holds is never more than its own bytes (the compressed text: see
/// `TNEFCompressedText`). Messages inside it stay whole, as `message/rfc822` parts do.
struct TNEFReader: Sendable {
    private(set) var files: [TNEFFile] = []
    /// The message's text, in the forms that the container has.
    private(set) var plainText: String?
    private(set) var html: [UInt8]?
    private(set) var richText: [UInt8]?
    /// The charset of `html`, where the container states it.
    private(set) var htmlCharset: String?
    /// False where the bytes are no container.
    let isContainer: Bool
    /// True where an attribute or a property ran over the end, or something that is none stands between two.
    private(set) var isDamaged = false

    /// 0x223E9F78, little endian (MS-OXTNEF §2.1.3.1), then a key of two bytes.
    private static let signature: [UInt8] = [0x78, 0x9F, 0x3E, 0x22]

    /// Attributes by their ids (MS-OXTNEF §2.1.3.2).
    private enum Attribute {
        static let body = 0x800C
        static let attachData = 0x800F
        static let attachTitle = 0x8010
        static let attachRendering = 0x9002
        static let messageProperties = 0x9003
        static let attachProperties = 0x9005
        static let codePage = 0x9007
    }

    private static let maximumFiles = 1000

    private var open: OpenAttachment?
    private var codePage = 1252

    /// What has been read of the attachment at hand.
    private struct OpenAttachment {
        var title: String?
        var data: [UInt8]?
        var properties = TNEFProperties()
    }

    static func isContainer(_ bytes: [UInt8]) -> Bool { ByteSearch.matches(signature, bytes, at: 0) }

    init(_ bytes: [UInt8]) {
        isContainer = Self.isContainer(bytes)
        guard isContainer else { return }
        var cursor = 6
        // Level, id, type, length; the data; a checksum of two bytes.
        while cursor + 9 <= bytes.count {
            let level = bytes[cursor]
            let length = LittleEndian.read32(bytes, cursor + 5)
            guard level == 1 || level == 2, length <= bytes.count - cursor - 9 else {
                isDamaged = true
                break
            }
            let start = cursor + 9
            take(LittleEndian.read16(bytes, cursor + 1), bytes, start..<start + length)
            cursor = start + length + 2
        }
        closeAttachment()
    }

    private mutating func take(_ id: Int, _ bytes: [UInt8], _ range: Range<Int>) {
        switch id {
        case Attribute.codePage where range.count >= 4: codePage = LittleEndian.read32(bytes, range.lowerBound)
        case Attribute.body: plainText = TNEFCodePage.text(bytes[range], codePage)
        case Attribute.messageProperties: takeMessage(TNEFProperties(bytes, range, codePage: codePage))
        case Attribute.attachRendering:
            closeAttachment()
            open = OpenAttachment()
        case Attribute.attachTitle:
            let title = TNEFCodePage.text(bytes[range], codePage)
            openAttachment { $0.title = title }
        case Attribute.attachData: openAttachment { $0.data = Array(bytes[range]) }
        case Attribute.attachProperties:
            let properties = TNEFProperties(bytes, range, codePage: codePage)
            isDamaged = isDamaged || properties.isDamaged
            openAttachment { $0.properties = properties }
        default: break
        }
    }

    /// Some writers leave `attAttachRenddata` out for the first.
    private mutating func openAttachment(_ change: (inout OpenAttachment) -> Void) {
        var attachment = open ?? OpenAttachment()
        change(&attachment)
        open = attachment
    }

    private mutating func takeMessage(_ properties: TNEFProperties) {
        isDamaged = isDamaged || properties.isDamaged
        if let text = properties.text(.body), !text.isEmpty { plainText = text }
        if let page = properties.number(.internetCodePage) { htmlCharset = TNEFCodePage.label(page) }
        if let bytes = properties.bytes(.bodyHTML) { html = bytes }
        if let packed = properties.bytes(.compressedText) {
            richText = TNEFCompressedText.inflate(packed)
            if richText == nil { isDamaged = true }
        }
    }

    private mutating func closeAttachment() {
        guard let attachment = open else { return }
        open = nil
        let properties = attachment.properties
        let names = [
            properties.text(.attachLongFileName), attachment.title, properties.text(.attachFileName),
            properties.text(.displayName),
        ]
        var file = TNEFFile(
            name: names.lazy.compactMap { $0.map(FileName.shown) }.first { !$0.isEmpty },
            mediaType: properties.text(.attachMediaType)?.lowercased(),
            contentID: properties.text(.attachContentID),
            bytes: []
        )
        if file.mediaType?.contains("/") != true { file.mediaType = nil }
        if file.contentID?.isEmpty == true { file.contentID = nil }
        // Where an object has a stand-in for old readers beside it, both are kept.
        for bytes in [attachment.data, properties.objectBytes].compactMap({ $0 }) {
            // A container of thousands stays as it is: what is not listed is in it.
            guard files.count < Self.maximumFiles else {
                isDamaged = true
                return
            }
            file.bytes = bytes
            files.append(file)
        }
    }
}

/// Numbers as TNEF and its compressed text write them. Past the end there are zeros.
enum LittleEndian {
    static func read16(_ bytes: [UInt8], _ index: Int) -> Int {
        guard index >= 0, index + 2 <= bytes.count else { return 0 }
        return Int(bytes[index]) | Int(bytes[index + 1]) << 8
    }

    static func read32(_ bytes: [UInt8], _ index: Int) -> Int {
        read16(bytes, index) | read16(bytes, index + 2) << 16
    }
}

/// Windows code pages by number, to the labels that `CharsetDecoder` reads.
enum TNEFCodePage {
    static func label(_ number: Int) -> String {
        switch number {
        case 65001: "utf-8"
        case 1200: "utf-16le"
        case 20127: "us-ascii"
        case 20866: "koi8-r"
        case 21866: "koi8-u"
        case 28591...28605: "iso-8859-\(number - 28590)"
        case 50220...50222: "iso-2022-jp"
        case 50225: "iso-2022-kr"
        case 51932: "euc-jp"
        case 54936: "gb18030"
        default: "cp\(number)"
        }
    }

    /// A string of the container: up to its NUL.
    static func text(_ bytes: ArraySlice<UInt8>, _ codePage: Int) -> String {
        let content = Array(bytes.prefix { $0 != 0 })
        return UnicodeText.normalised(CharsetDecoder.decode(content, label: label(codePage)).text)
    }

    /// UTF-16, up to its NUL.
    static func wideText(_ bytes: ArraySlice<UInt8>) -> String {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            let unit = UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
            if unit == 0 { break }
            units.append(unit)
            index += 2
        }
        return UnicodeText.normalised(String(decoding: units, as: UTF16.self))
    }
}
