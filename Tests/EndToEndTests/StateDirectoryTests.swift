import Foundation
import Testing

/// Customers' words lie in the state directory and nowhere else.
struct StateDirectoryTests {
    @Test func `A poll writes files in its state directory alone, and only their owner may read them`() throws {
        let desk = try Desk()
        try desk.configure(sources: MailMaker.mboxSource)
        try desk.write(MailMaker.mbox(1...1200), to: "mails.mbox")
        let trace = desk.folder.appending(path: "trace").path()
        let words = ["strace", "-f", "-qq", "-e", "trace=openat,open,creat", "-o", trace, Program.path("gatehouse")]
        let outcome = try Program.runTool(words + ["poll", "--config", desk.configuration.path()])
        guard outcome.status == 0, let calls = try? String(contentsOfFile: trace, encoding: .utf8) else {
            print("skipped: strace is not here, or may not trace")
            return
        }
        let written = calls.split(separator: "\n").filter { $0.contains("O_CREAT") && !$0.contains("ENOENT") }
        #expect(!written.isEmpty)
        for call in written {
            let isOurs =
                call.contains(desk.state.path()) || call.contains("mails.mbox.lock") || call.contains("\"state")
            #expect(isOurs, "\(call)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: desk.state.path())
        for name in names {
            let file = desk.state.appending(path: name).path()
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect((attributes[.posixPermissions] as? Int) == 0o600, "\(name)")
        }
    }
}
