import Glibc

/// Searching in bytes by libc, which uses the processor's wide instructions.
package enum ByteSearch {
    /// The first place of `byte` in `range`, or nil. A range that leaves the bytes is cut to them.
    package static func firstIndex(of byte: UInt8, in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        let range = range.clamped(to: 0..<bytes.count)
        guard !range.isEmpty else { return nil }
        return unsafe bytes.withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// The first place at which all of `needle` stands in `range`, or nil. Meant for short needles.
    package static func firstIndex(of needle: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        let range = range.clamped(to: 0..<bytes.count)
        guard let first = needle.first, range.count >= needle.count else { return nil }
        var start = range.lowerBound
        let end = range.upperBound - needle.count + 1
        while let found = firstIndex(of: first, in: bytes, start..<max(start, end)) {
            if matches(needle, bytes, at: found) { return found }
            start = found + 1
        }
        return nil
    }

    /// The first place at which all of `needle` stands in `range` of a borrowed buffer, or nil.
    package static func firstIndex(of needle: [UInt8], in bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        let range = range.clamped(to: 0..<bytes.count)
        guard let first = needle.first, range.count >= needle.count else { return nil }
        var start = range.lowerBound
        let end = range.upperBound - needle.count + 1
        while start < end, let found = firstIndex(of: first, in: bytes, start..<end) {
            var count = 1
            while count < needle.count, bytes[found &+ count] == needle[count] { count &+= 1 }
            if count == needle.count { return found }
            start = found + 1
        }
        return nil
    }

    /// The first place of `byte` in `range` of a borrowed buffer, or nil.
    package static func firstIndex(of byte: UInt8, in bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
        let range = range.clamped(to: 0..<bytes.count)
        return unsafe bytes.withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    /// True where `needle` stands anywhere in the UTF-8 of `text`, which is not copied.
    package static func isFound(_ needle: [UInt8], in text: String) -> Bool {
        guard let first = needle.first else { return true }
        var text = text
        return text.withUTF8 { utf8 in
            guard let base = unsafe UnsafeRawPointer(utf8.baseAddress) else { return false }
            var start = 0
            while utf8.count - start >= needle.count,
                let found = unsafe memchr(base + start, Int32(first), utf8.count - start - needle.count + 1)
            {
                if unsafe memcmp(found, needle, needle.count) == 0 { return true }
                start = unsafe UnsafeRawPointer(found) - base + 1
            }
            return false
        }
    }

    /// True where `needle` stands in `bytes` at `index`.
    package static func matches(_ needle: [UInt8], _ bytes: [UInt8], at index: Int) -> Bool {
        guard index >= 0, bytes.count - index >= needle.count else { return false }
        for place in 0..<needle.count where bytes[index &+ place] != needle[place] { return false }
        return true
    }

    /// The first place from `start` on at which a byte is above 0x7F; the end where there is none.
    @inline(__always)
    static func endOfASCII(in bytes: borrowing Span<UInt8>, _ start: Int) -> Int {
        let count = bytes.count
        var index = start
        while count &- index >= 8 {
            let word = unsafe UInt64(
                littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            )
            let marks = word & 0x8080_8080_8080_8080
            guard marks == 0 else { return index &+ (marks.trailingZeroBitCount >> 3) }
            index &+= 8
        }
        while index < count, bytes[index] < 0x80 { index &+= 1 }
        return index
    }

    /// True where no byte of `range` is above 0x7F.
    package static func isASCII(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let span = bytes.span
        var union: UInt8 = 0
        for index in range.clamped(to: 0..<span.count) { union |= span[index] }
        return union < 0x80
    }

    package static func isASCII(_ bytes: borrowing Span<UInt8>) -> Bool { endOfASCII(in: bytes, 0) == bytes.count }

    package static func isASCII(_ bytes: [UInt8]) -> Bool { isASCII(bytes, 0..<bytes.count) }
}
