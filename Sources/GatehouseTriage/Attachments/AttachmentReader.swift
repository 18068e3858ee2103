import GatehouseCore

/// Says of each attachment what it shows, whether it needs care, and whether it can be used at all.
enum AttachmentReader {
    private static let mostFiles = 200
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
            let kind = Kind(file, type, size)
            let role =
                kind.role ?? kind.roleByName
                ?? kind.role(isAlone: data.attachments.count == 1) {
                    let roles = told ?? RoleWords.builtIn.roles(inText: text(of: data))
                    told = roles
                    return roles
                }
            if file.role == nil { file.role = role?.rawValue }
            if let role = file.role.flatMap({ AttachmentRole(rawValue: $0) }), role.isSensitive {
                file.isSensitive = true
            }
            data.attachments[index] = file
        }
    }

    private static func text(of data: MessageData) -> String {
        (data.subject ?? "") + "\n" + (data.body.strippedText ?? data.body.text)
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
        if size == nil, known.contains(type) || known.contains(where: { declared.hasPrefix($0) }) {
            return ["unreadable"]
        }
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
}

/// What a file may show: by its form first, then by its name, then by what the message says is attached, then by its type.
private struct Kind {
    private let file: AttachmentInfo
    private let type: String
    private let size: ImageSize?

    /// An image no larger than this on its longer side is a logo or a tracking dot.
    private static let logo = 160
    private static let logoBytes = 12 * 1024
    /// ISO/IEC 7810 ID-1, 85.60 mm by 53.98 mm, as a scan cuts it.
    private static let card = 1.54...1.64

    init(_ file: AttachmentInfo, _ type: String, _ size: ImageSize?) {
        (self.file, self.type, self.size) = (file, type, size)
    }

    private var isImage: Bool { type.hasPrefix("image/") }
    private var isDocument: Bool {
        type == "application/pdf" || type.contains("officedocument") || type == "application/msword"
    }

    /// Without a look at any word.
    var role: AttachmentRole? {
        if isImage { return isDecoration ? .decoration : nil }
        if type.hasPrefix("audio/") { return .voice }
        return type.hasPrefix("video/") ? .video : nil
    }

    var roleByName: AttachmentRole? { file.name.flatMap { RoleWords.builtIn.role(ofName: $0) } }

    /// - Parameter told: The roles that the message speaks of. Asked for only where they matter: the text may be long.
    func role(isAlone: Bool, told: () -> [AttachmentRole]) -> AttachmentRole? {
        if isImage { return roleOfImage(told(), isAlone: isAlone) }
        if isDocument { return told().first { $0 != .screenshot && $0 != .selfie } ?? .document }
        return type == "application/zip" || type.contains("compressed") || type.contains("rar") ? .archive : nil
    }

    private func roleOfImage(_ told: [AttachmentRole], isAlone: Bool) -> AttachmentRole {
        if let size, isScreen(size) { return .screenshot }
        if let size, Self.card.contains(size.ratio), told.contains(.idDocument) { return .idDocument }
        let documents = told.filter { $0 != .screenshot }
        // One picture, one thing that the customer says to send.
        if documents.count == 1, isAlone || documents[0].isSensitive { return documents[0] }
        if told.contains(.screenshot) { return .screenshot }
        return documents.first { $0.isSensitive } ?? .photo
    }

    private var isDecoration: Bool {
        if let size { return max(size.width, size.height) <= Self.logo || min(size.width, size.height) <= 40 }
        return file.contentID != nil && file.disposition == "inline" && (file.size ?? .max) < Self.logoBytes
    }

    /// Telephones are longer than any camera's picture; what is exactly as a monitor, and lossless, was taken of one.
    private func isScreen(_ size: ImageSize) -> Bool {
        guard max(size.width, size.height) >= 480 else { return false }
        if size.isUpright, (1.9...2.4).contains(size.ratio), size.width <= 1600 { return true }
        guard type == "image/png" || type == "image/webp" else { return false }
        if size.isUpright { return Self.telephones.contains(size.width) }
        let shapes = [16.0 / 9, 16.0 / 10, 4.0 / 3, 21.0 / 9, 3.0 / 2]
        return Self.monitors.contains(size.width) && shapes.contains { abs($0 - size.ratio) < 0.03 }
    }

    /// Widths in pixels.
    private static let monitors: Set<Int> = [
        1024, 1280, 1366, 1440, 1536, 1600, 1680, 1920, 2048, 2256, 2560, 2880, 3000, 3024, 3440, 3456, 3840, 5120,
    ]
    private static let telephones: Set<Int> = [
        640, 720, 750, 768, 828, 834, 1080, 1125, 1170, 1179, 1206, 1242, 1284, 1290, 1320, 1440, 1536, 2048,
    ]
}
