import GatehouseCore

/// Rich text (RTF 1.9.1) to what a person would read of it, and to the HTML that it was made from (MS-OXRTFEX).
///
/// One walk over the bytes; groups deeper than a bound are read as if they were one.
struct TNEFRichText {
    /// The text, or the HTML where `isHTML`.
    private(set) var text = ""
    /// True where the rich text says that it was made from HTML: `text` is that HTML then.
    private(set) var isHTML = false

    private struct Group {
        /// A destination that is no text: fonts, colours, pictures.
        var isSkipped = false
        var isFontTable = false
        /// Inside `\*\htmltag`.
        var isMarkup = false
        /// Between `\htmlrtf` and `\htmlrtf0`: what only readers of rich text should see.
        var isForRichTextOnly = false
        var codePage: Int
        /// How many characters stand behind a `\u` for readers that don't know it.
        var skipCount = 1
    }

    private static let maximumDepth = 200

    private let source: [UInt8]
    private var index = 0
    private var group = Group(codePage: 1252)
    private var groups: [Group] = []
    private var groupsTooDeep = 0
    private var defaultCodePage = 1252
    private var fontCodePages: [Int: Int] = [:]
    private var font = 0
    private var charactersToSkip = 0
    private var isDestination = false
    private var output: [UInt8] = []
    /// Bytes in the group's code page that are not decoded yet.
    private var pending: [UInt8] = []
    private var surrogate: UInt16?

    init(_ source: [UInt8]) {
        self.source = source
        output.reserveCapacity(source.count / 2)
        while index < source.count { step() }
        flush()
        text = UnicodeText.normalised(String(decoding: output, as: UTF8.self))
    }

    private mutating func step() {
        let byte = source[index]
        index += 1
        switch byte {
        case UInt8(ascii: "{"): openGroup()
        case UInt8(ascii: "}"): closeGroup()
        case UInt8(ascii: "\\"): readControl()
        case 0x0A, 0x0D, 0: break
        default: take(byte)
        }
    }

    private mutating func openGroup() {
        flush()
        charactersToSkip = 0
        if groups.count < Self.maximumDepth { groups.append(group) } else { groupsTooDeep += 1 }
    }

    private mutating func closeGroup() {
        flush()
        charactersToSkip = 0
        if groupsTooDeep > 0 {
            groupsTooDeep -= 1
        } else if let outer = groups.popLast() {
            group = outer
        }
    }

    /// One byte of text, in the group's code page.
    private mutating func take(_ byte: UInt8) {
        if charactersToSkip > 0 {
            charactersToSkip -= 1
            return
        }
        guard isShown else { return }
        pending.append(byte)
    }

    private var isShown: Bool { !group.isSkipped && (!isHTML || group.isMarkup || !group.isForRichTextOnly) }

    private mutating func write(_ string: String) {
        guard isShown else { return }
        flush()
        output.append(contentsOf: string.utf8)
    }

    private mutating func flush() {
        guard !pending.isEmpty else { return }
        let decoded = CharsetDecoder.decode(pending, label: TNEFCodePage.label(group.codePage))
        output.append(contentsOf: decoded.text.utf8)
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func readControl() {
        guard index < source.count else { return }
        let byte = source[index]
        guard (byte | 0x20) >= 0x61, (byte | 0x20) <= 0x7A else { return readSymbol(byte) }
        let start = index
        while index < source.count, (source[index] | 0x20) >= 0x61, (source[index] | 0x20) <= 0x7A, index - start < 32 {
            index += 1
        }
        let word = String(decoding: source[start..<index], as: UTF8.self)
        let parameter = readParameter()
        if index < source.count, source[index] == 0x20 { index += 1 }
        obey(word, parameter)
        isDestination = false
    }

    private mutating func readParameter() -> Int? {
        let isNegative = index < source.count && source[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let start = index
        var number = 0
        while index < source.count, source[index] >= 48, source[index] <= 57 {
            number = min(number * 10 + Int(source[index] - 48), 1 << 40)
            index += 1
        }
        return index == start ? nil : isNegative ? -number : number
    }

    private mutating func readSymbol(_ byte: UInt8) {
        index += 1
        switch byte {
        case UInt8(ascii: "'"):
            guard index + 1 < source.count, let high = Hex.value(of: source[index]),
                let low = Hex.value(of: source[index + 1])
            else { return }
            index += 2
            take(high << 4 | low)
        case UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"): take(byte)
        case UInt8(ascii: "~"): write(" ")
        case UInt8(ascii: "_"): write("-")
        case UInt8(ascii: "*"): isDestination = true
        case 0x0A, 0x0D: write("\n")
        default: break
        }
    }

    private mutating func obey(_ word: String, _ parameter: Int?) {
        if isDestination {
            flush()
            group.isMarkup = word == "htmltag" && isHTML
            group.isSkipped = group.isSkipped || !group.isMarkup
            return
        }
        switch word {
        case "fromhtml": isHTML = parameter != 0
        case "htmlrtf":
            flush()
            group.isForRichTextOnly = parameter != 0
        case "ansicpg": setDefaultCodePage(parameter ?? 1252)
        case "fonttbl": (group.isFontTable, group.isSkipped) = (true, true)
        case "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "headerl", "headerr", "footerl",
            "footerr", "footnote", "filetbl", "listtable", "themedata":
            group.isSkipped = true
        case "f": setFont(parameter ?? 0)
        case "fcharset":
            if group.isFontTable, fontCodePages.count < 4096 { fontCodePages[font] = Self.codePage(parameter ?? 0) }
        case "uc": group.skipCount = min(max(parameter ?? 1, 0), 16)
        case "u": takeUnicode(parameter ?? 0)
        case "bin": index = min(source.count, index + max(0, parameter ?? 0))
        default: if let replacement = Self.characters[word] { write(replacement) }
        }
    }

    private mutating func setDefaultCodePage(_ number: Int) {
        flush()
        defaultCodePage = number
        group.codePage = number
    }

    private mutating func setFont(_ number: Int) {
        font = number
        guard !group.isFontTable else { return }
        flush()
        group.codePage = fontCodePages[number] ?? defaultCodePage
    }

    /// `\u8364`, as a number of sixteen bits with sign; the characters behind it stand for the same.
    private mutating func takeUnicode(_ number: Int) {
        charactersToSkip = 0
        let unit = UInt16(truncatingIfNeeded: number)
        if UTF16.isLeadSurrogate(unit) {
            surrogate = unit
        } else if UTF16.isTrailSurrogate(unit), let lead = surrogate {
            surrogate = nil
            write(String(decoding: [lead, unit], as: UTF16.self))
        } else {
            surrogate = nil
            write(String(decoding: [unit], as: UTF16.self))
        }
        charactersToSkip = group.skipCount
    }

    private static let characters = [
        "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": "\t", "cell": "\t", "emdash": "—",
        "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ",
        "enspace": " ",
    ]

    /// Windows' charsets of fonts (RTF 1.9.1, "Font Table"); nil for the default.
    private static func codePage(_ charset: Int) -> Int? {
        switch charset {
        case 0: 1252
        case 77: 10000
        case 128: 932
        case 129: 949
        case 134: 936
        case 136: 950
        case 161: 1253
        case 162: 1254
        case 163: 1258
        case 177: 1255
        case 178: 1256
        case 186: 1257
        case 204: 1251
        case 222: 874
        case 238: 1250
        default: nil
        }
    }
}
