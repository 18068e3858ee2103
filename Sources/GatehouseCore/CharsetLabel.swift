/// The names under which charsets go in mail and web pages, and the usual lies.
///
/// A label often names a subset of what the sender's program wrote; the WHATWG Encoding Standard §4.2 lists the same
/// pairs, and mail needs a few more.
package enum CharsetLabel {
    /// The name to decode by: lower case, without quotes and blanks, lies corrected.
    package static func canonical(_ label: String) -> String {
        // What most mail says, without a search.
        switch label {
        case "utf-8", "UTF-8": return "utf-8"
        case "us-ascii", "US-ASCII": return "us-ascii"
        case "iso-8859-1", "ISO-8859-1", "windows-1252": return "windows-1252"
        default: return canonicalForm(of: label)
        }
    }

    private static func canonicalForm(of label: String) -> String {
        var name: [UInt8] = []
        for byte in label.utf8.prefix(64) {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): name.append(byte | 0x20)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): name.append(byte)
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "+"):
                name.append(byte)
            default: continue
            }
        }
        let plain = String(decoding: name, as: UTF8.self)
        if let known = aliases[plain] { return known }
        let usual = withUsualSigns(plain)
        return aliases[usual] ?? usual
    }

    /// `cp-850`, `win1252`, `iso_8859_2` and the like, as most others write them.
    private static func withUsualSigns(_ name: String) -> String {
        let dashed = String(String.UnicodeScalarView(name.unicodeScalars.map { $0 == "_" ? "-" : $0 }))
        for (prefix, usual) in numbered where dashed.hasPrefix(prefix) {
            let number = dashed.dropFirst(prefix.count)
            if number.utf8.first.map({ (48...57).contains($0) }) == true { return usual + number }
        }
        return aliases[dashed] == nil ? name : dashed
    }

    /// Longer ones first.
    private static let numbered = [
        ("iso-8859-", "iso-8859-"), ("iso-8859", "iso-8859-"), ("iso8859-", "iso-8859-"), ("iso8859", "iso-8859-"),
        ("windows-", "windows-"), ("windows", "windows-"), ("win-", "windows-"), ("win", "windows-"), ("cp-", "cp"),
        ("dos-", "cp"), ("ibm-", "ibm"), ("latin-", "latin"),
    ]

    /// True for charsets in which ASCII bytes may stand for something else.
    static func isStateful(_ canonical: String) -> Bool {
        if canonical == "utf-8" || canonical == "us-ascii" || canonical == "windows-1252" { return false }
        return canonical.hasPrefix("utf-16") || canonical.hasPrefix("utf-32") || canonical.hasPrefix("ucs-")
            || canonical.hasPrefix("utf-7") || canonical.hasPrefix("iso-2022") || canonical.hasPrefix("hz")
            || canonical.hasPrefix("iso-10646") || canonical.hasPrefix("ibm") || canonical.hasPrefix("cp037")
    }

    package static func isKnown(_ canonical: String) -> Bool { known.contains(canonical) }

    /// For a warning: never empty.
    static func printable(_ canonical: String) -> String { canonical.isEmpty ? "empty" : canonical }

    private static let known = Set(aliases.values)

    private static let aliases: [String: String] = {
        var table: [String: String] = [:]
        for line in lines {
            let names = line.split(separator: " ").map(String.init)
            for name in names { table[name] = names[0] }
        }
        return table
    }()

    /// The charset to decode by, then the labels that mean it.
    private static let lines = [
        "utf-8 utf8 utf_8 unicode-1-1-utf-8 x-unicode20utf8 cp65001 utf-8n utf8mb4",
        "us-ascii ascii us ansi_x3.4-1968 iso646-us 646 iso_646.irv:1991 iso-ir-6 7bit unknown unknown-8bit x-unknown"
            + " default x-user-defined binary 8bit none",
        "windows-1252 iso-8859-1 iso8859-1 iso_8859-1 iso_8859-1:1987 iso88591 8859-1 latin1 latin-1 l1 cp1252 ibm819 cp819"
            + " windows1252 x-cp1252 iso-ir-100 ansi iso-8859-1-windows-3.1-latin-1 iso-8859-1:1987 x-ansi",
        "gb18030 gb2312 gbk gb_2312-80 gb-2312 csgb2312 x-gbk cp936 ms936 windows-936 euc-cn x-euc-cn chinese csiso58gb231280"
            + " gb_18030 gb2312-80 gb18030-2000",
        "cp949 ks_c_5601-1987 ks_c_5601 ks_c_5601-1989 ksc5601 ksc_5601 euc-kr euckr cseuckr korean ms949 windows-949 uhc",
        "cp932 shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis windows-31j ms932 windows-932 x-ms-cp932",
        "big5-hkscs big5 big-5 cn-big5 csbig5 x-x-big5 cp950 ms950 windows-950 big5hkscs",
        "euc-jp eucjp x-euc-jp cseucpkdfmtjapanese x-euc",
        "iso-2022-jp-2 iso-2022-jp iso2022-jp iso2022jp csiso2022jp iso-2022-jp-1 iso-2022-jp-ms cp50220 cp50221 cp50222"
            + " jis",
        "iso-2022-kr csiso2022kr iso2022-kr",
        "iso-2022-cn csiso2022cn iso-2022-cn-ext",
        "windows-874 cp874 tis-620 tis620 iso-8859-11 iso8859-11 dos-874 x-windows-874",
        "windows-1250 cp1250 x-cp1250", "windows-1251 cp1251 x-cp1251 win-1251", "windows-1253 cp1253 x-cp1253",
        "windows-1254 cp1254 iso-8859-9 iso8859-9 latin5 l5 iso_8859-9 x-cp1254",
        "windows-1255 cp1255 x-cp1255", "windows-1256 cp1256 x-cp1256", "windows-1257 cp1257 x-cp1257",
        "windows-1258 cp1258 x-cp1258",
        "iso-8859-2 iso8859-2 iso_8859-2 latin2 l2", "iso-8859-3 iso8859-3 latin3", "iso-8859-4 iso8859-4 latin4",
        "iso-8859-5 iso8859-5 cyrillic", "iso-8859-6 iso8859-6 iso-8859-6-i iso-8859-6-e arabic",
        "iso-8859-7 iso8859-7 greek", "iso-8859-8 iso8859-8 iso-8859-8-i iso-8859-8-e hebrew visual logical",
        "iso-8859-10 iso8859-10 latin6", "iso-8859-13 iso8859-13", "iso-8859-14 iso8859-14",
        "iso-8859-15 iso8859-15 latin9 latin-9", "iso-8859-16 iso8859-16",
        "koi8-r koi8 koi koi8r cskoi8r", "koi8-u koi8-ru koi8u",
        "utf-16le ucs-2le unicode csunicode iso-10646-ucs-2 ucs-2", "utf-16be unicodefffe ucs-2be", "utf-16 utf16",
        "utf-32 utf32", "utf-7 unicode-1-1-utf-7 utf7 x-unicode-2-0-utf-7", "macintosh mac x-mac-roman macroman",
        "mac-cyrillic x-mac-cyrillic x-mac-ukrainian maccyrillic", "cp866 ibm866 866", "cp437 ibm437 437",
        "cp850 ibm850 850",
        "cp852 ibm852 852", "hz hz-gb-2312 hzgb2312",
    ]
}

