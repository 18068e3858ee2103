import Foundation
import Glibc
import Testing

/// What README, manual and the pages of adapters and integrations show is what happens.
struct ManualTests {
    /// All pages of the repository that show a session, by their paths in it.
    static let pages: [String] = {
        let folders = ["deploy", "Adapters", "Sources", "Tests"]
        var pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"]
        for folder in folders {
            let files = FileManager.default.enumerator(atPath: Repository.root.appending(path: folder).path())
            while let file = files?.nextObject() as? String {
                if file.hasSuffix(".md") { pages.append("\(folder)/\(file)") }
            }
        }
        return pages.sorted()
    }()

    static func text(_ page: String) throws -> String {
        String(decoding: try Data(contentsOf: Repository.root.appending(path: page)), as: UTF8.self)
    }

    static let sessions = pages.filter { (try? text($0).contains("\n```console\n")) == true }

    @Test func `README and the quick start show sessions`() {
        #expect(Self.sessions.contains("README.md"))
        #expect(Self.sessions.contains("deploy/docs/quick-start.md"))
    }

    @Test(arguments: sessions)
    func `Each command of a page prints what the page shows`(page: String) throws {
        let session = ManualSession(markdown: try Self.text(page))
        let folder = try Self.scratch()
        defer { try? FileManager.default.removeItem(at: folder) }
        let outputs = folder.appending(path: ".outputs")
        try FileManager.default.createDirectory(at: outputs, withIntermediateDirectories: true)
        let script = folder.appending(path: ".session.sh")
        try Data(session.script(outputs: outputs).utf8).write(to: script)
        try Program.runTool(
            ["env", "-u", "GATEHOUSE_CONFIG", "timeout", "120", "bash", script.path()],
            environment: [
                "PATH": "\(folder.path())/.bin:\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
                "HOME": folder.path(), "TZ": "UTC", "LC_ALL": "C.UTF-8", "NO_COLOR": "1",
            ],
            folder: folder
        )
        for (index, command) in session.commands.enumerated() {
            let data = (try? Data(contentsOf: outputs.appending(path: "\(index)"))) ?? Data()
            let printed = String(decoding: data, as: UTF8.self)
            if printed.contains(": command not found"), !printed.contains("gatehouse: command not found") {
                print("skipped: \(page):\(command.line): \(printed)")
                return
            }
            if let difference = ManualSession.difference(printed: printed, expected: command.expected) {
                Issue.record("\(page):\(command.line): $ \(command.text)\n\(difference)")
            }
        }
    }

