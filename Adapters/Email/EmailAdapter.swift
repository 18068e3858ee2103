package import GatehouseCore

/// E-mail: one message (RFC 5322) or a file of many (mbox, RFC 4155).
package struct EmailAdapter: ChannelAdapter {
    package let channel = Channel.email

    package let formats = [
        MessageFormat(name: "rfc5322", summary: "one e-mail message with its headers, as a mail server hands it on"),
        MessageFormat(
            name: "mbox",
            summary: "a file of many e-mail messages, each after a line that starts with 'From '"
        ),
    ]

    package init() {}

    package func recognise(head: [UInt8], name: String, headers: [String: String]) -> [FormatMatch] {
        MailRecognition.matches(head, name: name)
    }

    package func parse(_ input: AdapterInput, format: String, emit: (ParsedItem) throws -> Void) throws {
        if format == "mbox" { return try parseMbox(input, emit) }
        let limit = input.context.limits.messageBytes
        let (bytes, isCut) = try input.bytes.readAll(limit: limit)
        guard !bytes.isEmpty else { return try emit(.rejected(Self.emptyInput(input))) }
        try emit(.message(Self.message(bytes, input.context, at: input.position, isCut: isCut)))
    }

    private func parseMbox(_ input: AdapterInput, _ emit: (ParsedItem) throws -> Void) throws {
        var reader = MboxReader(input.bytes, limit: input.context.limits.messageBytes)
        var isEmpty = true
        while let entry = try reader.next() {
            isEmpty = false
            let position = "\(input.position)#\(entry.offset)"
            try emit(.message(Self.message(entry.message, input.context, at: position, isCut: entry.isCut)))
        }
        if isEmpty { try emit(.rejected(Self.emptyInput(input))) }
    }

    /// - Parameter isCut: The message is longer than the limit, and `bytes` only its start.
    static func message(_ bytes: [UInt8], _ context: IntakeContext, at position: String, isCut: Bool) -> ParsedMessage {
        var parsed = MailParser(context: context, position: position).parse(bytes)
        if isCut { parsed.envelope.data.warnings.append("limit:message_bytes") }
        return parsed
    }

    static func emptyInput(_ input: AdapterInput) -> RejectedInput {
        RejectedInput(
            reason: "empty_input",
            detail: "\(input.position) is empty: there is no message in it. Check what wrote it.",
            position: input.position,
            provider: "rfc5322",
            raw: []
        )
    }
}
