/// The parts of a `multipart/form-data` body (RFC 7578 on RFC 2046 §5.1), in the order in which they came.
package struct MultipartForm: Sendable {
    /// A part with a file name. Its bytes are the sender's, whatever type it states.
    package struct File: Sendable, Equatable {
        /// The form field's name.
        package let field: String
        /// The file's own name without folders; nil where the field was left empty of one.
        package let name: String?
        /// As declared.
        package let mediaType: String?
        package let bytes: [UInt8]
    }

    package private(set) var fields: [FormFields.Field] = []
    package private(set) var files: [File] = []
    /// True where the closing boundary is missing: the body was cut, and its last part with it.
    package private(set) var isCut = false
    /// `form_parts_cut`, and what texts in other charsets were taken for.
    package private(set) var warnings: [String] = []
    /// The charset of texts that state none (RFC 7578 §4.6).
    private var charset: String?

    /// One part's headers may take so many bytes.
    private static let headerBytes = 16 << 10

    /// - Parameters:
    ///   - boundary: As the content type states it, without the two dashes.
    ///   - maximumParts: What comes after is left out, with a warning.
    package init(_ bytes: [UInt8], boundary: [UInt8], maximumParts: Int) {
        let delimiter = Array("\n--".utf8) + boundary
        guard var mark = Self.delimiter(delimiter, in: bytes, from: 0) else {
            isCut = true
            return
        }
        var count = 0
        while !mark.isLast {
            guard let next = Self.delimiter(delimiter, in: bytes, from: mark.next) else {
                isCut = true
                return
            }
            guard count < maximumParts else {
                warnings.append("form_parts_cut")
                return
            }
            count += 1
            add(bytes, mark.next..<max(mark.next, next.start))
            mark = next
        }
    }

    /// The boundary that a content type names, or else the one that the body's first line shows.
    package static func boundary(of bytes: [UInt8], contentType: String?) -> [UInt8]? {
        if let contentType, HeaderValue.isType("multipart/form-data", contentType) {
            let stated = HeaderValue.parameter("boundary", of: contentType).map { Array($0.utf8) }
            if let stated, (1...200).contains(stated.count) { return stated }
        }
        guard bytes.starts(with: "--".utf8) else { return nil }
        let line = bytes.prefix(210).prefix { $0 != 0x0D && $0 != 0x0A }
        guard (3...202).contains(line.count), line.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let rest = bytes[line.endIndex...].prefix(40).drop { $0 == 0x0D || $0 == 0x0A }
        let lowered = rest.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard lowered.starts(with: "content-".utf8) else { return nil }
        return Array(line.dropFirst(2))
    }

    // MARK: - Boundaries

    private struct Mark {
        /// Where the content before it ends: before the line end that belongs to the delimiter.
        let start: Int
        /// Where the next part's headers begin.
        let next: Int
        let isLast: Bool
    }

    /// The first line at or after `start` that is the delimiter, perhaps with blanks behind it.
    ///
    /// - Parameter delimiter: With the line feed before it: so a body full of dashes costs no more than another.
    private static func delimiter(_ delimiter: [UInt8], in bytes: [UInt8], from start: Int) -> Mark? {
        if start == 0, bytes.starts(with: delimiter.dropFirst()),
            let mark = mark(in: bytes, lineFeed: -1, length: delimiter.count, from: 0)
        {
            return mark
        }
        var from = max(start - 1, 0)
        while let found = ByteSearch.firstIndex(of: delimiter, in: bytes, from..<bytes.count) {
            if let mark = mark(in: bytes, lineFeed: found, length: delimiter.count, from: start) { return mark }
            from = found + 1
        }
        return nil
    }

    /// What follows a delimiter; nil where the line goes on and is none.
    private static func mark(in bytes: [UInt8], lineFeed: Int, length: Int, from start: Int) -> Mark? {
        var end = lineFeed + length
        let isLast = ByteSearch.matches(Array("--".utf8), bytes, at: end)
        if isLast { end += 2 }
        while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
        if end < bytes.count, bytes[end] == 0x0D { end += 1 }
        guard end == bytes.count || bytes[end] == 0x0A else { return nil }
        // Where the body ends on a delimiter, it is the last one only if it says so.
        if end == bytes.count, !isLast { return nil }
        var before = max(lineFeed, start)
        if before > start, bytes[before - 1] == 0x0D { before -= 1 }
        return Mark(start: before, next: min(end + 1, bytes.count), isLast: isLast)
    }

    // MARK: - Parts

    private mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
        let (headers, start) = Self.headers(bytes, range)
        guard let disposition = headers["content-disposition"] else { return }
        let name = HeaderValue.parameter("name", of: disposition).map(Self.unescaped) ?? ""
        let content = Self.decoded(bytes, start..<range.upperBound, encoding: headers["content-transfer-encoding"])
        let type = headers["content-type"]
        if let fileName = Self.fileName(of: disposition) {
            // A file field that nobody filled in.
            if fileName.isEmpty, content.isEmpty { return }
            let file = File(
                field: UnicodeText.normalised(name),
                name: fileName.isEmpty ? nil : fileName,
                mediaType: type.map(HeaderValue.mediaType),
                bytes: content
            )
            return files.append(file)
        }
        let label = type.flatMap { HeaderValue.parameter("charset", of: $0) } ?? charset ?? "utf-8"
        let text = CharsetDecoder.decode(content, label: label)
        if let warning = text.warning, !warnings.contains(warning) { warnings.append(warning) }
        if name == "_charset_" { charset = text.text }
        fields.append(FormFields.Field(name: name, value: text.text))
    }

    /// A part's header fields by their names in lower case, and where its content begins.
    private static func headers(_ bytes: [UInt8], _ range: Range<Int>) -> ([String: String], Int) {
        var headers: [String: String] = [:]
        var index = range.lowerBound
        let end = min(range.upperBound, range.lowerBound + headerBytes)
        var last: String?
        while index < end {
            let lineEnd = ByteSearch.firstIndex(of: 0x0A, in: bytes, index..<end) ?? end
            let hasReturn = lineEnd > index && bytes[lineEnd - 1] == 0x0D
            let line = bytes[index..<(hasReturn ? lineEnd - 1 : lineEnd)]
            index = min(lineEnd + 1, range.upperBound)
            guard let first = line.first else { break }
            let text = String(decoding: line, as: UTF8.self)
            if first == 0x20 || first == 0x09 {
                if let last { headers[last, default: ""] += text }
                continue
            }
            guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = String(text[..<colon]).lowercased()
            headers[name] = HeaderValue.trimmed(text[text.utf8.index(after: colon)...])
            last = name
        }
        return (headers, index)
    }

    /// RFC 7578 §4.7 has done away with transfer encodings; older senders still use them.
    private static func decoded(_ bytes: [UInt8], _ range: Range<Int>, encoding: String?) -> [UInt8] {
        switch encoding?.lowercased() {
        case "base64": Base64.decode(bytes, in: range).bytes
        case "quoted-printable": QuotedPrintable.decode(bytes, in: range).bytes
        default: Array(bytes[range.clamped(to: 0..<bytes.count)])
        }
    }

    /// `filename`, without the folders that some senders put before it; nil where the part is no file.
    private static func fileName(of disposition: String) -> String? {
        let extended = HeaderValue.parameter("filename*", of: disposition).flatMap(HeaderValue.extendedValue)
        guard let name = extended ?? HeaderValue.parameter("filename", of: disposition).map(unescaped) else {
            return nil
        }
        let bytes = Array(name.utf8)
        let slash = bytes.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        return UnicodeText.normalised(String(decoding: bytes[(slash ?? -1).advanced(by: 1)...], as: UTF8.self))
    }

    /// Browsers write a quote and line ends in a name as `%22`, `%0D` and `%0A` (WHATWG HTML, §4.10.21.8), nothing else.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let code = index + 2 < bytes.count ? Array(bytes[index...index + 2]) : []
            switch code {
            case Array("%22".utf8): result.append(UInt8(ascii: "\""))
            case Array("%0D".utf8), Array("%0d".utf8): result.append(0x0D)
            case Array("%0A".utf8), Array("%0a".utf8): result.append(0x0A)
            default:
                result.append(bytes[index])
                index += 1
                continue
            }
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }
}
