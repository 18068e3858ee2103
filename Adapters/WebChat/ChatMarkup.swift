import GatehouseCore

extension ChatMessage {
    /// Takes a text that may be HTML or plain, as platforms send either: of HTML what a person would read becomes the text,
    /// and its pictures become attachments.
    mutating func setMarkup(_ markup: String) {
        guard ChatMarkup.isHTML(markup) else {
            text = markup
            return
        }
        text = HTMLText.text(of: markup)
        html = markup
        attachments += ChatMarkup.pictures(in: markup).map { .remote(url: $0, name: nil, mediaType: nil) }
    }
}

/// HTML as chat platforms write it.
enum ChatMarkup {
    private static let marks = ["</", "<br", "<img", "<p>", "<p ", "<div", "<hr"].map { Array($0.utf8) }
    private static let maximumPictures = 100

    /// Whether a text holds tags; a lone `<` or `&` is a person's own.
    static func isHTML(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard ByteSearch.firstIndex(of: UInt8(ascii: "<"), in: bytes, 0..<bytes.count) != nil else { return false }
        return marks.contains { ByteSearch.firstIndex(of: $0, in: bytes, 0..<bytes.count) != nil }
    }

    /// The links of `<img src="https://…">`, in order, each once.
    static func pictures(in html: String) -> [String] {
        let bytes = Array(html.utf8)
        let tag = Array("<img".utf8)
        var result: [String] = []
        var seen: Set<String> = []
        var index = 0
        while result.count < maximumPictures, let start = ByteSearch.firstIndex(of: tag, in: bytes, index..<bytes.count)
        {
            let end = ByteSearch.firstIndex(of: UInt8(ascii: ">"), in: bytes, start..<bytes.count) ?? bytes.count
            index = end
            guard let source = source(bytes, start..<end), seen.insert(source).inserted else { continue }
            result.append(source)
        }
        return result
    }

    /// The value of `src="…"` within a tag, if it is a link.
    private static func source(_ bytes: [UInt8], _ tag: Range<Int>) -> String? {
        guard let name = ByteSearch.firstIndex(of: Array(" src=".utf8), in: bytes, tag) else { return nil }
        let start = name + 6
        guard start < tag.upperBound else { return nil }
        let quote = bytes[start - 1]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        guard let end = ByteSearch.firstIndex(of: quote, in: bytes, start..<tag.upperBound) else { return nil }
        let link = String(decoding: bytes[start..<end], as: UTF8.self)
        guard link.hasPrefix("https://") || link.hasPrefix("http://") else { return nil }
        return HTMLText.text(of: link)
    }
}
