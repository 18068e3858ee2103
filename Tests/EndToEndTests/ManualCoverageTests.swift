import Foundation
import Testing

/// Every command that README and manual show is run: here, or as root by a script in `integrations`.
struct ManualCoverageTests {
    /// A fenced block of a page: what stands behind the fence, its first line's number, its lines.
    struct Block: Sendable {
        let kind: String
        let line: Int
        var lines: [String] = []
    }

    static func blocks(of page: String) throws -> [Block] {
        var found: [Block] = []
        var isInside = false
        let lines = try ManualTests.text(page).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.hasPrefix("```") {
                isInside.toggle()
                if isInside { found.append(Block(kind: String(line.dropFirst(3)), line: index + 1)) }
            } else if isInside {
                found[found.count - 1].lines.append(String(line))
            }
        }
        return found
    }

    /// No container engine and no cluster runs in a sandbox; these pages say so themselves.
    static let withoutEngine = ["deploy/docker/README.md", "deploy/kubernetes/README.md"]

    /// "PAGE NUMBER" for each block that a script follows, PAGE as the scripts write it.
    static let followed: Set<String> = {
        let folder = Repository.root.appending(path: "Tests/EndToEndTests/integrations")
        var found: Set<String> = []
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? [] {
            guard name.hasPrefix("with-"), let data = try? Data(contentsOf: folder.appending(path: name)) else {
                continue
            }
            var text = String(decoding: data, as: UTF8.self)
            // What holds for several programs is called with the program's name.
            if let agent = text.firstMatch(of: /\nprove_delivery_agent (\S+)/),
                let shared = try? Data(contentsOf: folder.appending(path: "delivery-agent.sh"))
            {
                text += String(decoding: shared, as: UTF8.self).replacing("\"$1\"", with: agent.1)
            }
            for match in text.matches(of: /(?:^|\n) *follow (\S+)(?: ([0-9]+))?/) {
                found.insert("\(match.1) \(match.2 ?? "1")")
            }
        }
        return found
    }()

    /// The page's name as `follow` takes it; nil where it takes none.
    static func shortName(_ page: String) -> String? {
        if page == "README.md" { return "README" }
        guard page.hasPrefix("deploy/") else { return nil }
        let inner = page.dropFirst("deploy/".count)
        return inner.hasPrefix("docs/") ? String(inner.dropLast(3)) : String(inner.dropLast("/README.md".count))
    }

    @Test(arguments: ManualTests.pages)
    func `Each block of commands is run by this test or by a script`(page: String) throws {
        var roots = 0
        for block in try Self.blocks(of: page) {
            let place = "\(page):\(block.line)"
            switch block.kind {
            case "console":
                #expect(block.lines.contains { $0.hasPrefix("$ ") }, "\(place) shows no command")
            case "console root":
                roots += 1
                let name = "\(Self.shortName(page) ?? page) \(roots)"
                #expect(Self.followed.contains(name), "\(place): no script in integrations says: follow \(name)")
            case "console engine":
                #expect(Self.withoutEngine.contains(page), "\(place): only where an engine is needed")
                #expect(try ManualTests.text(page).contains("What was tried, and what not"), "\(page) does not say so")
            case "sh", "bash", "shell":
                #expect(block.lines.first?.hasPrefix("#!") == true, "\(place): these commands are run by nobody")
            default:
                let command = block.lines.first { Self.isCommand($0) }
                #expect(command == nil, "\(place): nobody runs: \(command ?? "")")
            }
        }
    }

    @Test(arguments: ManualTests.pages)
    func `No command stands outside of a block`(page: String) throws {
        var isInside = false
        for (index, line) in try ManualTests.text(page).split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.hasPrefix("```") { isInside.toggle() }
            guard !isInside, line.hasPrefix("    ") else { continue }
            #expect(!Self.isCommand(line.drop { $0 == " " }), "\(page):\(index + 1): nobody runs: \(line)")
        }
    }

    private static func isCommand(_ line: some StringProtocol) -> Bool {
        ["$ ", "# gatehouse", "gatehouse ", "sudo ", "apt-get ", "make ", "systemctl "].contains { line.hasPrefix($0) }
    }

    @Test func `Each preset has a page of its own, which sets it up`() throws {
        let listed = try Program.run("gatehouse", ["init", "--help"]).output
        let words = try #require(listed.split(separator: "\n").first { $0.hasPrefix("  --preset P ") })
        let presets = try #require(words.split(separator: "one of: ").last).split(separator: ", ")
        #expect(presets.count > 15)
        for preset in presets {
            let page = "deploy/docs/target-\(preset).md"
            #expect(ManualTests.sessions.contains(page), "there is no \(page) with a session")
        }
    }

    @Test func `Each script follows a block that there is`() throws {
        for name in Self.followed {
            let page = try #require(
                ManualTests.pages.first { Self.shortName($0) == String(name.split(separator: " ")[0]) },
                "\(name)"
            )
            let count = try Self.blocks(of: page).count { $0.kind == "console root" }
            #expect(Int(name.split(separator: " ")[1]) ?? 0 <= count, "\(name)")
        }
    }

    /// What a line of prose names in backticks.
    @Test(arguments: ManualTests.pages)
    func `Every target of make that a page names is in the Makefile`(page: String) throws {
        let makefile = try ManualTests.text("Makefile")
        for match in try ManualTests.text(page).matches(of: /`(?:sudo )?make ([a-z-]+)[^`]*`/) {
            let isThere = makefile.contains("\n\(match.1):") || makefile.contains(" \(match.1):")
            #expect(isThere || makefile.contains("\n\(match.1) "), "\(page): make \(match.1)")
        }
    }
}
