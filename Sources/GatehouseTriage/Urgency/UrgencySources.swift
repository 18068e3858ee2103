import GatehouseCore
import Glibc

/// The files that people write, as one table of words: English first, since it names the concepts in their order.
package enum UrgencySources {
    /// The tables of words of all languages in `folder`; nil where there is none.
    package static func words(in folder: String) -> [UInt8]? {
        guard let directory = unsafe opendir(folder) else { return nil }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".tsv"), !name.hasPrefix(".") { names.append(name) }
        }
        names.sort { ($0 == "en.tsv" ? 0 : 1, $0) < ($1 == "en.tsv" ? 0 : 1, $1) }
        var words: [UInt8] = []
        for name in names {
            guard let bytes = read(folder + "/" + name) else { return nil }
            words += bytes
        }
        return words.isEmpty ? nil : words
    }

    /// A whole file.
    package static func read(_ path: String) -> [UInt8]? {
        try? ByteReader(path: path).readAll(limit: .max).bytes
    }
}
