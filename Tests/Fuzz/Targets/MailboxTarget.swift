import GatehouseCore
import GatehouseSources
import GatehouseTransfer

/// What a mail server says: the input's first byte chooses IMAP or POP3 and the size of the pieces in which it comes.
///
/// Whatever it says, a poll ends, with messages or with an error; none is longer than its limit.
extension FuzzTarget {
    static let mailbox = FuzzTarget(name: "mailbox") { bytes in
        guard let first = bytes.first else { return }
        let isIMAP = first & 1 == 0
        let pieceBytes = 1 + Int(first >> 1) * 37
        guard let address = MailboxAddress(isIMAP ? "imaps://localhost" : "pop3s://localhost") else { return }
        var settings = MailboxSettings(address: address, encryption: .implicit, user: "u", login: .password) { "p" }
        settings.action = .delete
        let answers = Array(bytes.dropFirst())
        settings.open = { (_) throws(StreamError) in SpokenBytes(answers, pieceBytes: pieceBytes) }
        var context = IntakeContext(source: "/email/fuzz", account: "fuzz")
        context.limits.messageBytes = 4096
        let source: any MessageSource =
            isIMAP
            ? IMAPSource(name: "fuzz", settings: settings, context: context)
            : POP3Source(name: "fuzz", settings: settings, context: context)
        do {
            var receipts: [String] = []
            _ = try source.poll(positions: [:]) { found in
                let (message, isCut) = try found.input.bytes.readAll(limit: 4096)
                Promise.isKept(!isCut && message.count <= answers.count, "a message of \(message.count) bytes")
                receipts.append(found.receipt)
            }
            try source.acknowledge(receipts)
            _ = try source.close()
        } catch {
            Promise.isKept(error is any OperatorError, "\(error)")
        }
    }
}

/// A server that says the same whatever it hears, and then ends the connection.
private final class SpokenBytes: ByteStream {
    private let bytes: [UInt8]
    private let pieceBytes: Int
    private var start = 0

    init(_ bytes: [UInt8], pieceBytes: Int) {
        self.bytes = bytes
        self.pieceBytes = pieceBytes
    }

    func send(_ bytes: [UInt8]) throws(StreamError) {}
    func beginExchange() {}

    func receive(into buffer: inout [UInt8]) throws(StreamError) -> Int {
        let end = min(start + pieceBytes, bytes.count)
        buffer += bytes[start..<end]
        defer { start = end }
        return end - start
    }
}
