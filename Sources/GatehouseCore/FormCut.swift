/// Where a form breaks off, and how that shows.
package struct FormCut: Sendable, Equatable {
    /// Bytes of the form before the piece that is not whole.
    package let offset: Int
    package let detail: String

    static func multipart(_ count: Int) -> FormCut {
        FormCut(offset: count, detail: "The form ends before its closing boundary: it was cut on the way.")
    }
}

extension FormFields {
    /// What shows that an `application/x-www-form-urlencoded` body was cut.
    ///
    /// Nothing closes such a body, so that only half an escape, half a character or half a name prove it; a cut between two
    /// characters of a value, or behind an `&`, can't be known.
    package static func cut(in body: ArraySlice<UInt8>) -> FormCut? {
        let last = body.lastIndex(of: UInt8(ascii: "&")).map { $0 + 1 } ?? body.startIndex
        guard last < body.endIndex else { return nil }
        if let offset = brokenEscape(in: body) {
            return FormCut(offset: offset, detail: "The form ends inside an escape (%xx): it was cut on the way.")
        }
        let equals = body[last...].firstIndex(of: UInt8(ascii: "="))
        if equals == nil, hasValuesThroughout(body[..<last]) {
            return FormCut(offset: last, detail: "The form ends inside the name of a field: it was cut on the way.")
        }
        let value = (equals ?? last - 1) + 1
        if value < body.endIndex, isWithinCharacter(body[value...], of: body) {
            return FormCut(offset: value, detail: "The form ends inside a character of UTF-8: it was cut on the way.")
        }
        return nil
    }

    /// Where the body ends in `%x`, or in `%` behind other escapes, and each `%` begins one: else it may be somebody's per cent.
    private static func brokenEscape(in body: ArraySlice<UInt8>) -> Int? {
        guard let start = body.suffix(2).lastIndex(of: UInt8(ascii: "%")) else { return nil }
        if start + 1 < body.endIndex, Hex.value(of: body[start + 1]) == nil { return nil }
        var escapes = 0
        var index = body.startIndex
        while index < start {
            let byte = body[index]
            index += 1
            // Senders that leave these as they are may leave a per cent sign, too.
            if byte == 0x20 || byte >= 0x80 { return nil }
            guard byte == UInt8(ascii: "%") else { continue }
            guard index + 1 < start, Hex.value(of: body[index]) != nil, Hex.value(of: body[index + 1]) != nil else {
                return nil
            }
            escapes += 1
            index += 2
        }
        return escapes > 0 || start + 1 < body.endIndex ? start : nil
    }

    /// Whether there are fields, and each has a `=`.
    private static func hasValuesThroughout(_ body: ArraySlice<UInt8>) -> Bool {
        let fields = body.split(separator: UInt8(ascii: "&"))
        return !fields.isEmpty && fields.allSatisfy { $0.contains(UInt8(ascii: "=")) }
    }

    /// Whether the last character of `value` lacks bytes, where the rest of the body is UTF-8 and not all ASCII: a single
    /// byte above 0x7F may be a letter of an older charset.
    private static func isWithinCharacter(_ value: ArraySlice<UInt8>, of body: ArraySlice<UInt8>) -> Bool {
        let end = bytes(value)
        guard let lead = end.suffix(3).lastIndex(where: { $0 & 0xC0 != 0x80 }), end[lead] >= 0xC2, end[lead] < 0xF5
        else { return false }
        let needed = end[lead] >= 0xF0 ? 4 : end[lead] >= 0xE0 ? 3 : 2
        guard end.count - lead < needed else { return false }
        let rest = bytes(body[..<value.startIndex]) + end[..<lead]
        return rest.contains { $0 >= 0x80 } && String(validating: rest, as: UTF8.self) != nil
    }
}
