/// Base 64 of RFC 4648 §4, with padding.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index + 3 <= bytes.count {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            result.append(alphabet[Int(group >> 18)])
            result.append(alphabet[Int(group >> 12 & 63)])
            result.append(alphabet[Int(group >> 6 & 63)])
            result.append(alphabet[Int(group & 63)])
            index += 3
        }
        guard index < bytes.count else { return result }
        let hasTwo = index + 2 == bytes.count
        let group = UInt32(bytes[index]) << 16 | (hasTwo ? UInt32(bytes[index + 1]) << 8 : 0)
        result.append(alphabet[Int(group >> 18)])
        result.append(alphabet[Int(group >> 12 & 63)])
        result.append(hasTwo ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
        result.append(UInt8(ascii: "="))
        return result
    }

    static func encode(_ text: String) -> String { String(decoding: encode(Array(text.utf8)), as: UTF8.self) }
}
