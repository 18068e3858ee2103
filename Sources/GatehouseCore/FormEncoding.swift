/// The fields of an `application/x-www-form-urlencoded` body, in the order in which they came.
///
/// A name may occur more than once; nothing is merged or dropped, since signatures and multiple choices need all.
package struct FormFields: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package let fields: [Field]
    private let firstByName: [String: Int]

    package init(_ fields: [Field]) {
        self.fields = fields
        var first: [String: Int] = [:]
        for (index, field) in fields.enumerated() where first[field.name] == nil { first[field.name] = index }
        firstByName = first
    }

    /// Reads a body as the WHATWG URL standard's §5.1 parser does.
    ///
    /// `&` separates, the first `=` ends a name, `+` is a space, `%xx` is a byte. A `%` without two hexadecimal
    /// digits stays as it is; bytes that are no UTF-8 become U+FFFD. A byte order mark stays part of the first name.
    package init(decoding bytes: [UInt8]) {
        var fields: [Field] = []
        var start = 0
        while start <= bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.count
            if end > start {
                let equals = bytes[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
                fields.append(
                    Field(
                        name: Self.decode(bytes[start..<equals]),
                        value: Self.decode(bytes[min(equals + 1, end)..<end])
                    )
                )
            }
            start = end + 1
        }
        self.init(fields)
    }

    /// The first value of `name`.
    package subscript(name: String) -> String? { firstByName[name].map { fields[$0].value } }

    /// Every value of `name`, in order.
    package func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// `+` and `%xx` undone.
    package static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: Self.bytes(bytes), as: UTF8.self)
    }

    static func bytes(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "%"), bytes.endIndex - index >= 2,
                let high = Hex.value(of: bytes[index]), let low = Hex.value(of: bytes[index + 1])
            {
                result.append(high << 4 | low)
                index += 2
            } else {
                result.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return result
    }

    /// True where `head` can be the start of such a body: one line of printable ASCII that starts with `name=`.
    package static func looksLikeForm(_ head: [UInt8]) -> Bool {
        var sawEquals = false
        for (index, byte) in head.enumerated() {
            switch byte {
            case UInt8(ascii: "="):
                if index == 0 { return false }
                sawEquals = true
            case UInt8(ascii: "&"): if !sawEquals { return false }
            // Lenient senders leave spaces and UTF-8 unescaped in values, never in names.
            case 0x20, 0x80...: if !sawEquals { return false }
            case 0x0A, 0x0D: if !head[index...].allSatisfy({ $0 == 0x0A || $0 == 0x0D }) { return false }
            case 0..<0x20, 0x7F: return false
            case UInt8(ascii: "<"), UInt8(ascii: "{"), UInt8(ascii: "\""): if !sawEquals { return false }
            default: continue
            }
        }
        return sawEquals
    }
}
