/// Keccak-256 as Ethereum uses it (the submission's padding 0x01, not FIPS 202's 0x06), for the checksum of its addresses.
///
/// libcrypto has it only from version 3.2 on. It guards no secret: it finds typing errors.
enum Keccak256 {
    private static let rate = 136

    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808A, 0x8000_0000_8000_8000,
        0x0000_0000_0000_808B, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
        0x0000_0000_0000_008A, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000A,
        0x0000_0000_8000_808B, 0x8000_0000_0000_008B, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
        0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800A, 0x8000_0000_8000_000A,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]
    private static let rotations = [
        1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
    ]
    private static let lanes = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1]

    /// - Parameter message: At most 135 bytes, one block.
    /// - Returns: 32 bytes.
    static func digest(_ message: [UInt8]) -> [UInt8] {
        var block = Array(message.prefix(rate - 1)) + [0x01]
        block += [UInt8](repeating: 0, count: rate - block.count)
        block[rate - 1] |= 0x80
        var state = [UInt64](repeating: 0, count: 25)
        for (index, byte) in block.enumerated() { state[index / 8] ^= UInt64(byte) << UInt64(index % 8 * 8) }
        permute(&state)
        return (0..<32).map { UInt8(truncatingIfNeeded: state[$0 / 8] >> UInt64($0 % 8 * 8)) }
    }

    private static func permute(_ state: inout [UInt64]) {
        for constant in roundConstants {
            var columns = [UInt64](repeating: 0, count: 5)
            for lane in 0..<25 { columns[lane % 5] ^= state[lane] }
            for column in 0..<5 {
                let mixed = columns[(column + 4) % 5] ^ rotate(columns[(column + 1) % 5], 1)
                for row in 0..<5 { state[row * 5 + column] ^= mixed }
            }
            var moved = state[1]
            for (lane, rotation) in zip(lanes, rotations) {
                (state[lane], moved) = (rotate(moved, rotation), state[lane])
            }
            for row in stride(from: 0, to: 25, by: 5) {
                let old = Array(state[row..<row + 5])
                for column in 0..<5 {
                    let masked = ~old[(column + 1) % 5] & old[(column + 2) % 5]
                    state[row + column] = old[column] ^ masked
                }
            }
            state[0] ^= constant
        }
    }

    private static func rotate(_ value: UInt64, _ count: Int) -> UInt64 {
        value << UInt64(count) | value >> UInt64(64 - count)
    }
}
