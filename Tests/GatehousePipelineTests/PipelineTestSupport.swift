import Foundation
import GatehouseCore
import GatehousePipeline
import GatehouseStore
import GatehouseTriage
import Glibc

/// An adapter whose inputs are lines, each an item: `hello` is a message, `!x` is rejected, `~x` ignored as `x`.
struct LineAdapter: ChannelAdapter {
    var channel = Channel.webChat
    var formats = [MessageFormat(name: "lines", summary: "one message a line")]
    /// What `recognise` says, whatever the input.
    var matches = [FormatMatch(format: "lines", confidence: .certain)]
    /// Called after the first line, once the reader has been told that its input is silent.
    var pause: (@Sendable () -> Void)?

    func recognise(head: [UInt8], name: String, headers: [String: String]) -> [FormatMatch] { matches }

    func parse(_ input: AdapterInput, format: String, emit: (ParsedItem) throws -> Void) throws {
        let (bytes, _) = try input.bytes.readAll(limit: 64 << 20)
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            try emit(item(Array(line), input))
            if index == 0, let pause {
                input.bytes.beforeWaiting?()
                pause()
            }
        }
    }

    private func item(_ line: [UInt8], _ input: AdapterInput) -> ParsedItem {
        let text = String(decoding: line, as: UTF8.self)
        switch line.first {
        case UInt8(ascii: "!"):
            return .rejected(
                RejectedInput(reason: "bad", detail: text, position: input.position, provider: "lines", raw: line)
            )
        case UInt8(ascii: "~"): return .ignored(IgnoredInput(kind: String(text.dropFirst()), position: input.position))
        default:
            var data = MessageData(channel: channel, provider: "lines")
            data.account = "desk"
            data.body.text = String(text.prefix(100))
            let envelope = Envelope(source: input.context.source, type: .messageCreated, data: data)
            let key = IdentityKey(.authoritative, String(text.prefix(100)))
            return .message(ParsedMessage(envelope: envelope, keys: [key], raw: line))
        }
    }
}

/// A source of inputs that are given, which writes down what happens to it.
final class ScriptedSource: MessageSource, @unchecked Sendable {
    let name = "scripted"
    var inputs: [(item: String, text: String)]
    /// What could not be read, at the end.
    var partial: PartialPoll?
    /// What ends the poll, after all inputs.
    var failure: IntakeError?
    var acknowledgementFailure: IntakeError?
    private(set) var acknowledged: [[String]] = []
    /// Called before each acknowledgement.
    var onAcknowledge: () -> Void = {}

    init(_ inputs: [(item: String, text: String)]) { self.inputs = inputs }

    func poll(positions: [String: String], accept: (SourceInput) throws -> Void) throws -> [PositionUpdate] {
        for input in inputs where positions[input.item] == nil {
            try accept(
                SourceInput(
                    input: AdapterInput(
                        bytes: ByteReader(bytes: Array(input.text.utf8), name: input.item),
                        position: input.item,
                        context: IntakeContext(source: "/x")
                    ),
                    format: nil,
                    positions: [PositionUpdate(item: input.item, value: "read")],
                    receipt: input.item
                )
            )
        }
        if let partial { throw partial }
        if let failure { throw failure }
        return []
    }

    func acknowledge(_ receipts: [String]) throws {
        onAcknowledge()
        acknowledged.append(receipts)
        if let acknowledgementFailure { throw acknowledgementFailure }
    }
}

/// A state directory of its own, gone with the test.
final class PipelineFixture {
    let root = FileManager.default.temporaryDirectory.appending(path: "gatehouse-pipeline-\(UUID().uuidString)").path()
    let store: Store
    /// A second connection, for looking on while the first one commits.
    let observer: Store

    init() throws {
        store = try Store(directory: root + "/state", create: true)
        observer = try Store(directory: root + "/state", create: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func intake(adapters: [any ChannelAdapter] = [LineAdapter()], store: Store? = nil) -> Intake {
        Intake(
            resolver: FormatResolver(adapters: adapters),
            triage: Triage(),
            store: store ?? self.store,
            planner: TargetPlanner(targets: ["desk"], policy: TicketPolicy()),
            sourceName: "scripted"
        )
    }

    func poll(_ source: ScriptedSource) throws -> IntakeReport { try intake().poll(source, channel: nil) }

    func stored() throws -> Int { try observer.list(everything).count }

    private var everything: MessageFilter {
        var filter = MessageFilter()
        filter.limit = 1_000_000
        return filter
    }
}

func lines(_ range: ClosedRange<Int>) -> String { range.map { "message \($0)" }.joined(separator: "\n") }

/// Holds SQLite's write lock as another process would: byte 120 of the `-shm` file (sqlite.org/walformat.html §2.3.1),
/// by a lock of the open file description (fcntl(2), F_OFD_SETLK), which keeps out this process's own locks too.
final class WriterElsewhere: Sendable {
    private let descriptor: Int32

    init(in directory: String) throws {
        descriptor = unsafe open("\(directory)/gatehouse.sqlite3-shm", O_RDWR | O_CLOEXEC)
        var lock = flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 120, l_len: 1, l_pid: 0)
        let setLockOfDescription: Int32 = 37
        guard unsafe fcntl(descriptor, setLockOfDescription, &lock) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    func end() { close(descriptor) }
}
