import GatehouseCore

/// What every export's message comes down to, before it becomes an envelope.
///
/// It is given on, and not copied: it has thirty parts, each with its references to count.
struct DirectMessage: ~Copyable {
    /// The platform's id, unique within the account.
    var id: String?
    var conversation: String?
    /// Stands for the conversation in a composite key, where that is not the same; see `MetaThread`.
    var keyConversation: String?
    var sender: Party
    /// The other people of a conversation of two; empty for groups.
    var others: [Party] = []
    /// The channel in which it was said, as one to whom people write.
    var place: Party?
    /// The sender's address, where only some of a platform's ways tell it: it is the customer's, and no part of who wrote.
    var email: String?
    /// Where the format tells it; otherwise the account's owner decides.
    var direction: Direction?
    var automated = Automation.no
    var type = EventType.messageCreated
    var time: SentTime?
    /// Stands for the time in a composite key, where a later export may read the same words as another time.
    var keyTime: String?
    var subject: String?
    var text = ""
    var inReplyTo: [String] = []
    var attachments: [ExportAttachment] = []
    var warnings: [String] = []
    /// The message's own bytes and where they begin.
    var raw: [UInt8] = []
    var offset = 0

    init(sender: Party = Party()) { self.sender = sender }
}

/// An attachment, and its bytes if the export has them.
struct ExportAttachment {
    var info: AttachmentInfo
    var bytes: [UInt8]?
    /// A doubt for the message's `warnings`.
    var warning: String?

    init(_ info: AttachmentInfo, bytes: [UInt8]? = nil, warning: String? = nil) {
        self.info = info
        self.bytes = bytes
        self.warning = warning
    }
}

extension Party {
    /// Whether anything is known of who it is.
    var isNamed: Bool { id != nil || name != nil || email != nil || phone != nil || username != nil }
}

/// Whose export it is: the one whose messages are outbound.
struct Owner {
    /// Words whose answer is kept; a chat has few senders.
    private static let maximumAnswers = 4096

    /// What is known of the owner, for `to`.
    private(set) var party: Party?
    private var names: Set<String> = []
    private var answers: [String: Bool] = [:]
    /// Counts what was learnt of the owner.
    private(set) var revision = 0
    /// The id that `add(id:)` took last.
    private var lastID: String?

    var isKnown: Bool { !names.isEmpty }

    /// Takes a name, an id or a handle; `@` and case don't count.
    mutating func add(_ word: String?) {
        guard let word, answers[word] != true, let key = Self.key(word) else { return }
        names.insert(key)
        answers = [word: true]
        revision += 1
    }

    mutating func add(id: String?) {
        guard let id, id != lastID else { return }
        lastID = id
        add(Party(id: id))
    }

    mutating func add(_ party: Party) {
        add(party.id)
        add(party.name)
        add(party.username)
        if self.party == nil {
            self.party = party
            revision += 1
        }
    }

    /// Fills in what is known of the owner without comparing it.
    mutating func describe(_ party: Party) {
        self.party = party
        revision += 1
    }

    mutating func matches(_ party: Party) -> Bool {
        guard isKnown else { return false }
        return matches(party.id) || matches(party.name) || matches(party.username) || matches(party.phone)
            || matches(party.email)
    }

    private mutating func matches(_ word: String?) -> Bool {
        guard let word else { return false }
        if let known = answers[word] { return known }
        let answer = Self.key(word).map(names.contains) ?? false
        if answers.count >= Self.maximumAnswers { answers = [:] }
        answers[word] = answer
        return answer
    }

    private static func key(_ word: String) -> String? {
        let lowered = UnicodeText.normalised(word).lowercased()
        let trimmed = lowered.unicodeScalars.drop { $0 == "@" || $0.properties.isWhitespace }
        if trimmed.first == "+" {
            // A telephone number is the same however it is grouped.
            let bare = trimmed.filter { !" -().\u{A0}\u{202F}\u{2011}".unicodeScalars.contains($0) }
            if bare.dropFirst().allSatisfy({ ("0"..."9").contains($0) }) {
                return String(String.UnicodeScalarView(bare))
            }
        }
        return trimmed.isEmpty ? nil : String(String.UnicodeScalarView(trimmed))
    }
}