    /// A folder like a fresh checkout, as far as the manual uses one, with the built programs in the path.
    private static func scratch() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-manual-\(UUID().uuidString)")
        let bin = folder.appending(path: ".bin")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        let programs = URL(filePath: Program.path("gatehouse")).deletingLastPathComponent().path()
        // The Makefile's own recipes, with the programs that are built already.
        let make = "#!/bin/sh\nexec /usr/bin/make -s -o release -o libraries RELEASE_BIN='\(programs)' \"$@\"\n"
        try Data(make.utf8).write(to: bin.appending(path: "make"))
        _ = unsafe chmod(bin.appending(path: "make").path(), 0o755)
        for name in ["gatehouse", "ticket-sink"] {
            try FileManager.default.createSymbolicLink(
                at: bin.appending(path: name),
                withDestinationURL: URL(filePath: Program.path(name))
            )
        }
        for name in ["Samples", "deploy", "Makefile"] {
            try FileManager.default.copyItem(
                at: Repository.root.appending(path: name),
                to: folder.appending(path: name)
            )
        }
        return folder
    }

    @Test func `A session is read as it is written`() {
        let session = ManualSession(
            markdown: "x\n```console\n$ a \\\n    b\nout\n\n$ c\n```\n```sh\n$ d\n```\n```console\n$ e\n…\nend\n```\n"
        )
        #expect(session.commands.map(\.text) == ["a \\\n    b", "c", "e"])
        #expect(session.commands.map(\.expected) == [["out"], [], ["…", "end"]])
        #expect(session.commands.map(\.line) == [3, 7, 13])
    }

    static let comparisons: [(printed: String, expected: [String], isSame: Bool)] = [
        ("a\nb\n", ["a", "b"], true), ("a  \n", ["a"], true), ("a\nb\n", ["a"], false), ("a\n", ["a", "b"], false),
        ("took 12 ms\n", ["took … ms"], true), ("took 12 s\n", ["took … ms"], false), ("", [], true),
        ("a\nb\nc\n", ["…", "c"], true), ("a\nb\nc\n", ["a", "…"], true), ("a\nb\n", ["…", "x"], false),
        ("x1y2z\n", ["x…y…z"], true), ("xy\n", ["x…xy"], false),
    ]

    @Test(arguments: comparisons)
    func `What is printed is compared with what is shown`(printed: String, expected: [String], isSame: Bool) {
        #expect((ManualSession.difference(printed: printed, expected: expected) == nil) == isSame)
    }

    // MARK: - What stands around the sessions

    @Test(arguments: pages)
    func `Every link from page to page leads somewhere`(page: String) throws {
        let folder = Repository.root.appending(path: page).deletingLastPathComponent()
        // What stands in backticks is shown, not linked.
        for match in try Self.text(page).replacing(/`[^`\n]*`/, with: "`").matches(of: /\]\(([^)\s]+)\)/) {
            let link = match.1.split(separator: "#", omittingEmptySubsequences: false)[0]
            guard !link.isEmpty, !link.contains("://"), !link.hasPrefix("mailto:") else { continue }
            let file = folder.appending(path: String(link))
            #expect(FileManager.default.fileExists(atPath: file.path()), "\(page) links to \(link)")
        }
    }

    @Test func `Every page of the manual is in its table of contents`() throws {
        let contents = try Self.text("deploy/docs/README.md")
        for page in Self.pages where page.hasPrefix("deploy/") && page != "deploy/docs/README.md" {
            let parts = page.split(separator: "/").map(String.init)
            let link = parts[1] == "docs" ? parts[2] : "../" + parts.dropFirst().joined(separator: "/")
            #expect(contents.contains("(\(link))"), "deploy/docs/README.md does not name \(link)")
        }
    }

    /// Of the system's, libcurl's and other programs' words none stands in our sources.
    static let wordsOfOthers = ["cross-device link", "SSL certificate problem"]

    @Test func `What troubleshooting explains is what the program says`() throws {
        var sources = ""
        for folder in ["Sources", "Adapters"] {
            let files = FileManager.default.enumerator(atPath: Repository.root.appending(path: folder).path())
            while let file = files?.nextObject() as? String {
                if file.hasSuffix(".swift") { sources += try Self.text("\(folder)/\(file)") }
            }
        }
        // As one text: literals that are put together are one, and quotes stand for themselves.
        sources = sources.replacing(/"\s*\+ "/, with: "").replacing("\\\"", with: "\"")
        for line in try Self.text("deploy/docs/troubleshooting.md").split(separator: "\n") where line.hasPrefix("| `") {
            let cell = line.split(separator: " | ")[0]
            for phrase in cell.matches(of: /`([^`]+)`/) {
                for piece in phrase.1.split(whereSeparator: { "…'0123456789".contains($0) }) where piece.count >= 8 {
                    let words = piece.trimmingCharacters(in: .whitespaces)
                    if Self.wordsOfOthers.contains(where: words.contains) { continue }
                    let isSaid = sources.contains(words)
                    #expect(isSaid, "nothing says: \(words)")
                }
            }
        }
    }

    @Test func `The reference of the configuration is the one that the program prints`() throws {
        let printed = try Program.run("gatehouse", ["completion", "reference"]).output
        let page = try Self.text("deploy/docs/configuration-reference.md")
        #expect(page == printed, "the schema has changed: run `make reference`")
    }

    @Test(arguments: pages)
    func `Configurations in the manual are right`(page: String) throws {
        for match in try Self.text(page).matches(of: /\n```jsonc\n((?:.|\n)*?)\n```/) {
            let block = String(match.1)
            guard block.contains("\"schema\": 1") else { continue }
            let desk = try Desk()
            try desk.write(block, to: "gatehouse.jsonc")
            let outcome = try Program.run("gatehouse", ["validate", "--schema", "config", desk.configuration.path()])
            #expect(outcome.status == 0, "\(page): \(outcome.output) \(outcome.errors)")
        }
    }
}
