import GatehouseCore

/// Says of each attachment what it shows, whether it needs care, and whether it can be used at all.
enum AttachmentReader {
    private static let mostFiles = 200
    /// An image no larger than this on its longer side is a logo or a tracking dot.
    private static let logo = 160
    private static let logoBytes = 12 * 1024
    /// ISO/IEC 7810 ID-1, 85.60 mm by 53.98 mm, as a scan cuts it.
    private static let card = 1.54...1.64

    /// - Parameter contents: The bytes at hand, by the attachment's number.
    static func read(_ data: inout MessageData, _ contents: [Int: [UInt8]]) {
        guard !data.attachments.isEmpty else { return }
        var told: [AttachmentRole]?
        for index in data.attachments.indices.prefix(mostFiles) {
            var file = data.attachments[index]
            let type = mainType(file)
            let size = contents[index].flatMap { type.hasPrefix("image/") ? ImageSize($0) : nil }
            (file.width, file.height) = (size?.width, size?.height)
            file.notes += notes(file, type, size, contents[index])
            if told == nil {
                let text = (data.subject ?? "") + "\n" + (data.body.strippedText ?? data.body.text)
                told = RoleWords.builtIn.roles(inText: text)
            }
            let role = role(of: file, type, size, told: told ?? [], isAlone: data.attachments.count == 1)
            file.role = file.role ?? role?.rawValue
            if let role = file.role.flatMap(AttachmentRole.init), role.isSensitive { file.isSensitive = true }
            data.attachments[index] = file
        }
    }

    private static func mainType(_ file: AttachmentInfo) -> String {
        let type = file.detectedType ?? file.mediaType ?? ""
        return String(type.lowercased().prefix { $0 != ";" })
    }

    private static func notes(
        _ file: AttachmentInfo,
        _ type: String,
        _ size: ImageSize?,
        _ bytes: [UInt8]?
    ) -> [String] {
        if file.status == .stored, file.size == 0 || bytes?.isEmpty == true { return ["empty"] }
        guard let bytes, !bytes.isEmpty else { return [] }
        let declared = file.mediaType?.lowercased() ?? ""
        let known = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/heic", "image/heif"]
        if size == nil, known.contains(type) || known.contains(where: declared.hasPrefix) { return ["unreadable"] }
        if type == "application/pdf" || declared.hasPrefix("application/pdf") {
            return isWholePDF(bytes) ? (isEncryptedPDF(bytes) ? ["encrypted"] : []) : ["unreadable"]
        }
        return []
    }

    /// ISO 32000-2, 7.5.2 and 7.5.5: the header near the beginning, the mark of the end near the end.
    private static func isWholePDF(_ bytes: [UInt8]) -> Bool {
        let head = 0..<min(1024, bytes.count)
        let tail = max(0, bytes.count - 2048)..<bytes.count
        return ByteSearch.firstIndex(of: Array("%PDF-".utf8), in: bytes, head) != nil
            && ByteSearch.firstIndex(of: Array("%%EOF".utf8), in: bytes, tail) != nil
    }

    /// The trailer names it; it stands in the last part of the file.
    private static func isEncryptedPDF(_ bytes: [UInt8]) -> Bool {
        let tail = max(0, bytes.count - 4096)..<bytes.count
        return ByteSearch.firstIndex(of: Array("/Encrypt".utf8), in: bytes, tail) != nil
    }

    /// By the name first, then by the picture's form, then by what the message says is attached, then by the type.
    private static func role(
        of file: AttachmentInfo,
        _ type: String,
        _ size: ImageSize?,
        told: [AttachmentRole],
        isAlone: Bool
    ) -> AttachmentRole? {
        let isImage = type.hasPrefix("image/")
        let isDocument = type == "application/pdf" || type.contains("officedocument") || type == "application/msword"
        if isImage, isDecoration(file, size) { return .decoration }
        if isImage || isDocument || type.isEmpty || type == "application/octet-stream" || type == "application/zip",
            let name = file.name, let role = RoleWords.builtIn.role(ofName: name)
        {
            return role
        }
        if isImage {
            let documents = told.filter { $0 != .screenshot }
            if let size, isScreen(size, type) { return .screenshot }
            if let size, card.contains(size.ratio), told.contains(.idDocument) { return .idDocument }
            // One picture, one thing that the customer says to send.
            if documents.count == 1, isAlone || documents[0].isSensitive { return documents[0] }
            if told.contains(.screenshot) { return .screenshot }
            return documents.first { $0.isSensitive } ?? .photo
        }
        if isDocument { return told.first { $0 != .screenshot && $0 != .selfie } ?? .document }
        if type.hasPrefix("audio/") { return .voice }
        if type.hasPrefix("video/") { return .video }
        if type == "application/zip" || type.contains("compressed") || type.contains("rar") { return .archive }
        return nil
    }

    private static func isDecoration(_ file: AttachmentInfo, _ size: ImageSize?) -> Bool {
        if let size { return max(size.width, size.height) <= logo || min(size.width, size.height) <= 40 }
        return file.contentID != nil && file.disposition == "inline" && (file.size ?? .max) < logoBytes
    }

    /// Telephones are longer than any camera's picture; what is exactly as a monitor, and lossless, was taken of one.
    private static func isScreen(_ size: ImageSize, _ type: String) -> Bool {
        let longer = max(size.width, size.height)
        guard longer >= 480 else { return false }
        if size.isUpright, (1.9...2.4).contains(size.ratio), size.width <= 1600 { return true }
        guard type == "image/png" || type == "image/webp" else { return false }
        let monitors = [16.0 / 9, 16.0 / 10, 4.0 / 3, 21.0 / 9, 3.0 / 2]
        let widths: Set<Int> = [
            1024, 1280, 1366, 1440, 1536, 1600, 1680, 1920, 2048, 2256, 2560, 2880, 3000, 3024, 3440, 3456, 3840, 5120,
        ]
        if !size.isUpright { return widths.contains(size.width) && monitors.contains { abs($0 - size.ratio) < 0.03 } }
        return [640, 720, 750, 768, 828, 834, 1080, 1125, 1170, 1179, 1206, 1242, 1284, 1290, 1320, 1440, 1536, 2048]
            .contains(size.width)
    }
}
