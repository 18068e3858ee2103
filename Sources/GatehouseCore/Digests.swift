import CCrypto

/// SHA-256 (FIPS 180-4) by libcrypto, which uses the processor's instructions for it.
///
/// By its low-level functions: `EVP_*` starts the provider machinery, which costs a short-lived process 0.8 ms.
package enum SHA256 {
    /// - Returns: 32 bytes.
    package static func digest(of bytes: [UInt8]) -> [UInt8] { digest(of: bytes.span) }

    package static func digest(of bytes: Span<UInt8>) -> [UInt8] {
        unsafe made { unsafe write(digestOf: bytes, to: $0) }
    }

    /// The 32 bytes that `fill` writes, without another copy.
    fileprivate static func made(_ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) -> [UInt8] {
        var digest: [UInt8] = []
        digest.append(addingCapacity: 32) { output in
            unsafe output.withUnsafeMutableBufferPointer { target, count in
                unsafe fill(target)
                count = 32
            }
        }
        return digest
    }

    /// 64 lower-case hex digits.
    package static func hex(of bytes: [UInt8]) -> String { hex(of: bytes.span) }

    package static func hex(of bytes: Span<UInt8>) -> String {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
            unsafe write(digestOf: bytes, to: digest)
            return unsafe Hex.encode(UnsafeBufferPointer(digest).span)
        }
    }

    /// The digest in 52 digits of base 32.
    static func base32(of bytes: Span<UInt8>) -> String {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
            unsafe write(digestOf: bytes, to: digest)
            return unsafe Base32.encode(UnsafeBufferPointer(digest).span)
        }
    }

    /// Both the state and the digest stay on the stack: one is made for every message.
    private static func write(digestOf bytes: Span<UInt8>, to output: UnsafeMutableBufferPointer<UInt8>) {
        var state = SHA256_CTX()
        unsafe bytes.withUnsafeBufferPointer { input in
            _ = unsafe SHA256_Init(&state)
            _ = unsafe SHA256_Update(&state, input.baseAddress, input.count)
            _ = unsafe SHA256_Final(output.baseAddress, &state)
        }
    }
}

/// A SHA-256 that is fed in pieces.
@safe package struct SHA256Stream: ~Copyable {
    private let context: UnsafeMutablePointer<SHA256_CTX>

    package init() {
        unsafe context = .allocate(capacity: 1)
        unsafe context.initialize(to: SHA256_CTX())
        _ = unsafe SHA256_Init(context)
    }

    deinit { unsafe context.deallocate() }

    package func update(_ bytes: [UInt8]) { update(bytes.span) }

    package func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { input in
            _ = unsafe SHA256_Update(context, input.baseAddress, input.count)
        }
    }

    package func update(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in _ = unsafe SHA256_Update(context, utf8.baseAddress, utf8.count) }
    }

    /// Takes the text with its length before it, so that two fields can't flow into each other.
    package func update(field text: String) {
        update(String(text.utf8.count))
        update(":")
        update(text)
    }

    /// The 32 bytes. Call it once.
    package func finish() -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        unsafe result.withUnsafeMutableBufferPointer { output in
            _ = unsafe SHA256_Final(output.baseAddress, context)
        }
        return result
    }
}

/// SHA-1, only for the vendors whose signatures are made of it.
package enum SHA1 {
    /// - Returns: 20 bytes.
    package static func digest(of bytes: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 20)
        unsafe result.withUnsafeMutableBufferPointer { output in
            unsafe bytes.withUnsafeBufferPointer { input in
                _ = unsafe CCrypto.SHA1(input.baseAddress, input.count, output.baseAddress)
            }
        }
        return result
    }
}

/// HMAC (RFC 2104).
package enum HMAC {
    /// The block size of both digests, in bytes.
    private static let blockSize = 64

    /// - Returns: 32 bytes.
    package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        let key = key.count > blockSize ? SHA256.digest(of: key) : key
        return unsafe SHA256.made { target in
            unsafe message.withUnsafeBufferPointer { unsafe hash(key, 0x36, $0, target) }
            unsafe hash(key, 0x5C, UnsafeBufferPointer(rebasing: target[..<32]), target)
        }
    }

    /// The digest of a block that holds the key, and of what follows it; all of it on the stack.
    private static func hash(
        _ key: [UInt8],
        _ pad: UInt8,
        _ message: UnsafeBufferPointer<UInt8>,
        _ output: UnsafeMutableBufferPointer<UInt8>
    ) {
        var block = InlineArray<64, UInt8>(repeating: pad)
        for index in 0..<min(key.count, blockSize) { block[index] ^= key[index] }
        var state = SHA256_CTX()
        _ = unsafe SHA256_Init(&state)
        unsafe block.span.withUnsafeBufferPointer { _ = unsafe SHA256_Update(&state, $0.baseAddress, $0.count) }
        _ = unsafe SHA256_Update(&state, message.baseAddress, message.count)
        _ = unsafe SHA256_Final(output.baseAddress, &state)
    }

    /// - Returns: 20 bytes.
    package static func sha1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        unsafe digest(EVP_sha1(), count: 20, key: key, message)
    }

    package enum Algorithm: String, CaseIterable, Sendable { case sha1, sha256, sha512 }

    /// - Returns: 20, 32 or 64 bytes.
    package static func digest(_ algorithm: Algorithm, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        switch algorithm {
        case .sha1: sha1(key: key, message)
        case .sha256: sha256(key: key, message)
        case .sha512: unsafe digest(EVP_sha512(), count: 64, key: key, message)
        }
    }

    private static func digest(
        _ algorithm: OpaquePointer?,
        count: Int,
        key: [UInt8],
        _ message: [UInt8]
    ) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        var length = UInt32(result.count)
        unsafe result.withUnsafeMutableBufferPointer { output in
            unsafe key.withUnsafeBytes { key in
                unsafe message.withUnsafeBufferPointer { message in
                    _ = unsafe CCrypto.HMAC(
                        algorithm,
                        key.baseAddress,
                        Int32(key.count),
                        message.baseAddress,
                        message.count,
                        output.baseAddress,
                        &length
                    )
                }
            }
        }
        return result
    }
}

