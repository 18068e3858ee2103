import GatehouseCore

@testable import EmailAdapter

/// Polls a source as the pipeline does, and keeps its positions as the store would.
final class SourceReader {
    var source: any MessageSource
    var positions: [String: String] = [:]
    private var receipts: [String] = []
    /// Called before each input is read.
    var beforeReading: (String) -> Void = { _ in }

    init(_ source: any MessageSource) { self.source = source }

    /// The bodies of what is new. They are committed, and the source has not heard of it yet.
    func poll() throws -> [String] {
        var bodies: [String] = []
        let forgotten = try source.poll(positions: positions) { input in
            beforeReading(input.input.position)
            let (bytes, _) = try input.input.bytes.readAll(limit: 1 << 20)
            bodies.append(Samples.parse(bytes).envelope.data.body.text.trimmedBlanks)
            for update in input.positions { positions[update.item] = update.value }
            receipts.append(input.receipt)
        }
        for update in forgotten { positions[update.item] = update.value }
        return bodies
    }

    func acknowledge() throws {
        defer { receipts = [] }
        try source.acknowledge(receipts)
    }

    func pollAndAcknowledge() throws -> [String] {
        defer { receipts = [] }
        let bodies = try poll()
        try source.acknowledge(receipts)
        return bodies
    }
}