/// Charsets with one byte a character that need no iconv.
enum SingleByteText {
    /// Windows-1252; the five bytes that it leaves open are C1 controls, as the WHATWG Encoding Standard has it.
    static func windows1252(_ bytes: [UInt8]) -> String {
        let source = bytes.span
        var size = source.count
        for index in source.indices {
            // Two bytes of UTF-8, or three where Windows has a sign in the place of a control character.
            size &+= source[index] >= 0xA0 ? 1 : source[index] >= 0x80 ? 2 : 0
        }
        return unsafe String(unsafeUninitializedCapacity: size) { target in unsafe write(source, to: target) }
    }

    /// - Returns: How many bytes were written.
    private static func write(_ source: Span<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let target = UnsafeMutableRawPointer(target.baseAddress) else { return 0 }
        var written = 0
        var index = 0
        while index < source.count {
            let plainEnd = ByteSearch.endOfASCII(in: source, index)
            unsafe source.extracting(index..<plainEnd).withUnsafeBytes { plain in
                guard let start = plain.baseAddress else { return }
                unsafe (target + written).copyMemory(from: start, byteCount: plain.count)
            }
            written &+= plainEnd &- index
            index = plainEnd
            while index < source.count, source[index] >= 0x80 {
                let byte = source[index]
                index &+= 1
                let code = byte < 0xA0 ? upperControls[Int(byte &- 0x80)] : UInt16(byte)
                if code < 0x800 {
                    unsafe target.storeBytes(of: 0xC0 | UInt8(code >> 6), toByteOffset: written, as: UInt8.self)
                } else {
                    unsafe target.storeBytes(of: 0xE0 | UInt8(code >> 12), toByteOffset: written, as: UInt8.self)
                    written &+= 1
                    unsafe target.storeBytes(of: 0x80 | UInt8(code >> 6 & 0x3F), toByteOffset: written, as: UInt8.self)
                }
                written &+= 1
                unsafe target.storeBytes(of: 0x80 | UInt8(code & 0x3F), toByteOffset: written, as: UInt8.self)
                written &+= 1
            }
        }
        return written
    }

    private static let upperControls: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D,
        0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153,
        0x9D,
        0x017E, 0x0178,
    ]
}
