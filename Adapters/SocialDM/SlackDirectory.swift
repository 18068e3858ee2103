import GatehouseCore
import Synchronization

/// A channel, a group or a direct chat.
struct SlackChannel {
    let id: String?
    let name: String?
    /// Ids of who is in it; known for direct chats and groups.
    var members: [String] = []
    var isDirect = false

    var conversation: String? {
        if let id { return "slack:\(id)" }
        return name.map { "slack:name:\($0)" }
    }

    /// `#name`; a direct chat has none.
    var subject: String? { isDirect ? nil : name.map { "#\($0)" } }
}

/// What the lists at an export's root say of people and channels.
struct SlackDirectory {
    private static let fileLimit = 256 << 20
    private static let channelLists = ["channels.json", "groups.json", "mpims.json", "dms.json"]
    private static let otherLists = [
        "users.json", "org_users.json", "integration_logs.json", "canvases.json", "lists.json",
        "file_conversations.json",
    ]

    private var people: [String: Party] = [:]
    private var bots: Set<String> = []
    private var byFolder: [String: SlackChannel] = [:]
    private var byID: [String: SlackChannel] = [:]

    /// Whether a document is one of the lists: by its name, and by entries with ids or none at all.
    static func isList(_ shape: DocumentShape) -> Bool {
        let name = ExportSession.lastComponent(shape.name)
        guard (channelLists + otherLists).contains(name) else { return false }
        let isEmpty = shape.head.prefix(64).filter { !JSONShape.isBlank($0) }.elementsEqual("[]".utf8)
        return shape.has("[].id") || shape.has("[].service_id") || isEmpty
    }

    init() {}

    init(_ root: ExportFolder) {
        for name in Self.channelLists {
            for entry in Self.list(name, in: root) {
                let id = entry["id"]?.text
                let channel = SlackChannel(
                    id: id,
                    name: entry["name"]?.string,
                    members: (entry["members"]?.array ?? []).compactMap(\.text),
                    isDirect: name == "dms.json"
                )
                // Folders are called after the channel, those of direct chats after the id.
                if let folder = channel.name ?? id { byFolder[folder] = byFolder[folder] ?? channel }
                if let id {
                    byID[id] = channel
                    byFolder[id] = byFolder[id] ?? channel
                }
            }
        }
        for entry in Self.list("users.json", in: root) + Self.list("org_users.json", in: root) { add(person: entry) }
    }

    private mutating func add(person entry: JSONValue) {
        guard let id = entry["id"]?.text else { return }
        let profile = entry["profile"]
        people[id] = Party(
            id: id,
            name: SlackPerson.name(profile, or: entry),
            email: profile?["email"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            username: entry["name"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        )
        if entry["is_bot"]?.bool == true || id == "USLACKBOT" { bots.insert(id) }
    }

    private static func list(_ name: String, in root: ExportFolder) -> [JSONValue] {
        guard case .bytes(let bytes) = root.read(name, limit: fileLimit) else { return [] }
        return JSONDocument.readPartially(bytes, name: name).value?.array ?? []
    }

    func person(_ id: String) -> Party? { people[id] }
    func isBot(_ id: String) -> Bool { bots.contains(id) }

    func channel(id: String?) -> SlackChannel? {
        guard let id else { return nil }
        return byID[id] ?? SlackChannel(id: id, name: nil, isDirect: id.hasPrefix("D"))
    }

    /// The channel whose day files lie in a folder. Without the lists a name that is an id stands for itself.
    func channel(ofFolder folder: String?) -> SlackChannel? {
        guard let folder else { return nil }
        if let known = byFolder[folder] { return known }
        let isID = folder.utf8.count >= 9 && "CDG".contains(folder.prefix(1))
        guard !(isID && folder.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }) else {
            return channel(id: folder)
        }
        return byFolder.isEmpty ? nil : SlackChannel(id: nil, name: folder)
    }
}

enum SlackPerson {
    /// What a person is called: the name they chose to be shown, or their own.
    static func name(_ profile: JSONValue?, or entry: JSONValue?) -> String? {
        [profile?["display_name"], profile?["real_name"], entry?["real_name"], entry?["name"]]
            .compactMap { $0?.string }.first { !$0.isEmpty }
    }
}

/// The lists of the zip that was read last: a year has hundreds of day files, and all of them need the same lists.
final class SlackDirectoryCache: Sendable {
    private struct Held {
        let directory: String
        let archive: UInt64
        let value: SlackDirectory
    }

    private let held = Mutex<Held?>(nil)

    /// The lists in the folder above a day file's, or beside a file that is no day's.
    func directory(for session: ExportSession) -> SlackDirectory {
        guard let folder = session.folder else { return SlackDirectory() }
        let isDay = ParsedTime(iso8601: String(ExportSession.lastComponent(session.input.position).prefix(10))) != nil
        let root = isDay ? folder.parent : folder
        guard let root else { return SlackDirectory() }
        // Files on the disk may change between two inputs; a zip that is open stays as it is.
        guard let archive = root.archive?.serial else { return SlackDirectory(root) }
        let directory = root.directory
        let known = held.withLock { held in
            held.flatMap { $0.directory == directory && $0.archive == archive ? $0.value : nil }
        }
        if let known { return known }
        let value = SlackDirectory(root)
        held.withLock { $0 = Held(directory: directory, archive: archive, value: value) }
        return value
    }
}
