import GatehouseCore
import GatehouseSources

/// The documents in a zip, each as an input of its own.
enum ZipDocuments {
    /// The archive of an input that starts like one. What came through a pipe is held in memory.
    static func archive(of input: AdapterInput) throws -> ZipArchive {
        let limits = input.context.limits
        if let path = input.path { return try ZipArchive(path: path, name: input.position, limits: limits) }
        let limit = limits.messageBytes.multipliedReportingOverflow(by: 2).partialValue
        let bytes = try input.bytes.peek(limit)
        guard bytes.count < limit else { throw IntakeError.tooLarge(place: input.position, limit: limit) }
        return try ZipArchive(bytes: bytes, name: input.position, limits: limits)
    }

    /// Archives in the archive, in the order of names.
    static func innerZips(of archive: ZipArchive) -> [ZipEntry] {
        archive.entries.filter { entry in
            guard !entry.isFolder, let last = entry.name.split(separator: "/").last else { return false }
            return last.lowercased().hasSuffix(".zip") && !last.hasPrefix(".") && !entry.name.hasPrefix("__MACOSX/")
        }
        .sorted { FolderWalk.naturallyPrecedes($0.name, $1.name) }
    }

    /// What may hold messages, in the order of names; numbers in names count as numbers.
    static func entries(of archive: ZipArchive) -> [ZipEntry] {
        archive.entries.filter { entry in
            let parts = entry.name.split(separator: "/")
            guard !entry.isFolder, let last = parts.last, !last.hasPrefix("."), parts.first != "__MACOSX" else {
                return false
            }
            return !last.lowercased().hasSuffix(".zip") && DropFolder.mayHoldMessages(entry.name)
        }
        .sorted { FolderWalk.naturallyPrecedes($0.name, $1.name) }
    }

    static func position(of entry: ZipEntry, in input: AdapterInput) -> String { "\(input.position)!/\(entry.name)" }

    static func open(
        _ entry: ZipEntry,
        in archive: ZipArchive,
        of input: AdapterInput
    ) throws(ZipError) -> (input: AdapterInput, stream: ZipEntryStream) {
        let position = position(of: entry, in: input)
        let stream = try archive.stream(entry)
        let part = AdapterInput(
            bytes: archive.reader(stream, name: position),
            position: position,
            place: ZipPlace(archive: archive, name: entry.name),
            context: input.context
        )
        return (part, stream)
    }

    static func rejected(_ error: ZipError, _ detail: String, at position: String) -> RejectedInput {
        RejectedInput(reason: error.word, detail: detail, position: position, provider: "zip", raw: [])
    }

    /// A zip that can't be opened is kept for a person to look at.
    static func rejected(_ input: AdapterInput, because error: ZipError) throws -> RejectedInput {
        var rejected = rejected(error, error.words, at: input.position)
        rejected.raw = try input.bytes.readAll(limit: input.context.limits.messageBytes).bytes
        return rejected
    }
}
