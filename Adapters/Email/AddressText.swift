import GatehouseCore

/// What stands where an address should, made an address.
enum AddressText {
    /// `joe.doe+x@example.org` and nothing else, which half of all fields are.
    static func isPlain(_ bytes: [UInt8]) -> Bool {
        var signs = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "+"):
                continue
            case UInt8(ascii: "@"): signs += 1
            default: return false
            }
        }
        return signs == 1
    }

    /// What a mailbox is called. People put into comments who they are: `Joe (Accounts) <a@b.example>` is shown as it
    /// stands, and a comment alone is the name (RFC 5322 §3.4, "legacy implementations").
    static func name(_ name: [UInt8], _ comment: [UInt8]) -> [UInt8] {
        guard !comment.isEmpty else { return name }
        var remark = trimmed(comment)
        // `((Joe))`
        if remark.first == UInt8(ascii: "("), remark.firstIndex(of: UInt8(ascii: ")")) == remark.count - 1 {
            remark = trimmed(Array(remark.dropFirst().dropLast()))
        }
        guard !name.isEmpty, !remark.isEmpty else { return name.isEmpty ? remark : name }
        return name == remark ? name : name + Array(" (".utf8) + remark + [UInt8(ascii: ")")]
    }

    /// Without what some programs put around an address: `mailto:`, `[…]`, `'…'`, a `>` that nothing opened.
    static func plain(_ address: String) -> String {
        guard let first = address.utf8.first, let last = address.utf8.last else { return address }
        var mail = address
        if last == UInt8(ascii: ">"), !mail.utf8.contains(UInt8(ascii: "<")) { mail.removeLast() }
        if first == UInt8(ascii: "["), last == UInt8(ascii: "]") { mail = String(mail.dropFirst().dropLast()) }
        mail = withoutQuotes(mail)
        if let start = mail.utf8.first, asciiLower(start) == UInt8(ascii: "m"),
            mail.utf8.prefix(7).elementsEqual("mailto:".utf8, by: { asciiLower($0) == $1 })
        {
            mail = String(mail.dropFirst(7))
        }
        return mail
    }

    /// Without a pair of `'` around it, as Outlook puts there.
    static func withoutQuotes(_ text: String) -> String {
        guard text.utf8.count > 2, text.utf8.first == 0x27, text.utf8.last == 0x27 else { return text }
        return String(text.dropFirst().dropLast())
    }

    /// Takes words apart that have no angle brackets and at least one `@`.
    ///
    /// `joe @ example . org` has blanks that mean nothing; in `Joe joe@example.org` the word with the `@` is the address;
    /// where every word has one, all are.
    static func bare(_ words: [UInt8]) -> (name: [UInt8], addresses: [[UInt8]]) {
        guard words.contains(where: { $0 <= 0x20 }) else { return ([], [words]) }
        let joined = withoutBlanksAroundSigns(words)
        let pieces = joined.split(whereSeparator: { $0 <= 0x20 })
        guard pieces.count > 1, let place = pieces.lastIndex(where: { $0.contains(UInt8(ascii: "@")) }) else {
            return ([], [joined])
        }
        if pieces.allSatisfy({ $0.contains(UInt8(ascii: "@")) }) {
            var seen: Set<[UInt8]> = []
            return ([], pieces.map(Array.init).filter { seen.insert($0).inserted })
        }
        let others = pieces.indices.filter { $0 != place }.map { pieces[$0] }
        return (Array(others.joined(separator: [0x20])), [Array(pieces[place])])
    }

    private static func withoutBlanksAroundSigns(_ words: [UInt8]) -> [UInt8] {
        var joined: [UInt8] = []
        for (index, byte) in words.enumerated() {
            let isGlue = byte == UInt8(ascii: "@") || byte == UInt8(ascii: ".")
            if isGlue { while let last = joined.last, last <= 0x20 { joined.removeLast() } }
            let followsGlue = joined.last == UInt8(ascii: "@") || joined.last == UInt8(ascii: ".")
            if byte <= 0x20, followsGlue, index > 0 { continue }
            joined.append(byte)
        }
        return joined
    }

    /// `<@relay,@relay:user@host>`: the route means nothing any more (RFC 5322 §4.4).
    static func withoutRoute(_ text: [UInt8]) -> [UInt8] {
        guard text.first == UInt8(ascii: "@"), let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return text }
        return Array(text[(colon + 1)...])
    }

    /// `pete(his account)@example.org` (RFC 5322 Appendix A.5), without blanks where it has comments or dots, and what the
    /// comments say.
    static func withoutComments(_ text: ArraySlice<UInt8>) -> (address: [UInt8], comments: [UInt8]) {
        let hasComment = text.contains(UInt8(ascii: "("))
        guard hasComment || text.contains(0x20) && text.contains(UInt8(ascii: ".")),
            !text.contains(UInt8(ascii: "\""))
        else { return (Array(text), []) }
        var address: [UInt8] = []
        var comments: [UInt8] = []
        var depth = 0
        for byte in text {
            if byte == UInt8(ascii: "(") {
                if depth == 0, !comments.isEmpty { comments.append(0x20) }
                depth &+= 1
                if depth == 1 { continue }
            }
            if depth == 0 {
                if byte > 0x20 { address.append(byte) }
            } else {
                if byte == UInt8(ascii: ")") { depth &-= 1 }
                if depth > 0 { comments.append(byte) }
            }
        }
        return (address, comments)
    }

    /// The mailbox in a text that stood in encoded words as a whole, which RFC 2047 §5 forbids and some programs do.
    ///
    /// - Parameter text: Decoded.
    /// - Returns: nil where the text is no `name <address>` and no lone address.
    static func mailbox(in text: String) -> (name: String, mail: String)? {
        let bytes = Array(text.utf8.prefix(1000))
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        guard bytes.last == UInt8(ascii: ">") else {
            return bytes.contains { $0 <= 0x20 } ? nil : ("", text)
        }
        guard let open = bytes.lastIndex(of: UInt8(ascii: "<")), open < at else { return nil }
        let mail = bytes[(open + 1)..<(bytes.count - 1)]
        guard !mail.contains(where: { $0 <= 0x20 }) else { return nil }
        var name = trimmed(Array(bytes[..<open]))
        if name.count > 1, name.first == UInt8(ascii: "\""), name.last == UInt8(ascii: "\"") {
            name = Array(name.dropFirst().dropLast())
        }
        return (String(decoding: name, as: UTF8.self), String(decoding: mail, as: UTF8.self))
    }

    /// `<Undisclosed-Recipients:;>`, also with the domain that a server has added before or behind the semicolon:
    /// `<Undisclosed-Recipients:@x.example;>`, `<Undisclosed-Recipients:;@x.example>`.
    static func isEmptyGroup(_ inner: [UInt8]) -> Bool {
        guard let colon = inner.firstIndex(of: UInt8(ascii: ":")) else { return false }
        var members = inner[(colon + 1)...]
        if members.first == UInt8(ascii: ";") {
            members.removeFirst()
        } else if members.popLast() != UInt8(ascii: ";") {
            return false
        }
        return members.isEmpty || isDomainAlone(members)
    }

    /// What a server makes of a group without members when it completes addresses.
    static func isDomainAlone(_ address: ArraySlice<UInt8>) -> Bool {
        address.first == UInt8(ascii: "@") && address.count { $0 == UInt8(ascii: "@") } == 1
    }
}
