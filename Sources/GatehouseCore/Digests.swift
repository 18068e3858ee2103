import CCrypto

/// Fetched once: `SHA256()` and `EVP_sha256()` look the method up at each call, which costs more than a short message.
nonisolated(unsafe) private let sha256Method: OpaquePointer? = unsafe EVP_MD_fetch(nil, "SHA256", nil)

/// SHA-256 (FIPS 180-4) by libcrypto, which uses the processor's instructions for it.
package enum SHA256 {
    /// - Returns: 32 bytes.
    package static func digest(of bytes: [UInt8]) -> [UInt8] { digest(of: bytes.span) }

    package static func digest(of bytes: Span<UInt8>) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe result.withUnsafeMutableBufferPointer { output in
                _ = unsafe EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, sha256Method, nil)
            }
        }
        return result
    }

    /// 64 lower-case hex digits.
    package static func hex(of bytes: [UInt8]) -> String { Hex.encode(digest(of: bytes.span)) }
    package static func hex(of bytes: Span<UInt8>) -> String { Hex.encode(digest(of: bytes)) }
}

/// A SHA-256 that is fed in pieces.
@safe package struct SHA256Stream: ~Copyable {
    private let context: OpaquePointer

    package init() {
        unsafe context = EVP_MD_CTX_new()
        _ = unsafe EVP_DigestInit_ex(context, sha256Method, nil)
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    package func update(_ bytes: [UInt8]) { update(bytes.span) }

    package func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { input in
            _ = unsafe EVP_DigestUpdate(context, input.baseAddress, input.count)
        }
    }

    package func update(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in _ = unsafe EVP_DigestUpdate(context, utf8.baseAddress, utf8.count) }
    }

    /// Takes the text with its length before it, so that two fields can't flow into each other.
    package func update(field text: String) {
        update("\(text.utf8.count):")
        update(text)
    }

    /// The 32 bytes. Call it once.
    package func finish() -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        unsafe result.withUnsafeMutableBufferPointer { output in
            _ = unsafe EVP_DigestFinal_ex(context, output.baseAddress, nil)
        }
        return result
    }
}

/// HMAC (RFC 2104) by libcrypto.
package enum HMAC {
    package static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        unsafe code(EVP_sha256(), 32, key, message)
    }
    package static func sha1(key: [UInt8], _ message: [UInt8]) -> [UInt8] { unsafe code(EVP_sha1(), 20, key, message) }

    private static func code(_ digest: OpaquePointer?, _ size: Int, _ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: size)
        var length = UInt32(size)
        unsafe result.withUnsafeMutableBufferPointer { output in
            unsafe key.withUnsafeBytes { key in
                unsafe message.withUnsafeBufferPointer { message in
                    _ = unsafe CCrypto.HMAC(
                        digest,
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

/// Compares without telling by its duration where two byte strings differ.
package func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe left.withUnsafeBytes { left in
        unsafe right.withUnsafeBytes { right in
            unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
        }
    }
}

/// Bytes from the system's cryptographic random source.
package func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}

package enum Hex {
    package static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Base 32 of RFC 4648 §6, in lower case and without padding.
package enum Base32 {
    package static func encode(_ bytes: [UInt8]) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 8 + 4) / 5)
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(pending >> UInt32(bits) & 31)])
            }
            pending &= (1 << UInt32(bits)) - 1
        }
        if bits > 0 { text.append(alphabet[Int(pending << UInt32(5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
