import GatehouseCore

/// Names of folders as IMAP writes them (RFC 3501 §5.1.3): `Büro` is `B&APw-ro`.
enum ModifiedUTF7 {
    static func encode(_ name: String) -> String {
        var result = ""
        var waiting: [UInt8] = []
        func flush() {
            guard !waiting.isEmpty else { return }
            let base64 = Base64.encode(waiting).utf8.filter { $0 != UInt8(ascii: "=") }
            let encoded = base64.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: ",") : $0 }
            result += "&\(String(decoding: encoded, as: UTF8.self))-"
            waiting = []
        }
        for unit in name.utf16 {
            if (0x20...0x7E).contains(unit) {
                flush()
                result += unit == 0x26 ? "&-" : String(decoding: [UInt8(unit)], as: UTF8.self)
            } else {
                waiting += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            }
        }
        flush()
        return result
    }

    /// The folder as an argument of a command: quoted, with `\` before `"` and `\`.
    static func quoted(_ folder: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in encode(folder).utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        return String(decoding: bytes + [UInt8(ascii: "\"")], as: UTF8.self)
    }
}
