import GatehouseCore
import GatehouseDelivery
import GatehouseSources
import Glibc

struct InitCommand: Command {
    static let name = "init"
    static let usage = """
        [--output FILE] [--maildir PATH | --mbox PATH | --imap HOST | --pop3 HOST | --folder PATH] [--account A] \
        [--preset P --url URL] …
        """
    static let summary = "Writes a commented configuration to begin with."
    static let details = """
        What no option says is asked for on a terminal; elsewhere it is left as an example in a comment. A file that is
        there is never overwritten. A mailbox on a server needs --mailbox-user; its password goes into a file of mode 600,
        which is made on a terminal, where the password is asked for, and by your own hand elsewhere.
        """
    static let options = [
        OptionSpecification("--output", "FILE", "default: ./gatehouse.jsonc"),
        OptionSpecification("--state-dir", "PATH", "where the state lies; default: state, beside the file"),
        OptionSpecification("--maildir", "PATH", "read this Maildir"),
        OptionSpecification("--mbox", "PATH", "read this mbox"),
        OptionSpecification(
            "--imap",
            "HOST",
            "read a mailbox on this server: imap.example.org, or imaps://… with a port"
        ),
        OptionSpecification("--pop3", "HOST", "the same by POP3: pop.example.org, or pop3s://…"),
        OptionSpecification("--mailbox-user", "U", "with --imap or --pop3: whom to log in as"),
        OptionSpecification(
            "--mailbox-secret-file",
            "FILE",
            "with --imap or --pop3: default: mailbox.password, beside the file"
        ),
        OptionSpecification("--folder", "PATH", "read web chat payloads that appear in this folder"),
        OptionSpecification("--account", "A", "whose inbox it is: its address"),
        OptionSpecification("--since", "DATE", "mail that was sent before is kept, and opens no ticket"),
        OptionSpecification("--preset", "P", "one of: \(presets.joined(separator: ", "))"),
        OptionSpecification("--url", "URL", "the ticket system's address; of an archive, its folder"),
        OptionSpecification("--user", "U", "whom to log in as at the ticket system"),
        OptionSpecification("--secret-file", "FILE", "the file with its password or token, mode 600"),
        OptionSpecification("--queue", "Q", "the queue for new tickets"),
        OptionSpecification("--option", "KEY=VALUE", "what only this preset knows, by its page; may be given again"),
    ]
    static let examples = [
        "gatehouse init --maildir /var/mail/support --account support@example.org --preset rt --url https://rt.example.org/ --user gatehouse --secret-file /etc/gatehouse/rt.password",
        "gatehouse init --imap imap.example.org --mailbox-user support@example.org --since 2026-01-31",
    ]

    /// A template of one's own is written by hand.
    static let presets = PresetList.names.filter { $0 != "template" }
    private static let sourceOptions = ["--maildir", "--mbox", "--imap", "--pop3", "--folder"]

    private let output: String
    private let answers: [String: String]
    private let presetOptions: [(key: String, value: String)]

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(0...0, "")
        output = try arguments.value("--output") ?? "gatehouse.jsonc"
        var answers: [String: String] = [:]
        presetOptions = try Self.presetOptions(arguments)
        for option in Self.options where option.name != "--option" {
            answers[option.name] = try arguments.value(option.name)
        }
        _ = try arguments.choice("--preset", of: Self.presets)
        let kinds = Self.sourceOptions.filter { answers[$0] != nil }
        if kinds.count > 1 {
            throw UsageError("\(kinds[0]) and \(kinds[1]) exclude each other: add the second source by hand")
        }
        self.answers = answers
    }

    private static func presetOptions(_ arguments: Arguments) throws(UsageError) -> [(key: String, value: String)] {
        var found: [(key: String, value: String)] = []
        for word in arguments.allValues("--option") {
            let pieces = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard pieces.count == 2, !pieces[0].isEmpty else {
                throw UsageError("--option takes KEY=VALUE, not '\(word)'")
            }
            found.append((pieces[0], pieces[1]))
        }
        return found
    }

    func run() throws -> ExitCode {
        var answers = answers
        // Before anything is asked.
        guard unsafe access(output, F_OK) != 0 else { return refuse(EEXIST) }
        let asks = isatty(0) == 1 && Console.isErrorTerminal
        if asks { InitQuestions.ask(&answers) }
        try complete(&answers)
        let draft = ConfigurationDraft(answers: answers, options: presetOptions)
        let descriptor = unsafe open(output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return refuse(errno) }
        defer { close(descriptor) }
        let bytes = Array(draft.text.utf8)
        guard unsafe bytes.withUnsafeBytes({ unsafe write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
            Console.complain("gatehouse: cannot write \(output): \(systemMessage(errno))")
            return .ioError
        }
        for secret in draft.secretFiles {
            let path = beside(secret.path)
            guard unsafe access(path, F_OK) != 0 else { continue }
            if !asks || !InitQuestions.makeSecret(path, of: secret.owner) {
                Console.complain("gatehouse: put the password of \(secret.owner) into \(path), and chmod 600 \(path)")
            }
        }
        Console.print("\(output) written. Now: gatehouse check \(output); gatehouse run --dry-run --config \(output)")
        return .success
    }

    /// Relative paths in a configuration count from its folder.
    private func beside(_ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = output.lastIndex(of: "/") else { return path }
        return output[...slash] + path
    }

    private func refuse(_ code: Int32) -> ExitCode {
        let words = code == EEXIST ? "it is there already; name another with --output" : systemMessage(code)
        Console.complain("gatehouse: cannot write \(output): \(words)")
        return .cannotCreate
    }

    /// What follows from the answers, and what is missing among them.
    private func complete(_ answers: inout [String: String]) throws {
        if let since = answers["--since"], ParsedTime(iso8601: since) == nil {
            throw UsageError("--since takes a date such as 2026-01-31, not '\(since)'")
        }
        for (option, scheme) in [("--imap", "imap"), ("--pop3", "pop3")] {
            guard let host = answers[option] else { continue }
            let address = host.contains("://") ? host : "\(scheme)s://\(host)"
            guard let parsed = MailboxAddress(address), parsed.scheme.rawValue.hasPrefix(scheme) else {
                throw UsageError("\(option) takes a server such as \(scheme).example.org, not '\(host)'")
            }
            answers[option] = address
            guard let user = answers["--mailbox-user"] else {
                throw UsageError("whom to log in as is missing: --mailbox-user U")
            }
            // Most mailboxes are called by their address.
            if answers["--account"] == nil, user.contains("@") { answers["--account"] = user }
            if answers["--mailbox-secret-file"] == nil { answers["--mailbox-secret-file"] = "mailbox.password" }
            return
        }
        for option in ["--mailbox-user", "--mailbox-secret-file"] where answers[option] != nil {
            throw UsageError("\(option) goes with --imap or --pop3")
        }
    }
}

