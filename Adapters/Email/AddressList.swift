import GatehouseCore

/// The mailboxes of an address field (RFC 5322 §3.4 with the obsolete forms of §4.4), read leniently.
///
/// Groups are flattened. Commas and semicolons part addresses. Comments are a mailbox's name, or stand behind it. Names
/// with a comma that lack their quotes are put together again.
struct AddressListReader {
    private let bytes: [UInt8]
    private let limit: Int
    private var decoder: HeaderTextDecoder
    private var cursor = 0
    private var noQuoteAfter = Int.max
    private var noCommentEndAfter = Int.max

    /// What has been read of the mailbox at hand.
    private var phrase: [UInt8] = []
    private var phraseIsQuoted = false
    /// Where in `phrase` the last quoted words end.
    private var quotedEnd = 0
    /// True where `phrase` holds a quoted local part, whose blanks and signs mean nothing.
    private var hasQuotedLocalPart = false
    private var address: [UInt8]?
    /// How much of `phrase` stood before `address`.
    private var nameLength = 0
    private var comment: [UInt8] = []
    private var isInGroup = false

    private(set) var parties: [Party] = []
    /// True where there were more than the limit.
    private(set) var isCut = false
    var warnings: [String] { decoder.warnings }

    /// Whether a name that repeats its address counts. An author calls himself so; a recipient's was filled in by the
    /// sender's program, and tells nothing.
    private let keepsAddressAsName: Bool

    /// - Parameter limit: How many mailboxes are read at most.
    init(
        _ message: [UInt8],
        _ range: Range<Int>,
        limit: Int,
        charset: HeaderCharset?,
        keepsAddressAsName: Bool = false
    ) {
        bytes = unfold(message, range)
        self.limit = limit
        self.keepsAddressAsName = keepsAddressAsName
        decoder = HeaderTextDecoder(charset: charset)
        if limit > 0, AddressText.isPlain(bytes) {
            parties = [Party(name: nil, email: String(decoding: bytes, as: UTF8.self))]
        } else {
            readAll()
        }
    }

    private mutating func readAll() {
        while cursor < bytes.count {
            let byte = bytes[cursor]
            switch byte {
            case UInt8(ascii: "\""): readQuotedString()
            case UInt8(ascii: "("): readComment()
            case UInt8(ascii: "<"): readAngleAddress()
            case UInt8(ascii: ","), UInt8(ascii: ";"):
                flush(isEnd: false)
                cursor &+= 1
                // `undisclosed-recipients:;@x.example`: what a server has added to a group belongs to it.
                if byte == UInt8(ascii: ";") {
                    isInGroup = isInGroup && cursor < bytes.count && bytes[cursor] == UInt8(ascii: "@")
                }
            case UInt8(ascii: "["): takeDomainLiteral()
            case UInt8(ascii: ":"):
                startGroup()
                cursor &+= 1
            default: takeText()
            }
            if parties.count >= limit {
                isCut = cursor < bytes.count
                return
            }
        }
        flush(isEnd: true)
    }

