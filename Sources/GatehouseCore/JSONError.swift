/// Why a JSON document can't be read, and where.
package struct JSONError: OperatorError, Equatable {
    package enum Reason: Sendable, Equatable {
        /// The input ends inside a value.
        case truncated
        /// There is no value at all.
        case empty
        /// A byte where something else must stand; `expected` says what.
        case unexpected(UInt8, expected: String)
        /// A bare word that is no JSON value.
        case invalidWord(String)
        case invalidEscape
        case controlCharacter
        case invalidUTF8
        /// The document starts like UTF-16 or UTF-32.
        case wideEncoding
        case tooDeep(limit: Int)
        case stringTooLong(limit: Int)
        /// `readValue` has skipped the value; the reader stands behind it.
        case valueTooLarge(limit: Int)
        case trailingContent
        /// `readValue` or `skipValue` was called where no value is next.
        case noValue
        /// The bytes themselves could not be read.
        case input(IntakeError)
    }

    package let reason: Reason
    /// What the document is called: a path, or `stdin`.
    package let name: String
    /// Bytes before the place.
    package let offset: Int
    /// Counted from 1.
    package let line: Int
    /// In Unicode scalars, counted from 1.
    package let column: Int

    /// True where only one value is lost and reading may go on.
    package var isRecoverable: Bool {
        if case .valueTooLarge = reason { true } else { false }
    }

    package var description: String {
        if case .input(let error) = reason { return error.description }
        return "\(name):\(line):\(column): \(words)"
    }

    package var exitCode: ExitCode {
        if case .input(let error) = reason { error.exitCode } else { .dataError }
    }

    /// The reason in words, without the place.
    package var words: String {
        switch reason {
        case .truncated: "the file ends inside a value (after \(offset) bytes). It was cut, or is still being written."
        case .empty: "there is no JSON value in it."
        case .unexpected(let byte, let expected): "\(Self.picture(byte)) stands where \(expected) is expected."
        case .invalidWord(let word): "'\(UnicodeText.printable(word))' is no JSON value. Text needs double quotes."
        case .invalidEscape:
            "a backslash is followed by a character that JSON doesn't escape. Write \\\\ for a backslash."
        case .controlCharacter: "a raw control character stands in a string. Write it as \\n, \\t or \\u00XX."
        case .invalidUTF8: "a string is not valid UTF-8."
        case .wideEncoding: "the file is UTF-16 or UTF-32. Save it as UTF-8."
        case .tooDeep(let limit): "values are nested deeper than \(limit) levels (limits.json_depth)."
        case .stringTooLong(let limit): "a string is longer than \(limit) bytes (limits.json_string_bytes)."
        case .valueTooLarge(let limit): "a value is longer than \(limit) bytes (limits.message_bytes)."
        case .trailingContent: "something follows after the end of the value."
        case .noValue: "a value is expected."
        case .input(let error): error.description
        }
    }

    private static func picture(_ byte: UInt8) -> String {
        if (0x21..<0x7F).contains(byte) { return "'\(Unicode.Scalar(byte))'" }
        return "byte 0x" + Hex.encode([byte])
    }
}

/// Counts lines and columns over bytes that pass by; a line ends with LF.
struct LineCounter: Sendable {
    private(set) var line = 1
    /// Scalars of the current line that have passed.
    private(set) var column = 0

    /// Takes bytes in; a UTF-8 sequence may be cut between two calls.
    mutating func advance(over bytes: Span<UInt8>) {
        let newlines = Self.newlines(in: bytes)
        var start = 0
        if newlines > 0 {
            line &+= newlines
            column = 0
            start = bytes.count
            while bytes[start &- 1] != 0x0A { start &-= 1 }
        }
        var scalars = 0
        for index in start..<bytes.count where bytes[index] & 0xC0 != 0x80 { scalars &+= 1 }
        column &+= scalars
    }

    /// Sixteen bytes at a step; a lane counts no further than 255.
    private static func newlines(in bytes: Span<UInt8>) -> Int {
        let feeds = SIMD16<UInt8>(repeating: 0x0A)
        var newlines = 0
        var index = 0
        while index &+ 16 <= bytes.count {
            var lanes = SIMD16<UInt8>()
            let end = min(bytes.count &- 15, index &+ 255 &* 16)
            while index < end {
                let block = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: SIMD16<UInt8>.self)
                lanes = lanes &+ SIMD16<UInt8>(repeating: 0).replacing(with: 1, where: block .== feeds)
                index &+= 16
            }
            for lane in 0..<16 { newlines &+= Int(lanes[lane]) }
        }
        while index < bytes.count {
            if bytes[index] == 0x0A { newlines &+= 1 }
            index &+= 1
        }
        return newlines
    }
}

/// Lines and columns of offsets in one document that is at hand as a whole.
package struct LineMap: Sendable {
    private let bytes: [UInt8]
    /// Where each line starts.
    private let starts: [Int]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == 0x0A { starts.append(index + 1) }
        self.starts = starts
    }

    /// - Returns: Line and column, both from 1; the column counts Unicode scalars. Offsets outside are held at the ends.
    package func position(of offset: Int) -> (line: Int, column: Int) {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        let scalars = bytes[starts[low]..<offset].count { $0 & 0xC0 != 0x80 }
        return (low + 1, scalars + 1)
    }
}
