import GatehouseCore

/// A mail (RFC 5322 with MIME, RFC 2045) from a body's members: the fields of its header by their names, `text`, and files.
///
/// For ticket systems whose interface takes mails. Everything beyond ASCII is encoded, so that any transport will do.
enum MailBody {
    static func encode(_ fields: [BodyValue.Field], _ files: [OutgoingFile]) -> [UInt8] {
        var lines: [String] = []
        var text = ""
        var indices: [Int] = []
        for field in fields {
            switch field {
            case .file(_, let index): indices.append(index)
            case .text("text", let words): text = words
            case .text(let name, let words) where ["From", "To", "Reply-To"].contains(name):
                lines.append("\(name): \(mailbox(words))")
            case .text(let name, let words): lines.append("\(name): \(header(words))")
            }
        }
        lines.append("MIME-Version: 1.0")
        let textPart =
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + wrapped(Array(text.replacing("\n", with: "\r\n").utf8))
        guard !indices.isEmpty else { return Array((lines.joined(separator: "\r\n") + "\r\n" + textPart).utf8) }
        // Base 64 has no '=_', so no part can hold the boundary.
        let boundary = "=_gatehouse_\(Hex.encode(randomBytes(12)))"
        lines.append("Content-Type: multipart/mixed; boundary=\"\(boundary)\"")
        var mail = lines.joined(separator: "\r\n") + "\r\n\r\n--\(boundary)\r\n" + textPart
        for index in indices { mail += "--\(boundary)\r\n" + part(files[index]) }
        return Array((mail + "--\(boundary)--\r\n").utf8)
    }

    private static func part(_ file: OutgoingFile) -> String {
        // RFC 2231 §4: the name in percent encoding, with its charset.
        let name = percentEncoded(file.name)
        return "Content-Type: \(file.mediaType)\r\n"
            + "Content-Disposition: attachment; filename*=utf-8''\(name)\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\n" + wrapped(file.bytes)
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Lines of 76 characters (RFC 2045 §6.8).
    private static func wrapped(_ bytes: [UInt8]) -> String {
        let text = Base64.encodedBytes(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 38 + 2)
        for start in stride(from: 0, to: text.count, by: 76) {
            result += text[start..<min(start + 76, text.count)]
            result += [0x0D, 0x0A]
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `NAME <ADDRESS>`: whatever the name holds, it can't become another address (RFC 5322 §3.2.4).
    private static func mailbox(_ text: String) -> String {
        let line = TicketText.oneLine(text, limit: 500)
        guard line.hasSuffix(">"), let start = line.lastIndex(of: "<") else { return line }
        let name = line[..<start].trimmingSpaces
        let address = line[start...]
        if name.isEmpty { return String(address) }
        guard name.utf8.allSatisfy({ $0 < 0x7F }), !name.contains("=?") else {
            return "\(encodedWords(name)) \(address)"
        }
        let quoted = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(quoted)\" \(address)"
    }

    /// Encoded words (RFC 2047) where the text is more than ASCII, or looks like one.
    private static func header(_ text: String) -> String {
        let line = TicketText.oneLine(text, limit: 500)
        return line.utf8.allSatisfy { $0 < 0x7F } && !line.contains("=?") ? line : encodedWords(line)
    }

    /// Words of at most 75 characters each, cut between characters.
    private static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var chunk = ""
        for scalar in text.unicodeScalars {
            if chunk.utf8.count + UTF8.width(scalar) > 42 {
                words.append(chunk)
                chunk = ""
            }
            chunk.unicodeScalars.append(scalar)
        }
        if !chunk.isEmpty { words.append(chunk) }
        return words.map { "=?utf-8?B?\(Base64.encode($0))?=" }.joined(separator: "\r\n ")
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var bytes = Array(utf8)
        while bytes.last == 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
