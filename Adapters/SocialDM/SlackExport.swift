import GatehouseCore

/// A Slack export: one folder per channel with a file per day, and beside them `channels.json`, `users.json` and their kin.
///
/// slackdump's single file per channel is read too. Days are those of the exporting server, not of UTC; nothing here asks them.
/// (slack.com/help/articles/220556107-How-to-read-Slack-data-exports.)
struct SlackExport: ExportFormat {
    let format = MessageFormat(name: "slack", summary: "Slack export: the day files of its channels")
    let provider = "slack"

    private let directories = SlackDirectoryCache()

    func confidence(in shape: DocumentShape) -> Confidence? {
        for list in ["[]", ".messages[]"] where shape.has(list + ".ts") {
            let marks = [".type", ".user", ".text", ".bot_id", ".subtype"].filter { shape.has(list + $0) }
            if marks.count >= 2 { return .certain }
        }
        // The lists beside the channels: what they say is used, and they hold no messages.
        return SlackDirectory.isList(shape) ? .likely : nil
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        let head = try session.input.bytes.peek(DocumentShape.headSize)
        let shape = DocumentShape(head: head, name: session.input.path ?? session.input.position)
        if SlackDirectory.isList(shape), !shape.has("[].ts") { return try emit(session.ignored("slack_list", at: 0)) }
        let directory = directories.directory(for: session)
        var channel = directory.channel(ofFolder: session.folder?.components.last)
        try session.walk(format.name, emit: emit) { reader in
            var isExport = false
            while try reader.hasValue() {
                if try reader.enterArray() {
                    isExport = true
                    try readMessages(&reader, directory, channel, session, emit: emit)
                    continue
                }
                guard try reader.enterObject() else { return isExport }
                while let key = try reader.nextKey() {
                    switch key {
                    case "channel_id": channel = directory.channel(id: try reader.readValue().text) ?? channel
                    case "messages":
                        guard try reader.enterArray() else {
                            try reader.skipValue()
                            continue
                        }
                        isExport = true
                        try readMessages(&reader, directory, channel, session, emit: emit)
                    default: try reader.skipValue()
                    }
                }
            }
            return isExport
        }
    }

    private func readMessages(
        _ reader: inout JSONReader,
        _ directory: SlackDirectory,
        _ channel: SlackChannel?,
        _ session: ExportSession,
        emit: (ParsedItem) throws -> Void
    ) throws {
        try session.elements(&reader, emit: emit) { value, raw, warnings in
            let message = SlackMessage(
                value: value,
                raw: raw,
                warnings: warnings,
                channel: channel,
                directory: directory
            )
            try message.emit(in: session, to: emit)
            // slackdump puts a thread's answers into its first message, which repeats itself among them.
            for reply in value["slackdump_thread_replies"]?.array ?? [] where reply["ts"]?.text != value["ts"]?.text {
                var answer = message
                answer.value = reply
                try answer.emit(in: session, to: emit)
            }
        }
    }
}
