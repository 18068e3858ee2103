import GatehouseCore

/// What a zip may do: unpack to more than a disk holds, or bring a program. Archives in it are looked into as well.
enum ArchiveDangers {
    /// What makes a zip a bomb: bytes out for a byte in, beyond a size that is anyone's.
    private static let ratio = 200
    private static let harmlessBytes = 64 << 20
    /// Archives in archives: how deep they are looked into.
    private static let mostDepth = 2
    private static let mostEntries = 10_000

    /// - Parameter budget: Bytes of inner archives that may still be unpacked for this message.
    static func find(_ bytes: [UInt8], _ shown: String, _ budget: inout Int) -> [String] {
        var looked = Look()
        look(bytes, depth: 0, &looked, &budget)
        var reasons: [String] = []
        if looked.size > harmlessBytes, looked.size / ratio > bytes.count {
            reasons.append("\(shown): unpacks to \(looked.size >> 20) MiB from \(bytes.count >> 10) KiB")
        }
        if looked.hasMacros { reasons.append("\(shown): an Office file with macros") }
        if let program = looked.program {
            reasons.append("\(shown): a program in the archive (\(UnicodeText.printable(program)))")
        }
        return reasons
    }

    private struct Look {
        /// Bytes of all that comes out, of inner archives too.
        var size = 0
        var hasMacros = false
        var program: String?
    }

    private static func look(_ bytes: [UInt8], depth: Int, _ found: inout Look, _ budget: inout Int) {
        guard let archive = try? ZipArchive(bytes: bytes, name: "archive") else { return }
        for entry in archive.entries {
            let (sum, isOver) = found.size.addingReportingOverflow(max(0, entry.size))
            found.size = isOver ? .max : sum
        }
        let names = archive.entries.prefix(mostEntries).map(\.name)
        if names.contains(where: { $0.hasSuffix("vbaProject.bin") }) {
            found.hasMacros = true
        } else if !names.contains(where: { $0 == "AndroidManifest.xml" || $0 == "[Content_Types].xml" }) {
            found.program = found.program ?? names.first { isProgram($0) }
        }
        guard depth < mostDepth else { return }
        for entry in archive.entries.prefix(mostEntries) where entry.name.lowercased().hasSuffix(".zip") {
            guard entry.size <= budget else { continue }
            // A small one costs its looking up, too.
            budget -= max(4096, entry.size)
            guard let inner = try? archive.content(of: entry, limit: entry.size) else { continue }
            look(inner, depth: depth + 1, &found, &budget)
        }
    }

    private static func isProgram(_ name: String) -> Bool {
        let pieces = name.lowercased().split(separator: ".")
        return pieces.count > 1 && AttachmentDangers.programs.contains(String(pieces[pieces.count - 1]))
    }
}
