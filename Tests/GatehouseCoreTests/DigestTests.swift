import Foundation
import GatehouseCore
import Testing

struct DigestTests {
    /// RFC 4231 §4.2–4.8 (SHA-256) and RFC 2202 §3 (SHA-1): key, message, both codes.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            "b617318655057264e28bc0b6fb378c8ef146be00"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        ),
    ])
    func `HMAC gives the published codes`(key: [UInt8], message: [UInt8], sha256: String, sha1: String) {
        #expect(Hex.encode(HMAC.sha256(key: key, message)) == sha256)
        #expect(Hex.encode(HMAC.sha1(key: key, message)) == sha1)
    }

    @Test func `A key longer than a block is hashed first`() {
        let key = [UInt8](repeating: 0xAA, count: 131)
        let message = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
        #expect(
            Hex.encode(HMAC.sha256(key: key, message))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        )
    }

    @Test func `SHA-256 gives the published digests, in one piece or in many`() {
        #expect(
            SHA256.hex(of: [UInt8]()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        #expect(
            SHA256.hex(of: Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        let stream = SHA256Stream()
        for start in stride(from: 0, to: bytes.count, by: 777) {
            stream.update(Array(bytes[start..<min(start + 777, bytes.count)]))
        }
        #expect(stream.finish() == SHA256.digest(of: bytes))
    }

    @Test(arguments: 0..<24)
    func `JSON escapes what must be escaped wherever it stands`(offset: Int) throws {
        for byte in UInt8(0)..<0x80 {
            let text = String(repeating: "x", count: offset) + String(Unicode.Scalar(byte)) + "é\u{2028}yz\""
            var json = JSONWriter()
            json.array { $0.string(text) }
            #expect(try JSONDecoder().decode([String].self, from: Data(json.bytes)) == [text])
            #expect(!json.bytes.contains { $0 < 0x20 || $0 == 0x7F })
        }
    }

    @Test(arguments: [0, 1, 1023, 1024, 1025, 5000, 262_143, 262_144, 262_145, 700_000])
    func `A file is read to its end, and cut at the limit, whatever its size`(size: Int) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: URL(filePath: path))
        let whole = try ByteReader(path: path).readAll(limit: 1 << 20)
        #expect(whole.bytes == bytes)
        #expect(!whole.isCut)
        // It grows after it was opened: the size then was a guess, and no end.
        let growing = try ByteReader(path: path)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(bytes))
        #expect(try growing.readAll(limit: 2 << 20).bytes == bytes + bytes)
        guard size > 1 else { return }
        let exact = try ByteReader(path: path).readAll(limit: size * 2)
        #expect(exact.bytes.count == size * 2)
        #expect(!exact.isCut)
        let cut = try ByteReader(path: path).readAll(limit: size)
        #expect(cut.bytes == bytes)
        #expect(cut.isCut)
    }
}
