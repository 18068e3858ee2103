import GatehouseCore

/// Finds the messages of a page by its structure, in one pass.
struct MetaPageReader {
    /// The element around a sender, a text and a date.
    struct Block {
        var element: Int
        var sender: String
        var date: String
        var start: Int
        var end: Int
        /// What lies between the sender and the date.
        var content: Range<Int>
    }

    private struct Element {
        let name: [UInt8]
        let identifier: Int
        let start: Int
        /// The first text in it, by number.
        var firstText: Int?
    }

    private static let voids: Set = [
        "img", "br", "hr", "meta", "link", "input", "source", "wbr", "col", "area", "base",
    ]
    private static let maximumDepth = 256
    private static let maximumFiles = 500
    /// Dates are short, in any script.
    private static let maximumDate = 120

    let bytes: [UInt8]
    private(set) var blocks: [Block] = []
    private(set) var participants: [String] = []
    private(set) var title: String?
    /// Whether the outermost element was closed.
    private(set) var isWhole = false

    private var open: [Element] = []
    private var elementCount = 0
    private var texts: [(range: Range<Int>, text: String)] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        read()
        for index in blocks.indices where blocks[index].end == 0 { blocks[index].end = bytes.count }
        texts = []
    }

    private mutating func read() {
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                let end = ByteSearch.firstIndex(of: UInt8(ascii: "<"), in: bytes, index..<bytes.count) ?? bytes.count
                take(text: index..<end)
                index = end
                continue
            }
            let end = tagEnd(index)
            take(tag: index..<end)
            index = end
            for raw in ["script", "style"] where open.last?.name.elementsEqual(raw.utf8) == true {
                let close = ByteSearch.firstIndex(of: Array("</\(raw)".utf8), in: bytes, index..<bytes.count)
                index = close ?? bytes.count
            }
        }
    }

    /// Behind the `>` of the tag; one within a quoted value doesn't count.
    private func tagEnd(_ start: Int) -> Int {
        var index = start + 1
        var quote: UInt8?
        while index < bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            } else if byte == UInt8(ascii: "\"") {
                quote = byte
            }
            index += 1
        }
        return bytes.count
    }

    private mutating func take(tag range: Range<Int>) {
        var start = range.lowerBound + 1
        guard start < range.upperBound else { return }
        let isEnd = bytes[start] == UInt8(ascii: "/")
        if isEnd { start += 1 }
        var name: [UInt8] = []
        while start < range.upperBound, name.count < 32,
            (97...122).contains(bytes[start] | 0x20) || (48...57).contains(bytes[start])
        {
            name.append(bytes[start] | 0x20)
            start += 1
        }
        guard !name.isEmpty else { return }
        if isEnd { return close(name, at: range.upperBound) }
        guard !Self.voids.contains(String(decoding: name, as: UTF8.self)), open.count < Self.maximumDepth else {
            return
        }
        elementCount += 1
        open.append(Element(name: name, identifier: elementCount, start: range.lowerBound))
    }

    private mutating func close(_ name: [UInt8], at end: Int) {
        guard let match = open.lastIndex(where: { $0.name == name }) else { return }
        for element in open[match...] {
            for index in blocks.indices.suffix(4)
            where blocks[index].element == element.identifier && blocks[index].end == 0 {
                blocks[index].end = end
            }
        }
        open.removeLast(open.count - match)
        if open.isEmpty, !blocks.isEmpty { isWhole = true }
    }

    private mutating func take(text range: Range<Int>) {
        let slice = bytes[range]
        guard let first = slice.firstIndex(where: { $0 > 0x20 }), let last = slice.lastIndex(where: { $0 > 0x20 })
        else { return }
        let trimmed = first..<(last + 1)
        // Only names, dates and titles are read as text here.
        let isShort = trimmed.count <= 512
        let text = isShort ? HTMLText.text(of: String(decoding: bytes[trimmed], as: UTF8.self)) : ""
        let number = texts.count
        texts.append((trimmed, text))
        for index in open.indices.reversed() {
            guard open[index].firstText == nil else { break }
            open[index].firstText = number
        }
        if open.last?.name.elementsEqual("title".utf8) == true { title = text }
        if text.hasPrefix("Participants:"), participants.isEmpty {
            participants = text.dropFirst(13).split(separator: ",").map { String($0.drop { $0 == " " }) }
        }
        guard trimmed.count <= Self.maximumDate,
            text.utf8.contains(UInt8(ascii: ":")) || text.contains("時") || text.contains("시"),
            LocalisedTime(text).isNothingElse
        else { return }
        addBlock(date: number)
    }

    /// The date's message: the innermost element that has words before the date.
    private mutating func addBlock(date number: Int) {
        guard let element = open.last(where: { ($0.firstText ?? number) < number }), let first = element.firstText
        else { return }
        // Of several dates in one element the last is the message's, the others are its words.
        if let last = blocks.indices.last, blocks[last].element == element.identifier {
            blocks[last].date = texts[number].text
            blocks[last].content = blocks[last].content.lowerBound..<texts[number].range.lowerBound
            return
        }
        guard element.name != Array("html".utf8), element.name != Array("body".utf8), !texts[first].text.isEmpty else {
            return
        }
        blocks.append(
            Block(
                element: element.identifier,
                sender: UnicodeText.normalised(texts[first].text),
                date: texts[number].text,
                start: element.start,
                end: 0,
                content: texts[first].range.upperBound..<texts[number].range.lowerBound
            )
        )
    }

    /// The words, without the list of reactions.
    func text(of block: Block) -> String {
        var content: [UInt8] = []
        var start = block.content.lowerBound
        let end = block.content.upperBound
        while start < end {
            let list = ByteSearch.firstIndex(of: Array("<ul".utf8), in: bytes, start..<end) ?? end
            content += bytes[start..<list]
            guard list < end else { break }
            start = ByteSearch.firstIndex(of: Array("</ul>".utf8), in: bytes, list..<end).map { $0 + 5 } ?? end
        }
        return HTMLText.text(of: String(decoding: content, as: UTF8.self))
    }

    /// What pictures, films and sounds name, and links that lead into the download.
    func files(of block: Block) -> [String] {
        var files: [String] = []
        for (marker, isSource) in [("src=\"", true), ("href=\"", false)] {
            let needle = Array(marker.utf8)
            var start = block.start
            while files.count < Self.maximumFiles,
                let found = ByteSearch.firstIndex(of: needle, in: bytes, start..<block.end)
            {
                let from = found + needle.count
                let end = ByteSearch.firstIndex(of: UInt8(ascii: "\""), in: bytes, from..<block.end) ?? block.end
                let name = HTMLText.text(of: String(decoding: bytes[from..<end], as: UTF8.self))
                let isRemote = name.contains("://")
                if !name.isEmpty, isSource || !isRemote, !name.hasPrefix("#"), !name.hasPrefix("data:"),
                    !files.contains(name)
                {
                    files.append(name)
                }
                start = end
            }
        }
        return files
    }
}
