import GatehouseCore
import GatehouseLanguage
import Glibc

/// Files and folders, by the C library alone.
enum EvaluationFiles {
    static func names(in folder: String) -> [String] {
        guard let directory = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// A whole file; nothing where there is none.
    static func read(_ path: String) -> [UInt8] {
        (try? ByteReader(path: path).readAll(limit: .max).bytes) ?? []
    }

    static func lines(_ path: String) -> [String] {
        read(path).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A language model's table, which stays in memory.
    static func model(_ path: String) -> LanguageModel {
        let file = read(path)
        if file.isEmpty { Evaluate.fail("cannot read \(path)", 66) }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: file.count, alignment: 16)
        unsafe bytes.copyBytes(from: file)
        return unsafe LanguageModel(UnsafeRawBufferPointer(bytes))
    }

    /// The rows of a CSV file (RFC 4180), the first included.
    static func rows(_ path: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var last: UInt8 = 0
        func endField() {
            row.append(String(decoding: field, as: UTF8.self))
            field = []
        }
        for byte in read(path) {
            switch byte {
            case UInt8(ascii: "\""):
                // A doubled quote leaves and enters again, and stands for itself.
                if !isQuoted, last == byte { field.append(byte) }
                isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted: endField()
            case UInt8(ascii: "\n") where !isQuoted:
                endField()
                rows.append(row)
                row = []
            case UInt8(ascii: "\r") where !isQuoted: break
            default: field.append(byte)
            }
            last = byte
        }
        if !field.isEmpty || !row.isEmpty {
            endField()
            rows.append(row)
        }
        return rows
    }
}
