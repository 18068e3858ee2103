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
        // The error may have been noticed at the very place where the next element starts.
        var next = try require(1) ? place(at: self.indentation(), byte: buffer[position], indentation) : nil
        while next == nil {
            guard try passLine(into: &passed) else { return nil }
            var distance = 0
            while distance <= indentation, try require(distance + 1), Self.isBlank(buffer[position + distance]) {
                distance += 1
            }
            guard try require(distance + 1) else { return nil }
            next = place(at: distance, byte: buffer[position + distance], indentation)
        }
        containers.removeLast(containers.count - depth)
        expectation = next ?? .nextElement
        tokenStart = position
        return passed
    }

    /// What a line starts with: an element, the array's end, or neither.
    private func place(at distance: Int?, byte: UInt8, _ indentation: Int) -> Expectation? {
        guard let distance else { return nil }
        if distance == indentation, byte == UInt8(ascii: "{") { return .nextElement }
        return distance < indentation && byte == UInt8(ascii: "]") ? .afterElement : nil
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
        guard let margin, marginEnd == byteOffset else { return nil }
        return byteOffset - margin
    }

    /// Notes where the line begins, after white space from `start` to `position` has been passed.
    mutating func noteMargin(from start: Int) {
        if marginEnd != base + start { margin = nil }
        var index = position
        while index > start, Self.isBlank(buffer[index - 1]) { index -= 1 }
        if index > start, buffer[index - 1] == 0x0A { margin = base + index }
        marginEnd = byteOffset
    }
}
