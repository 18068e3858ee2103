import Foundation
import Glibc
import Testing

@testable import GatehouseCore

struct ByteReaderTests {
    /// A file of `count` bytes that goes with the test.
    private func file(_ count: Int) throws -> (path: String, bytes: [UInt8]) {
        let path = FileManager.default.temporaryDirectory.appending(path: "byte-reader-\(UUID().uuidString)").path()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try Data(bytes).write(to: URL(filePath: path))
        return (path, bytes)
    }

    @Test(arguments: [0, 1, 100, ByteReader.chunkSize - 1, ByteReader.chunkSize, 3 * ByteReader.chunkSize + 5])
    func `A file is read whole, whatever its size and however large the limit`(count: Int) throws {
        let (path, bytes) = try file(count)
        defer { unsafe unlink(path) }
        for limit in [count + 1, 1 << 40, Int.max] {
            let (read, isCut) = try ByteReader(path: path).readAll(limit: limit)
            #expect(read == bytes && !isCut)
        }
    }

    @Test(arguments: [1, 99, 100, 101])
    func `Past the limit the rest is left unread, and that is said`(limit: Int) throws {
        let (path, bytes) = try file(100)
        defer { unsafe unlink(path) }
        let (read, isCut) = try ByteReader(path: path).readAll(limit: limit)
        #expect(read == Array(bytes.prefix(limit)) && isCut == (limit < 100))
    }

    @Test func `What was looked at is read all the same`() throws {
        let (path, bytes) = try file(1000)
        defer { unsafe unlink(path) }
        let reader = try ByteReader(path: path)
        #expect(try reader.peek(10) == Array(bytes.prefix(10)))
        #expect(try reader.peek(2000) == bytes)
        var start: [UInt8] = []
        #expect(try reader.read(upTo: 7, into: &start) == 7)
        #expect(try reader.readAll(limit: 5000).bytes == Array(bytes.dropFirst(7)))
    }

    @Test func `A large file is read into a buffer of its size, also behind a look at its head`() throws {
        let (path, bytes) = try file(9 * ByteReader.chunkSize + 5)
        defer { unsafe unlink(path) }
        let reader = try ByteReader(path: path)
        _ = try reader.peek(10)
        let read = try reader.readAll(limit: .max).bytes
        #expect(read == bytes && read.capacity < bytes.count + ByteReader.chunkSize)
    }

    @Test func `A file that grows while it is read is read to its new end`() throws {
        let (path, bytes) = try file(1000)
        defer { unsafe unlink(path) }
        let reader = try ByteReader(path: path)
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(bytes))
        #expect(try reader.readAll(limit: 1 << 20).bytes == bytes + bytes)
    }

    @Test func `A folder and a missing file are told apart`() {
        #expect(throws: IntakeError.isDirectory(path: "/")) { try ByteReader(path: "/") }
        #expect(throws: IntakeError.missing(path: "/no/such")) { try ByteReader(path: "/no/such") }
    }
}
