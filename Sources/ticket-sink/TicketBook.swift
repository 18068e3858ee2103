import GatehouseCore

/// One ticket or one follow-up, as it was received.
struct Entry {
    /// The envelope, on one line.
    var body: [UInt8]
    var externalID: String?
}

struct Ticket {
    var number: Int
    var isClosed = false
    var opener: Entry
    var messages: [Entry] = []
}

/// The tickets, in memory; `TicketFile` keeps them on disk.
struct TicketBook {
    /// A ticket by its number, and the number of its message: 0 for the opener, 1… for follow-ups.
    struct Place: Equatable {
        var ticket: Int
        var message: Int
    }

    private(set) var tickets: [Ticket] = []
    private var placesByKey: [String: Place] = [:]
    private var placesByExternalID: [String: [Place]] = [:]

    func ticket(_ number: Int) -> Ticket? {
        tickets.indices.contains(number - 1) ? tickets[number - 1] : nil
    }

    func place(ofKey key: String) -> Place? { placesByKey[key] }
    func places(ofExternalID id: String) -> [Place] { placesByExternalID[id] ?? [] }

    /// How many external ids stand on more than one ticket or follow-up: each is a message delivered twice.
    var doubledCount: Int { placesByExternalID.values.count { $0.count > 1 } }

    mutating func open(_ entry: Entry, key: String?) -> Place {
        tickets.append(Ticket(number: tickets.count + 1, opener: entry))
        return note(Place(ticket: tickets.count, message: 0), entry, key)
    }

    /// Call it with the number of a ticket that exists.
    mutating func add(_ entry: Entry, to number: Int, key: String?) -> Place {
        tickets[number - 1].messages.append(entry)
        return note(Place(ticket: number, message: tickets[number - 1].messages.count), entry, key)
    }

    mutating func close(_ number: Int) { tickets[number - 1].isClosed = true }

    private mutating func note(_ place: Place, _ entry: Entry, _ key: String?) -> Place {
        if let key { placesByKey[key] = place }
        if let id = entry.externalID { placesByExternalID[id, default: []].append(place) }
        return place
    }
}

/// What the server did, for `GET /_stats`.
struct Counts {
    var requests = 0
    var connections = 0
    var tickets = 0
    var messages = 0
    var replayed = 0
    var lookups = 0
    var failures = 0
    var badRequests = 0
}
