import GatehouseCore
import Synchronization

/// A channel, a group or a direct chat.
struct SlackChannel {
    let id: String?
    let name: String?
    /// Ids of who is in it; known for direct chats and groups.
    var members: [String] = []
    /// A chat of two or of a few, and no channel.
    var isDirect = false

    /// `slack:C1`: within it times are unique.
    var place: String? {
        if let id { return "slack:\(id)" }
        return name.map { "slack:name:\($0)" }
    }

    /// A channel as one to whom people write: `#name`. No subject, since Slack's events don't know it.
    var party: Party? { isDirect ? nil : name.map { Party(id: id, name: "#\($0)") } }

    /// A direct message's channel is the conversation; in other channels each thread is one.
    ///
    /// - Parameters:
    ///   - place: As `place`.
    ///   - thread: The time of its first message.
    static func conversation(_ place: String, thread: String?, isDirect: Bool) -> String {
        guard !isDirect, let thread else { return place }
        return "\(place):\(thread)"
    }
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

    /// - Parameter lists: The content of each list by its file's name.
    init(_ lists: [String: [UInt8]]) {
        func entries(_ name: String) -> [JSONValue] {
            lists[name].flatMap { JSONDocument.readPartially($0, name: name).value?.array } ?? []
        }
        for name in Self.channelLists {
            for entry in entries(name) { add(channel: entry, isDirect: name == "dms.json" || name == "mpims.json") }
        }
        for entry in entries("users.json") + entries("org_users.json") { add(person: entry) }
    }

    /// The lists that lie in a folder.
    static func lists(in root: ExportFolder) -> [String: [UInt8]] {
        var lists: [String: [UInt8]] = [:]
        for name in channelLists + ["users.json", "org_users.json"] {
            if case .bytes(let bytes) = root.read(name, limit: fileLimit) { lists[name] = bytes }
        }
        return lists
    }

    private mutating func add(channel entry: JSONValue, isDirect: Bool) {
        let id = entry["id"]?.text
        let channel = SlackChannel(
            id: id,
            name: entry["name"]?.string,
            members: (entry["members"]?.array ?? []).compactMap(\.text),
            isDirect: isDirect
        )
        // Folders are called after the channel, those of direct chats after the id.
        if let folder = channel.name ?? id { byFolder[folder] = byFolder[folder] ?? channel }
        if let id {
            byID[id] = channel
            byFolder[id] = byFolder[id] ?? channel
        }
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

/// The lists that were read last: a year has hundreds of day files, and all of them need the same lists.
final class SlackDirectoryCache: Sendable {
    /// What tells one export's lists from another's.
    private enum Key: Equatable {
        /// A zip that is open stays as it is.
        case archive(UInt64, folder: String)
        /// Files on the disk may change between two inputs: their bytes decide.
        case digest(String)
    }

    private struct Held {
        let key: Key
        let value: SlackDirectory
    }

    private let held = Mutex<Held?>(nil)

    /// The lists in the folder above a day file's, or beside a file that is no day's.
    func directory(for session: ExportSession) -> SlackDirectory {
        guard let folder = session.folder else { return SlackDirectory() }
        let isDay = ParsedTime(iso8601: String(ExportSession.lastComponent(session.input.position).prefix(10))) != nil
        guard let root = isDay ? folder.parent : folder else { return SlackDirectory() }
        if let archive = root.archive {
            let key = Key.archive(archive.serial, folder: root.directory)
            return directory(key) { SlackDirectory(SlackDirectory.lists(in: root)) }
        }
        let lists = SlackDirectory.lists(in: root)
        let hash = SHA256Stream()
        for name in lists.keys.sorted() {
            hash.update(field: "\(name):\(lists[name]?.count ?? 0)")
            hash.update(lists[name] ?? [])
        }
        return directory(.digest(Hex.encode(hash.finish()))) { SlackDirectory(lists) }
    }

    private func directory(_ key: Key, make: () -> SlackDirectory) -> SlackDirectory {
        if let known = held.withLock({ held in held?.key == key ? held?.value : nil }) { return known }
        let value = make()
        held.withLock { $0 = Held(key: key, value: value) }
        return value
    }
}
