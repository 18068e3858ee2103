import GatehouseTransfer

/// A ticket system's API as data: what is sent, in which order, and where the answers have what.
///
/// The files in `deploy/presets` and the `template` of a configuration are read into this; `deploy/docs/presets.md` tells
/// their language.
struct PresetDeclaration: Sendable {
    /// What a target may set under `options`.
    struct Option {
        var name: String
        var defaultValue: String?
        var isRequired: Bool
    }

    /// How a request proves who we are: the first whose condition holds is taken.
    struct Proof {
        enum Place {
            /// `Authorization: Basic`, with this text before its encoding.
            case basic
            case header(String)
            /// A parameter of each address.
            case parameter(String)
        }

        var condition: Condition
        var place: Place
        var value: TextTemplate
    }

    /// Whether something is done: one of `when` is set, and none of `unless` is.
    struct Condition {
        var when: [String] = []
        var unless: [String] = []

        func holds(_ values: PresetValues) -> Bool {
            func isSet(_ name: String) -> Bool { values(name)?.isSet == true }
            return (when.isEmpty || when.contains(where: isSet)) && !unless.contains(where: isSet)
        }
    }

    /// What an answer means where it differs from the rules that hold for all.
    struct Exception {
        enum Meaning: String, CaseIterable {
            /// The conversation's ticket takes no more messages: a new one is opened.
            case gone
            /// Again, without attachments.
            case tooLarge = "too_large"
            /// The same would be refused again.
            case refused
            /// Again later, after a look-up.
            case retry
            /// Our proof of identity was refused.
            case denied
            /// It is there already: look it up.
            case exists
            /// Of a look-up: what was asked for is not there.
            case absent
        }

        var statuses: [Int]
        /// Where in the answer (JSON Pointer); nil for all of it.
        var pointer: String?
        /// What stands there, in any case of letters; nil for anything at all.
        var text: String?
        /// Only for messages that go onto a ticket, or only for those that open one.
        var stage: StageName?
        var meaning: Meaning
    }

    enum StageName: String, CaseIterable {
        /// Makes the ticket.
        case open
        /// Follows `open` where that can't carry all of the message.
        case complete
        /// Adds a message to a ticket.
        case add
    }

    struct Stage {
        var condition = Condition()
        /// The first whose condition holds is asked.
        var lookups: [Lookup] = []
        var steps: [Exchange]
    }

    enum BodyShape: String, CaseIterable {
        case json, form, multipart
        /// JSON without files, a form with `name[]` for lists where there are any.
        case jsonOrMultipart = "json_or_multipart"
        /// The bytes of one file.
        case octets
        /// A mail (RFC 5322).
        case mail
    }

    /// Where in an answer a value lies.
    enum Place: Equatable {
        case pointer(String)
        case header(String)
        /// The whole of it.
        case body
    }

    struct Take {
        var name: String
        var place: Place
        var isOptional: Bool
    }

    /// One request, and what is taken from its answer.
    struct Exchange {
        var method: HTTPMethod
        var path: TextTemplate
        var headers: [(name: String, value: TextTemplate)] = []
        var shape: BodyShape = .json
        var body: BodyTemplate?
        var takes: [Take] = []
        /// Where the values are taken from an entry of a list: the list, and what the entry must hold.
        var items: String?
        var wanted: [(pointer: String, text: TextTemplate)] = []
        var condition = Condition()
        /// Sent once for each file.
        var isForEachFile = false
        /// May be sent twice without harm: an upload, a contact that is found if it is there.
        var isHarmless = false
    }

    /// Finds what an earlier attempt may have made.
    struct Lookup {
        var condition = Condition()
        var request: Exchange
        /// Where the answer has the list.
        var items: String
        /// An answer without the list says that it is empty.
        var mayLackItems = false
        /// What an entry must hold, somewhere below these places.
        var wanted: [(pointer: String, text: TextTemplate)]
        /// Or a list in the entry that has nothing in it yet.
        var emptyList: String?
        var takes: [Take]
        /// Entries of a full page, where the path has `{page}`.
        var pageSize: Int?
        var firstPage = 1
        /// Where the answer has the next page's address, which must be on the same server.
        var next: String?
        /// The list has the newest first: what is not on so many pages is not there.
        var pagesEnough: Int?
        /// The same: where an entry has its time, older ones than the message need not be looked at.
        var time: String?
    }

    var name: String
    /// Endings of the configured address that are taken off.
    var dropped: [String] = []
    var proofs: [Proof] = []
    var login: Exchange?
    var headers: [(name: String, value: TextTemplate)] = []
    var options: [Option] = []
    var needsQueue = false
    var needsUser = false
    var needsSecret = false
    var priorities: [String: String] = [:]
    var attachmentBytes = 10 << 20
    /// What the words of a message may take; the rest is cut, and said to be.
    var textBytes = Int.max
    /// The option that names the endings of files that are taken, such as `.txt .pdf`; `*` for all.
    var extensionsOption: String?
    var lookupDelayMilliseconds: Int64 = 0
    /// Where a person looks at the ticket.
    var page: TextTemplate?
    /// What a ticket is called by from then on, where that is made of several values.
    var ticket: TextTemplate?
    var exceptions: [Exception] = []
    var stages: [StageName: Stage] = [:]
}
