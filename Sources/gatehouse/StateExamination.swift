import GatehouseCore
import GatehouseStore
import Glibc

/// The state directory: its rights, its disk, what waits in it, and whether the clock goes with it.
struct StateExamination {
    typealias Finding = DoctorCommand.Finding

    let configuration: Configuration

    func findings() -> [Finding] {
        let directory = configuration.stateDirectory
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else {
            let words = "\(directory) is not there yet: the first poll or ingest makes it"
            return [Finding(level: .info, place: "state", words: words), disk(Self.existingParent(of: directory))]
        }
        var found: [Finding] = []
        if status.st_mode & 0o077 != 0 {
            let words = "others may look into \(directory), which holds customers' words: chmod 700 \(directory)"
            found.append(Finding(level: .warning, place: "state", words: words))
        }
        if status.st_uid != geteuid() {
            let words = "\(directory) belongs to user \(status.st_uid), and this is user \(geteuid())"
            found.append(Finding(level: .warning, place: "state", words: words))
        }
        return found + [disk(directory)] + locks() + contents()
    }

    private static func existingParent(of path: String) -> String {
        var path = path[...]
        while let slash = path.lastIndex(of: "/") {
            path = path[..<slash]
            if !path.isEmpty, unsafe access(String(path), F_OK) == 0 { return String(path) }
        }
        return path.isEmpty ? "/" : "."
    }

    private func disk(_ directory: String) -> Finding {
        var space = statvfs()
        guard unsafe statvfs(directory, &space) == 0 else {
            return Finding(level: .error, place: "disk", words: "\(directory): \(systemMessage(errno))")
        }
        let free = (UInt64(space.f_bavail) &* UInt64(space.f_frsize)) >> 20
        let level: DoctorCommand.Level = free < 100 ? .error : free < 1024 ? .warning : .ok
        return Finding(level: level, place: "disk", words: "\(free) MiB free")
    }

    /// Who is at work now: a run that another one waits for, or that hangs.
    private func locks() -> [Finding] {
        let names = configuration.sources.filter { $0.kind != .webhook }.map { "source-\($0.name)" } + ["forward"]
        let held = names.compactMap { name in
            FileLock.holder(of: name, in: configuration.stateDirectory).map { (name, $0) }
        }
        guard !held.isEmpty else { return [Finding(level: .ok, place: "locks", words: "no run is at work")] }
        return held.map { name, process in
            let words = "'\(name)' is held by process \(process): a run is at work, and others step aside"
            return Finding(level: .info, place: "locks", words: words)
        }
    }

    private func contents() -> [Finding] {
        do {
            let workspace = Workspace(configuration: configuration)
            let store = try workspace.openStore(create: false)
            let statistics = try store.statistics()
            var found = [Finding(level: .ok, place: "state", words: "\(statistics.inputs) inputs so far")]
            let now = Timestamp.now()
            if let restored = store.restoredAt {
                let words = "an older database was put back, as was found out at \(restored.rfc3339)"
                found.append(Finding(level: .info, place: "state", words: words))
            }
            found.append(clock(statistics, now))
            for source in statistics.sources {
                let words = "last commit \(source.lastCommitAt.rfc3339)"
                found.append(Finding(level: .info, place: "source \(source.name)", words: words))
            }
            for target in configuration.targets.map(\.name) {
                guard let sent = statistics.lastSentAt[target] else { continue }
                found.append(Finding(level: .info, place: "target \(target)", words: "last sent \(sent.rfc3339)"))
            }
            for (target, states) in statistics.outbox.sorted(by: { $0.key < $1.key }) {
                let dead = states[.dead] ?? 0
                guard dead > 0 else { continue }
                let words = "\(dead) dead letters wait for a person: gatehouse dead list"
                found.append(Finding(level: .warning, place: "target \(target)", words: words))
            }
            return found
        } catch StoreError.missing {
            return [Finding(level: .info, place: "state", words: "empty: nothing was taken in yet")]
        } catch {
            return [Finding(level: .error, place: "state", words: "\(error)")]
        }
    }

    /// The clock against what the state remembers: one that was put back makes what waits wait longer.
    private func clock(_ statistics: StoreStatistics, _ now: Timestamp) -> Finding {
        let latest = statistics.sources.map(\.lastCommitAt.milliseconds).max() ?? 0
        guard latest > now.milliseconds + 60_000 else {
            return Finding(level: .ok, place: "clock", words: now.rfc3339)
        }
        let words = "it is \(now.rfc3339), and the last commit is of \(Timestamp(milliseconds: latest).rfc3339):"
        return Finding(level: .warning, place: "clock", words: "\(words) was the clock put back?")
    }
}
