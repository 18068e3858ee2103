import GatehouseCore

// What the start of a document shows where it is text and no JSON.
extension DocumentShape {
    /// The names of a table's columns, as `CSVHeader` has them; empty where the first line is no list of names.
    var columns: [String] {
        let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let bracket = head.first { !JSONShape.isBlank($0) }
        guard bracket != UInt8(ascii: "{"), bracket != UInt8(ascii: "["), bracket != UInt8(ascii: "<") else {
            return []
        }
        var reader = CSVReader(ByteReader(bytes: Array(head[start...]), name: name), limit: 4096)
        guard let record = try? reader.next(), record.fields.count > 1 else { return [] }
        return CSVHeader(record).names
    }

    /// The first lines that are not blank, as text, without a byte order mark.
    func lines(_ count: Int) -> [String] {
        var lines: [String] = []
        var start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while lines.count < count, start < head.count {
            let end = head[start...].firstIndex(of: 0x0A) ?? head.count
            let line = head[start..<end].drop(while: JSONShape.isBlank)
            if !line.isEmpty {
                lines.append(String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self))
            }
            start = end + 1
        }
        return lines
    }
}