/// Bytes from the system's cryptographic random source.
package func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}

package enum Hex {
    package static func encode(_ bytes: [UInt8]) -> String { encode(bytes.span) }

    package static func encode(_ bytes: Span<UInt8>) -> String {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count * 2) { text in
            guard let start = text.baseAddress else { return "" }
            let output = UnsafeMutableRawPointer(start)
            var index = 0
            while index &+ 4 <= bytes.count {
                let word =
                    UInt64(bytes[index]) | UInt64(bytes[index &+ 1]) << 8 | UInt64(bytes[index &+ 2]) << 16
                    | UInt64(bytes[index &+ 3]) << 24
                unsafe output.storeBytes(of: digits(of: word).littleEndian, toByteOffset: 2 &* index, as: UInt64.self)
                index &+= 4
            }
            while index < bytes.count {
                unsafe text[2 &* index] = digit(bytes[index] >> 4)
                unsafe text[2 &* index &+ 1] = digit(bytes[index] & 15)
                index &+= 1
            }
            return unsafe UnicodeText.sound(UnsafeBufferPointer(text).span, isASCII: true)
        }
    }

    /// The eight digits of four bytes, the first of each in the lowest.
    @inline(__always)
    private static func digits(of fourBytes: UInt64) -> UInt64 {
        var spread = (fourBytes | fourBytes << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        let halves = (spread >> 4 | spread << 8) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = (halves &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return halves &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }

    /// The bytes of a text of hex digits in either case, or nil where it holds anything else.
    package static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(of: digits[index]), let low = value(of: digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ value: UInt8) -> UInt8 { value &+ (value < 10 ? 0x30 : 0x57) }

    package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Base 32 of RFC 4648 §6, in lower case and without padding.
package enum Base32 {
    package static func encode(_ bytes: [UInt8]) -> String { encode(bytes.span) }

    static func encode(_ bytes: Span<UInt8>) -> String {
        let digitCount = (bytes.count * 8 + 4) / 5
        // Room for the last group's eight digits, of which not all may count.
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: digitCount + 7) { text in
            guard let start = text.baseAddress else { return "" }
            let output = UnsafeMutableRawPointer(start)
            var place = 0
            var index = 0
            while index < bytes.count {
                // Five bytes are eight digits; where fewer are left, zero bits follow them.
                var group: UInt64 = 0
                if index &+ 8 <= bytes.count {
                    let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
                    group = UInt64(bigEndian: word) >> 24
                } else {
                    for byte in 0..<5 {
                        group = group << 8 | (index &+ byte < bytes.count ? UInt64(bytes[index &+ byte]) : 0)
                    }
                }
                unsafe output.storeBytes(of: digits(of: group).bigEndian, toByteOffset: place, as: UInt64.self)
                place &+= 8
                index &+= 5
            }
            return unsafe UnicodeText.sound(UnsafeBufferPointer(text).span.extracting(0..<digitCount), isASCII: true)
        }
    }

    /// The eight digits of forty bits, the first of them in the highest byte: `a` to `z`, then `2` to `7`.
    private static func digits(of group: UInt64) -> UInt64 {
        var spread = (group & 0xFF_FFF0_0000) << 12 | group & 0xF_FFFF
        spread = (spread & 0x000F_FC00_000F_FC00) << 6 | spread & 0x0000_03FF_0000_03FF
        spread = (spread & 0x03E0_03E0_03E0_03E0) << 3 | spread & 0x001F_001F_001F_001F
        let isDigit = (spread &+ 0x6666_6666_6666_6666) >> 7 & 0x0101_0101_0101_0101
        return spread &+ 0x6161_6161_6161_6161 &- isDigit &* 0x49
    }
}
