import GatehouseCore

extension JSONValue {
    /// The first of these members that holds more than white space; one that is no text counts as absent.
    func word(_ keys: String...) -> String? {
        for key in keys {
            if let word = try? wordField(key) { return word }
        }
        return nil
    }

    /// The first of these members that is there and not blank, as text.
    func idField(_ keys: String...) throws(JSONFieldError) -> String? {
        for key in keys {
            if let word = try wordField(key) { return word }
        }
        return nil
    }

    /// A member that is an object.
    func object(_ key: String) -> JSONValue? { self[key].flatMap { $0.members == nil ? nil : $0 } }

    /// A member that is neither absent nor null.
    func given(_ key: String) -> JSONValue? { self[key].flatMap { $0.isNull ? nil : $0 } }
}

extension ChatDocument {
    /// What is no message, under the vendor's own word for it.
    func ignored(_ kind: String?, at value: JSONValue? = nil) -> ParsedItem {
        let place = value.map { payload.place($0.offset) } ?? payload.place
        return .ignored(IgnoredInput(kind: Self.word(kind), position: place))
    }

    /// A vendor's word as one that can be counted: lower-case letters, digits and `_`. `chat:readState` is `chat_read_state`.
    static func word(_ text: String?) -> String {
        var result: [UInt8] = []
        var isLower = false
        for byte in (text ?? "").utf8.prefix(64) {
            let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            if isUpper, isLower { result.append(UInt8(ascii: "_")) }
            isLower = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): result.append(byte)
            case _ where isUpper: result.append(byte | 0x20)
            default: if result.last != UInt8(ascii: "_"), !result.isEmpty { result.append(UInt8(ascii: "_")) }
            }
        }
        while result.last == UInt8(ascii: "_") { result.removeLast() }
        return result.isEmpty ? "unknown_event" : String(decoding: result, as: UTF8.self)
    }

    /// Reads a list's items one by one and hands them on: one that is broken costs itself and no other.
    ///
    /// - Parameter read: Gives what an item is; it throws `JSONFieldError` where that can't be told.
    func forEach(
        _ values: [JSONValue],
        named name: String,
        _ emit: (ParsedItem) throws -> Void,
        _ read: (JSONValue) throws(JSONFieldError) -> ParsedItem
    ) throws {
        for (index, value) in values.enumerated() {
            var item: ParsedItem
            do throws(JSONFieldError) {
                try value.requireObject("item")
                item = try read(value)
            } catch {
                var named = error
                named.field = "\(name)[\(index)].\(error.field)"
                item = payload.rejected(named, item: value.offset)
            }
            try emit(item)
        }
    }
}

extension ChatMessage {
    /// True where there is nothing that a person could read or open; what this program can't read counts as something.
    var isEmpty: Bool {
        text.allSatisfy(\.isWhitespace) && attachments.isEmpty
            && !warnings.contains { $0.hasPrefix("unsupported_content:") || $0 == "attachment_without_link" }
    }

    /// Who wrote it, and so which way it went: the customer's is inbound, all else outbound.
    mutating func setSender(_ party: Party, customer: Party?) {
        sender = party
        if party.role == .customer {
            direction = .inbound
            self.customer = customer ?? party
        } else {
            direction = .outbound
            if party.role == .bot { automated = .bot }
            self.customer = customer
            recipient = customer
        }
    }

    /// Adds a line to the text.
    mutating func addLine(_ line: String?) {
        guard let line, !line.isEmpty else { return }
        text += (text.isEmpty ? "" : "\n") + line
    }

    /// Takes the first of these times that is one; 0 stands for none.
    mutating func setFirstTime(_ values: JSONValue?...) {
        for value in values {
            guard let value, !value.isNull, value.text != "0", value.text != "" else { continue }
            return setTime(value)
        }
    }
}
