package import GatehouseCore

/// A Maildir (Dan Bernstein, "Using maildir format") and, if asked for, its subfolders (Maildir++).
///
/// A message's identity is the unique part of its file name, before `:2,`, so that flags, the way from `new` to `cur` and
/// the way from folder to folder make no new message of it. A poll without news reads names alone. Each known name is one
/// position; a name that is gone is forgotten.
package struct MaildirSource: MessageSource {
    package let name: String
    private let folders: MaildirFolders
    private let context: IntakeContext
    private let disposal: MaildirDisposal

    package init(
        name: String,
        path: String,
        context: IntakeContext,
        afterCommit: AfterCommit = .keep,
        subfolders: MaildirSubfolders = .none
    ) {
        self.name = name
        self.context = context
        disposal = MaildirDisposal(action: afterCommit)
        var excluded: String?
        if case .move(let target) = afterCommit { excluded = target }
        folders = MaildirFolders(path: path, subfolders: subfolders, excluded: excluded)
    }

    package func poll(
        positions: [String: String],
        accept: (SourceInput) throws -> Void
    ) throws -> [PositionUpdate] {
        var listing = Listing(positions: positions, mark: disposal.action.mark)
        // A file that a mail reader renamed while we looked.
        var vanished: Set<String> = []
        // One file that can't be read must not keep the others from being read.
        var failure: IntakeError?
        let parts = try folders.parts()
        for (part, folder) in parts.enumerated() {
            let fresh = listing.add(try Directory.names(in: folder), of: folder)
            for (number, file) in MaildirName.oldestFirst(fresh).enumerated() {
                let share = (Double(part) + Double(number) / Double(fresh.count)) / Double(parts.count)
                let unique = MaildirName.uniquePart(of: file)
                do {
                    let isThere = try hand("\(folder)/\(file)", unique, share, accept)
                    if !isThere { vanished.insert(unique) }
                } catch let error as IntakeError {
                    if failure == nil, !Self.isFolder(error) { failure = error }
                }
            }
        }
        // What is gone for good is nobody's any more.
        if !vanished.isEmpty {
            for (unique, place) in try find(vanished).sorted(by: { $0.value < $1.value }) {
                _ = try hand(place, unique, nil, accept)
            }
        }
        for place in listing.unfinished {
            do {
                _ = try disposal.finish(place)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return try forgotten(positions, listing)
    }

    /// What `poll` learns from names alone.
    private struct Listing {
        let positions: [String: String]
        /// The position of what is to be disposed of as this source does now.
        let mark: String
        /// How many known names are there: a poll without news keeps no other name in memory.
        private(set) var knownCount = 0
        private var fresh: Set<String> = []
        /// Messages that an earlier run has committed, and did not come to mark, move or delete.
        private(set) var unfinished: [String] = []

        init(positions: [String: String], mark: String) {
            self.positions = positions
            self.mark = mark
        }

        /// - Parameter folder: Its path, to `new` or `cur`.
        /// - Returns: The file names that have no position yet.
        mutating func add(_ files: [String], of folder: String) -> [String] {
            let finishes = mark != AfterCommit.keep.mark && (mark != AfterCommit.seen.mark || folder.hasSuffix("/new"))
            var found: [String] = []
            for file in files {
                let unique = MaildirName.uniquePart(of: file)
                guard let position = positions[unique] else {
                    if fresh.insert(unique).inserted { found.append(file) }
                    continue
                }
                knownCount += 1
                if finishes, position == mark { unfinished.append("\(folder)/\(file)") }
            }
            return found
        }
    }

    private static func isFolder(_ error: IntakeError) -> Bool {
        if case .isDirectory = error { true } else { false }
    }

    /// Names that are gone. A folder's listing may miss a file that is renamed meanwhile: so they are looked for again.
    private func forgotten(_ positions: [String: String], _ listing: Listing) throws(IntakeError) -> [PositionUpdate] {
        guard listing.knownCount != positions.count else { return [] }
        var missing = Set(positions.keys)
        for folder in try folders.parts() {
            for file in try Directory.names(in: folder) { missing.remove(MaildirName.uniquePart(of: file)) }
        }
        return missing.sorted().map { PositionUpdate(item: $0, value: nil) }
    }

    /// - Returns: False where no file lies there any more.
    private func hand(
        _ place: String,
        _ unique: String,
        _ share: Double?,
        _ accept: (SourceInput) throws -> Void
    ) throws -> Bool {
        guard let reader = try open(place) else { return false }
        let input = AdapterInput(bytes: reader, position: place, path: place, context: context)
        try accept(
            SourceInput(
                input: input,
                format: "rfc5322",
                positions: [PositionUpdate(item: unique, value: disposal.action.mark)],
                receipt: place,
                share: share
            )
        )
        return true
    }

    /// nil where no file lies there.
    private func open(_ place: String) throws(IntakeError) -> ByteReader? {
        do {
            return try ByteReader(path: place)
        } catch {
            switch error {
            case .missing: return nil
            default: throw error
            }
        }
    }

    /// One that can't be marked, moved or deleted keeps no other from it; the next poll tries again.
    package func acknowledge(_ receipts: [String]) throws {
        guard disposal.action != .keep else { return }
        var failure: IntakeError?
        var renamed: Set<String> = []
        func finish(_ place: String) {
            do {
                if try !disposal.finish(place) { renamed.insert(MaildirName.uniquePart(ofPath: place)) }
            } catch {
                failure = failure ?? error
            }
        }
        receipts.forEach(finish)
        if !renamed.isEmpty { try find(renamed).values.forEach(finish) }
        if let failure { throw failure }
    }

    /// Where the messages with these names lie now.
    private func find(_ wanted: Set<String>) throws(IntakeError) -> [String: String] {
        var places: [String: String] = [:]
        for folder in try folders.parts() {
            for file in try Directory.names(in: folder) {
                let unique = MaildirName.uniquePart(of: file)
                if wanted.contains(unique) { places[unique] = "\(folder)/\(file)" }
            }
        }
        return places
    }
}
