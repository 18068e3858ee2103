import GatehouseCore

/// Unstructured header text to a string: unfolding, encoded words (RFC 2047), raw 8-bit text (RFC 6532 and worse).
struct HeaderTextDecoder {
    /// In which charset raw 8-bit text is read.
    let charset: HeaderCharset?
    /// Doubts about charsets, in the order in which they came up.
    private(set) var warnings: [String] = []

    /// How often a charset may still be guessed: a guess costs as much as a long text, and a field may hold thousands of
    /// words.
    private var guessesLeft: Int

    init(charset: HeaderCharset? = nil, guesses: Int = 8) {
        self.charset = charset
        guessesLeft = guesses
    }

    /// The text of a field's value, trimmed, with runs of folding blanks made one.
    mutating func text(of message: [UInt8], _ range: Range<Int>) -> String {
        decode(unfold(message, range))
    }

    /// Decodes a text that is unfolded already.
    mutating func decode(_ bytes: [UInt8]) -> String {
        guard !Self.isPlain(bytes) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var result = ""
        var pending: PendingWords?
        for piece in EncodedWord.pieces(of: bytes) {
            switch piece {
            case .word(let word):
                if pending?.take(word, of: bytes) == true { continue }
                finish(&pending, into: &result)
                pending = PendingWords(word, of: bytes)
            case .text(let range):
                finish(&pending, into: &result)
                result += plain(Array(bytes[range]))
            }
        }
        finish(&pending, into: &result)
        return Self.onOneLine(result)
    }

    /// A field has one line, whatever its encoded words hold: whoever writes it into a header again would make two.
    private static func onOneLine(_ text: String) -> String {
        guard text.utf8.contains(where: isLineEnd) else { return text }
        return text.unicodeScalars.split { $0 == "\r" || $0 == "\n" }.map { String($0) }.joined(separator: " ")
    }

    /// ASCII without escapes and encoded words.
    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        let span = bytes.span
        var union: UInt8 = 0
        var signs: UInt8 = 0
        // Without a branch, so that the processor takes many bytes at a time.
        for index in span.indices {
            let byte = span[index]
            union |= byte
            signs |= (byte == 0x1B ? 1 : 0) | (byte == 0x0D ? 1 : 0) | (byte == UInt8(ascii: "?") ? 2 : 0)
        }
        guard union < 0x80, signs & 1 == 0 else { return false }
        return signs == 0 || ByteSearch.firstIndex(of: [0x3D, 0x3F], in: bytes, 0..<bytes.count) == nil
    }

    private mutating func finish(_ pending: inout PendingWords?, into result: inout String) {
        guard let words = pending else { return }
        pending = nil
        result += decode(words.decoded(), label: words.charset)
    }

    private mutating func plain(_ bytes: [UInt8]) -> String {
        if let text = CharsetDecoder.validUTF8(bytes), !bytes.contains(0x1B) { return text }
        return decode(bytes, label: charset?.name)
    }

    private mutating func decode(_ bytes: [UInt8], label: String?) -> String {
        var hasGuessed = false
        let guess: CharsetDecoder.Guess = { bytes in
            hasGuessed = true
            return CharsetGuess.likeliest(bytes)
        }
        let decoded = CharsetDecoder.decode(bytes, label: label, likeliest: guessesLeft > 0 ? guess : nil)
        if hasGuessed { guessesLeft -= 1 }
        // Thousands of words with as many labels need no thousand warnings.
        if let warning = decoded.warning, warnings.count < 32, !warnings.contains(warning) { warnings.append(warning) }
        return decoded.text
    }
}

/// A value without its line ends (RFC 5322 §2.2.3), trimmed; a folded line's leading blanks become one blank.
func unfold(_ message: [UInt8], _ range: Range<Int>) -> [UInt8] {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, message[start] <= 0x20, message[start] != 0x1B { start &+= 1 }
    while end > start, message[end - 1] <= 0x20, message[end - 1] != 0x1B { end &-= 1 }
    guard ByteSearch.firstIndex(of: 0x0A, in: message, start..<end) != nil else { return Array(message[start..<end]) }
    var result: [UInt8] = []
    result.reserveCapacity(end - start)
    var index = start
    while index < end {
        let byte = message[index]
        index &+= 1
        guard isLineEnd(byte) else {
            result.append(byte)
            continue
        }
        while index < end, message[index] <= 0x20, message[index] != 0x1B { index &+= 1 }
        if let last = result.last, last != 0x20 { result.append(0x20) }
    }
    return result
}

