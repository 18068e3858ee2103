/// Text as HTML shows it.
package enum HTMLEscape {
    /// - Parameter quotes: Also what would end an attribute's value.
    package static func text(_ text: String, quotes: Bool = true) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += Array("&amp;".utf8)
            case UInt8(ascii: "<"): result += Array("&lt;".utf8)
            case UInt8(ascii: ">"): result += Array("&gt;".utf8)
            case UInt8(ascii: "\"") where quotes: result += Array("&quot;".utf8)
            case UInt8(ascii: "'") where quotes: result += Array("&#39;".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
