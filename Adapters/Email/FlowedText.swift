/// `text/plain; format=flowed` (RFC 3676) to paragraphs.
enum FlowedText {
    /// Joins lines that end in a blank with the next of equal quote depth; `-- ` stays a signature line (§4.3).
    ///
    /// - Parameters:
    ///   - text: Lines end in LF.
    ///   - deletesSpace: `delsp=yes`: the blank before a soft break is none of the text (§4.1).
    static func unwrap(_ text: String, deletesSpace: Bool) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var cursor = 0
        // The quote depth of the paragraph that goes on, or nil.
        var openDepth: Int?
        while cursor < bytes.count {
            let line = FlowedLine(bytes, at: cursor)
            cursor = line.next
            if let depth = openDepth, depth != line.depth || line.isSignature {
                result.append(0x0A)
                openDepth = nil
            }
            if openDepth == nil, line.depth > 0 {
                result.append(contentsOf: repeatElement(UInt8(ascii: ">"), count: line.depth))
                if !line.text.isEmpty { result.append(0x20) }
            }
            let isSoft = line.endsInBlank && !line.isSignature
            result.append(contentsOf: bytes[isSoft && deletesSpace ? line.text.dropLast() : line.text])
            if isSoft, cursor < bytes.count {
                openDepth = line.depth
            } else {
                openDepth = nil
                if line.hasLineEnd { result.append(0x0A) }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

/// One line of a flowed text.
private struct FlowedLine {
    var depth = 0
    /// Without quote marks, stuffing and line end.
    var text: Range<Int>
    var next: Int
    var hasLineEnd: Bool
    var endsInBlank: Bool
    var isSignature: Bool

    init(_ bytes: [UInt8], at start: Int) {
        var end = start
        while end < bytes.count, bytes[end] != 0x0A { end &+= 1 }
        hasLineEnd = end < bytes.count
        next = hasLineEnd ? end + 1 : end
        var index = start
        while index < end, bytes[index] == UInt8(ascii: ">") { index &+= 1 }
        depth = index - start
        if index < end, bytes[index] == 0x20 { index &+= 1 }
        text = index..<end
        endsInBlank = end > index && bytes[end - 1] == 0x20
        isSignature = end - index == 3 && bytes[index..<end].elementsEqual("-- ".utf8)
    }
}
