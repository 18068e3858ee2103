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
        let link = url.map(RemoteLink.init)
        let title = name.flatMap { $0.isEmpty ? nil : $0 } ?? link?.nameBelowHost ?? kind
        let info = AttachmentInfo(
            status: .remote,
            name: title.map(UnicodeText.normalised),
            mediaType: mediaType.flatMap { $0.isEmpty ? nil : $0 }
        )
        var result = info
        result.url = url.flatMap { $0.isEmpty ? nil : $0 }
        result.contentID = id
        result.size = size.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        result.expiresAt = expiresAt ?? link?.expiry
        return result
    }
}

extension RemoteLink {
    /// The file's name; a host alone has a point as well.
    fileprivate var nameBelowHost: String? { path.count { $0 == 0x2F } > 2 ? fileName : nil }

    /// `oe` (Meta's CDN, hex), `ext` (WhatsApp's media, decimal), `ex` (Discord's CDN, hex), `Expires` (S3, CloudFront),
    /// `X-Amz-Date` with `X-Amz-Expires` (S3, signature 4).
    var expiry: Timestamp? {
        guard let query else { return nil }
        if host.hasSuffix(".fbcdn.net") || host.hasSuffix(".cdninstagram.com") {
            return Self.moment(query["oe"], radix: 16)
        }
        if host.hasSuffix(".fbsbx.com") { return Self.moment(query["ext"]) ?? Self.moment(query["oe"], radix: 16) }
        if host.hasSuffix(".discordapp.com") || host.hasSuffix(".discordapp.net") {
            return Self.moment(query["ex"], radix: 16)
        }
        return Self.moment(query["Expires"]) ?? amazonExpiry
    }

    private var host: String {
        guard let slashes = (0..<max(path.count - 1, 0)).first(where: { path[$0] == 0x2F && path[$0 + 1] == 0x2F })
        else { return "" }
        let rest = path[(slashes + 2)...].prefix { $0 != 0x2F && $0 != UInt8(ascii: ":") }
        // With a point before it, so that the domain itself has the same ending as its hosts.
        return "." + String(decoding: rest, as: UTF8.self).lowercased()
    }
}
