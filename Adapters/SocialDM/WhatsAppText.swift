import GatehouseCore

/// Pieces of a line: who wrote it, and what of it is WhatsApp's and not the writer's.
enum WhatsAppText {
    /// U+200E, which WhatsApp puts before what it writes itself.
    static let mark: [UInt8] = [0xE2, 0x80, 0x8E]

    static func isMarked(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.starts(with: mark) }

    /// Whether a chat's first body is the notice of its encryption, in any language: a long sentence of WhatsApp's own.
    static func isFirstNotice(_ body: ArraySlice<UInt8>) -> Bool {
        guard isMarkedEitherWay(body) else { return false }
        let text = clean(body)
        if WhatsAppWords.isNotice(text) { return true }
        return isMarked(body) && text.utf8.count >= 60 && !text.hasPrefix("<") && !WhatsAppWords.isOmission(text)
            && !WhatsAppWords.isMissedCall(text) && !WhatsAppWords.isDeletion(text) && !text.contains("://")
    }

    /// Phones that write from right to left put U+200F before files' names and notices.
    static func isMarkedEitherWay(_ bytes: ArraySlice<UInt8>) -> Bool {
        isMarked(bytes) || bytes.starts(with: [0xE2, 0x80, 0x8F])
    }

    /// Whether what stands behind a last header breaks off before a message's first word.
    static func isWithinFrame(_ rest: ArraySlice<UInt8>) -> Bool {
        guard let author = author(of: rest, known: []) else {
            return TextEnd.isWithinName(String(decoding: rest, as: UTF8.self))
        }
        return rest[author.body...].allSatisfy { $0 == 0x20 }
    }

    /// The name before the first colon that a space follows.
    ///
    /// - Parameter known: Names that stand before a colon elsewhere: they need no space behind it.
    /// - Returns: nil for a notice, which has no author. `body` is where in `rest` the text begins.
    static func author(of rest: ArraySlice<UInt8>, known: Set<String>) -> (name: String, body: Int)? {
        // Names are short; a colon far in a line belongs to its words.
        let head = rest.prefix(300)
        var search = head
        while let colon = search.firstIndex(of: UInt8(ascii: ":")) {
            let after = colon + 1
            if after == rest.endIndex || rest[after] == 0x20 || rest[after...].starts(with: [0xC2, 0xA0])
                || rest[after...].starts(with: mark)
            {
                guard let name = name(head[..<colon]) else { return nil }
                return (name, after < rest.endIndex && rest[after] == 0x20 ? after + 1 : after)
            }
            if search.startIndex == head.startIndex, !known.isEmpty, let name = name(head[..<colon]),
                known.contains(name)
            {
                return (name, after)
            }
            search = head[after...]
        }
        return nil
    }

    /// A name without the marks around it and the tilde before that of a stranger; nil where quotes show a sentence.
    static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            guard !"\"“”„«»".unicodeScalars.contains(scalar) else { return nil }
            if WhatsAppScanner.isMark(scalar), scalar.value != 0x200D, scalar.value != 0x200C { continue }
            text.append(scalar.properties.isWhitespace ? " " : scalar)
        }
        var trimmed = text.drop { $0 == " " || $0 == "~" }
        while let last = trimmed.last, last == " " { trimmed.removeLast() }
        guard !trimmed.isEmpty, trimmed.count <= 120 else { return nil }
        return UnicodeText.normalised(String(String.UnicodeScalarView(trimmed)))
    }

    /// The chat's name in the name of its file, which is in the phone's language.
    static func title(ofFile file: String) -> String? {
        var text = file
        for suffix in [".txt", ".zip"] where text.lowercased().hasSuffix(suffix) { text = String(text.dropLast(4)) }
        // `… (1)`: the same file, saved a second time.
        let bytes = Array(text.utf8)
        if bytes.last == UInt8(ascii: ")"), let open = bytes.lastIndex(of: UInt8(ascii: "(")), open > 0,
            bytes[(open + 1)..<(bytes.count - 1)].allSatisfy({ (48...57).contains($0) })
        {
            text = String(decoding: bytes[..<open], as: UTF8.self)
        }
        let words = [
            " - ", " with ", " mit ", " con ", " avec ", " com ", " met ", " med ", " dengan ", " z ", " s ", " cu ",
            " с контактом ", " с ", " з ", " με ", " עם ", " مع ",
        ]
        let all = Array(text.utf8)
        for word in words {
            let needle = Array(word.utf8)
            guard all.count > needle.count else { continue }
            for start in 0..<(all.count - needle.count) where all[start..<start + needle.count].elementsEqual(needle) {
                return name(all[(start + needle.count)...])
            }
        }
        // A folder or a file that a person has called so says nothing of the chat.
        return nil
    }

    /// A body without the marks that WhatsApp puts at the start of lines, before its own words and around names.
    static func clean(_ bytes: ArraySlice<UInt8>) -> String {
        let source = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        var result = String.UnicodeScalarView()
        var isLineStart = true
        for (index, scalar) in source.enumerated() {
            let next = index + 1 < source.count ? source[index + 1] : nil
            switch scalar.value {
            case 0xFEFF where isLineStart, 0x2068, 0x2069: continue
            case 0x200E, 0x200F: if isLineStart || next == "<" || next == "\u{200E}" { continue }
            default: break
            }
            isLineStart = scalar == "\n"
            if scalar != "\r" { result.append(scalar) }
        }
        var trimmed = result[...]
        while let last = trimmed.last, last.properties.isWhitespace { trimmed.removeLast() }
        return String(String.UnicodeScalarView(trimmed))
    }

    /// Whether a word ends like a file's name.
    static func isFileName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0, bytes.count <= 255 else { return false }
        let suffix = bytes[(dot + 1)...]
        return (1...5).contains(suffix.count)
            && suffix.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xDF) }
    }

    /// `IMG-20180129-WA0025.jpg` and `00000012-PHOTO-2020-01-02-03-04-05.jpg`: names that WhatsApp gives.
    ///
    /// Of a kind that it does not know it leaves the point: `DOC-20240115-WA0002.`
    static func isOwnFileName(_ text: String) -> Bool {
        guard isFileName(text) || text.hasSuffix(".") else { return false }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        func isNumber(_ part: Substring, _ range: ClosedRange<Int>) -> Bool {
            range.contains(part.utf8.count) && part.utf8.allSatisfy { (48...57).contains($0) }
        }
        guard parts.count >= 3 else { return false }
        let isAndroid = parts[0].utf8.count == 3 && isNumber(parts[1], 8...8) && parts[2].hasPrefix("WA")
        return isAndroid || isNumber(parts[0], 5...9)
    }
}
