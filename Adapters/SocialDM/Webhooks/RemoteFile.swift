import GatehouseCore

extension AttachmentInfo {
    /// A file that lies at the platform.
    ///
    /// - Parameters:
    ///   - url: Where it can be fetched, mostly with the account's token.
    ///   - id: The platform's id of the file, by which its API gives a link.
    ///   - name: As the sender named it; else the last part of the link, or `kind`.
    ///   - kind: What it is in a word: `image`, `voice`…
    ///   - expiresAt: Where the vendor's documentation states how long; else as the link itself tells.
    static func remoteFile(
        url: String?,
        id: String? = nil,
        name: String? = nil,
        kind: String? = nil,
        mediaType: String? = nil,
        size: String? = nil,
        expiresAt: Timestamp? = nil
    ) -> AttachmentInfo {
        let title = name.flatMap { $0.isEmpty ? nil : $0 } ?? url.flatMap(fileName) ?? kind
        let info = AttachmentInfo(
            status: .remote,
            name: title.map(UnicodeText.normalised),
            mediaType: mediaType.flatMap { $0.isEmpty ? nil : $0 }
        )
        var result = info
        result.url = url.flatMap { $0.isEmpty ? nil : $0 }
        result.contentID = id
        result.size = size.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        result.expiresAt = expiresAt ?? url.flatMap(RemoteLink.expiry)
        return result
    }

    /// The last part of a URL's path, if it looks like a file's name.
    private static func fileName(of url: String) -> String? {
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        // A plus sign in a path is a plus sign.
        let last = path[path.index(after: slash)...].flatMap { byte in
            byte == UInt8(ascii: "+") ? Array("%2B".utf8) : [byte]
        }
        // A host alone has a point as well.
        guard last.contains(UInt8(ascii: ".")), last.count <= 255, path.filter({ $0 == 0x2F }).count > 2 else {
            return nil
        }
        return FormFields.decode(last[...])
    }
}

/// Links that say in their own query until when they work.
enum RemoteLink {
    /// `oe` (Meta's CDN, hex), `ext` (WhatsApp's media, decimal), `ex` (Discord's CDN, hex), `Expires` (S3, CloudFront),
    /// `X-Amz-Date` with `X-Amz-Expires` (S3, signature 4).
    static func expiry(of url: String) -> Timestamp? {
        let bytes = Array(url.utf8.prefix(8192))
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        let end = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.count
        guard mark < end else { return nil }
        let query = FormFields(decoding: Array(bytes[(mark + 1)..<end]))
        let host = host(of: bytes)
        if host.hasSuffix(".fbcdn.net") || host.hasSuffix(".cdninstagram.com") { return moment(query["oe"], radix: 16) }
        if host.hasSuffix(".fbsbx.com") { return moment(query["ext"], radix: 10) ?? moment(query["oe"], radix: 16) }
        if host.hasSuffix(".discordapp.com") || host.hasSuffix(".discordapp.net") {
            return moment(query["ex"], radix: 16)
        }
        if let expires = moment(query["Expires"], radix: 10) { return expires }
        guard let date = query["X-Amz-Date"].flatMap(basicDate),
            let life = query["X-Amz-Expires"].flatMap({ Int64($0) }),
            (0...604_800).contains(life)
        else {
            return nil
        }
        return Timestamp(seconds: date.seconds + life)
    }

    /// Seconds since 1970, of the years 2001 to 2286.
    private static func moment(_ text: String?, radix: Int) -> Timestamp? {
        guard let seconds = text.flatMap({ Int64($0, radix: radix) }) else { return nil }
        return (1_000_000_000..<10_000_000_000).contains(seconds) ? Timestamp(seconds: seconds) : nil
    }

    /// `20260102T030405Z`
    private static func basicDate(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        let day = "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"
        return Timestamp(rfc3339: "\(day)T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }

    private static func host(of url: [UInt8]) -> String {
        guard let slashes = (0..<max(url.count - 1, 0)).first(where: { url[$0] == 0x2F && url[$0 + 1] == 0x2F }) else {
            return ""
        }
        let rest = url[(slashes + 2)...].prefix { $0 != 0x2F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: ":") }
        // With a point before it, so that the domain itself has the same ending as its hosts.
        return "." + String(decoding: rest, as: UTF8.self).lowercased()
    }
}
