import GatehouseCore

/// Charset decoding: the first byte chooses the label, the rest is the text; or the text up to the first LF is the label.
extension FuzzTarget {
    static let charset = FuzzTarget(name: "charset") { bytes in
        guard let first = bytes.first else { return }
        let label: String?
        let text: [UInt8]
        if first < 0x80, let end = bytes.prefix(40).firstIndex(of: 0x0A) {
            label = String(decoding: bytes[..<end], as: UTF8.self)
            text = Array(bytes[(end + 1)...])
        } else {
            let index = Int(first) % (labels.count + 1)
            label = index < labels.count ? labels[index] : nil
            text = Array(bytes.dropFirst())
        }
        let decoded = CharsetDecoder.decode(text, label: label, isHTML: first & 1 == 0)
        Promise.isKept(decoded.text.utf8.count <= 16 + 6 * text.count, "\(text.count) bytes became too many")
        let normalised = UnicodeText.normalised(decoded.text)
        Promise.isKept(!normalised.utf8.contains(0x0D) && !normalised.utf8.contains(0), "CR or NUL in a text")
        Promise.isKept(UnicodeText.normalised(normalised).utf8.elementsEqual(normalised.utf8), "not yet normal")
    }

    private static let labels = [
        "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "iso-8859-15", "koi8-r", "windows-1251", "windows-874",
        "gb2312", "gb18030", "big5", "euc-kr", "ks_c_5601-1987", "shift_jis", "euc-jp", "iso-2022-jp", "iso-2022-kr",
        "iso-2022-cn", "hz-gb-2312", "utf-7", "utf-16", "utf-16le", "utf-32", "x-unknown", "macintosh", "tis-620",
    ]
}
