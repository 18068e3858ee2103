import GatehouseCore

extension AttachmentInfo {
    /// A file that lies at the platform: a link, and a name from it where none is given.
    static func remote(url: String, name: String?, mediaType: String?) -> AttachmentInfo {
        let link = RemoteLink(url)
        let shown = name ?? link.fileName.map(UnicodeText.normalised)
        var info = AttachmentInfo(status: .remote, name: shown, mediaType: mediaType)
        info.url = url
        info.expiresAt = link.expiry
        return info
    }
}

extension AttachmentInfo {
    /// A file as webhooks describe one: a link and perhaps a name, a type and a size, each under one of a few words.
    ///
    /// - Returns: nil where there is no link.
    static func remote(_ value: JSONValue) -> AttachmentInfo? {
        guard let url = value.word("url", "mediaUrl", "data_url", "content_url", "link") else { return nil }
        let type = value.word("content_type", "contentType", "media_type", "mediaType", "mime_type", "mimeType", "type")
        let name = Party.text(value.word("name", "filename", "file_name", "fileName", "altText", "title"))
        // `type` is often a word such as `upload`.
        var info = AttachmentInfo.remote(url: url, name: name, mediaType: type.flatMap { $0.contains("/") ? $0 : nil })
        let size = value.word("size", "filesize", "file_size", "mediaSize", "file_size_in_bytes", "fileSizeInBytes")
        info.size = size.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        return info
    }
}

extension RemoteLink {
    /// `expires` in seconds since 1970 (Intercom, S3, CloudFront), or `X-Amz-Date` with `X-Amz-Expires` (S3, signature 4).
    fileprivate var expiry: Timestamp? {
        Self.moment(query?["expires"] ?? query?["Expires"]) ?? amazonExpiry
    }
}
