import GatehouseCore

/// Who takes part in a mail's conversation, as keyed digests of their addresses.
///
/// Trusted are those whom a mail of the conversation names: its author, its recipients, and whom it asks to answer to. In
/// a mailing list's conversation it is everybody who writes by the list.
struct MailPeople {
    /// Bytes of a digest: enough to tell the people of one conversation apart.
    static let digestBytes = 8
    static let maximum = 256

    /// The author.
    let sender: [UInt8]
    /// Digests of all whom the mail names, one behind the other.
    private(set) var named: [UInt8] = []
    /// A server of ours says that the author is somebody else.
    let isForged: Bool
    /// Any one of these opens a conversation that knows it; none where the author is not believed.
    private(set) var credentials: [[UInt8]] = []

    init(_ data: MessageData, key: [UInt8]) {
        func digest(_ address: String) -> [UInt8] {
            Array(SHA256.digest(of: key + UnicodeText.lowercased(address).utf8).prefix(Self.digestBytes))
        }
        sender = digest(data.from.first?.email ?? data.from.first?.name ?? "")
        let account = data.account?.lowercased()
        var people = [sender]
        var count = 0
        func take(_ named: [Party]) {
            for index in named.indices where count < Self.maximum {
                count += 1
                guard let email = named[index].email else { continue }
                let address = UnicodeText.lowercased(email)
                guard address != account else { continue }
                people.append(digest(address))
            }
        }
        take(data.from)
        take(data.replyTo)
        take(data.to)
        take(data.cc)
        take(data.bcc)
        isForged = data.authentication.map { $0.isTrusted && $0.dmarc == "fail" } ?? false
        if !isForged { credentials.append(sender) }
        switch data.automated {
        case .list:
            let lists = (data.to + data.cc).prefix(20).compactMap(\.email).map { digest("list:\($0)") }
            credentials += lists
            people += lists
        case .bounce:
            // The daemon's address says nothing; who could not be reached does.
            if let recipient = data.mail?.bounce?.recipient { credentials.append(digest(recipient)) }
        default: break
        }
        for person in people { Self.add(person, to: &named) }
    }

    /// True where one of the credentials is among a conversation's people.
    func belong(to people: [UInt8]) -> Bool { credentials.contains { Self.contains($0, people) } }

    /// All of a conversation's people and this mail's, up to the maximum.
    func joining(_ people: [UInt8]) -> [UInt8] {
        var result = people
        for start in stride(from: 0, to: named.count, by: Self.digestBytes) {
            Self.add(Array(named[start..<start + Self.digestBytes]), to: &result)
        }
        return result
    }

    private static func add(_ person: [UInt8], to people: inout [UInt8]) {
        if people.count < maximum * digestBytes, !contains(person, people) { people += person }
    }

    private static func contains(_ person: [UInt8], _ people: [UInt8]) -> Bool {
        stride(from: 0, through: people.count - digestBytes, by: digestBytes).contains {
            ByteSearch.matches(person, people, at: $0)
        }
    }
}
