/// Types of content, told by the first bytes.
package enum MediaType {
    /// The media type that `bytes` start like, or nil where nothing is certain.
    ///
    /// The signatures are those of the formats' own specifications; text counts as `text/plain` only
    /// where the first 512 bytes are printable UTF-8.
    package static func detect(_ bytes: [UInt8]) -> String? {
        for (offset, signature, type) in signatures where bytes.count >= offset + signature.count {
            if bytes[offset..<offset + signature.count].elementsEqual(signature) { return type }
        }
        return detectText(bytes)
    }

    private static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static let signatures: [(offset: Int, bytes: [UInt8], type: String)] = [
        (0, [0x89] + ascii("PNG\r\n\u{1A}\n"), "image/png"),
        (0, [0xFF, 0xD8, 0xFF], "image/jpeg"),
        (0, ascii("GIF87a"), "image/gif"),
        (0, ascii("GIF89a"), "image/gif"),
        (8, ascii("WEBP"), "image/webp"),
        (4, ascii("ftypheic"), "image/heic"),
        (4, ascii("ftyp"), "video/mp4"),
        (0, ascii("%PDF-"), "application/pdf"),
        (0, ascii("PK\u{3}\u{4}"), "application/zip"),
        (0, [0x1F, 0x8B], "application/gzip"),
        (0, ascii("BZh"), "application/x-bzip2"),
        (0, [0xFD] + ascii("7zXZ\0"), "application/x-xz"),
        (0, ascii("7z") + [0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed"),
        (0, ascii("Rar!\u{1A}\u{7}"), "application/vnd.rar"),
        (0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "application/x-ole-storage"),
        (0, ascii("{\\rtf"), "application/rtf"),
        (0, ascii("MZ"), "application/vnd.microsoft.portable-executable"),
        (0, [0x7F] + ascii("ELF"), "application/x-elf"),
        (0, ascii("OggS"), "audio/ogg"),
        (0, ascii("ID3"), "audio/mpeg"),
        (8, ascii("WAVE"), "audio/wav"),
        (0, ascii("II*\0"), "image/tiff"),
        (0, ascii("MM\0*"), "image/tiff"),
        (0, [0x78, 0x9F, 0x3E, 0x22], "application/vnd.ms-tnef"),
    ]

    private static func detectText(_ bytes: [UInt8]) -> String? {
        guard !bytes.isEmpty else { return nil }
        let head = Array(bytes.prefix(512))
        guard !head.contains(where: { $0 < 0x09 || (0x0E..<0x20).contains($0) && $0 != 0x1B || $0 == 0x7F }) else {
            return nil
        }
        let isCutInsideCharacter = bytes.count > head.count
        let text = String(decoding: head, as: UTF8.self)
        let replacements = text.unicodeScalars.count { $0 == "\u{FFFD}" }
        guard replacements == 0 || isCutInsideCharacter && replacements <= 1 else { return nil }
        let start = text.unicodeScalars.drop { $0.properties.isWhitespace || $0 == "\u{FEFF}" }.prefix(15)
        let lowered = String(String.UnicodeScalarView(start)).lowercased()
        if lowered.hasPrefix("<!doctype html") || lowered.hasPrefix("<html") { return "text/html" }
        if lowered.hasPrefix("<?xml") { return "application/xml" }
        if lowered.hasPrefix("begin:vcalendar") { return "text/calendar" }
        if lowered.hasPrefix("begin:vcard") { return "text/vcard" }
        return "text/plain"
    }
}
