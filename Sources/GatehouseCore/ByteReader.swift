import Glibc

/// Bytes of one input, read in steps so that a gigabyte needs no gigabyte of memory.
///
/// Files of others are read with `read`, never mapped: another process that truncates a mapped file
/// is a SIGBUS for us.
package final class ByteReader {
    package static let chunkSize = 256 * 1024

    /// What the input is called in errors and in `source_position`.
    package let name: String
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    /// Of a regular file, as it was when it was opened.
    private let knownSize: Int?
    /// Where the bytes are made, and not read from a descriptor.
    private let pull: Pull?
    private var pushedBack: [UInt8]
    private var pushedBackStart = 0

    /// Appends up to `count` bytes to a buffer and returns how many; 0 is the end.
    package typealias Pull = (_ count: Int, _ buffer: inout [UInt8]) throws(IntakeError) -> Int

    /// Called when a pipe has been silent for a second: what was read so far can be made safe meanwhile.
    package var beforeWaiting: (() -> Void)?

    /// How many bytes have been handed out so far.
    package private(set) var offset = 0

    /// How much of a regular file has been handed out, 0…1; nil where the end is not known.
    package var share: Double? {
        guard let knownSize, knownSize > 0 else { return nil }
        return min(1, Double(offset) / Double(knownSize))
    }

    /// Opens a regular file, a pipe or a device.
    package init(path: String, name: String? = nil) throws(IntakeError) {
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .missing(path: path) }
            throw .unreadable(path: path, reason: systemMessage(errno))
        }
        var status = stat()
        let isKnown = unsafe fstat(opened, &status) == 0
        if isKnown, status.st_mode & S_IFMT == S_IFDIR {
            close(opened)
            throw .isDirectory(path: path)
        }
        knownSize = isKnown && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
        descriptor = opened
        ownsDescriptor = true
        pull = nil
        self.name = name ?? path
        pushedBack = []
    }

    /// Reads from a descriptor that somebody else owns, such as standard input.
    package init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        ownsDescriptor = false
        pull = nil
        knownSize = nil
        self.name = name
        pushedBack = []
    }

    package init(bytes: [UInt8], name: String) {
        descriptor = -1
        ownsDescriptor = false
        pull = nil
        knownSize = nil
        self.name = name
        pushedBack = bytes
    }

    /// Bytes that are made while they are read: an entry of a zip.
    package init(name: String, pull: @escaping Pull) {
        descriptor = -1
        ownsDescriptor = false
        self.pull = pull
        knownSize = nil
        self.name = name
        pushedBack = []
    }

    deinit { if ownsDescriptor { close(descriptor) } }

    /// Appends up to `count` bytes to `buffer`.
    ///
    /// - Returns: How many were appended; 0 only at the end of the input.
    package func read(upTo count: Int, into buffer: inout [UInt8]) throws(IntakeError) -> Int {
        let waiting = pushedBack.count - pushedBackStart
        if waiting > 0 {
            let taken = min(waiting, count)
            if taken == pushedBack.count, buffer.isEmpty {
                swap(&buffer, &pushedBack)
            } else {
                buffer.append(contentsOf: pushedBack[pushedBackStart..<pushedBackStart + taken])
            }
            pushedBackStart += taken
            if taken == waiting {
                pushedBack = []
                pushedBackStart = 0
            }
            offset += taken
            return taken
        }
        let taken = try readSource(upTo: count, into: &buffer)
        offset += taken
        return taken
    }

    /// The next bytes, up to `count` of them, which stay to be read.
    package func peek(_ count: Int) throws(IntakeError) -> [UInt8] {
        if pushedBackStart > 0 {
            pushedBack.removeFirst(pushedBackStart)
            pushedBackStart = 0
        }
        while pushedBack.count < count {
            // Of a file what follows is read at once: somebody will ask for it. One byte more shows that it ends there.
            let rest = knownSize.map { max(0, min($0 - offset - pushedBack.count + 1, Self.chunkSize)) } ?? 0
            guard try readSource(upTo: max(rest, count - pushedBack.count), into: &pushedBack) > 0 else { break }
        }
        return Array(pushedBack.prefix(count))
    }

    /// All that is left.
    ///
    /// - Parameter limit: Past this many bytes the rest is left unread.
    /// - Returns: The bytes, and whether there were more than `limit`.
    package func readAll(limit: Int) throws(IntakeError) -> (bytes: [UInt8], isCut: Bool) {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let step = nextStep(bytes.count, limit)
            let got = try read(upTo: step, into: &bytes)
            if got == 0 || got < step && offset == knownSize { return (bytes, false) }
        }
        if bytes.count > limit {
            bytes.removeLast(bytes.count - limit)
            return (bytes, true)
        }
        return (bytes, try !peek(1).isEmpty)
    }

    /// How much to ask for behind `held` bytes.
    ///
    /// What is left of a file is known: it is read at once, into a buffer of its size. One byte more shows that it ends there.
    private func nextStep(_ held: Int, _ limit: Int) -> Int {
        let room = limit - held
        if let knownSize, knownSize >= offset { return min(knownSize - offset + 1, max(room, room &+ 1)) }
        return max(Self.chunkSize, min(held, room))
    }

    private func readSource(upTo count: Int, into buffer: inout [UInt8]) throws(IntakeError) -> Int {
        if let pull { return try pull(count, &buffer) }
        return descriptor >= 0 ? try readDescriptor(upTo: count, into: &buffer) : 0
    }

    private func readDescriptor(upTo count: Int, into buffer: inout [UInt8]) throws(IntakeError) -> Int {
        if let beforeWaiting, knownSize == nil {
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&waited, 1, 1000) == 0 { beforeWaiting() }
        }
        var got = 0
        var failure: Int32 = 0
        repeat {
            failure = 0
            buffer.append(addingCapacity: count) { (output: inout OutputSpan<UInt8>) in
                unsafe output.withUnsafeMutableBufferPointer { target, written in
                    got = unsafe Glibc.read(descriptor, target.baseAddress, count)
                    if got < 0 { failure = errno }
                    written = max(got, 0)
                }
            }
        } while failure == EINTR
        guard failure == 0 else { throw .unreadable(path: name, reason: systemMessage(failure)) }
        return got
    }
}

/// The system's words for an `errno`.
package func systemMessage(_ code: Int32) -> String {
    unsafe String(cString: strerror(code))
}
