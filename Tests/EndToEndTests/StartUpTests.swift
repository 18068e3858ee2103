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
            // libcurl brings some thirty libraries along: who makes no connection goes without.
            if path.contains("/libcurl") { return path }
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

    @Test func `Without libcurl all goes on but the connections, and doctor names what is missing`() throws {
        let desk = try Desk()
        try MailMaker.fill(desk, 1...1)
        try desk.configure(sources: MailMaker.maildirSource, target: "http://127.0.0.1:9/")
        let folders = [
            "/lib", "/usr/lib", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64",
        ]
        let paths = folders.flatMap { ["-P", "\($0)/libcurl.so.4"] }
        let strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=openat:error=ENOENT"] + paths
        func run(_ words: String...) throws -> Outcome {
            try Program.runTool(strace + [Program.path("gatehouse")] + words + ["--config", desk.configuration.path()])
        }
        guard try Program.runTool(strace + ["true"]).status == 0 else {
            print("skipped: strace is not here, or may not look at processes")
            return
        }
        let poll = try run("poll")
        #expect(poll.status == 0, "\(poll.errors)")
        let forward = try run("forward")
        #expect(forward.status == 75)
        #expect(forward.errors.contains("libcurl can't be used: libcurl.so.4: cannot open"), "\(forward.errors)")
        #expect(try run("doctor").output.contains("libcurl can't be used"))
        #expect(try desk.gatehouse("reconcile").status == 0)
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
