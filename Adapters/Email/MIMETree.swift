import GatehouseCore

/// One part of a message: its header and where its content lies.
struct MIMEPart: Sendable {
    var header: HeaderBlock
    /// `text/plain`, and the parameters; the default of the place where it has none.
    var contentType: ParameterizedField
    var content: Range<Int>
    var parent: Int?
    /// As IMAP numbers parts: `1.2`; empty for the message itself where that is a multipart.
    var number = ""
    var children: [Int] = []

    var isMultipart: Bool { contentType.value.hasPrefix("multipart/") }
}

/// A message taken apart into its parts (RFC 2045, 2046), in one pass over its lines and without recursion.
///
/// `message/rfc822` parts stay whole. Past a bound of depth or number the rest is not taken apart, and a warning says
/// so.
struct MIMETree: Sendable {
    private(set) var parts: [MIMEPart] = []
    private(set) var warnings: [String] = []

    private struct OpenMultipart {
        var part: Int
        /// Without blanks at its end, which a delimiter line can't tell from its own padding.
        var boundary: [UInt8]
        /// The blanks with which the parameter ends, and which the first delimiter line has too (RFC 2046 forbids them).
        var endingBlanks: [UInt8]
        var isDigest: Bool
    }

    private static let contentTypeName = FieldName("content-type")
    private static let dashes = UInt8(ascii: "-")

    /// - Parameter header: The message's own, read already.
    init(_ message: [UInt8], header: HeaderBlock, limits: Limits) {
        read(message, header, limits, boundary: nil)
        if parts.count == 1, parts[0].isMultipart, let boundary = DelimiterLine.boundary(in: message, header.bodyStart)
        {
            warn("boundary_guessed")
            parts = []
            read(message, header, limits, boundary: boundary)
        }
        for index in parts.indices where parts[index].header.isCut { warn("limit:header") }
        numberParts()
    }

    /// - Parameter boundary: The message's own, where its field has none or not the one that is used.
    private mutating func read(_ message: [UInt8], _ header: HeaderBlock, _ limits: Limits, boundary: [UInt8]?) {
        var stack: [OpenMultipart] = []
        addPart(message, header, message.count, parent: nil, isInDigest: false)
        open(0, message, boundary, &stack, limits)
        var cursor = header.bodyStart
        // The leaf whose end is not known yet.
        var openLeaf: Int?
        while !stack.isEmpty, cursor < message.count {
            let next = lineEnd(in: message, cursor, message.count)
            guard let (level, isClosing) = Self.boundary(message, cursor, next, stack) else {
                cursor = next
                continue
            }
            if !stack[level].endingBlanks.isEmpty { Self.settleBlanks(&stack[level], message, cursor) }
            endContent(of: openLeaf, stack[(level + 1)...], before: cursor, message)
            openLeaf = nil
            stack.removeLast(stack.count - level - 1)
            cursor = next
            if isClosing {
                parts[stack[level].part].content = parts[stack[level].part].content.lowerBound..<next
                stack.removeLast()
                continue
            }
            guard parts.count < limits.partCount else {
                warn("limit:mime_parts")
                break
            }
            let header = HeaderBlock(of: message, in: cursor..<message.count, limits: limits, isOfPart: true)
            let part = addPart(
                message,
                header,
                message.count,
                parent: stack[level].part,
                isInDigest: stack[level].isDigest
            )
            cursor = header.bodyStart
            if !open(part, message, nil, &stack, limits) { openLeaf = part }
        }
    }

    @discardableResult
    private mutating func addPart(
        _ message: [UInt8],
        _ header: HeaderBlock,
        _ end: Int,
        parent: Int?,
        isInDigest: Bool
    ) -> Int {
        var type = ParameterizedField()
        if let value = header.first(Self.contentTypeName, in: message) { type = ParameterizedField(of: message, value) }
        if !type.value.contains("/") || type.value.utf8.last == UInt8(ascii: "/") {
            type.value = Self.type(for: type, isInDigest)
        }
        for warning in type.warnings { warn(warning) }
        parts.append(MIMEPart(header: header, contentType: type, content: header.bodyStart..<end, parent: parent))
        if let parent { parts[parent].children.append(parts.count - 1) }
        return parts.count - 1
    }

