import GatehouseCore

/// The lines `name=value` of an Asterisk voicemail's description, `msg0000.txt` (`app_voicemail.c`).
struct VoicemailText {
    struct Field {
        let name: String
        let value: String
    }

    /// In the file's order; none is blank.
    let fields: [Field]
    /// Where the last line starts that has no `=`: the file was cut there. nil where there is none.
    let brokenLine: Int?
    /// True where bytes were no UTF-8 and were read as Windows-1252.
    let isGuessed: Bool

    /// - Returns: nil for a text without the file's title, or a section `[message]` and a field that only such a file has.
    init?(_ bytes: [UInt8]) {
        var fields: [Field] = []
        var broken: Int?
        var isInMessage = false
        var hasTitle = false
        var isGuessed = false
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        // These files have a few hundred bytes: what goes on longer is something else.
        while start < bytes.count, fields.count < 200 {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let line = Self.trimmed(bytes[start..<end])
            defer { start = end + 1 }
            if line.elementsEqual("; Message Information file".utf8) { hasTitle = true }
            guard let first = line.first, first != UInt8(ascii: ";") else { continue }
            if first == UInt8(ascii: "[") {
                if isInMessage, !fields.isEmpty { break }
                isInMessage = line.elementsEqual("[message]".utf8)
                if !isInMessage { broken = line.startIndex }
                continue
            }
            // The first words of any other text.
            guard isInMessage else { return nil }
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
                broken = line.startIndex
                continue
            }
            broken = nil
            // `name => value` is the other form of Asterisk's configuration files.
            let isArrow = equals + 1 < line.endIndex && line[equals + 1] == UInt8(ascii: ">")
            let value = Self.trimmed(line[(equals + (isArrow ? 2 : 1))...])
            let name = String(decoding: Self.trimmed(line[..<equals]), as: UTF8.self)
            guard !value.isEmpty else { continue }
            let text = CharsetDecoder.decode(Array(value), label: "utf-8")
            isGuessed = isGuessed || text.warning != nil
            fields.append(Field(name: name, value: text.text))
        }
        let isMarked = fields.contains { ["origmailbox", "origtime", "callerid", "origdate"].contains($0.name) }
        guard hasTitle || isMarked else { return nil }
        self.fields = fields
        brokenLine = broken
        self.isGuessed = isGuessed
    }

    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0 }
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }
}
