/// A link to a file that lies at a platform, and what it says of the file.
package struct RemoteLink {
    /// UTF-8 before `?` and `#`.
    package let path: [UInt8]
    /// Of the link's first 8 KiB; nil where there is none.
    package let query: FormFields?

    package init(_ url: String) {
        let bytes = Array(url.utf8)
        path = Array(bytes.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        let head = bytes.prefix(8192)
        let end = head.firstIndex(of: UInt8(ascii: "#")) ?? head.count
        let mark = head.firstIndex(of: UInt8(ascii: "?")).flatMap { $0 < end ? $0 : nil }
        query = mark.map { FormFields(decoding: Array(head[($0 + 1)..<end])) }
    }

    /// The last part of the path, if it looks like a file's name.
    package var fileName: String? {
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        // A plus sign in a path is a plus sign.
        let last = path[(slash + 1)...].flatMap { byte in
            byte == UInt8(ascii: "+") ? Array("%2B".utf8) : [byte]
        }
        guard last.contains(UInt8(ascii: ".")), last.count <= 255 else { return nil }
        return FormFields.decode(last[...])
    }

    /// `X-Amz-Date` with `X-Amz-Expires`, a week at most (Amazon S3, signature 4).
    package var amazonExpiry: Timestamp? {
        guard let start = query?["X-Amz-Date"].flatMap(Self.amazonTime),
            let life = query?["X-Amz-Expires"].flatMap({ Int64($0) }), (0...604_800).contains(life)
        else { return nil }
        return Timestamp(seconds: start.seconds + life)
    }

    /// Seconds since 1970, of the years 2001 to 2286.
    package static func moment(_ text: String?, radix: Int = 10) -> Timestamp? {
        guard let seconds = text.flatMap({ Int64($0, radix: radix) }) else { return nil }
        return (1_000_000_000..<10_000_000_000).contains(seconds) ? Timestamp(seconds: seconds) : nil
    }

    /// ISO 8601's basic form, `20260102T030405Z`.
    package static func amazonTime(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        let day = "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"
        return Timestamp(rfc3339: "\(day)T\(part(9..<11)):\(part(11..<13)):\(part(13..<15))Z")
    }
}
