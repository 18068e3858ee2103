import CCrypto

/// Comparisons that take as long for a near miss as for a plain one, so that nobody can feel his way to a secret.
package enum ConstantTime {
    /// Whether two digests are the same. Their lengths are no secret.
    package static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }

    /// Whether two secrets of any length are the same; not even the length shows.
    package static func isEqual(secret left: [UInt8], _ right: [UInt8]) -> Bool {
        isEqual(SHA256.digest(of: left), SHA256.digest(of: right))
    }
}
