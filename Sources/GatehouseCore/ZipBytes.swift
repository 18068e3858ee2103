import Glibc

/// The bytes of a zip, which are read at any place: of a file, or of what came through a pipe.
final class ZipBytes {
    let name: String
    let count: Int
    private let descriptor: Int32
    private let bytes: [UInt8]

    init(path: String) throws(ZipError) {
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .input(.missing(path: path)) }
            throw .input(.unreadable(path: path, reason: systemMessage(errno)))
        }
        var status = stat()
        guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(opened)
            throw .input(.unreadable(path: path, reason: "a zip is read from its end, and this is no regular file"))
        }
        name = path
        descriptor = opened
        count = Int(status.st_size)
        bytes = []
    }

    init(_ bytes: [UInt8], name: String) {
        self.name = name
        self.bytes = bytes
        count = bytes.count
        descriptor = -1
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Up to `length` bytes from `offset` on; fewer at the end, none outside.
    func read(at offset: Int, count length: Int) throws(ZipError) -> [UInt8] {
        guard offset >= 0, offset < count, length > 0 else { return [] }
        let wanted = min(length, count - offset)
        guard descriptor >= 0 else { return Array(bytes[offset..<offset + wanted]) }
        var result: [UInt8] = []
        while result.count < wanted {
            let missing = wanted - result.count
            var got = 0
            result.append(addingCapacity: missing) { (output: inout OutputSpan<UInt8>) in
                unsafe output.withUnsafeMutableBufferPointer { target, written in
                    got = unsafe pread(descriptor, target.baseAddress, missing, offset + wanted - missing)
                    written = max(got, 0)
                }
            }
            if got < 0, errno != EINTR { throw .input(.unreadable(path: name, reason: systemMessage(errno))) }
            if got == 0 { break }
        }
        return result
    }
}

/// Little-endian numbers in bytes (APPNOTE.TXT 4.1.12); outside they are 0.
struct ZipFields {
    let bytes: [UInt8]

    func u16(_ offset: Int) -> Int { number(offset, size: 2) }
    func u32(_ offset: Int) -> Int { number(offset, size: 4) }

    /// A number past 2^63 can be no size or place; it is held at the largest one.
    func u64(_ offset: Int) -> Int {
        guard offset >= 0, offset &+ 8 <= bytes.count, bytes[offset + 7] < 0x80 else { return .max }
        return number(offset, size: 8)
    }

    private func number(_ offset: Int, size: Int) -> Int {
        guard offset >= 0, size <= bytes.count, offset <= bytes.count - size else { return 0 }
        var value = 0
        for index in (0..<size).reversed() { value = value << 8 | Int(bytes[offset + index]) }
        return value
    }
}
