import GatehouseCore

/// Priority and queue as fields of the message name them: obeyed from trusted senders, and from nobody else.
///
/// A field that is not obeyed goes nowhere; a warning says that it was there.
struct ControlFields {
    private(set) var control: MailControl?
    private(set) var warnings: [String] = []

    private static let longestQueue = 100

    /// - Parameters:
    ///   - author: The only author's address; nil where there is not exactly one.
    ///   - isAuthentic: A trusted server vouches for the author's domain.
    init(
        _ message: [UInt8],
        _ header: HeaderBlock,
        settings: ControlSettings,
        author: @autoclosure () -> String?,
        isAuthentic: Bool
    ) {
        let priority = header.first(FieldName(settings.priorityField), in: message)
        let queue = header.first(FieldName(settings.queueField), in: message)
        guard priority != nil || queue != nil else { return }
        let isTrusted =
            author().map(settings.trustedSenders.contains) ?? false && (isAuthentic || !settings.needsAuthentication)
        var found = MailControl()
        if isTrusted, let priority {
            let word = String(decoding: unfold(message, priority.prefix(100)).map(asciiLower), as: UTF8.self)
            found.priority = UrgencyLevel(rawValue: word)
        }
        if isTrusted, let queue {
            var decoder = HeaderTextDecoder()
            let text = UnicodeText.normalised(decoder.text(of: message, queue.prefix(1000))).trimmedBlanks
            let isName = text.unicodeScalars.count <= Self.longestQueue && text.utf8.allSatisfy { $0 >= 0x20 }
            found.queue = isName && !text.isEmpty ? text : nil
        }
        if priority != nil, found.priority == nil { warn(settings.priorityField) }
        if queue != nil, found.queue == nil { warn(settings.queueField) }
        if found != MailControl() { control = found }
    }

    private mutating func warn(_ name: String) { warnings.append("control_ignored:\(name.lowercased())") }
}
