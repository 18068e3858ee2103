/// Bytes that grow at their end, for writers that append small pieces millions of times.
///
/// An array checks at every piece whether it is shared and large enough; this has one owner, and checks its room once for
/// a whole piece.
@safe struct ByteOutput: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity = 1024
    private(set) var count = 0
    /// Takes what was written whenever there is a block of it; without it, all is kept.
    private let drain: Drain?

    typealias Drain = (_ block: Span<UInt8>) -> Void

    /// How much is written of a long text before `drain` is asked to take it.
    private static let block = 64 * 1024

    init(drain: Drain? = nil) {
        self.drain = drain
        unsafe start = .allocate(capacity: capacity)
    }

    deinit { unsafe start.deallocate() }

    /// A copy of what was written.
    var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

    /// The SHA-256 of what was written, in base 32.
    var digestInBase32: String { unsafe SHA256.base32(of: UnsafeBufferPointer(start: start, count: count).span) }

    /// Hands on all that is there.
    mutating func drainAll() {
        guard let drain, count > 0 else { return }
        unsafe drain(UnsafeBufferPointer(start: start, count: count).span)
        count = 0
    }

    /// Hands on what is there, if it is worth a call.
    mutating func drainBlock() { if count >= Self.block { drainAll() } }

    /// Makes room for `more` bytes behind those that are there.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if capacity &- count < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        // A sum that overflows could not be allocated either.
        let needed = max(capacity * 2, count + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: needed)
        unsafe larger.update(from: start, count: count)
        unsafe start.deallocate()
        unsafe start = larger
        capacity = needed
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        put(byte)
    }

    /// Appends where there is room for it.
    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        unsafe start[count] = byte
        count &+= 1
    }

    mutating func append(_ bytes: Span<UInt8>) {
        reserve(bytes.count)
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe (start + count).update(from: base, count: source.count)
        }
        count &+= bytes.count
    }

    /// The text as it stands.
    mutating func append(plain text: String) { append(text.utf8.span) }

    /// `,"name":`
    @inline(__always)
    mutating func append(key name: StaticString, afterComma: Bool) {
        let length = name.utf8CodeUnitCount
        reserve(length &+ 4)
        if afterComma { put(UInt8(ascii: ",")) }
        put(UInt8(ascii: "\""))
        unsafe putShort(name.utf8Start, length)
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
    }

    /// A piece of JSON that stands in the program.
    @inline(__always)
    mutating func append(constant text: StaticString, afterComma: Bool) {
        reserve(text.utf8CodeUnitCount &+ 1)
        if afterComma { put(UInt8(ascii: ",")) }
        unsafe putShort(text.utf8Start, text.utf8CodeUnitCount)
    }

    /// A text in quotes in which nothing has to be escaped: ASCII without quotes, backslashes and control characters.
    mutating func append(word text: String, afterComma: Bool) {
        let utf8 = text.utf8.span
        reserve(utf8.count &+ 3)
        if afterComma { put(UInt8(ascii: ",")) }
        put(UInt8(ascii: "\""))
        unsafe utf8.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { unsafe putShort(base, source.count) }
        }
        put(UInt8(ascii: "\""))
    }

    /// Copies a few bytes where there is room for them, without the call that a longer copy is worth.
    @inline(__always)
    private mutating func putShort(_ source: UnsafePointer<UInt8>, _ length: Int) {
        let source = unsafe UnsafeRawPointer(source)
        let target = unsafe UnsafeMutableRawPointer(start + count)
        count &+= length
        guard length >= 8 else {
            // Two halves that may overlap: of three, two or one byte the first, the middle and the last.
            if length >= 4 {
                unsafe target.copyHalf(from: source, at: 0)
                unsafe target.copyHalf(from: source, at: length &- 4)
            } else if length > 0 {
                unsafe target.copyByte(from: source, at: 0)
                unsafe target.copyByte(from: source, at: length >> 1)
                unsafe target.copyByte(from: source, at: length &- 1)
            }
            return
        }
        var index = 0
        while index &+ 8 < length {
            unsafe target.copyWord(from: source, at: index)
            index &+= 8
        }
        // The last eight, some of which have been copied already.
        unsafe target.copyWord(from: source, at: length &- 8)
    }

    // MARK: Strings

    /// The text in quotes, with the escapes of RFC 8259 §7 and DEL escaped too.
    mutating func append(quoted text: String, afterComma: Bool) {
        let utf8 = text.utf8.span
        // Room for the whole text as it stands, for eight bytes that are written before they are looked at, and for the frame.
        reserve((drain == nil ? utf8.count : min(utf8.count, Self.block)) &+ 16)
        if afterComma { put(UInt8(ascii: ",")) }
        put(UInt8(ascii: "\""))
        unsafe utf8.withUnsafeBufferPointer { source in
            let source = UnsafeRawBufferPointer(source)
            guard drain != nil, source.count > Self.block else { return unsafe appendEscaped(source) }
            // Each byte is escaped by itself, so that a text can be cut anywhere.
            for first in stride(from: 0, to: source.count, by: Self.block) {
                let end = min(source.count, first &+ Self.block)
                let piece = unsafe UnsafeRawBufferPointer(rebasing: source[first..<end])
                reserve(piece.count &+ 16)
                unsafe appendEscaped(piece)
                drainAll()
            }
        }
        if count >= Self.block { drainAll() }
        reserve(1)
        put(UInt8(ascii: "\""))
    }

    /// Copies what needs no escape, and escapes what does.
    private mutating func appendEscaped(_ source: UnsafeRawBufferPointer) {
        guard let base = source.baseAddress else { return }
        var index = 0
        while true {
            let plain = unsafe copyPlain(base + index, source.count &- index)
            index &+= plain
            guard index < source.count else { return }
            append(escapeOf: unsafe source[index])
            index &+= 1
            reserve(source.count &- index &+ 16)
        }
    }

    /// Copies eight bytes at a step, and looks at them on the way.
    ///
    /// - Returns: How many there are before the first that needs an escape.
    @inline(__always)
    private mutating func copyPlain(_ source: UnsafeRawPointer, _ length: Int) -> Int {
        let target = unsafe UnsafeMutableRawPointer(start + count)
        var index = 0
        while length &- index >= 8 {
            let word = unsafe source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            unsafe target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
            let plain = JSONPlainBytes.count(before: UInt64(littleEndian: word))
            index &+= plain
            if plain < 8 { break }
        }
        let rest = length &- index
        // What is not the text's own is a blank, which needs no escape and is written over.
        if rest > 0, rest < 8 {
            let all = unsafe UnsafeRawBufferPointer(start: source, count: length)
            let word = unsafe JSONPlainBytes.word(all, from: index, count: rest)
            unsafe target.storeBytes(of: word.littleEndian, toByteOffset: index, as: UInt64.self)
            index &+= min(JSONPlainBytes.count(before: word), rest)
        }
        count &+= index
        return index
    }

    private mutating func append(escapeOf byte: UInt8) {
        reserve(6)
        put(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0D: put(UInt8(ascii: "r"))
        case 0x09: put(UInt8(ascii: "t"))
        default:
            for digit in [UInt8(ascii: "u"), 0x30, 0x30] { put(digit) }
            for half in [byte >> 4, byte & 15] { put(half &+ (half < 10 ? 0x30 : 0x57)) }
        }
    }

    // MARK: Numbers and times

    mutating func append(decimal value: Int64) {
        reserve(20)
        if value < 0 { put(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var length = 1
        var bound: UInt64 = 10
        while length < 19, rest >= bound {
            length &+= 1
            bound &*= 10
        }
        var place = count &+ length
        count = place
        repeat {
            place &-= 1
            unsafe start[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
    }

    /// `0.998` for 998, `1.5` for 1500, `-2` for -2000.
    mutating func append(thousandths value: Int64) {
        if value < 0, value > -1000 { append(UInt8(ascii: "-")) }
        append(decimal: value / 1000)
        let fraction = Int(value.magnitude % 1000)
        guard fraction > 0 else { return }
        reserve(4)
        put(UInt8(ascii: "."))
        put(digit: fraction / 100)
        guard fraction % 100 > 0 else { return }
        put(digit: fraction / 10 % 10)
        if fraction % 10 > 0 { put(digit: fraction % 10) }
    }

    /// `2026-01-02T03:04:05Z`, with `.678` where there are milliseconds.
    mutating func append(rfc3339 moment: Timestamp) {
        let time = CivilTime(moment)
        reserve(24)
        let year = min(max(time.year, 0), 9999)
        put(twoDigits: year / 100)
        put(twoDigits: year % 100)
        put(UInt8(ascii: "-"))
        put(twoDigits: time.month)
        put(UInt8(ascii: "-"))
        put(twoDigits: time.day)
        put(UInt8(ascii: "T"))
        put(twoDigits: time.hour)
        put(UInt8(ascii: ":"))
        put(twoDigits: time.minute)
        put(UInt8(ascii: ":"))
        put(twoDigits: time.second)
        if time.millisecond != 0 {
            put(UInt8(ascii: "."))
            put(digit: time.millisecond / 100)
            put(twoDigits: time.millisecond % 100)
        }
        put(UInt8(ascii: "Z"))
    }

    @inline(__always)
    private mutating func put(twoDigits value: Int) {
        put(digit: value / 10)
        put(digit: value % 10)
    }

    @inline(__always)
    private mutating func put(digit: Int) { put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)) }
}

extension UnsafeMutableRawPointer {
    @inline(__always)
    fileprivate func copyWord(from source: UnsafeRawPointer, at index: Int) {
        let word = unsafe source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        unsafe storeBytes(of: word, toByteOffset: index, as: UInt64.self)
    }

    @inline(__always)
    fileprivate func copyHalf(from source: UnsafeRawPointer, at index: Int) {
        let half = unsafe source.loadUnaligned(fromByteOffset: index, as: UInt32.self)
        unsafe storeBytes(of: half, toByteOffset: index, as: UInt32.self)
    }

    @inline(__always)
    fileprivate func copyByte(from source: UnsafeRawPointer, at index: Int) {
        let byte = unsafe source.load(fromByteOffset: index, as: UInt8.self)
        unsafe storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }
}
