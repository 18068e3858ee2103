import GatehouseCore

/// The file that `init` writes.
struct ConfigurationDraft {
    let answers: [String: String]
    /// Of the target's preset.
    var options: [(key: String, value: String)] = []

    /// The files that are to hold passwords, as they are named in the configuration.
    var secretFiles: [(path: String, owner: String)] {
        let mailbox = answers["--mailbox-secret-file"].map { ($0, answers["--mailbox-user"] ?? "the mailbox") }
        let target = answers["--url"] == nil ? nil : answers["--secret-file"].map { ($0, "the ticket system") }
        return [mailbox, target].compactMap(\.self)
    }

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

    private var optionsText: String? {
        guard !options.isEmpty else { return nil }
        return "{ " + options.map { "\(quoted($0.key)): \(quoted($0.value))" }.joined(separator: ", ") + " }"
    }

    private func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return json.text
    }

    private func object(_ members: [(String, String?)], comments: [String] = [], indent: String) -> String {
        let lines = members.compactMap { name, value in value.map { "\(indent)  \"\(name)\": \($0)" } }
        let hints = comments.map { "\n\(indent)  // \($0)" }.joined()
        return "\(indent){\n\(lines.joined(separator: ",\n"))\(hints)\n\(indent)}"
    }

    private func given(_ option: String) -> String? { answers[option].map(quoted) }

    private static let exampleSource = """
            // { "name": "mail", "type": "maildir", "path": "/var/mail/support", "account": "support@example.org" }
        """

    private var source: String {
        let options: [(option: String, key: String)] = [
            ("--maildir", "path"), ("--mbox", "path"), ("--imap", "url"), ("--pop3", "url"), ("--folder", "path"),
        ]
        guard let (option, key) = options.first(where: { answers[$0.option] != nil }) else { return Self.exampleSource }
        let isFolder = option == "--folder"
        return object(
            [
                ("name", isFolder ? "\"drop\"" : "\"mail\""), ("type", quoted(String(option.dropFirst(2)))),
                (key, given(option)), ("channel", isFolder ? "\"web_chat\"" : nil), ("user", given("--mailbox-user")),
                ("secret", given("--mailbox-secret-file").map { "{ \"file\": \($0) }" }),
                ("account", given("--account")),
                ("since", given("--since") ?? (isFolder ? "\"all\"" : nil)),
            ],
            comments: hints(option),
            indent: "    "
        )
    }

    /// What a person may want next, as lines to take the comment's marks from.
    private func hints(_ option: String) -> [String] {
        var hints: [String] = []
        if answers["--since"] == nil, option != "--folder" {
            hints.append("\"since\": \"2026-01-31\" keeps what was sent before from opening tickets.")
        }
        switch option {
        case "--maildir", "--imap": hints.append("\"after\": \"seen\" marks what is stored; see the manual for others.")
        case "--pop3": hints.append("\"after\": \"delete\" deletes what is stored from the mailbox.")
        default: break
        }
        return hints
    }

    private var target: String {
        guard let url = given("--url") else {
            return
                "    // { \"name\": \"desk\", \"preset\": \"generic-json\", \"url\": \"https://desk.example.org/tickets\" }"
        }
        let members: [(String, String?)] = [
            ("name", "\"desk\""), ("preset", given("--preset") ?? "\"generic-json\""),
            (answers["--preset"] == "archive" ? "path" : "url", url),
            ("user", given("--user")), ("secret", given("--secret-file").map { "{ \"file\": \($0) }" }),
            ("queue", given("--queue")), ("options", optionsText),
        ]
        return object(members, indent: "    ")
    }
}
