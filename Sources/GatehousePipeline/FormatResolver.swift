package import GatehouseCore

/// Finds the adapter and the format of an input: as it was told, or by the input's shape.
package struct FormatResolver: Sendable {
    package let adapters: [any ChannelAdapter]
    /// As much of an input as recognising it may look at.
    static let headBytes = 64 * 1024

    package init(adapters: [any ChannelAdapter]) { self.adapters = adapters }

    package var formatNames: [String] { adapters.flatMap { $0.formats.map(\.name) } }

    /// - Parameters:
    ///   - format: The format's name, where somebody named it.
    ///   - channel: Leaves only this channel's adapter in question.
    /// - Throws: `IntakeError.unknownFormat` where nothing fits, or two fit equally well: a doubt is never a guess.
    package func resolve(
        _ input: AdapterInput,
        format: String?,
        channel: Channel?
    ) throws -> (adapter: any ChannelAdapter, format: String) {
        let candidates = adapters.filter { channel == nil || $0.channel == channel }
        if let format, let adapter = candidates.first(where: { $0.formats.contains { $0.name == format } }) {
            return (adapter, format)
        }
        if let format {
            let names = candidates.flatMap { $0.formats.map(\.name) }
            let hint = Suggestion.nearest(to: format, among: names).map { " (did you mean '\($0)'?)" } ?? ""
            throw IntakeError.unknownFormat(
                place: input.position,
                looksLike: "there is no format '\(format)'\(hint)",
                candidates: names
            )
        }
        let head = try input.bytes.peek(Self.headBytes)
        // Nothing to look at: the only adapter in question says what an empty input is; mail's does by default.
        if head.isEmpty, let adapter = candidates.first { return (adapter, adapter.formats[0].name) }
        return try best(in: candidates, head: head, input: input)
    }

    static func matches(
        in candidates: [any ChannelAdapter],
        head: [UInt8],
        input: AdapterInput
    ) -> [(adapter: any ChannelAdapter, match: FormatMatch)] {
        candidates.flatMap { adapter in
            adapter.recognise(head: head, name: input.position, headers: input.context.headers).map { (adapter, $0) }
        }
    }

    private func best(
        in candidates: [any ChannelAdapter],
        head: [UInt8],
        input: AdapterInput
    ) throws -> (adapter: any ChannelAdapter, format: String) {
        let matches = Self.matches(in: candidates, head: head, input: input)
        guard let strongest = matches.map(\.match.confidence).max() else {
            throw IntakeError.unknownFormat(
                place: input.position,
                looksLike: "it looks like none of the known formats",
                candidates: candidates.flatMap { $0.formats.map(\.name) }
            )
        }
        let finalists = matches.filter { $0.match.confidence == strongest }
        guard finalists.count == 1 else {
            throw IntakeError.unknownFormat(
                place: input.position,
                looksLike: "it may be \(finalists.map(\.match.format).joined(separator: " or "))",
                candidates: finalists.map(\.match.format)
            )
        }
        return (finalists[0].adapter, finalists[0].match.format)
    }
}

extension RejectedInput {
    /// An input that has none of the known formats, or that may have two: its bytes are kept for a person to look at.
    package init(unrecognised input: AdapterInput, because error: IntakeError) throws(IntakeError) {
        let (bytes, isCut) = try input.bytes.readAll(limit: input.context.limits.messageBytes)
        self.init(
            reason: isCut ? "unknown_format_cut" : "unknown_format",
            detail: "\(error)",
            position: input.position,
            provider: "unknown",
            raw: bytes
        )
    }
}
