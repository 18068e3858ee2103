import GatehouseCore

/// One response of an IMAP server (RFC 9051 §7; RFC 3501 §7).
enum IMAPResponse: Equatable {
    /// `+ …`: the server waits for more of the command.
    case continuation([UInt8])
    /// `* OK …`, or with a tag the end of a command.
    case status(IMAPStatus)
    /// `* …`: anything else, as tokens.
    case data([IMAPToken])
}

/// OK, NO, BAD, BYE or PREAUTH, its code in brackets, and words for people.
struct IMAPStatus: Equatable {
    /// nil where it is untagged.
    var tag: String?
    var condition: IMAPCondition
    /// `UIDVALIDITY 3`, `TRYCREATE`: what stands in brackets, in upper case.
    var code: String?
    var words: [UInt8]

    /// The number behind a code's name.
    func number(of name: String) -> UInt32? {
        guard let code, code.hasPrefix("\(name) ") else { return nil }
        return UInt32(code.dropFirst(name.count + 1))
    }
}

enum IMAPCondition: String {
    case ok = "OK"
    case no = "NO"
    case bad = "BAD"
    case bye = "BYE"
    case preauth = "PREAUTH"
}

enum IMAPToken: Equatable {
    case open, close
    /// A word or number as it stands, with what belongs to it in brackets: `BODY[HEADER.FIELDS (FROM)]`.
    case atom(String)
    /// A quoted string or a literal.
    case string([UInt8])
    /// A literal of this many bytes that was too large to keep.
    case omitted(Int)

    var atom: String? {
        if case .atom(let text) = self { text } else { nil }
    }
}

/// What FETCH says of one message; what is missing was not said.
struct IMAPFetch: Equatable {
    enum Body: Equatable {
        case bytes([UInt8])
        /// Its literal was larger than the limit.
        case omitted(Int)
        /// The server has none to give: NIL.
        case none
    }

    var uid: UInt32?
    var size: Int?
    var internalDate: [UInt8]?
    /// X-GM-MSGID: the same for one message under all of its labels.
    var gmailID: UInt64?
    var body: Body?

    /// - Returns: nil for what is no `<number> FETCH (…)`.
    init?(_ tokens: [IMAPToken]) {
        guard tokens.count >= 3, tokens[1].atom?.uppercased() == "FETCH", tokens[2] == .open else { return nil }
        var index = 3
        while index + 1 < tokens.count, let name = tokens[index].atom?.uppercased() {
            let value = tokens[index + 1]
            read(name, value)
            index += 2
            guard value == .open else { continue }
            var depth = 1
            while index < tokens.count, depth > 0 {
                if tokens[index] == .open { depth += 1 } else if tokens[index] == .close { depth -= 1 }
                index += 1
            }
        }
    }

    private mutating func read(_ name: String, _ value: IMAPToken) {
        switch name {
        case "UID": uid = value.atom.flatMap { UInt32($0) }
        case "RFC822.SIZE": size = value.atom.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        case "X-GM-MSGID": gmailID = value.atom.flatMap { UInt64($0) }
        case "INTERNALDATE": if case .string(let date) = value { internalDate = date }
        case "BODY[]", "BODY[]<0>":
            switch value {
            case .string(let bytes): body = .bytes(bytes)
            case .omitted(let count): body = .omitted(count)
            default: body = Body.none
            }
        default: break
        }
    }
}
