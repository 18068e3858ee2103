import GatehouseCore

/// Message-ID, In-Reply-To, References and Content-ID (RFC 5322 §3.6.4).
enum MessageIDList {
    private static let maximum = 1000
    private static let few = 8

    /// The ids in a folded value, without `<` and `>`, each once, up to 1,000.
    ///
    /// In-Reply-To once held phrases (§4.5.4), so words outside brackets count only where there are no brackets at all.
    static func ids(in message: [UInt8], _ range: Range<Int>) -> [String] {
        var ids: [String] = []
        var seen: Set<String> = []
        func add(_ bytes: ArraySlice<UInt8>) {
            let isPlain = bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            let id =
                isPlain
                ? String(decoding: bytes, as: UTF8.self)
                : UnicodeText.normalised(CharsetDecoder.decode(bytes.filter { $0 > 0x20 }, label: nil).text)
            guard !id.isEmpty else { return }
            // A handful needs no set.
            if ids.count == few { seen = Set(ids) }
            let isNew = ids.count < few ? !ids.contains(id) : seen.insert(id).inserted
            if isNew { ids.append(id) }
        }
        var bytes = unfold(message, range)
        if ByteSearch.firstIndex(of: [0x3D, 0x3F], in: bytes, 0..<bytes.count) != nil {
            // Some programs encode what is too long for their line.
            var decoder = HeaderTextDecoder(guesses: 0)
            bytes = Array(decoder.decode(bytes).utf8)
        }
        var cursor = 0
        while ids.count < maximum,
            let open = ByteSearch.firstIndex(of: UInt8(ascii: "<"), in: bytes, cursor..<bytes.count),
            let close = ByteSearch.firstIndex(of: UInt8(ascii: ">"), in: bytes, open..<bytes.count)
        {
            var start = open + 1
            while start < close, bytes[start] == UInt8(ascii: "<") { start += 1 }
            add(bytes[start..<close])
            cursor = close + 1
        }
        if ids.isEmpty {
            for word in bytes.split(maxSplits: maximum, whereSeparator: { $0 <= 0x20 || $0 == 0x2C }) {
                add(word.drop { $0 == UInt8(ascii: "<") })
                if ids.count >= maximum { break }
            }
        }
        return ids
    }
}
