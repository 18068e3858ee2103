/// Writes JSON (RFC 8259) as UTF-8, compact, straight into bytes.
///
/// Object keys with nothing under them are not written: an absent value is an absent key, never `null`.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

    // MARK: Structure

    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        body(&self)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    package mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    package mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(text)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    package mutating func number(_ value: Int64) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
        needsComma = true
    }

    /// Three decimal places at most; a value that is not finite is written as 0.
    package mutating func number(_ value: Double) {
        separate()
        let clamped = value.isFinite ? min(max(value, -9e15), 9e15) : 0
        let scaled = (clamped * 1000).rounded()
        if abs(scaled) < 9e15, scaled.truncatingRemainder(dividingBy: 1000) == 0 {
            bytes.append(contentsOf: String(Int64(scaled / 1000)).utf8)
        } else {
            bytes.append(contentsOf: String(scaled / 1000).utf8)
        }
        needsComma = true
    }

    package mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    // MARK: Members, left out where there is nothing to say

    package mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    package mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        key(name)
        number(Int64(value))
    }

    package mutating func member(_ name: String, _ value: Double) {
        key(name)
        number(value)
    }

    package mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    package mutating func member(_ name: String, _ value: Timestamp?) {
        guard let value else { return }
        key(name)
        string(value.rfc3339)
    }

    package mutating func member(_ name: String, _ values: [String]) {
        guard !values.isEmpty else { return }
        key(name)
        array { for value in values { $0.string(value) } }
    }

    package mutating func member<Element>(
        _ name: String,
        each values: [Element],
        _ write: (inout JSONWriter, Element) -> Void
    ) {
        guard !values.isEmpty else { return }
        key(name)
        array { for value in values { write(&$0, value) } }
    }

    package mutating func member(_ name: String, object body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    // MARK: Parts

    private mutating func separate() { if needsComma { bytes.append(UInt8(ascii: ",")) } }

    private mutating func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            while start < utf8.count {
                let end = unsafe Self.endOfPlainRun(utf8, from: start)
                if end > start { unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<end])) }
                if end < utf8.count { appendEscape(unsafe utf8[end]) }
                start = end + 1
            }
        }
    }

    /// Where the next byte stands that must be escaped, or the end; eight bytes at a step.
    private static func endOfPlainRun(_ utf8: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = start
        let raw = UnsafeRawBufferPointer(utf8)
        while index + 8 <= raw.count {
            let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // A byte's high bit is set where it is below 0x20, or zero after the XOR; a borrow can only add a false alarm.
            let control = (word &- ones &* 0x20) & ~word
            let (quote, backslash, delete) = (word ^ ones &* 0x22, word ^ ones &* 0x5C, word ^ ones &* 0x7F)
            let special = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (delete &- ones) & ~delete
            guard (control | special) & highs != 0 else {
                index += 8
                continue
            }
            for offset in index..<index + 8 where needsEscape(unsafe utf8[offset]) { return offset }
            index += 8
        }
        while index < utf8.count, !needsEscape(unsafe utf8[index]) { index += 1 }
        return index
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private mutating func appendEscape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default: bytes.append(contentsOf: "u00\(Hex.encode([byte]))".utf8)
        }
    }
}
