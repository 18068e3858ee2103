/// Writes JSON (RFC 8259) as UTF-8, compact, straight into bytes.
///
/// Object keys with nothing under them are not written: an absent value is an absent key, never `null`. Keys that stand in
/// the program are plain ASCII words and are copied as they are; all other text is escaped. What writes a key is made part of
/// its caller, where the key is so many bytes and no loop.
package struct JSONWriter: ~Copyable {
    var output: ByteOutput
    private var needsComma = false

    package init() { output = ByteOutput() }

    /// Hands on what is written in blocks; `finish` hands on the last.
    package init(drain: @escaping (_ block: Span<UInt8>) -> Void) { output = ByteOutput(drain: drain) }

    package mutating func finish() { output.drainAll() }

    /// The end of a line, after which another document may follow; hands on what has gathered if that is a block.
    package mutating func endLine() {
        output.append(0x0A)
        needsComma = false
        output.drainBlock()
    }

    package var bytes: [UInt8] { output.bytes }
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package mutating func reserve(_ count: Int) { output.reserve(count) }

    // MARK: Structure

    @inline(__always)
    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "{"))
        body(&self)
        close(UInt8(ascii: "}"))
    }

    @inline(__always)
    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        open(UInt8(ascii: "["))
        body(&self)
        close(UInt8(ascii: "]"))
    }

    @inline(__always)
    private mutating func open(_ bracket: UInt8) {
        separate()
        output.append(bracket)
        needsComma = false
    }

    @inline(__always)
    private mutating func close(_ bracket: UInt8) {
        output.append(bracket)
        needsComma = true
    }

    /// A key that stands in the program: ASCII without quotes, backslashes and control characters.
    @inline(__always)
    package mutating func key(_ name: StaticString) {
        output.append(key: name, afterComma: needsComma)
        needsComma = false
    }

    @_disfavoredOverload
    package mutating func key(_ name: String) {
        string(name)
        output.append(UInt8(ascii: ":"))
        needsComma = false
    }

    // MARK: Values

    @inline(__always)
    package mutating func string(_ text: String) {
        output.append(quoted: text, afterComma: needsComma)
        needsComma = true
    }

    /// A word of ASCII in which nothing has to be escaped: of an enumeration, a digest, an id of our own.
    @inline(__always)
    package mutating func word(_ text: String) {
        output.append(word: text, afterComma: needsComma)
        needsComma = true
    }

    package mutating func number(_ value: Int64) {
        separate()
        output.append(decimal: value)
        needsComma = true
    }

    /// Three decimal places at most; a value that is not finite is written as 0.
    package mutating func number(_ value: Double) {
        separate()
        let clamped = value.isFinite ? min(max(value, -9e15), 9e15) : 0
        let scaled = (clamped * 1000).rounded()
        if abs(scaled) < 9e15 {
            output.append(thousandths: Int64(scaled))
        } else {
            output.append(plain: String(scaled / 1000))
        }
        needsComma = true
    }

    package mutating func bool(_ value: Bool) {
        separate()
        output.append(plain: value ? "true" : "false")
        needsComma = true
    }

    /// A value that is JSON already.
    package mutating func raw(_ json: [UInt8]) {
        separate()
        output.append(json.span)
        needsComma = true
    }

    /// `"2026-01-02T03:04:05.678Z"`
    package mutating func time(_ value: Timestamp) {
        separate()
        output.append(UInt8(ascii: "\""))
        output.append(rfc3339: value)
        output.append(UInt8(ascii: "\""))
        needsComma = true
    }

    // MARK: Members, left out where there is nothing to say

    @inline(__always)
    package mutating func member(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    /// As `word`.
    @inline(__always)
    package mutating func member(_ name: StaticString, word value: String?) {
        guard let value else { return }
        key(name)
        word(value)
    }

    /// Members that stand in the program as they are written, without a comma around them.
    @inline(__always)
    mutating func constant(_ members: StaticString) {
        output.append(constant: members, afterComma: needsComma)
        needsComma = true
    }

    /// For names that are not known before.
    @_disfavoredOverload
    package mutating func member(_ name: String, _ value: String?) {
        guard let value else { return }
        key(name)
        string(value)
    }

    @_disfavoredOverload
    package mutating func member(_ name: String, _ value: Int?) {
        guard let value else { return }
        key(name)
        number(Int64(value))
    }

    @inline(__always)
    package mutating func member(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        key(name)
        number(Int64(value))
    }

    package mutating func member(_ name: StaticString, _ value: Double) {
        key(name)
        number(value)
    }

    package mutating func member(_ name: StaticString, _ value: Bool) {
        key(name)
        bool(value)
    }

    @inline(__always)
    package mutating func member(_ name: StaticString, _ value: Timestamp?) {
        guard let value else { return }
        key(name)
        time(value)
    }

    @inline(__always)
    package mutating func member(_ name: StaticString, _ values: [String]) {
        guard !values.isEmpty else { return }
        key(name)
        array { for value in values { $0.string(value) } }
    }

    @inline(__always)
    package mutating func member<Element>(
        _ name: StaticString,
        each values: [Element],
        _ write: (inout JSONWriter, Element) -> Void
    ) {
        guard !values.isEmpty else { return }
        key(name)
        array { json in
            // Over a span the elements are lent; a loop over the array copies each.
            let span = values.span
            for index in span.indices { write(&json, span[index]) }
        }
    }

    /// A list of objects whose members `write` writes.
    @inline(__always)
    package mutating func member<Element>(
        _ name: StaticString,
        objects values: [Element],
        _ write: (inout JSONWriter, Element) -> Void
    ) {
        member(name, each: values) { json, value in json.object { write(&$0, value) } }
    }

    @inline(__always)
    package mutating func member(_ name: StaticString, object body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    @inline(__always)
    private mutating func separate() { if needsComma { output.append(UInt8(ascii: ",")) } }
}
