import GatehouseCore

extension AttachmentInfo {
    /// A file that lies at the platform: a link, and a name from it where none is given.
    static func remote(url: String, name: String?, mediaType: String?) -> AttachmentInfo {
        var info = AttachmentInfo(status: .remote, name: name ?? fileName(of: url), mediaType: mediaType)
        info.url = url
        info.expiresAt = LinkExpiry.moment(of: url)
        return info
    }

    /// The last part of a URL's path, if it looks like a file's name.
    private static func fileName(of url: String) -> String? {
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        // A plus sign in a path is a plus sign.
        let last = path[path.index(after: slash)...].flatMap { byte in
            byte == UInt8(ascii: "+") ? Array("%2B".utf8) : [byte]
        }
        guard last.contains(UInt8(ascii: ".")), last.count <= 255 else { return nil }
        return UnicodeText.normalised(FormFields.decode(last[...]))
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

/// Links that say in their own query until when they work.
enum LinkExpiry {
    /// `expires` in seconds since 1970 (Intercom, S3, CloudFront), or `X-Amz-Date` with `X-Amz-Expires` (S3, signature 4).
    static func moment(of url: String) -> Timestamp? {
        let bytes = Array(url.utf8.prefix(8192))
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        let end = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.count
        guard mark < end else { return nil }
        let query = FormFields(decoding: Array(bytes[(mark + 1)..<end]))
        if let seconds = (query["expires"] ?? query["Expires"]).flatMap({ Int64($0) }),
            (1_000_000_000..<10_000_000_000).contains(seconds)
        {
            return Timestamp(seconds: seconds)
        }
        guard let start = query["X-Amz-Date"].flatMap(basicDate),
            let life = query["X-Amz-Expires"].flatMap({ Int64($0) }), (0...604_800).contains(life)
        else { return nil }
        return Timestamp(seconds: start.seconds + life)
    }

    /// `20260304T050607Z`.
    private static func basicDate(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        let parts = [0..<4, 4..<6, 6..<8, 9..<11, 11..<13, 13..<15].map { range in
            bytes[range].allSatisfy { (48...57).contains($0) }
                ? Int(String(decoding: bytes[range], as: UTF8.self)) : nil
        }
        let fields = parts.compactMap(\.self)
        guard fields.count == 6 else { return nil }
        let civil = CivilTime(
            year: fields[0],
            month: fields[1],
            day: fields[2],
            hour: fields[3],
            minute: fields[4],
            second: fields[5]
        )
        return civil.isValid ? civil.timestamp() : nil
    }
}
