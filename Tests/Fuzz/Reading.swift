import EmailAdapter
import GatehouseCore

/// Short ways for targets to let an adapter read some bytes.
enum Reading {
    /// Reads `bytes` and holds every item to its promises.
    @discardableResult
    static func items(_ adapter: some ChannelAdapter, _ format: String, _ bytes: [UInt8]) -> [ParsedItem] {
        var context = IntakeContext(source: "/\(adapter.channel.rawValue)/fuzz", account: "fuzz")
        context.defaultRegion = "DE"
        context.timeZone = "Europe/Berlin"
        let input = AdapterInput(bytes: ByteReader(bytes: bytes, name: "fuzz"), position: "fuzz", context: context)
        var items: [ParsedItem] = []
        do {
            try adapter.parse(input, format: format) { items.append($0) }
        } catch {
            // An input in memory can be read: only its size or form can be wrong, and that is an `IntakeError`.
            Promise.isKept(error is IntakeError, "\(error)")
        }
        for item in items { Promise.holds(for: item) }
        return items
    }

    /// Whatever an adapter takes the bytes for, and each of its formats by name.
    static func everyFormat(_ adapter: some ChannelAdapter, _ bytes: [UInt8]) {
        _ = adapter.recognise(head: Array(bytes.prefix(64 * 1024)), name: "fuzz", headers: [:])
        for format in adapter.formats { items(adapter, format.name, bytes) }
    }

    /// A mail is never rejected while it has bytes, and keeps all of them.
    static func mail(_ bytes: [UInt8]) {
        let found = items(EmailAdapter(), "rfc5322", bytes)
        guard !bytes.isEmpty else { return }
        guard found.count == 1, case .message(let held) = found[0] else {
            return Promise.isKept(false, "a mail became no envelope")
        }
        Promise.isKept(held.message.raw == bytes, "a mail's bytes were not kept")
    }
}