/// One `=?charset?encoding?text?=` (RFC 2047 §2), as offsets.
struct EncodedWord {
    enum Piece {
        case word(EncodedWord)
        case text(Range<Int>)
    }

    var charset: Range<Int>
    var isBase64: Bool
    var text: Range<Int>
    var end: Int

    /// Takes a text apart. Blanks between two encoded words belong to neither and are dropped (§6.2).
    static func pieces(of bytes: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        var textStart = 0
        var cursor = 0
        var lastWasWord = false
        var noEndAfter = Int.max
        while let open = ByteSearch.firstIndex(of: [0x3D, 0x3F], in: bytes, cursor..<bytes.count) {
            guard let word = EncodedWord(in: bytes, at: open, &noEndAfter) else {
                cursor = open + 2
                continue
            }
            if textStart < open, !(lastWasWord && isBlankLine(bytes, textStart, open)) {
                pieces.append(.text(textStart..<open))
            }
            pieces.append(.word(word))
            lastWasWord = true
            textStart = word.end
            cursor = word.end
        }
        if textStart < bytes.count { pieces.append(.text(textStart..<bytes.count)) }
        return pieces
    }

    /// - Parameter noEndAfter: From there on no `?=` was found: a search need not be made twice.
    private init?(in bytes: [UInt8], at open: Int, _ noEndAfter: inout Int) {
        guard open < noEndAfter else { return nil }
        let charsetBound = min(bytes.count, open + 2 + 64)
        guard let charsetEnd = ByteSearch.firstIndex(of: 0x3F, in: bytes, open + 2..<charsetBound),
            charsetEnd + 2 < bytes.count, bytes[charsetEnd + 2] == 0x3F
        else { return nil }
        switch asciiLower(bytes[charsetEnd + 1]) {
        case UInt8(ascii: "b"): isBase64 = true
        case UInt8(ascii: "q"): isBase64 = false
        default: return nil
        }
        guard let close = ByteSearch.firstIndex(of: [0x3F, 0x3D], in: bytes, charsetEnd + 3..<bytes.count) else {
            noEndAfter = open
            return nil
        }
        // A language may follow the charset (RFC 2231 §5).
        let language = ByteSearch.firstIndex(of: UInt8(ascii: "*"), in: bytes, open + 2..<charsetEnd)
        charset = open + 2..<(language ?? charsetEnd)
        text = charsetEnd + 3..<close
        end = close + 2
    }
}

/// Adjacent words of one charset: joined as bytes, since senders split characters over words.
private struct PendingWords {
    let charset: String
    private var bytes: [UInt8] = []
    /// Base 64 that does not end on a whole group yet; the next word may go on with it.
    private var openBase64: [UInt8] = []

    init(_ word: EncodedWord, of source: [UInt8]) {
        charset = String(decoding: source[word.charset], as: UTF8.self).lowercased()
        append(word, source)
    }

    mutating func take(_ word: EncodedWord, of source: [UInt8]) -> Bool {
        guard FieldName(charset).isSpelled(by: word.charset, in: source) else { return false }
        append(word, source)
        return true
    }

    private mutating func append(_ word: EncodedWord, _ source: [UInt8]) {
        guard word.isBase64 else {
            flush()
            bytes += QuotedPrintable.decode(source, in: word.text, isHeader: true).bytes
            return
        }
        openBase64 += source[word.text]
        if openBase64.count % 4 == 0 || openBase64.last == UInt8(ascii: "=") { flush() }
    }

    private mutating func flush() {
        guard !openBase64.isEmpty else { return }
        bytes += Base64.decode(openBase64, in: 0..<openBase64.count).bytes
        openBase64 = []
    }

    func decoded() -> [UInt8] {
        var whole = self
        whole.flush()
        return whole.bytes
    }
}