    /// What a type without a subtype means.
    private static func type(for field: ParameterizedField, _ isInDigest: Bool) -> String {
        switch field.value {
        case "" where isInDigest: return "message/rfc822"
        case "multipart" where field.parameters["boundary"] != nil, "multipart/": return "multipart/mixed"
        case "", "text", "text/", "multipart": return "text/plain"
        // A word for a file, whatever it means.
        default:
            return field.parameters["name"] == nil && field.value.utf8.last != UInt8(ascii: "/")
                ? "text/plain" : "application/octet-stream"
        }
    }

    /// - Returns: False where the part is a leaf, or has to be read as one.
    @discardableResult
    private mutating func open(
        _ part: Int,
        _ message: [UInt8],
        _ guessed: [UInt8]?,
        _ stack: inout [OpenMultipart],
        _ limits: Limits
    ) -> Bool {
        guard parts[part].isMultipart else { return false }
        guard stack.count < limits.mimeDepth else {
            warn("limit:mime_depth")
            return false
        }
        let named = parts[part].contentType.parameters["boundary"].map { Array($0.utf8) }
        guard let name = guessed ?? named, !name.isEmpty else {
            warn("boundary_missing")
            return false
        }
        var boundary = name
        while let last = boundary.last, isBlank(last) { boundary.removeLast() }
        let isDigest = parts[part].contentType.value == "multipart/digest"
        let blanks = Array(name.dropFirst(boundary.count))
        stack.append(OpenMultipart(part: part, boundary: boundary, endingBlanks: blanks, isDigest: isDigest))
        return true
    }

    /// The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
    private mutating func endContent(
        of leaf: Int?,
        _ closed: ArraySlice<OpenMultipart>,
        before boundary: Int,
        _ message: [UInt8]
    ) {
        for part in closed.map(\.part) + (leaf.map { [$0] } ?? []) {
            let start = parts[part].content.lowerBound
            var end = boundary
            if end > start, message[end - 1] == 0x0A { end -= 1 }
            if end > start, message[end - 1] == 0x0D { end -= 1 }
            parts[part].content = start..<max(start, end)
        }
    }

    /// Once a delimiter line has the blanks at the end of the boundary, one that lacks them is none.
    private static func settleBlanks(_ open: inout OpenMultipart, _ message: [UInt8], _ line: Int) {
        if ByteSearch.matches(open.boundary + open.endingBlanks, message, at: line + 2) {
            open.boundary += open.endingBlanks
        }
        open.endingBlanks = []
    }

    /// The innermost open multipart whose boundary the line is.
    private static func boundary(
        _ message: [UInt8],
        _ start: Int,
        _ next: Int,
        _ stack: [OpenMultipart]
    ) -> (level: Int, isClosing: Bool)? {
        guard next - start > 2, message[start] == dashes, message[start + 1] == dashes else { return nil }
        for level in stack.indices.reversed() {
            if let isClosing = DelimiterLine.isClosing(stack[level].boundary, message, start, next) {
                return (level, isClosing)
            }
        }
        return nil
    }

    private mutating func warn(_ warning: String) {
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    private mutating func numberParts() {
        // Parts stand in document order, so a parent is numbered before its children.
        for index in parts.indices {
            let prefix = parts[index].number.isEmpty ? "" : parts[index].number + "."
            for (place, child) in parts[index].children.enumerated() {
                parts[child].number = prefix + String(place + 1)
            }
        }
        if !parts[0].isMultipart || parts[0].children.isEmpty { parts[0].number = "1" }
    }
}