/// What `init` asks on a terminal; an empty answer leaves a thing out.
enum InitQuestions {
    static func ask(_ answers: inout [String: String]) {
        if !["--maildir", "--mbox", "--imap", "--pop3", "--folder"].contains(where: { answers[$0] != nil }) {
            switch choice("Where do messages come from?", of: ["imap", "pop3", "maildir", "mbox", "folder"]) {
            case let kind? where kind == "imap" || kind == "pop3":
                answers["--" + kind] = question("Which \(kind.uppercased()) server? Such as \(kind).example.org")
            case let kind?: answers["--" + kind] = question("Its path?")
            case nil: break
            }
        }
        let isOnServer = answers["--imap"] != nil || answers["--pop3"] != nil
        if isOnServer, answers["--mailbox-user"] == nil {
            answers["--mailbox-user"] = question("Whom to log in as there? Often the whole address")
        }
        if answers["--account"] == nil, answers["--mailbox-user"]?.contains("@") != true {
            answers["--account"] = question("Which address are the messages for?")
        }
        if answers["--since"] == nil, answers["--folder"] == nil {
            answers["--since"] = question("From which day on do mails open tickets? Such as 2026-01-31 (empty: all)")
        }
        if answers["--url"] == nil { answers["--url"] = question("The ticket system's address? (empty: none yet)") }
        guard answers["--url"] != nil else { return }
        if answers["--preset"] == nil { answers["--preset"] = choice("Which kind is it?", of: InitCommand.presets) }
        if answers["--user"] == nil { answers["--user"] = question("Whom to log in as there? (empty: a token alone)") }
        if answers["--secret-file"] == nil {
            answers["--secret-file"] = question("The file with its password or token? (empty: it needs none)")
        }
        if answers["--queue"] == nil {
            answers["--queue"] = question("The queue, project or topic for new tickets? (empty: its own choice)")
        }
    }

    private static func question(_ words: String) -> String? {
        Console.complain(words)
        guard let line = readLine(), !line.isEmpty else { return nil }
        return line
    }

    private static func choice(_ words: String, of known: [String]) -> String? {
        while let answer = question("\(words) One of: \(known.joined(separator: ", ")) (empty: none yet)") {
            if known.contains(answer) { return answer }
            Console.complain(
                "'\(UnicodeText.printable(answer))' is none of them.\(Suggestion.question(for: answer, among: known))"
            )
        }
        return nil
    }

    /// Asks for a password without showing it, and writes it where nobody else may read.
    ///
    /// - Returns: False where none was given, or the file can't be made.
    static func makeSecret(_ path: String, of owner: String) -> Bool {
        var settings = termios()
        let isKnown = unsafe tcgetattr(0, &settings) == 0
        let before = settings
        settings.c_lflag &= ~UInt32(ECHO)
        if isKnown { _ = unsafe tcsetattr(0, TCSAFLUSH, &settings) }
        // Only now, since what was typed before is thrown away.
        Console.complain("The password of \(owner)? It goes into \(path) and is not shown (empty: later)")
        let line = readLine()
        if isKnown {
            settings = before
            _ = unsafe tcsetattr(0, TCSAFLUSH, &settings)
        }
        guard let line, !line.isEmpty else { return false }
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            Console.complain("gatehouse: cannot write \(path): \(systemMessage(errno))")
            return false
        }
        defer { close(descriptor) }
        let bytes = Array((line + "\n").utf8)
        return unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) } == bytes.count
    }
}
