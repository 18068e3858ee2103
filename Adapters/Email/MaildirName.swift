/// A file's name in a Maildir: a unique part, and behind `:2,` the flags.
enum MaildirName {
    /// The name up to `:2,`; other separators are in use where a file system has no colon.
    static func uniquePart(of file: String) -> String {
        let isEnd = { (byte: UInt8) in byte == UInt8(ascii: ":") || byte == UInt8(ascii: ";") || byte == 0x21 }
        guard let end = file.utf8.firstIndex(where: isEnd) else { return file }
        return String(file[..<end])
    }

    static func uniquePart(ofPath path: String) -> String {
        let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:)) ?? path.startIndex
        return uniquePart(of: String(path[start...]))
    }

    /// With the flag `S`; flags stand in alphabetic order.
    static func markedSeen(_ file: String) -> String {
        let unique = uniquePart(of: file)
        let info = file.dropFirst(unique.count)
        guard info.count >= 3, info.dropFirst().hasPrefix("2,") else { return "\(unique):2,S" }
        var flags = Set(info.dropFirst(3).utf8)
        flags.insert(UInt8(ascii: "S"))
        return unique + String(info.prefix(3)) + String(decoding: flags.sorted(), as: UTF8.self)
    }

    /// By the time in seconds with which a unique name starts, then by name.
    static func oldestFirst(_ files: [String]) -> [String] {
        let timed = files.map { (seconds: seconds($0), name: $0) }
        return timed.sorted { $0.seconds == $1.seconds ? $0.name < $1.name : $0.seconds < $1.seconds }.map(\.name)
    }

    private static func seconds(_ file: String) -> Int {
        var seconds = 0
        for byte in file.utf8.prefix(12) {
            guard byte >= 48, byte <= 57 else { break }
            seconds = seconds * 10 + Int(byte - 48)
        }
        return seconds
    }
}
