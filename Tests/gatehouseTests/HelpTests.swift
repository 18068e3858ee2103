import Foundation
import GatehouseCore
import Testing

@testable import gatehouse

/// The help of each command, and the commands that README and manual name.
struct HelpTests {
    static let names = allCommands.map { $0.name }

    static func command(_ name: String) throws -> any Command.Type {
        try #require(allCommands.first { $0.name == name })
    }

    @Test(arguments: names)
    func `Each command's help has a summary, an example and every option`(name: String) throws {
        let command = try Self.command(name)
        #expect(command.help.hasPrefix("Usage: gatehouse \(name)"))
        #expect(!command.summary.isEmpty && command.summary.hasSuffix("."))
        #expect(command.examples.contains { $0.contains("gatehouse \(name)") })
        for option in command.options {
            #expect(!option.summary.isEmpty)
            #expect(command.help.contains(option.name))
        }
    }

    @Test(arguments: names)
    func `The examples of the help are words that the command takes`(name: String) throws {
        for example in try Self.command(name).examples { try Self.check(example, from: "gatehouse \(name) --help") }
    }

    @Test func `Values that the help lists are offered by shells`() throws {
        let ingest = try Self.command("ingest")
        let channel = try #require(ingest.options.first { $0.name == "--channel" })
        #expect(channel.choices == Channel.allCases.map(\.rawValue))
        let format = try #require(ingest.options.first { $0.name == "--format" })
        #expect(format.choices.contains("rfc5322"))
        #expect(Set(CompletionWords.first(try Self.command("dead"))).isSuperset(of: ["list", "retry", "drop"]))
        #expect(CompletionWords.first(try Self.command("completion")).contains("man5"))
        #expect(CompletionWords.first(try Self.command("parse")).isEmpty)
    }

    /// What makes text or scripts, and nothing that a program would ask about.
    static let withoutJSON = ["init", "completion", "help"]

    @Test(arguments: names)
    func `Each command that says something says it as JSON, too`(name: String) throws {
        let command = try Self.command(name)
        let hasJSON = command.options.contains { $0.name == "--json" && $0.value == nil }
        #expect(hasJSON != Self.withoutJSON.contains(name))
    }

    // MARK: - The manual

    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    static let pages: [String] = {
        var pages = ["README.md"]
        for folder in ["deploy", "Adapters", "Sources"] {
            let files = FileManager.default.enumerator(atPath: root.appending(path: folder).path())
            while let file = files?.nextObject() as? String {
                if file.hasSuffix(".md") { pages.append("\(folder)/\(file)") }
            }
        }
        return pages.sorted()
    }()

    /// Sessions are run by the end-to-end tests; what a person is told to type on their own machine is at least read here.
    @Test(arguments: pages)
    func `Every gatehouse command of a page has words that the program knows`(page: String) throws {
        let text = String(decoding: try Data(contentsOf: Self.root.appending(path: page)), as: UTF8.self)
        var isInside = false
        for line in text.replacing("\\\n", with: " ").split(separator: "\n") {
            if line.hasPrefix("```") {
                isInside = !isInside && (line == "```sh" || line.hasPrefix("```console"))
            } else if isInside || line.hasPrefix("    ") {
                try Self.check(String(line), from: page)
            } else {
                for match in line.matches(of: /`(gatehouse [a-z][^`]*)`/) {
                    try Self.check(String(match.1), from: page)
                }
            }
        }
    }

    /// Reads the words behind each `gatehouse` that stands as a command in a line of shell, as the program would.
    static func check(_ line: String, from place: String) throws {
        for part in line.matches(of: /(?:^|[ \/|"])gatehouse ((?:[^|;&<>#"'`$()]|"[^"]*"|'[^']*')+)/) {
            var words = part.1.matches(of: /(?:"[^"]*"|'[^']*'|[^ ])+/).filter { $0.0 != "…" }.map {
                String($0.0.filter { !"\"'".contains($0) })
            }
            guard let name = words.first, let command = allCommands.first(where: { $0.name == name }) else { continue }
            words.removeFirst()
            if words.contains("--help") { continue }
            #expect(throws: Never.self, "\(place): gatehouse \(part.1)") {
                _ = try Arguments(words, options: command.options)
            }
        }
    }
}

/// The reference that is made from the schema.
struct ConfigurationReferenceTests {
    static let reference = ConfigurationReference(schema: EmbeddedSchema.configurationDocument)

    @Test func `Every object of the schema is a section, named by its place`() {
        let titles = Self.reference.sections.map(\.title)
        for title in ["", "sources[]", "targets[]", "policy.loop_breaker", "secret", "rule"] {
            #expect(titles.contains(title), "\(titles)")
        }
        #expect(Set(titles).count == titles.count)
    }

    @Test func `A key says what it may be, and whether it must be there`() throws {
        let sources = try #require(Self.reference.sections.first { $0.title == "sources[]" })
        let name = try #require(sources.keys.first { $0.name == "name" })
        #expect(name.isRequired)
        let after = try #require(sources.keys.first { $0.name == "after" })
        #expect(after.value.contains(.code(#""keep""#)))
        #expect(!after.isRequired && !after.meaning.isEmpty)
        let secret = try #require(
            Self.reference.sections.first { $0.title == "targets[]" }?.keys.first { $0.name == "secret" }
        )
        #expect(secret.value == [.section("secret")])
    }

    @Test func `The manual page's lines ask nothing of roff by chance`() {
        for line in Self.reference.manualPage.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'") {
            #expect([".TH", ".SH", ".TP", ".BR"].contains { line.hasPrefix($0) }, "\(line)")
        }
    }
}
