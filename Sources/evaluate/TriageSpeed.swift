import GatehouseCore
import GatehouseTriage

/// How fast secrets are removed and triage is done, on one core: messages of 300 bytes a second, and megabytes a second of
/// long ones. The words are those of a file, cut at spaces.
enum TriageSpeed {
    private static let leastSeconds = 1.0

    /// - Parameter sizes: Bytes of a message.
    static func run(file: String, sizes: [Int] = [300, 100_000]) {
        let text = EvaluationFiles.read(file)
        let triage = Triage()
        let redactor = triage.redactor(key: Array(repeating: 7, count: 32))
        for size in sizes {
            let messages = pieces(of: text, size).map(message)
            let bytes = messages.reduce(0) { $0 + $1.raw.count }
            let removing = seconds(of: messages) { _ = redactor.redact(&$0) }
            let judging = seconds(of: messages) { triage.assess(&$0.envelope) }
            for (name, seconds) in [("secrets", removing), ("triage", judging), ("both", removing + judging)] {
                let rate = Double(messages.count) / seconds
                let megabytes = Double(bytes) / seconds / 1e6
                print("\(name), \(size) bytes: \(Int(rate)) messages/s, \(Evaluate.decimal(megabytes, 1)) MB/s")
            }
        }
    }

    /// Processor time for all of them once.
    private static func seconds(of messages: [ParsedMessage], _ work: (inout ParsedMessage) -> Void) -> Double {
        var rounds = 0
        var time = 0.0
        repeat {
            // Copied here, not at the first change.
            var copies = messages.map { $0 }
            let start = Evaluate.processorTime
            for index in copies.indices { work(&copies[index]) }
            time += Evaluate.processorTime - start
            rounds += 1
        } while time < leastSeconds
        return time / Double(rounds)
    }

    private static func pieces(of text: [UInt8], _ size: Int) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        while start + size < text.count, pieces.count < 20_000 {
            var end = start + size
            while end > start + size / 2, text[end] > 0x20 { end -= 1 }
            pieces.append(Array(text[start..<end]))
            start = end
        }
        return pieces
    }

    private static func message(_ text: [UInt8]) -> ParsedMessage {
        var data = MessageData(channel: .webChat, provider: "generic")
        data.body = Body(text: String(decoding: text, as: UTF8.self))
        let envelope = Envelope(source: "/web_chat/speed", type: .messageCreated, data: data)
        return ParsedMessage(envelope: envelope, keys: [], raw: text)
    }
}
