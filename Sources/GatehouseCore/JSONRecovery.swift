// How reading goes on behind a value that is broken: one bad message must not cost the rest of a file.

extension JSONReader {
    /// Goes on with the next element of an array, after `readValue` threw on one of them.
    ///
    /// Brackets and quotes can't be trusted behind a syntax error, but exports are written with one element below the other:
    /// the next line that opens an object at the same distance from the margin is the next element, and a line nearer to
    /// the margin that starts with `]` is the array's end.
    ///
    /// - Parameters:
    ///   - depth: `depth` inside the array.
    ///   - indentation: `valueIndentation` of its elements; nil where they stand in one line, and nothing can be done.
    /// - Returns: The bytes passed over, at most `maximumValueBytes` of them; nil where no element or end was found.
    package mutating func recover(depth: Int, indentation: Int?) throws(JSONError) -> [UInt8]? {
        guard let indentation, options.isTolerant, depth > 0, depth <= containers.count, !containers[depth - 1] else {
            return nil
        }
        var passed: [UInt8] = []
        while try passLine(into: &passed) {
            var distance = 0
            while distance <= indentation, try require(distance + 1), Self.isBlank(buffer[position + distance]) {
                distance += 1
            }
            guard try require(distance + 1) else { return nil }
            let isElement = distance == indentation && buffer[position + distance] == UInt8(ascii: "{")
            let isEnd = distance < indentation && buffer[position + distance] == UInt8(ascii: "]")
            guard isElement || isEnd else { continue }
            containers.removeLast(containers.count - depth)
            expectation = isElement ? .nextElement : .afterElement
            tokenStart = position
            return passed
        }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Goes to the start of the next line; false at the end of the input.
    private mutating func passLine(into passed: inout [UInt8]) throws(JSONError) -> Bool {
        while true {
            var end = position
            while end < buffer.count, buffer[end] != 0x0A { end += 1 }
            let isLine = end < buffer.count
            if isLine { end += 1 }
            passed.append(contentsOf: buffer[position..<end].prefix(max(options.maximumValueBytes - passed.count, 0)))
            position = end
            tokenStart = end
            if isLine { return true }
            guard try fill() else { return false }
        }
    }

    /// How far from the margin the byte at `position` stands, if nothing but blanks stand before it in its line.
    func indentation() -> Int? {
        var start = position
        while start > 0, Self.isBlank(buffer[start - 1]) { start -= 1 }
        return start > 0 && buffer[start - 1] == 0x0A ? position - start : nil
    }
}
