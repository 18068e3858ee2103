import GatehouseCore
import Glibc

/// The recordings beside a voicemail's text file.
enum VoicemailAudio {
    struct File {
        let name: String
        let mediaType: String
        /// nil where it is larger than the limit.
        let bytes: [UInt8]?
        let size: Int
    }

    /// Asterisk's file formats by their suffixes, as `core show file formats` lists them.
    private static let types = [
        ("wav", "audio/wav"), ("WAV", "audio/wav"), ("wav16", "audio/wav"), ("gsm", "audio/gsm"),
        ("mp3", "audio/mpeg"), ("ogg", "audio/ogg"), ("opus", "audio/ogg"), ("ulaw", "audio/basic"),
        ("pcm", "audio/basic"), ("alaw", "audio/x-alaw-basic"), ("g722", "audio/G722"), ("g729", "audio/G729"),
        ("sln", "audio/L16"), ("sln16", "audio/L16"), ("ilbc", "audio/iLBC"), ("g723", "audio/G723"),
        ("siren7", "audio/x-siren7"), ("siren14", "audio/x-siren14"),
    ]

    /// The plain files that are called like the text file at `path`, one for each format.
    ///
    /// - Parameter limit: A longer one is named and not read.
    static func files(beside path: String, limit: Int) -> [File] {
        let bytes = Array(path.utf8)
        let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
        let start = slash.map { $0 + 1 } ?? 0
        guard let dot = bytes[start...].lastIndex(of: UInt8(ascii: ".")), dot > start else { return [] }
        let stem = String(decoding: bytes[start..<dot], as: UTF8.self)
        let folder = slash.map { $0 == 0 ? "/" : String(decoding: bytes[..<$0], as: UTF8.self) } ?? "."
        let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return [] }
        defer { close(directory) }
        return types.compactMap { suffix, type in
            let name = "\(stem).\(suffix)"
            // No link out of the mailbox, and no waiting at a pipe that bears the name.
            let file = unsafe openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            return read(file, name: name, mediaType: type, limit: limit)
        }
    }

    private static func read(_ file: Int32, name: String, mediaType: String, limit: Int) -> File? {
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let shown = UnicodeText.normalised(name)
        let size = Int(status.st_size)
        guard size <= limit else { return File(name: shown, mediaType: mediaType, bytes: nil, size: size) }
        guard let read = try? ByteReader(descriptor: file, name: name).readAll(limit: limit) else { return nil }
        let bytes = read.isCut ? nil : read.bytes
        return File(name: shown, mediaType: mediaType, bytes: bytes, size: bytes?.count ?? size)
    }
}
