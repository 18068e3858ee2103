import Foundation
import Testing

/// What survives when the power fails is what was synced before anybody was told: the order of the system calls.
struct PowerLossTests {
    /// The calls of a run, one a line; nil where they can't be recorded.
    private func calls(_ desk: Desk, _ arguments: [String], input: String = "/dev/null") throws -> [Substring]? {
        let trace = desk.folder.appending(path: "trace").path()
        let filter =
            "trace=write,pwrite64,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,exit_group,link"
        let words = ["strace", "-f", "-qq", "-y", "-e", filter, "-o", trace, Program.path("gatehouse")] + arguments
        let command = (words + ["--config", desk.configuration.path()]).map { "'\($0)'" }.joined(separator: " ")
        let outcome = try Program.runTool(["sh", "-c", "exec \(command) < '\(input)'"])
        guard outcome.status == 0, let text = try? String(contentsOfFile: trace, encoding: .utf8) else {
            print("skipped: strace is not here, or may not trace")
            return nil
        }
        return text.split(separator: "\n")
    }

    private func last(_ calls: [Substring], _ fits: (Substring) -> Bool) -> Int? { calls.lastIndex(where: fits) }

    private func isWriteToLog(_ call: Substring) -> Bool {
        (call.contains(" pwrite64(") || call.contains(" write(")) && call.contains("sqlite3-wal>")
    }

    private func isSyncOfLog(_ call: Substring) -> Bool {
        (call.contains(" fdatasync(") || call.contains(" fsync(")) && call.contains("sqlite3-wal>")
    }

    @Test(arguments: [1, 200])
    func `ingest ends only after what it wrote is synced`(paragraphs: Int) throws {
        let desk = try Desk()
        try desk.gatehouse("ingest", "--mda", input: Data(MailMaker.mail(1).utf8))
        let text = String(repeating: "Where is it? I have waited for days.\n", count: 30 * paragraphs)
        try desk.write(MailMaker.mail(2, text: text), to: "two")
        guard let calls = try calls(desk, ["ingest", "--mda"], input: desk.folder.appending(path: "two").path()) else {
            return
        }
        let write = try #require(last(calls, isWriteToLog))
        let sync = try #require(last(calls, isSyncOfLog))
        let exit = try #require(last(calls) { $0.contains("exit_group(") })
        #expect(write < sync && sync < exit)
        // The bytes of a large message lie in a pack, which must be on disk before the commit that names it.
        if let pack = calls.firstIndex(where: { $0.contains("pwrite64(") && $0.contains("/pack-") }) {
            let packSync = try #require(calls.firstIndex { $0.contains("sync(") && $0.contains("/pack-") })
            #expect(pack < packSync && packSync < sync)
        }
    }

    @Test func `A mail is moved only after its commit is synced`() throws {
        let desk = try Desk()
        try desk.configure(
            sources:
                #"[{ "name": "mail", "type": "maildir", "path": "maildir", "account": "a@example.org", "after": "seen" }]"#
        )
        try MailMaker.fill(desk, 1...3)
        guard let calls = try calls(desk, ["poll"]) else { return }
        let move = try #require(calls.firstIndex { $0.contains("rename") && $0.contains("maildir/") })
        let sync = try #require(calls[..<move].lastIndex(where: isSyncOfLog))
        let write = try #require(calls[..<move].lastIndex(where: isWriteToLog))
        #expect(write < sync && sync < move)
    }
}
