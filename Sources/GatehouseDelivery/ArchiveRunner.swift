import GatehouseCore
import Glibc

/// `archive`: a folder that gets each envelope as a file of its own, `YYYY/MM/DD/ID.json`, attachments inside.
///
/// The day is that of the envelope's time, so the same message always has the same name: what is delivered again replaces
/// itself. A file appears complete and synced, or not at all.
final class ArchiveRunner: JobRunner {
    static let name = "archive"

    private let folder: String
    private let target: TargetConfiguration

    init(_ target: TargetConfiguration) throws(TargetError) {
        guard let path = target.path, path.hasPrefix("/") || !path.isEmpty else {
            throw TargetError(target: target.name, reason: "an archive needs 'path', the folder that it is in")
        }
        guard target.options.isEmpty else { throw TargetError(target: target.name, reason: "archive has no options") }
        folder = path
        self.target = target
    }

    /// So many files at once; each is synced, and other targets' answers wait meanwhile.
    private static let filesAtOnce = 8

    let active = 0
    var room: Int { max(0, Self.filesAtOnce - finished.count) }
    let appetite = 2 * filesAtOnce
    let waitMilliseconds: Int64? = nil
    let pause: TargetPause? = nil
    let isProbing = false
    let lookupDelayMilliseconds: Int64 = 0
    func resume(_ pause: TargetPause) {}
    private var finished: [FinishedJob] = []

    func begin(_ job: DeliveryJob, content: DeliveryContent) throws {
        let start = MonotonicClock.milliseconds()
        let outcome = try store(job, content)
        var facts = AttemptFacts()
        facts.durationMilliseconds = MonotonicClock.milliseconds() - start
        finished.append(FinishedJob(target: target.name, job: job, outcome: outcome, facts: facts))
    }

    func takeFinished() -> [FinishedJob] {
        defer { finished = [] }
        return finished
    }

    func preview(_ job: DeliveryJob, content: DeliveryContent) throws -> RequestPreview? {
        let body = try bytes(of: job, content)
        return RequestPreview(method: "WRITE", url: path(of: job).file, headers: [], body: body)
    }

    private func bytes(of job: DeliveryJob, _ content: DeliveryContent) throws -> [UInt8] {
        var message = OutgoingMessage(job: job)
        let limit = target.attachmentLimit ?? 64 << 20
        try FileSelection(fileLimit: limit, totalLimit: max(limit, target.attachmentsLimit))
            .select(&message, content: content, withoutFiles: false)
        return EnvelopeWithFiles.encode(message) + [0x0A]
    }

    private func path(of job: DeliveryJob) -> (folders: [String], file: String) {
        let time = job.envelope["time"]?.string.flatMap { Timestamp(rfc3339: $0) } ?? Timestamp(milliseconds: 0)
        let date = time.rfc3339.prefix(10).split(separator: "-").map(String.init)
        var folders = [folder]
        for part in date { folders.append("\(folders[folders.count - 1])/\(part)") }
        // An id is base 32; of anything else nothing that a path could be made of remains.
        let id = job.envelopeID.utf8.filter {
            (48...57).contains($0) || (97...122).contains($0) || (65...90).contains($0)
        }
        return (folders, "\(folders[folders.count - 1])/\(String(decoding: id, as: UTF8.self)).json")
    }

    private func store(_ job: DeliveryJob, _ content: DeliveryContent) throws -> DeliveryOutcome {
        let body = try bytes(of: job, content)
        let place = path(of: job)
        let failure = place.folders.lazy.compactMap { Self.makeFolder($0) }.first ?? Self.write(body, to: place.file)
        guard let failure else { return .sent(ticket: "", url: nil, lookedUp: false) }
        return .retry(
            afterMilliseconds: target.retry.delay(afterAttempts: job.attempts),
            reason: UnicodeText.printable("cannot \(failure.action) \(failure.path): \(systemMessage(failure.code))"),
            status: nil,
            outcomeUnknown: false
        )
    }

    private struct Failure {
        let action: String
        let path: String
        let code: Int32
    }

    private static func makeFolder(_ path: String) -> Failure? {
        if unsafe mkdir(path, 0o700) == 0 { return sync(folderOf: path) }
        return errno == EEXIST ? nil : Failure(action: "make the folder", path: path, code: errno)
    }

    private static func write(_ bytes: [UInt8], to path: String) -> Failure? {
        let draft = path + ".new"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return Failure(action: "create", path: draft, code: errno) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return Failure(action: "write", path: draft, code: count < 0 ? errno : ENOSPC) }
            done += count
        }
        guard fsync(descriptor) == 0 else { return Failure(action: "sync", path: draft, code: errno) }
        guard unsafe rename(draft, path) == 0 else { return Failure(action: "name", path: path, code: errno) }
        return sync(folderOf: path)
    }

    /// Puts a new name on disk.
    private static func sync(folderOf path: String) -> Failure? {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        let folder = end == path.startIndex ? (path.hasPrefix("/") ? "/" : ".") : String(path[..<end])
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return Failure(action: "open", path: folder, code: errno) }
        defer { close(descriptor) }
        return fsync(descriptor) == 0 ? nil : Failure(action: "sync", path: folder, code: errno)
    }
}
