import GatehouseCore

/// The tolerant JSON reader: as a whole, value by value through a small window, and strictly.
extension FuzzTarget {
    static let json = FuzzTarget(name: "json") { bytes in
        let partial = JSONDocument.readPartially(bytes, name: "fuzz")
        Promise.isKept(partial.value != nil || partial.error != nil, "neither a value nor an error")
        var small = JSONOptions.tolerant
        small.maximumDepth = 8
        small.maximumStringBytes = 64
        small.maximumValueBytes = 4096
        var reader = JSONReader(ByteReader(bytes: bytes, name: "fuzz"), options: small, chunkSize: 7)
        while (try? reader.next()) != nil {}
        if let strict = try? JSONDocument.parse(bytes, options: .strict) {
            // What is right by RFC 8259 needs no repair, and means the same to both. Two repairs are of what it lets
            // pass: a byte order mark (§8.1), and an escaped lone surrogate (§8.2), for which no text exists.
            let repairs = partial.repairs.filter { $0 != .loneSurrogate && $0 != .byteOrderMark }
            Promise.isKept(partial.error == nil && repairs.isEmpty, "repairs: \(repairs)")
            Promise.isKept(partial.value?.content == strict.content, "read in two ways")
        }
    }
}
