/// A format that an adapter reads; its name is the word for `--format` and in the configuration.
package struct MessageFormat: Sendable, Equatable {
    /// `telegram-desktop`, `chatwoot`, `rfc5322`…
    package let name: String
    package let summary: String
    /// Whether an input is a download that may go back years: who takes one in has to say from when on tickets open.
    package var isExport = false

    package init(name: String, summary: String) {
        self.name = name
        self.summary = summary
    }
}

/// How sure an adapter is that an input has one of its formats.
package enum Confidence: Int, Comparable, Sendable {
    /// Nothing speaks against it.
    case possible = 1
    /// Some of its marks are there.
    case likely
    /// Marks that no other format has.
    case certain

    package static func < (left: Confidence, right: Confidence) -> Bool { left.rawValue < right.rawValue }
}

package struct FormatMatch: Sendable, Equatable {
    package let format: String
    package let confidence: Confidence

    package init(format: String, confidence: Confidence) {
        self.format = format
        self.confidence = confidence
    }
}

/// One channel: bytes in, envelopes out. It touches no store, no network and no clock.
package protocol ChannelAdapter: Sendable {
    var channel: Channel { get }
    /// The formats of this channel, in the order in which `--help` lists them.
    var formats: [MessageFormat] { get }

    /// Which of its formats an input may have.
    ///
    /// - Parameters:
    ///   - head: The first 64 KiB, or all of a shorter input.
    ///   - name: The file's name or path, which may help: `message_1.json`.
    ///   - headers: HTTP header fields of a webhook, names in lower case.
    func recognise(head: [UInt8], name: String, headers: [String: String]) -> [FormatMatch]

    /// Reads one input and hands on its messages, in the input's order, one at a time.
    ///
    /// - Parameters:
    ///   - format: One of `formats`.
    ///   - emit: Takes each item; what it throws goes through.
    /// - Throws: `IntakeError` if the input can't be read at all. One bad message is no error: it is handed on as
    ///   `.rejected`, and reading goes on.
    func parse(_ input: AdapterInput, format: String, emit: (ParsedItem) throws -> Void) throws
}

extension ChannelAdapter {
    /// Whether inputs of this format are exports.
    package func isExport(_ format: String) -> Bool { formats.contains { $0.name == format && $0.isExport } }
}
