import GatehouseCore

/// Who wrote a message and to whom, as the envelope says it; shared by all messages of the same people.
final class MessagePeople {
    private(set) var direction: Direction
    private(set) var from: [Party] = []
    private(set) var to: [Party] = []
    private(set) var customer: Party?
    /// Without an owner an outbound message can't be told from an inbound one.
    private(set) var isDirectionAssumed = false

    /// - Parameter owner: Whose export it is.
    init(of message: borrowing DirectMessage, owner: inout Owner) {
        let isKnown = message.direction != nil || owner.isKnown
        isDirectionAssumed = !isKnown
        direction = message.direction ?? (owner.matches(message.sender) ? .outbound : .inbound)
        var sender = Self.normalised(message.sender)
        if isKnown { sender.role = direction == .inbound ? .customer : .agent }
        if message.automated == .bot { sender.role = .bot }
        if message.sender.isNamed || sender.role != nil { from = [sender] }
        if direction == .outbound {
            // In an export from the customer's side the chat is called after its owner.
            to = message.others.filter { !owner.matches($0) }.map(Self.normalised)
            if to.count == 1 { customer = to[0] }
        } else {
            if let party = owner.party {
                to = [Self.normalised(party)]
            } else {
                // Of an owner who is known by a word alone, the one whom it names.
                to = message.others.filter { !isKnown || owner.matches($0) }.map(Self.normalised)
            }
            if direction != .internal { customer = from.first }
            if let email = message.email { customer?.email = email }
        }
        if let place = message.place { to.append(Self.normalised(place)) }
    }

    private static func normalised(_ party: Party) -> Party {
        var copy = party
        if let name = party.name { copy.name = UnicodeText.normalised(name) }
        return copy
    }
}

/// The people of messages that came before: in a chat the same ones write again and again.
struct KnownPeople {
    /// In memory of its own: it is looked at far more often than made.
    private final class Answer {
        let sender: Party
        let others: [Party]
        let place: Party?
        let email: String?
        let direction: Direction?
        let automated: Automation
        let people: MessagePeople

        init(_ message: borrowing DirectMessage, _ people: MessagePeople) {
            sender = message.sender
            others = message.others
            place = message.place
            email = message.email
            direction = message.direction
            automated = message.automated
            self.people = people
        }

        /// The ids first: they mostly tell, and a comparison of whole people copies them.
        func isFor(_ message: borrowing DirectMessage) -> Bool {
            sender.id == message.sender.id && sender == message.sender
                && direction == message.direction && automated == message.automated
                && others == message.others && place == message.place && email == message.email
        }
    }

    /// More people than this write in large groups, where looking for one costs as much as making it.
    private static let maximumCount = 8

    private var answers: [Answer] = []
    /// Of the owner for whom the answers hold.
    private var revision = 0

    mutating func people(of message: borrowing DirectMessage, owner: inout Owner) -> MessagePeople {
        if revision != owner.revision {
            answers = []
            revision = owner.revision
        }
        for answer in answers where answer.isFor(message) { return answer.people }
        let people = MessagePeople(of: message, owner: &owner)
        if answers.count == Self.maximumCount { answers.removeFirst() }
        answers.append(Answer(message, people))
        return people
    }
}
