import GatehouseCore
import Glibc

/// Whose Takeout it is: beside the folder of spaces, `Users/User <number>/user_info.json` tells of who exported it alone.
enum GoogleChatAccount {
    /// - Returns: nil where the messages lie by themselves, or where there are several users.
    static func owner(_ session: ExportSession) -> Party? {
        guard let root = session.folder?.parent?.parent else { return nil }
        let users = ExportFolder(
            directory: root.directory.isEmpty ? "Users" : root.directory + "/Users",
            archive: root.archive
        )
        let people = users.names(limit: 100).compactMap { name -> Party? in
            guard case .bytes(let bytes) = users.read("\(name)/user_info.json", limit: 1 << 20),
                let user = try? JSONDocument.parse(bytes)["user"]
            else { return nil }
            return GoogleChatMessage.person(user)
        }
        guard people.count == 1, people[0].email != nil else { return nil }
        return people[0]
    }
}

extension ExportFolder {
    /// In a larger archive each of its documents would cost a walk over all of it.
    private static let maximumEntries = 10_000

    /// The names of what lies in the folder, in no order and at most `limit`; none in an archive of very many entries.
    func names(limit: Int) -> [String] {
        guard let archive else { return Self.names(in: directory, limit: limit) }
        guard archive.entries.count <= Self.maximumEntries else { return [] }
        let prefix = directory.isEmpty ? "" : directory + "/"
        var names: Set<String> = []
        for entry in archive.entries where names.count < limit && entry.name.hasPrefix(prefix) {
            if let name = Self.split(String(entry.name.dropFirst(prefix.count))).first { names.insert(name) }
        }
        return Array(names)
    }

    private static func names(in directory: String, limit: Int) -> [String] {
        guard let folder = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while names.count < limit, let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
