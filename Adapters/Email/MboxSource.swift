package import GatehouseCore
import Glibc

/// One mbox file that grows.
///
/// Its position is the offset up to which it was read and a digest of the bytes before that. Where the file is
/// shorter or those
/// bytes differ, it was rotated, compacted or rewritten: it is read from the start, and what is known already falls
/// to the
/// store's claim. Nothing in the file is ever changed.
package struct MboxSource: MessageSource {
    package let name: String
    private let path: String
    private let context: IntakeContext

    /// How many bytes before the offset the digest covers.
    private static let digestWindow = 1024

    package init(name: String, path: String, context: IntakeContext) {
        self.name = name
        self.path = path
        self.context = context
    }

    package func poll(
        positions: [String: String],
        accept: (SourceInput) throws -> Void
    ) throws -> [PositionUpdate] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { throw IntakeError.missing(path: path) }
            throw IntakeError.unreadable(path: path, reason: systemMessage(errno))
        }
        defer { close(descriptor) }
        let known = positions[""].flatMap(MboxPosition.init)
        // Without news nothing is locked and no message is read.
        if let known, known.offset == size(of: descriptor), matches(known, descriptor) { return [] }
        let lock = try MailboxLock.take(descriptor: descriptor, path: path)
        defer { lock.release() }
        // The size under the lock: what comes later is the next poll's.
        let end = size(of: descriptor)
        var start = 0
        if let known, known.offset <= end, matches(known, descriptor) { start = known.offset }
        try read(descriptor, from: start, to: end, accept)
        return []
    }

    package func acknowledge(_ receipts: [String]) throws {}

    private func read(_ descriptor: Int32, from start: Int, to end: Int, _ accept: (SourceInput) throws -> Void) throws
    {
        guard lseek(descriptor, start, SEEK_SET) == start else {
            throw IntakeError.unreadable(path: path, reason: systemMessage(errno))
        }
        let limit = context.limits.messageBytes
        var reader = MboxReader(ByteReader(descriptor: descriptor, name: path), limit: limit, start: start, end: end)
        while let entry = try reader.next() {
            let place = "\(path)#\(entry.offset)"
            let position = MboxPosition(offset: entry.end, digest: digest(before: entry.end, descriptor))
            var context = context
            // The adapter cuts at the limit; what was cut here already must show as cut there.
            if entry.isCut { context.limits.messageBytes = max(0, min(limit, entry.message.count - 1)) }
            let bytes = ByteReader(bytes: entry.message, name: place)
            try accept(
                SourceInput(
                    input: AdapterInput(bytes: bytes, position: place, context: context),
                    format: "rfc5322",
                    positions: [PositionUpdate(item: "", value: position.text)],
                    receipt: place
                )
            )
        }
    }

    private func size(of descriptor: Int32) -> Int {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    private func matches(_ position: MboxPosition, _ descriptor: Int32) -> Bool {
        position.digest == digest(before: position.offset, descriptor)
    }

    /// Hex of the SHA-256 of up to 1 KiB before `offset`; empty where the file is shorter.
    private func digest(before offset: Int, _ descriptor: Int32) -> String {
        let count = min(offset, Self.digestWindow)
        var window = [UInt8](repeating: 0, count: count)
        let got = unsafe window.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, count, offset - count)
        }
        return got == count ? SHA256.hex(of: window) : ""
    }
}

/// `offset:digest`.
struct MboxPosition: Equatable {
    var offset: Int
    var digest: String

    var text: String { "\(offset):\(digest)" }

    init(offset: Int, digest: String) {
        self.offset = offset
        self.digest = digest
    }

    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let offset = Int(text[..<colon]), offset >= 0 else { return nil }
        self.init(offset: offset, digest: String(text[text.index(after: colon)...]))
    }
}
