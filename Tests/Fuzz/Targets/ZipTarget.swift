import GatehouseCore

/// A zip: its directory, or what can be salvaged without one, and the first of its entries.
extension FuzzTarget {
    static let zip = FuzzTarget(name: "zip") { bytes in
        guard let archive = try? ZipArchive(bytes: bytes, name: "fuzz") else { return }
        for entry in archive.entries.prefix(16) {
            guard let content = try? archive.content(of: entry, limit: 1 << 20) else { continue }
            Promise.isKept(content.count == entry.size, "\(content.count) bytes where \(entry.size) are declared")
            guard !entry.isFolder else { continue }
            Promise.isKept(archive.entry(named: entry.name) != nil, "an entry that its name does not find")
        }
    }
}
