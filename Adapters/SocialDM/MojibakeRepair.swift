import GatehouseCore

/// Text whose UTF-8 bytes were written as one `\u00XX` each, as Meta's downloads do: `caf\u00c3\u00a9` for café.
enum MojibakeRepair {
    /// `text` with its scalars taken as bytes, where that gives UTF-8; nil where it was right already.
    ///
    /// Some exports hold both forms, so each string decides for itself: a scalar above U+00FF, or bytes that are no UTF-8,
    /// and it stays as it is.
    static func repaired(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var hasHighByte = false
        for scalar in text.unicodeScalars {
            guard scalar.value <= 0xFF else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            hasHighByte = hasHighByte || scalar.value >= 0x80
        }
        guard hasHighByte else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// `text`, repaired where it needs it.
    static func clean(_ text: String) -> String { repaired(text) ?? text }
}
