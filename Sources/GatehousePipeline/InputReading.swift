package import GatehouseCore
import GatehouseSources
import Glibc

/// What a person names on the command line: one document, or the folder of an export.
package enum NamedInput {
    case document(AdapterInput)
    case folder(path: String, context: IntakeContext)

    var context: IntakeContext {
        switch self {
        case .document(let input): input.context
        case .folder(_, let context): context
        }
    }

    /// - Parameter name: A path, or `-` for standard input.
    package init(_ name: String, context: IntakeContext) throws(IntakeError) {
        guard name != "-" else {
            let reader = ByteReader(descriptor: 0, name: name)
            self = .document(AdapterInput(bytes: reader, position: name, context: context))
            return
        }
        do throws(IntakeError) {
            let reader = try ByteReader(path: name)
            self = .document(AdapterInput(bytes: reader, position: name, path: name, context: context))
        } catch .isDirectory {
            let trimmed = name.count > 1 && name.hasSuffix("/") ? String(name.dropLast()) : name
            self = .folder(path: trimmed, context: context)
        }
    }
}

/// Reads inputs by the adapters they belong to; a zip and a folder are taken apart, and each document in them is read.
package struct InputReading {
    /// Takes each item with the channel it came by.
    package typealias Take = (ParsedItem, Channel) throws -> Void

    let resolver: FormatResolver
    /// For CloudEvents' `source`, `/<channel>/<name>`.
    let sourceName: String
    let format: String?
    let channel: Channel?

    package init(resolver: FormatResolver, sourceName: String, format: String?, channel: Channel?) {
        self.resolver = resolver
        self.sourceName = sourceName
        self.format = format
        self.channel = channel
    }

    package func read(_ input: NamedInput, take: Take) throws {
        switch input {
        case .document(let input): try read(input, take: take)
        case .folder(let path, let context): try readFolder(path, context, take: take)
        }
    }

    /// One bad message is no error: it is handed on as rejected. Only an input that can't be read at all throws.
    package func read(_ input: AdapterInput, take: Take) throws {
        if input.place == nil, ZipArchive.isZip(try input.bytes.peek(4)) { return try readZip(input, take: take) }
        let found: (adapter: any ChannelAdapter, format: String)
        do {
            found = try resolver.resolve(input, format: format, channel: channel)
        } catch let error as IntakeError where error.exitCode == .dataError {
            return try take(.rejected(try RejectedInput(unrecognised: input, because: error)), channel ?? .email)
        }
        try parse(input, by: found.adapter, as: found.format, take: take)
    }

    /// The adapter and format of an input, or of the first document in it that has one; nil where nothing is recognised.
    package func firstFormat(of input: NamedInput) -> (adapter: any ChannelAdapter, format: String)? {
        switch input {
        case .document(let input):
            guard let head = try? input.bytes.peek(4), ZipArchive.isZip(head) else {
                return try? resolver.resolve(input, format: format, channel: channel)
            }
            guard let archive = try? ZipDocuments.archive(of: input) else { return nil }
            return ZipDocuments.entries(of: archive).lazy.compactMap { entry in
                (try? ZipDocuments.open(entry, in: archive, of: input)).flatMap { try? self.partFormat(of: $0.input) }
            }.first
        case .folder(let path, let context):
            guard let paths = try? FolderWalk.documents(below: path).paths else { return nil }
            for path in paths {
                guard let input = try? NamedInput(path, context: context) else { continue }
                if case .document(let document) = input, !ZipArchive.isZip((try? document.bytes.peek(4)) ?? []) {
                    if let found = try? partFormat(of: document) { return found }
                } else if let found = firstFormat(of: input) {
                    return found
                }
            }
            return nil
        }
    }

    // MARK: - One document

    private func parse(
        _ input: AdapterInput,
        by adapter: any ChannelAdapter,
        as format: String,
        take: Take
    ) throws {
        var context = input.context
        context.source = "/\(adapter.channel.rawValue)/\(sourceName)"
        let named = AdapterInput(
            bytes: input.bytes,
            position: input.position,
            path: input.path,
            place: input.place,
            context: context
        )
        guard self.format != nil else {
            return try adapter.parse(named, format: format) { try take($0, adapter.channel) }
        }
        var hint = FormatHint(resolver, named, format: format)
        try adapter.parse(named, format: format) { try take(hint.completed($0), adapter.channel) }
    }

    /// The format of one of many documents; nil where it is none of ours, as most of an export's files are.
    ///
    /// - Throws: Where two formats fit equally well: a doubt is never a guess.
    private func partFormat(of input: AdapterInput) throws -> (adapter: any ChannelAdapter, format: String)? {
        let candidates = resolver.adapters.filter { channel == nil || $0.channel == channel }
        let head = try input.bytes.peek(FormatResolver.headBytes)
        // Any text may be a mail's; beside an export it is none.
        let matches = FormatResolver.matches(in: candidates, head: head, input: input)
            .filter { $0.adapter.channel != .email || $0.match.confidence > .possible }
        guard !matches.isEmpty else { return nil }
        guard let format else { return try resolver.resolve(input, format: nil, channel: channel) }
        return matches.first { $0.match.format == format }.map { ($0.adapter, format) }
    }

    /// - Returns: Whether it was a document of a known format.
    private func readPart(_ input: AdapterInput, take: Take) throws -> Bool {
        do {
            guard let found = try partFormat(of: input) else {
                try take(.ignored(IgnoredInput(kind: "other_file", position: input.position)), channel ?? .socialDM)
                return false
            }
            try parse(input, by: found.adapter, as: found.format, take: take)
        } catch let error as IntakeError where error.exitCode == .dataError {
            try take(.rejected(try RejectedInput(unrecognised: input, because: error)), channel ?? .email)
        }
        return true
    }

    // MARK: - Many documents

    private func readFolder(_ path: String, _ context: IntakeContext, take: Take) throws {
        let (paths, walkFailure) = try FolderWalk.documents(below: path)
        var failure: (any Error)? = walkFailure
        var isRecognised = false
        for path in paths {
            do {
                guard case .document(let input) = try NamedInput(path, context: context) else { continue }
                let isZip = ZipArchive.isZip(try input.bytes.peek(4))
                if isZip { try readZip(input, take: take) }
                if try isZip || readPart(input, take: take) { isRecognised = true }
            } catch let error as IntakeError {
                // One file that can't be read holds up no other.
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        guard !isRecognised else { return }
        try take(.rejected(Self.nothingFound(in: path, names: paths, raw: [])), channel ?? .socialDM)
    }

    private func readZip(_ input: AdapterInput, take: Take) throws {
        let archive: ZipArchive
        do {
            archive = try ZipDocuments.archive(of: input)
        } catch let error as ZipError {
            if case .input(let failure) = error { throw failure }
            return try take(.rejected(try ZipDocuments.rejected(input, because: error)), channel ?? .socialDM)
        }
        let entries = ZipDocuments.entries(of: archive)
        var isRecognised = false
        var locked: [ZipEntry] = []
        for entry in entries {
            guard !entry.isEncrypted else {
                locked.append(entry)
                continue
            }
            if try readEntry(entry, of: archive, input, take: take) { isRecognised = true }
        }
        // A zip beside documents is somebody's attachment; where there are none the download was packed once more.
        if !isRecognised, try readInnerZips(of: archive, input, take: take) { isRecognised = true }
        if let first = locked.first {
            let detail =
                "\(first.name)\(locked.count > 1 ? " and \(locked.count - 1) others" : ""): \(ZipError.encrypted.words)"
            let rejected = ZipDocuments.rejected(ZipError.encrypted, detail, at: input.position)
            try take(.rejected(rejected), channel ?? .socialDM)
        } else if archive.isCut {
            // What stands before the cut is read; the archive itself is kept for a person to look at.
            try take(.rejected(try ZipDocuments.rejected(input, because: .truncated)), channel ?? .socialDM)
        } else if !isRecognised {
            let raw = try input.bytes.readAll(limit: input.context.limits.messageBytes).bytes
            let names = archive.entries.map(\.name)
            try take(.rejected(Self.nothingFound(in: input.position, names: names, raw: raw)), channel ?? .socialDM)
        }
    }

    /// Zips in a zip, one level deep.
    ///
    /// - Returns: Whether there was one.
    private func readInnerZips(of archive: ZipArchive, _ input: AdapterInput, take: Take) throws -> Bool {
        guard input.place == nil else { return false }
        var isFound = false
        for entry in ZipDocuments.innerZips(of: archive) where !entry.isEncrypted {
            let position = ZipDocuments.position(of: entry, in: input)
            do {
                let opened = try ZipDocuments.open(entry, in: archive, of: input)
                guard ZipArchive.isZip(try opened.input.bytes.peek(4)) else { continue }
                isFound = true
                try readZip(opened.input, take: take)
            } catch let error as ZipError {
                if case .input(let failure) = error { throw failure }
                try take(.rejected(ZipDocuments.rejected(error, error.words, at: position)), channel ?? .socialDM)
            }
        }
        return isFound
    }

    /// - Returns: False for one that is no document of a known format.
    private func readEntry(_ entry: ZipEntry, of archive: ZipArchive, _ input: AdapterInput, take: Take) throws -> Bool
    {
        var stream: ZipEntryStream?
        do {
            let opened = try ZipDocuments.open(entry, in: archive, of: input)
            stream = opened.stream
            let isRecognised = try readPart(opened.input, take: take)
            // What was left unread counts for the checksum.
            if isRecognised { try opened.stream.drain() }
            return isRecognised
        } catch {
            // What the reader throws on a damaged entry tells less than its stream.
            guard let problem = stream?.failure ?? error as? ZipError else { throw error }
            if case .input(let failure) = problem { throw failure }
            // That the archive is cut is said once, for all of it; its last entry is the one that breaks off.
            let isBrokenOff = problem == .truncated || entry.name == archive.entries.last?.name
            if archive.isCut, isBrokenOff { return true }
            let position = ZipDocuments.position(of: entry, in: input)
            try take(.rejected(ZipDocuments.rejected(problem, problem.words, at: position)), channel ?? .socialDM)
            return true
        }
    }

    private static func nothingFound(in place: String, names: [String], raw: [UInt8]) -> RejectedInput {
        let hasPages = names.contains { $0.hasSuffix(".html") }
        let advice =
            hasPages
            ? " It holds web pages: ask the network for the download in JSON."
            : " Name the format with --format if you know it, or give the file that has the messages."
        return RejectedInput(
            reason: "no_messages_found",
            detail: "none of the \(names.count) files in it is a document of a known format.\(advice)",
            position: place,
            provider: "unknown",
            raw: raw
        )
    }
}
