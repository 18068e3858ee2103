/// URLs as senders write them, made fit for an envelope.
package enum URLText {
    /// `url` with each byte that no URL may hold (RFC 3986 §2, RFC 3987) written as `%20` and the like.
    ///
    /// - Returns: nil where it names no scheme, and so leads nowhere.
    package static func valid(_ url: String) -> String? {
        if SchemaFormat.matches(url, format: "uri") { return url }
        let bytes = Array(url.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isEscape =
                byte == UInt8(ascii: "%") && index + 2 < bytes.count && SchemaFormat.isHex(bytes[index + 1])
                && SchemaFormat.isHex(bytes[index + 2])
            if isEscape || SchemaFormat.mayStandInURL(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            }
        }
        let text = String(decoding: result, as: UTF8.self)
        return SchemaFormat.matches(text, format: "uri") ? text : nil
    }

    private static let hexDigits = Array("0123456789ABCDEF".utf8)
}
