import Foundation
import Testing

/// What a run opens before there is any work: nothing that it does not need.
struct StartUpTests {
    /// The files that a command has opened and the sockets that it has made, by its system calls; nil where there is no strace.
    private func opened(_ words: [String], in desk: Desk) throws -> [String]? {
        let trace = desk.folder.appending(path: "trace")
        let strace = ["strace", "-f", "-qq", "-o", trace.path(), "-e", "trace=openat,open,socket,connect"]
        guard try Program.runTool(["sh", "-c", "command -v strace"]).status == 0 else {
            print("skipped: strace is not installed")
            return nil
        }
        let outcome = try Program.runTool(strace + [Program.path("gatehouse")] + words)
        guard outcome.status == 0 else {
            print("skipped: strace may not look at processes here: \(outcome.errors)")
            return nil
        }
        let lines = String(decoding: try Data(contentsOf: trace), as: UTF8.self).split(separator: "\n")
        return lines.compactMap { line in
            if line.contains("socket(") || line.contains("connect(") { return String(line) }
            let pieces = line.split(separator: "\"", omittingEmptySubsequences: false)
            guard pieces.count > 2 else { return nil }
            let path = String(pieces[1])
            // The loader's libraries, and what C's and Swift's libraries ask of the kernel.
            let isLoaders = path.contains(".so") || ["/proc/", "/sys/", "/dev/"].contains { path.hasPrefix($0) }
            return isLoaders ? nil : path
        }
    }

    @Test(arguments: [["--help"], ["--version"], ["help", "ingest"], ["completion", "bash"]])
    func `Who only asks for help opens nothing`(words: [String]) throws {
        guard let opened = try opened(words, in: Desk()) else { return }
        #expect(opened.isEmpty, "\(opened)")
    }

    @Test(arguments: ["poll", "forward", "run"])
    func `Where nothing is new, only configuration, state and source are opened, and nobody is spoken to`(
        name: String
    ) throws {
        let desk = try Desk()
        try MailMaker.fill(desk, 1...1)
        try desk.configure(sources: MailMaker.maildirSource, target: "http://127.0.0.1:9/")
        #expect(try desk.gatehouse("poll").status == 0)
        try desk.configure(sources: MailMaker.maildirSource)
        guard let opened = try opened([name, "--config", desk.configuration.path()], in: desk) else { return }
        let strange = opened.filter { !$0.hasPrefix(desk.folder.path()) }
        #expect(strange.isEmpty, "\(strange)")
        #expect(opened.count <= 20, "\(opened)")
    }
}
