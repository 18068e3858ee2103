/// The fields of an answer. Of most answers nobody asks for one, so they are read when somebody does.
enum HTTPHead: Sendable, Equatable {
    case read([HTTPField])
    /// Status line and fields as they came.
    case unread([UInt8])

    var fields: [HTTPField] {
        switch self {
        case .read(let fields): fields
        case .unread(let bytes):
            bytes.split(separator: UInt8(ascii: "\n")).compactMap { Self.field($0) }
        }
    }

    /// The fields of one name, whatever its case.
    func fields(named name: String) -> [HTTPField] {
        switch self {
        case .read(let fields): return fields.filter { HTTPField.isSame($0.name.utf8, name.utf8) }
        case .unread(let bytes):
            var result: [HTTPField] = []
            let length = name.utf8.count
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                if end - start > length, bytes[start + length] == UInt8(ascii: ":"),
                    HTTPField.isSame(bytes[start..<start + length], name.utf8),
                    let field = Self.field(bytes[start..<end])
                {
                    result.append(field)
                }
                start = end + 1
            }
            return result
        }
    }

    /// nil for what is no field: a status line, the end of the head, a name or value that none may have.
    private static func field(_ line: ArraySlice<UInt8>) -> HTTPField? {
        guard !line.starts(with: "HTTP/".utf8), let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
        let value = line[(colon + 1)...].drop(while: isSpace)
        let end = value.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? value.startIndex
        let name = String(decoding: line[..<colon], as: UTF8.self)
        return HTTPField(name, String(decoding: value[value.startIndex..<end], as: UTF8.self))
    }
}
