import Testing

@testable import GatehouseCore

@Suite struct `Charsets` {
    struct Case: Sendable {
        var bytes: [UInt8]
        var label: String?
        var text: String
        var warning: String?
    }

    static let cases: [Case] = [
        Case(bytes: Array("plain".utf8), label: nil, text: "plain"),
        Case(bytes: Array("Grüße".utf8), label: "UTF-8", text: "Grüße"),
        Case(bytes: Array("Grüße".utf8), label: nil, text: "Grüße", warning: "charset_guessed:utf-8"),
        Case(bytes: Array("Grüße".utf8), label: "us-ascii", text: "Grüße", warning: "charset_guessed:utf-8"),
        Case(bytes: Array("Grüße".utf8), label: "x-foo", text: "Grüße", warning: "charset_guessed:utf-8"),
        Case(bytes: [0xFC, 0x80], label: "iso-8859-1", text: "ü€"),
        Case(bytes: [0xFC], label: nil, text: "ü", warning: "charset_guessed:windows-1252"),
        Case(bytes: [0x81, 0x30, 0x81, 0x30], label: "gb2312", text: "\u{80}"),
        Case(bytes: [0xC4, 0xE3, 0xBA, 0xC3], label: "\"GBK\"", text: "你好"),
        Case(bytes: [0x8C, 0x63], label: "ks_c_5601-1987", text: "똠"),
        Case(bytes: [0x87, 0x40], label: "Shift_JIS", text: "①"),
        Case(bytes: [0xCF, 0xF0, 0xE8], label: "cp1251", text: "При"),
        Case(bytes: [0xA1, 0x80], label: "tis-620", text: "ก€"),
        Case(bytes: Array("Hi +AOQA9gD8-".utf8), label: "utf-7", text: "Hi äöü"),
        Case(bytes: [0x60, 0x4F, 0x7D, 0x59], label: "utf-16le", text: "你好"),
        Case(bytes: [0xFE, 0xFF, 0x4F, 0x60], label: nil, text: "你", warning: "charset_guessed:utf-16be"),
        Case(bytes: [0xEF, 0xBB, 0xBF, 0x41], label: "utf-8", text: "A"),
        Case(
            bytes: [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x1B, 0x28, 0x42],
            label: nil,
            text: "日本",
            warning: "charset_guessed:iso-2022-jp-2"
        ),
        Case(bytes: Array("日本".utf8), label: "iso-2022-jp", text: "日本", warning: "charset_guessed:utf-8"),
        Case(
            bytes: Array("gut é".utf8) + [0xFF],
            label: "utf-8",
            text: "gut é\u{FFFD}",
            warning: "charset_damaged:utf-8"
        ),
    ]

    @Test func `A long text of which much stands for nothing in its charset is not taken for one`() {
        let bytes = [[UInt8]](repeating: [0xA4, 0xA4, 0xFF], count: 20_000).flatMap { $0 }
        #expect(CharsetDecoder.decode(bytes, label: "big5").warning != "charset_damaged:big5-hkscs")
        // A few broken ones in a long text are marked.
        let whole = [UInt8](repeating: 0xA4, count: 60_000)
        let decoded = CharsetDecoder.decode(whole + [0xFF, 0x41], label: "big5")
        #expect(decoded.warning == "charset_damaged:big5-hkscs")
        #expect(decoded.text.unicodeScalars.count == 30_002)
    }

    @Test func `A charset that makes much of a byte fills more than the room that others need`() {
        // Each byte of TSCII is a syllable of two or three letters.
        let bytes = [UInt8](repeating: 0x82, count: 40_000)
        let text = CharsetDecoder.decode(bytes, label: "tscii").text
        #expect(text.utf8.count == 480_000)
        #expect(text.unicodeScalars.allSatisfy { (0xB80...0xBFF).contains($0.value) })
    }

    @Test(arguments: [
        (Array("gr\u{FC}n \u{20AC} \u{1F600}".utf8), 3, 0), ([0xE4, 0xB8, 0xE4, 0xB8], 0, 2),
        ([0xC0, 0x80, 0xFF], 0, 3),
        ([0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80], 0, 2), ([0x80, 0xC3, 0xA4, 0xC3], 1, 2), ([], 0, 0),
    ])
    func `Damage to UTF-8 is counted`(bytes: [UInt8], whole: Int, broken: Int) {
        let damage = UTF8Damage(bytes)
        #expect(damage.whole == whole)
        #expect(damage.broken == broken)
    }

    @Test(arguments: [nil, "iso-8859-1", "us-ascii"])
    func `UTF-8 that was cut, or holds a few other bytes, is UTF-8 without its label too`(label: String?) {
        let text = "Здравствуйте, мои деньги не пришли"
        let cut = CharsetDecoder.decode(Array(text.utf8).dropLast(1).map(\.self), label: label) { _ in "koi8-r" }
        #expect(cut.text == String(text.dropLast()) + "\u{FFFD}")
        #expect(cut.warning == "charset_damaged:utf-8")
        let mixed = CharsetDecoder.decode(Array(text.utf8) + [0x20, 0xE9, 0x20], label: label) { _ in "koi8-r" }
        #expect(mixed.text == text + " \u{FFFD} ")
    }

    @Test func `Every byte has a meaning in Windows-1252, whoever says that it is that`() {
        let bytes: [UInt8] = [0x41, 0x81, 0x8D, 0x90, 0x9D, 0x80]
        for label in [nil, "iso-8859-1", "windows-1252"] {
            let decoded = CharsetDecoder.decode(bytes, label: label) { _ in "windows-1252" }
            #expect(decoded.text == "A\u{81}\u{8D}\u{90}\u{9D}€")
        }
    }

    @Test(arguments: cases)
    func `Bytes become text by label, or by the best guess`(given: Case) {
        let decoded = CharsetDecoder.decode(given.bytes, label: given.label)
        #expect(decoded.text == given.text)
        #expect(decoded.warning == given.warning)
    }

    @Test func `A page that names its charset itself is read by it`() {
        let page = Array("<html><head><meta charset=windows-1251></head>".utf8) + [0xCF, 0xF0, 0xE8]
        let decoded = CharsetDecoder.decode(page, label: nil, isHTML: true)
        #expect(decoded.text.hasSuffix("При"))
        #expect(decoded.warning == "charset_guessed:windows-1251")
    }

    @Test func `Every byte under every label gives text`() {
        let bytes = (0...255).map { UInt8($0) } + Array("\u{1B}$B".utf8) + [0x1B, 0x24]
        for label in [
            "utf-8", "gb2312", "big5", "euc-jp", "iso-2022-kr", "hz", "utf-16", "utf-7", "koi8-r", "//IGNORE", "",
        ] {
            #expect(!CharsetDecoder.decode(bytes, label: label).text.isEmpty)
        }
    }
}
