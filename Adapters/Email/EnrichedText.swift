/// `text/enriched` (RFC 1896) to its words.
enum EnrichedText {
    private static let open = UInt8(ascii: "<")

    /// Without commands and parameters; `<<` is one `<`, one line end a blank, and each further one a line end.
    static func text(of source: String) -> String {
        let bytes = Array(source.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        var parameters = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == open, index < bytes.count, bytes[index] == open {
                if parameters == 0 { result.append(open) }
                index += 1
            } else if byte == open {
                takeCommand(bytes, &index, &parameters)
            } else if byte == 0x0A {
                var count = 1
                while index < bytes.count, bytes[index] == 0x0A { (index, count) = (index + 1, count + 1) }
                result += count == 1 ? [0x20] : [UInt8](repeating: 0x0A, count: count - 1)
            } else if parameters == 0 {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let maximumCommand = 60

    /// Behind `<bold>`; what stands between `<param>` and `</param>` is counted as left out.
    private static func takeCommand(_ bytes: [UInt8], _ index: inout Int, _ parameters: inout Int) {
        let bound = min(bytes.count, index + maximumCommand)
        guard let close = bytes[index..<bound].firstIndex(of: UInt8(ascii: ">")) else { return }
        let command = String(decoding: bytes[index..<close].map(asciiLower), as: UTF8.self)
        if command == "param" { parameters = 1 }
        if command == "/param" { parameters = 0 }
        index = close + 1
    }
}
