import GatehouseCore
import Testing

@testable import gatehouse

struct ArgumentsTests {
    static let options = [
        OptionSpecification("--config", "FILE", ""), OptionSpecification("--limit", "N", ""),
        OptionSpecification("--channel", "C", ""), OptionSpecification("--header", "H", ""),
        OptionSpecification("--json", nil, ""),
    ]

    private func read(_ words: String...) throws -> Arguments { try Arguments(words, options: Self.options) }

    private func complaint(_ words: String..., use: (Arguments) throws -> Void = { _ in }) -> String? {
        let error = #expect(throws: UsageError.self) { try use(Arguments(words, options: Self.options)) }
        #expect(error?.exitCode == .usage)
        return error?.description
    }

    @Test func `Options and other words come in any order`() throws {
        let arguments = try read("a", "--config", "x.jsonc", "-", "--json", "--limit=5", "b")
        #expect(arguments.positional == ["a", "-", "b"])
        #expect(try arguments.value("--config") == "x.jsonc")
        #expect(try arguments.integer("--limit", default: 1, in: 1...9) == 5)
        #expect(arguments.has("--json"))
        #expect(try arguments.value("--channel") == nil)
    }

    @Test func `Two dashes end the options`() throws {
        #expect(try read("--json", "--", "--config", "-x").positional == ["--config", "-x"])
    }

    @Test func `A value may be empty, hold an equals sign or look like an option`() throws {
        #expect(try read("--config=").value("--config")?.isEmpty == true)
        #expect(try read("--header=a=b").value("--header") == "a=b")
        #expect(try read("--header", "--json").value("--header") == "--json")
    }

    @Test func `An option that may be given again keeps the order`() throws {
        #expect(try read("--header", "b", "--header", "a").allValues("--header") == ["b", "a"])
    }

    @Test(arguments: [
        ("--confg", "unknown option '--confg'. Did you mean '--config'?"),
        ("--hepl", "unknown option '--hepl'. Did you mean '--help'?"),
        ("--json=yes", "--json takes no value"),
        ("--config", "--config needs a value: --config FILE"),
        ("-x", "unknown option '-x'."),
    ])
    func `A wrong option is named, with the nearest right one`(word: String, words: String) {
        #expect(complaint(word) == words)
    }

    @Test func `What a value may be is said`() {
        #expect(
            complaint("--limit", "x") { _ = try $0.integer("--limit", default: 1, in: 1...9) }?.contains(
                "from 1 to 9, not 'x'"
            ) == true
        )
        #expect(complaint("--limit", "10") { _ = try $0.integer("--limit", default: 1, in: 1...9) } != nil)
        #expect(
            complaint("--channel", "mail") { _ = try $0.choice("--channel", of: ["email", "web_chat"]) }?.contains(
                "one of: email, web_chat"
            ) == true
        )
        #expect(
            complaint("--config", "a", "--config", "b") { _ = try $0.value("--config") } == "--config is given 2 times"
        )
    }

    @Test func `A missing word and one too many are told apart`() {
        #expect(complaint { try $0.expectPositional(1...2, "FILE") } == "FILE is missing")
        #expect(complaint("a", "b", "c") { try $0.expectPositional(1...2, "FILE") } == "unexpected word 'c'")
    }
}

struct CommandTests {
    @Test func `Every channel has its adapter, and no two formats have one name`() {
        #expect(Set(allAdapters.map(\.channel)) == Set(Channel.allCases))
        #expect(allAdapters.count == Channel.allCases.count)
        let names = allAdapters.flatMap { $0.formats.map(\.name) }
        #expect(Set(names).count == names.count)
        for name in names { #expect(formatList.contains("  \(name) ")) }
    }

    @Test func `Every command's help names its usage, its options and the words of each`() {
        for command in allCommands {
            let help = command.help
            #expect(help.hasPrefix("Usage: gatehouse \(command.name)"))
            #expect(!command.summary.isEmpty)
            #expect(!command.examples.isEmpty, "\(command.name)")
            for option in command.options {
                #expect(
                    help.contains("  \(option.name)\(option.value.map { " " + $0 } ?? "") "),
                    "\(command.name) \(option.name)"
                )
                #expect(!option.summary.isEmpty)
            }
            #expect(help.contains("--help"))
            #expect(HelpCommand.overview.contains("  \(command.name) "))
        }
    }

    @Test func `No two commands have one name, and none has an option twice`() {
        #expect(Set(allCommands.map { $0.name }).count == allCommands.count)
        for command in allCommands {
            #expect(Set(command.options.map(\.name)).count == command.options.count, "\(command.name)")
        }
    }

    @Test func `Every command whose usage takes a list of choices shows all of them`() {
        #expect(ListCommand.help.contains("ready, held, sent, dead, dropped, not_due, rejected"))
        for channel in Channel.allCases { #expect(ParseCommand.help.contains(channel.rawValue)) }
    }
}
