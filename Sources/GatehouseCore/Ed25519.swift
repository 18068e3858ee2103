import CCrypto

/// Keys of RFC 8032.
package enum Ed25519 {
    /// The 32 bytes of the public key; nil if `seed` is not 32 bytes long.
    ///
    /// Starts OpenSSL's providers, once in a process: call it only where everything else speaks for a key.
    package static func publicKey(ofSeed seed: [UInt8]) -> [UInt8]? {
        guard seed.count == 32 else { return nil }
        let key = unsafe seed.withUnsafeBufferPointer {
            unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
        }
        guard let key = unsafe key else { return nil }
        defer { unsafe EVP_PKEY_free(key) }
        var result = [UInt8](repeating: 0, count: 32)
        var count = 32
        let code = unsafe result.withUnsafeMutableBufferPointer {
            unsafe EVP_PKEY_get_raw_public_key(key, $0.baseAddress, &count)
        }
        return code == 1 && count == 32 ? result : nil
    }
}
