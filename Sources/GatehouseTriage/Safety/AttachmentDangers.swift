import GatehouseCore

/// Files that may do harm when opened, by name, type and content.
enum AttachmentDangers {
    static let programs: Set<String> = [
        "exe", "scr", "com", "bat", "cmd", "pif", "msi", "msp", "jar", "js", "jse", "vbs", "vbe", "wsf", "wsh", "hta",
        "ps1",
        "lnk", "reg", "dll", "cpl", "iso", "img", "vhd", "vhdx", "apk", "app", "dmg", "pkg", "deb", "rpm", "sh", "chm",
        "url",
        "scf", "appx", "msix", "xll", "iqy", "one", "gadget", "application",
    ]
    private static let macros: Set<String> = [
        "docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppam", "ppsm",
    ]
    private static let harmless: Set<String> = [
        "pdf", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png", "gif", "txt", "csv", "zip", "mp4", "mp3", "html",
    ]
    /// What a browser opens; from a file on the disk a script may read and send what it likes.
    private static let pages: Set<String> = ["html", "htm", "xhtml", "shtml", "svg", "mht", "mhtml"]
    /// Extensions whose bytes begin in a known way, and what these may be taken for.
    private static let types: [String: String] = [
        "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    ]

    /// What stands in the type of a program.
    private static let programTypes = ["executable", "x-msdownload", "x-elf"].map { Array($0.utf8) }

    private static let mostFiles = 100
    private static let scanned = 8 << 20
    /// Bytes of archives in archives that are unpacked for one message.
    private static let unpacked = 16 << 20

    /// - Parameter contents: The bytes at hand by the attachment's number.
    static func find(_ attachments: [AttachmentInfo], _ contents: [Int: [UInt8]]) -> [SafetyFlag] {
        var flags: [SafetyFlag] = []
        var budget = unpacked
        for (number, file) in attachments.prefix(mostFiles).enumerated() {
            let name = file.name ?? ""
            for reason in byName(name) + byType(file, name) + byContent(contents[number], name, &budget) {
                flags.append(SafetyFlag(name: "dangerous_attachment", reason: reason))
                if flags.count >= 10 { return flags }
            }
        }
        return flags
    }

    private static func byName(_ name: String) -> [String] {
        let shown = UnicodeText.printable(name)
        let pieces = name.lowercased().split(separator: ".").map { String($0.drop { $0 == " " }) }
        guard pieces.count > 1, let last = pieces.last else { return [] }
        if name.unicodeScalars.contains(where: {
            (0x202A...0x202E).contains($0.value) || (0x2066...0x2069).contains($0.value)
        }) {
            return ["\(shown): characters that turn the direction hide its ending .\(last)"]
        }
        if programs.contains(last) {
            let before = pieces[pieces.count - 2]
            return [
                harmless.contains(before)
                    ? "\(shown): a program that calls itself .\(before)" : "\(shown): a program or script (.\(last))"
            ]
        }
        return macros.contains(last) ? ["\(shown): an Office file with macros (.\(last))"] : []
    }

    private static func byType(_ file: AttachmentInfo, _ name: String) -> [String] {
        let shown = UnicodeText.printable(name)
        let ending = Self.ending(of: name)
        guard let detected = file.detectedType else { return [] }
        if programTypes.contains(where: { ByteSearch.isFound($0, in: detected) }), !programs.contains(ending) {
            return ["\(shown): a program inside (\(detected))"]
        }
        guard let expected = types[ending], detected != expected, !detected.hasPrefix("text/"),
            !(expected.hasPrefix("image/") && detected.hasPrefix("image/"))
        else { return [] }
        return ["\(shown): named .\(ending), but the content is \(detected)"]
    }

    private static func byContent(_ bytes: [UInt8]?, _ name: String, _ budget: inout Int) -> [String] {
        guard let bytes, bytes.count > 8 else { return [] }
        let shown = UnicodeText.printable(name)
        if ZipArchive.isZip(Array(bytes.prefix(4))) { return ArchiveDangers.find(bytes, shown, &budget) }
        let ending = Self.ending(of: name)
        if pages.contains(ending), holdsScript(bytes) { return ["\(shown): a web page with a script"] }
        if bytes.starts(with: [0x4D, 0x5A]), bytes.count > 512, hasProgramHeader(bytes) {
            return programs.contains(ending)
                ? [] : ["\(shown): a Windows program inside"]
        }
        // OLE 2: a macro's storage is named in UTF-16 (MS-OVBA 2.2.1).
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            let storage: [UInt8] = Array("_VBA_PROJECT".utf8).flatMap { [$0, 0] as [UInt8] }
            let limit = min(bytes.count, scanned)
            return ByteSearch.firstIndex(of: storage, in: bytes, 0..<limit) == nil
                ? [] : ["\(shown): an Office file with macros"]
        }
        return []
    }

    /// What stands behind a name's last full stop, in small letters; all of a name without one.
    private static func ending(of name: String) -> String {
        name.lowercased().split(separator: ".").last.map(String.init) ?? ""
    }

    private static func holdsScript(_ bytes: [UInt8]) -> Bool {
        let head = bytes.prefix(scanned).map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        return ByteSearch.firstIndex(of: Array("<script".utf8), in: head, 0..<head.count) != nil
    }

    /// `PE\0\0` where the DOS header at 0x3C points to.
    private static func hasProgramHeader(_ bytes: [UInt8]) -> Bool {
        let place = Int(bytes[0x3C]) | Int(bytes[0x3D]) << 8
        return place + 4 <= bytes.count && bytes[place] == 0x50 && bytes[place + 1] == 0x45
    }
}