    /// Bytes up to the next that means something.
    private mutating func takeText() {
        let start = cursor
        while cursor < bytes.count, !Self.isSpecial(bytes[cursor]) { cursor &+= 1 }
        phrase.append(contentsOf: bytes[start..<cursor])
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: "<"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "["), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private mutating func readQuotedString() {
        guard cursor < noQuoteAfter else { return takeByte() }
        var text: [UInt8] = []
        var index = cursor + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count { index &+= 1 }
            text.append(bytes[index])
            index &+= 1
        }
        guard index < bytes.count else {
            noQuoteAfter = cursor
            return takeByte()
        }
        let start = cursor
        cursor = index + 1
        if cursor < bytes.count, bytes[cursor] == UInt8(ascii: "@"), trimmed(phrase).isEmpty {
            // With its escapes: they are part of the address (RFC 5321 §4.1.2).
            phrase += bytes[start...index]
            hasQuotedLocalPart = true
            return
        }
        phraseIsQuoted = true
        phrase += text
        quotedEnd = phrase.count
    }

    /// A quote or bracket that has no partner means nothing.
    private mutating func takeByte() {
        cursor &+= 1
    }

    private mutating func readComment() {
        guard cursor < noCommentEndAfter else { return takeByte() }
        var depth = 0
        var text: [UInt8] = []
        var index = cursor
        while index < bytes.count {
            let byte = bytes[index]
            index &+= 1
            if byte == UInt8(ascii: "\\"), index < bytes.count {
                text.append(bytes[index])
                index &+= 1
                continue
            }
            if byte == UInt8(ascii: "(") { depth &+= 1 }
            if byte == UInt8(ascii: ")") { depth &-= 1 }
            if depth == 0 { break }
            if depth > 1 || byte != UInt8(ascii: "(") { text.append(byte) }
        }
        guard depth == 0 else {
            noCommentEndAfter = cursor
            return takeByte()
        }
        cursor = index
        // A comment is a blank (RFC 5322 §3.2.2): with blanks around it, it is one.
        if let last = phrase.last, last <= 0x20 {
            while cursor < bytes.count, isBlank(bytes[cursor]) { cursor &+= 1 }
        }
        addComment(text)
    }

    private mutating func addComment(_ text: [UInt8]) {
        guard !text.isEmpty else { return }
        if !comment.isEmpty { comment.append(0x20) }
        comment += text
    }

    /// `[IPv6:2001:db8::1]`, whose colons open no group.
    private mutating func takeDomainLiteral() {
        let bound = min(bytes.count, cursor + 64)
        let close = ByteSearch.firstIndex(of: UInt8(ascii: "]"), in: bytes, cursor..<bound) ?? cursor
        phrase += bytes[cursor...close]
        cursor = close + 1
    }

    private mutating func readAngleAddress() {
        var start = cursor
        while start < bytes.count, bytes[start] == UInt8(ascii: "<") { start &+= 1 }
        var end = start
        var isQuoted = false
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ">") || (byte == UInt8(ascii: "<") && !isQuoted) { break }
            end &+= 1
        }
        let (inner, remarks) = AddressText.withoutComments(bytes[start..<end])
        cursor = end
        while cursor < bytes.count, bytes[cursor] == UInt8(ascii: ">") { cursor &+= 1 }
        guard !AddressText.isEmptyGroup(inner) else { return }
        takeEarlierAddress()
        nameLength = phrase.count
        address = AddressText.withoutRoute(trimmed(inner))
        addComment(remarks)
    }

    /// `Joe <joe@x.example> Ann <ann@x.example>`: where no comma parts them, the next angle does. What is no address
    /// belongs to the name.
    private mutating func takeEarlierAddress() {
        guard let earlier = address else { return }
        guard earlier.contains(UInt8(ascii: "@")), parties.count < limit else {
            phrase.insert(contentsOf: earlier, at: min(nameLength, phrase.count))
            return
        }
        let name = trimmed(Array(phrase.prefix(nameLength)))
        append(name: AddressText.name(name, comment), address: earlier)
        phrase.removeFirst(nameLength)
        comment = []
    }

    /// `Name:` opens a group; a colon inside an address does not.
    private mutating func startGroup() {
        guard address == nil else { return }
        phrase = []
        comment = []
        phraseIsQuoted = false
        quotedEnd = 0
        isInGroup = true
    }

    private mutating func flush(isEnd: Bool) {
        // `"Joe"joe@b.example` without angle brackets: a name, and no part of the address.
        if address == nil, quotedEnd > 0, quotedEnd < phrase.count, !"@.".utf8.contains(phrase[quotedEnd]),
            phrase[quotedEnd...].contains(UInt8(ascii: "@"))
        {
            phrase.insert(0x20, at: quotedEnd)
        }
        let words = trimmed(phrase)
        if let address {
            append(name: AddressText.name(words, comment), address: address)
        } else if words.contains(UInt8(ascii: "@")) {
            appendBare(words)
        } else if !isEnd, !phraseIsQuoted, !words.isEmpty, nextMailboxHasAngle() {
            // The comma is at `cursor`; the blank behind it, where there is one, follows by itself.
            let hasBlank = cursor + 1 < bytes.count && isBlank(bytes[cursor + 1])
            phrase = words + Array((hasBlank ? "," : ", ").utf8)
            quotedEnd = 0
            return
        } else {
            // A comment by itself names nobody: `nobody:(that I know of);`.
            append(name: words, address: [])
        }
        resetMailbox()
    }

    /// Addresses without angle brackets. What is parted by nothing but blanks are several, and none is lost.
    private mutating func appendBare(_ words: [UInt8]) {
        let (name, addresses) = hasQuotedLocalPart ? ([], [words]) : AddressText.bare(words)
        for address in addresses where parties.count < limit && !(isInGroup && AddressText.isDomainAlone(address[...]))
        {
            append(name: AddressText.name(name, comment), address: address)
        }
    }

    /// `Doe, John <j@example.org>`: is the comma before us one inside a name?
    private func nextMailboxHasAngle() -> Bool {
        var index = cursor + 1
        let bound = min(bytes.count, index + 256)
        while index < bound {
            switch bytes[index] {
            case UInt8(ascii: "<"): return bytes[cursor] == UInt8(ascii: ",")
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: "\""):
                return false
            default: index &+= 1
            }
        }
        return false
    }

    private mutating func resetMailbox() {
        phrase.removeAll(keepingCapacity: true)
        comment.removeAll(keepingCapacity: true)
        address = nil
        nameLength = 0
        phraseIsQuoted = false
        quotedEnd = 0
        hasQuotedLocalPart = false
    }

    private mutating func text(_ bytes: [UInt8]) -> String {
        bytes.isEmpty ? "" : UnicodeText.normalised(decoder.decode(trimmed(bytes))).trimmedBlanks
    }

    private mutating func append(name: [UInt8], address: [UInt8]) {
        let shown = text(name)
        let mail = AddressText.plain(text(address))
        guard !shown.isEmpty || !mail.isEmpty else { return }
        let isEncoded = ByteSearch.firstIndex(of: [0x3D, 0x3F], in: name, 0..<name.count) != nil
        if mail.isEmpty, isEncoded, let (name, mail) = AddressText.mailbox(in: shown) {
            parties.append(Party(name: name.isEmpty ? nil : name, email: mail))
            return
        }
        let repeatsAddress = shown == mail || AddressText.withoutQuotes(shown) == mail
        let hasName = !shown.isEmpty && (keepsAddressAsName || !repeatsAddress)
        parties.append(Party(name: hasName ? shown : nil, email: mail.isEmpty ? nil : mail))
    }
}
