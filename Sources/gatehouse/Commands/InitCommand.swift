import GatehouseCore
import GatehouseDelivery
import Glibc

struct InitCommand: Command {
    static let name = "init"
    static let usage =
        "[--output FILE] [--maildir PATH | --mbox PATH | --folder PATH] [--account A] [--preset P --url URL] …"
    static let summary = "Writes a commented configuration to begin with."
    static let details = """
        What no option says is asked for on a terminal; elsewhere it is left as an example in a comment. A file that is
        there is never overwritten.
        """
    static let options = [
        OptionSpecification("--output", "FILE", "default: ./gatehouse.jsonc"),
        OptionSpecification("--state-dir", "PATH", "where the state lies; default: state, beside the file"),
        OptionSpecification("--maildir", "PATH", "read this Maildir"),
        OptionSpecification("--mbox", "PATH", "read this mbox"),
        OptionSpecification("--folder", "PATH", "read web chat payloads that appear in this folder"),
        OptionSpecification("--account", "A", "whose inbox it is: its address"),
        OptionSpecification("--preset", "P", "one of: \(PresetList.names.joined(separator: ", "))"),
        OptionSpecification("--url", "URL", "the ticket system's address"),
        OptionSpecification("--user", "U", "whom to log in as"),
        OptionSpecification("--secret-file", "FILE", "the file with the password or token, mode 600"),
        OptionSpecification("--queue", "Q", "the queue for new tickets"),
    ]
    static let examples = [
        "gatehouse init --maildir /var/mail/support --account support@example.org --preset rt --url https://rt.example.org/ --user gatehouse --secret-file /etc/gatehouse/rt.password"
    ]

    private let output: String
    private let answers: [String: String]

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        output = try arguments.value("--output") ?? "gatehouse.jsonc"
        var answers: [String: String] = [:]
        for option in Self.options { answers[option.name] = try arguments.value(option.name) }
        _ = try arguments.choice("--preset", of: PresetList.names)
        let kinds = ["--maildir", "--mbox", "--folder"].filter { answers[$0] != nil }
        if kinds.count > 1 {
            throw UsageError("\(kinds[0]) and \(kinds[1]) exclude each other: add the second source by hand")
        }
        self.answers = answers
    }

    func run() throws -> ExitCode {
        var answers = answers
        if isatty(0) == 1, Console.isErrorTerminal { Self.ask(&answers) }
        let text = ConfigurationDraft(answers: answers).text
        let descriptor = unsafe open(output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let words = errno == EEXIST ? "it is there already; name another with --output" : systemMessage(errno)
            Console.complain("gatehouse: cannot write \(output): \(words)")
            return .cannotCreate
        }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard unsafe bytes.withUnsafeBytes({ unsafe write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
            Console.complain("gatehouse: cannot write \(output): \(systemMessage(errno))")
            return .ioError
        }
        Console.print("\(output) written. Now: gatehouse check \(output); gatehouse run --dry-run --config \(output)")
        return .success
    }

    private static func ask(_ answers: inout [String: String]) {
        func question(_ words: String) -> String? {
            Console.complain(words)
            guard let line = readLine(), !line.isEmpty else { return nil }
            return line
        }
        if answers["--maildir"] == nil, answers["--mbox"] == nil, answers["--folder"] == nil {
            answers["--maildir"] = question("Which Maildir holds the mails? (empty: none)")
        }
        if answers["--account"] == nil { answers["--account"] = question("Which address are they for?") }
        if answers["--url"] == nil { answers["--url"] = question("The ticket system's address? (empty: none yet)") }
        if answers["--url"] != nil, answers["--preset"] == nil {
            answers["--preset"] = question("Which kind is it? One of: \(PresetList.names.joined(separator: ", "))")
        }
    }
}

/// The file that `init` writes.
struct ConfigurationDraft {
    let answers: [String: String]

    var text: String {
        """
        // Gatehouse. 'gatehouse check' says what is wrong in here; 'gatehouse help' lists what to do with it.
        {
          "schema": 1,
          // Everything that Gatehouse remembers, customers' words included; for this user alone.
          "state_dir": \(quoted(answers["--state-dir"] ?? "state")),
          // What telephone numbers and times without a country or zone are taken for.
          // "defaults": { "region": "DE", "time_zone": "Europe/Berlin" },
          // What 'gatehouse poll' reads.
          "sources": [
        \(source)
          ],
          // Where 'gatehouse forward' sends.
          "targets": [
        \(target)
          ],
          // Originals of what is settled are deleted after so many days.
          "retention": { "keep_bytes_days": 30 }
        }

        """
    }

    private func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return json.text
    }

    private func object(_ members: [(String, String?)], indent: String) -> String {
        let lines = members.compactMap { name, value in value.map { "\(indent)  \"\(name)\": \($0)" } }
        return "\(indent){\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    }

    private func given(_ option: String) -> String? { answers[option].map(quoted) }

    private var source: String {
        let account = given("--account")
        if let path = given("--maildir") {
            let members: [(String, String?)] = [
                ("name", "\"mail\""), ("type", "\"maildir\""), ("path", path), ("account", account),
            ]
            return object(members, indent: "    ")
        }
        if let path = given("--mbox") {
            let members: [(String, String?)] = [
                ("name", "\"mail\""), ("type", "\"mbox\""), ("path", path), ("account", account),
            ]
            return object(members, indent: "    ")
        }
        if let path = given("--folder") {
            let members: [(String, String?)] = [
                ("name", "\"drop\""), ("type", "\"folder\""), ("path", path), ("channel", "\"web_chat\""),
                ("account", account), ("since", "\"all\""),
            ]
            return object(members, indent: "    ")
        }
        return
            "    // { \"name\": \"mail\", \"type\": \"maildir\", \"path\": \"/var/mail/support\", \"account\": \"support@example.org\" }"
    }

    private var target: String {
        guard let url = given("--url") else {
            return
                "    // { \"name\": \"desk\", \"preset\": \"generic-json\", \"url\": \"https://desk.example.org/tickets\" }"
        }
        let members: [(String, String?)] = [
            ("name", "\"desk\""), ("preset", given("--preset") ?? "\"generic-json\""), ("url", url),
            ("user", given("--user")), ("secret", given("--secret-file").map { "{ \"file\": \($0) }" }),
            ("queue", given("--queue")),
        ]
        return object(members, indent: "    ")
    }
}
