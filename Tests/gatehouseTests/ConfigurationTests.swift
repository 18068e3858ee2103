import Foundation
import GatehouseCore
import GatehouseTriage
import Testing

@testable import gatehouse

/// A wrong configuration, with a `▸` where its error stands, and words that must be in it.
struct WrongConfiguration: CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let place: String
    let words: String

    init(_ name: String, _ text: String, _ words: String) {
        testDescription = name
        self.text = text.replacing("▸", with: "")
        let lines = text.prefix { $0 != "▸" }.split(separator: "\n", omittingEmptySubsequences: false)
        place = "\(lines.count):\((lines.last?.unicodeScalars.count ?? 0) + 1)"
        self.words = words
    }
}

struct ConfigurationTests {
    static func check(_ text: String, path: String = "/etc/gatehouse/gatehouse.jsonc") -> (Configuration?, [String]) {
        let (configuration, problems) = ConfigurationLoader.check(Array(text.utf8), path: path)
        return (configuration, problems.map { $0.described(path: "f") })
    }

    /// A configuration with one source (or target) that has these members, in line 2.
    static func source(_ members: String) -> String {
        "{ \"schema\": 1, \"state_dir\": \"s\", \"sources\": [\n{ \(members) }\n] }"
    }
    static func target(_ members: String) -> String {
        "{ \"schema\": 1, \"state_dir\": \"s\", \"targets\": [\n{ \(members) }\n] }"
    }
    static func top(_ members: String) -> String { "{ \"schema\": 1, \"state_dir\": \"s\",\n\(members) }" }
    static let mbox = #""name": "m", "type": "mbox", "path": "p""#
    static let desk = #""name": "desk", "preset": "rt", "url": "https://rt.example.org""#
    static let folder = #""name": "f", "type": "folder", "path": "in""#

    // MARK: What is wrong in its form

    static let wrongForms = [
        WrongConfiguration("empty", "▸", "there is no JSON value in it"),
        WrongConfiguration("cut", #"{ "schema": 1,▸"#, "the file ends inside a value"),
        WrongConfiguration("no quotes", "{ \"schema\": 1,\n  \"state_dir\": ▸state }", "Text needs double quotes"),
        WrongConfiguration("no comma", "{ \"schema\": 1\n  ▸\"state_dir\": \"s\" }", "is expected"),
        WrongConfiguration("a list", "▸[]", "this is an array; it must be an object"),
        WrongConfiguration("a key is missing", #"▸{ "schema": 1 }"#, "the key 'state_dir' is missing"),
        WrongConfiguration("a newer version", #"{ "schema": ▸2, "new_key": [] }"#, "install the newer gatehouse"),
        WrongConfiguration("no version", #"{ "schema": ▸0, "state_dir": "s" }"#, #"write "schema": 1"#),
        WrongConfiguration("a version as text", #"{ "schema": ▸"1", "state_dir": "s" }"#, "this must be 1"),
        WrongConfiguration("a misspelt key", top("▸\"soruces\": []"), "unknown key 'soruces'. Did you mean 'sources'?"),
        WrongConfiguration("a key far from any", top(#"▸"zzzzzz": 1"#), "Known are: "),
        WrongConfiguration("a double key", top(#"▸"state_dir": "t""#), "second time"),
        WrongConfiguration(
            "a misspelt word",
            source(#""name": "m", "type": ▸"mailder", "path": "p""#),
            "Did you mean 'maildir'?"
        ),
        WrongConfiguration("a wrong type", source(#""name": ▸5, "type": "mbox", "path": "p""#), "it must be a string"),
        WrongConfiguration("a bad name", source(#""name": ▸"a b", "type": "mbox", "path": "p""#), "Letters, digits"),
        WrongConfiguration("an empty path", source(#""name": "a", "type": "mbox", "path": ▸"""#), "must not be empty"),
        WrongConfiguration("a country in words", top(#""defaults": { "region": ▸"Germany" }"#), "ISO 3166-1"),
        WrongConfiguration("half a day", top(#""policy": { "chat_idle_days": ▸1.5 }"#), "it must be an integer"),
        WrongConfiguration("a negative number", top(#""limits": { "message_bytes": ▸-1 }"#), "1024"),
        WrongConfiguration(
            "an address without scheme",
            target(#""name": "d", "preset": "rt", "url": ▸"rt.example.org""#),
            "^https?://"
        ),
        WrongConfiguration("a secret in plain text", target(desk + #", "secret": ▸"hunter2""#), "must be an object"),
        WrongConfiguration("two secrets", target(desk + #", "secret": ▸{ "env": "A", "file": "b" }"#), "at most one"),
        WrongConfiguration("no secret at all", target(desk + #", "secret": ▸{}"#), "at least one"),
    ]

    @Test(arguments: wrongForms)
    func `What is wrong in its form is named with line and column`(wrong: WrongConfiguration) throws {
        let (configuration, problems) = Self.check(wrong.text)
        #expect(configuration == nil)
        #expect(
            problems.contains { $0.hasPrefix("f:\(wrong.place): error: ") && $0.contains(wrong.words) },
            "\(problems)"
        )
    }

    // MARK: What a schema can't say

    static let wrongMeanings = [
        WrongConfiguration(
            "two sources of one name",
            top("\"sources\": [{ \(folder) },\n{ \"name\": ▸\"f\", \"type\": \"mbox\", \"path\": \"p\" }]"),
            "a second source is called 'f'"
        ),
        WrongConfiguration(
            "two targets of one name",
            top("\"targets\": [{ \(desk) },\n{ \"name\": ▸\"desk\", \"preset\": \"rt\", \"url\": \"https://b\" }]"),
            "a second target is called 'desk'"
        ),
        WrongConfiguration(
            "exports without a date",
            top("\"sources\": [\n▸{ \(folder), \"channel\": \"social_dm\" }]"),
            #""since": "2026-01-31""#
        ),
        WrongConfiguration("no date", source(folder + #", "since": ▸"yesterday""#), "'yesterday' is no date"),
        WrongConfiguration("no such day", source(folder + #", "since": ▸"2026-02-30""#), "is no date"),
        WrongConfiguration("no zone", source(folder + #", "time_zone": ▸"Europe/Berlim""#), "unknown time zone"),
        WrongConfiguration(
            "no zone by default",
            top(#""defaults": { "time_zone": ▸"CEST+9/../x" }"#),
            "unknown time zone"
        ),
        WrongConfiguration(
            "a chat in a Maildir",
            source(#""name": "m", "type": "maildir", "path": "p", "channel": ▸"web_chat""#),
            "a maildir holds e-mail"
        ),
        WrongConfiguration("a format for an mbox", source(mbox + #", "format": ▸"mbox""#), "'format' is for folders"),
        WrongConfiguration("seen in a folder", source(folder + #", "after": ▸"seen""#), "only mails in a Maildir"),
        WrongConfiguration("subfolders of an mbox", source(mbox + #", "subfolders": ▸true"#), "only a Maildir has"),
        WrongConfiguration(
            "an mbox moved to itself",
            source(mbox + #", "after": "move", "move_to": ▸"p""#),
            "this is 'path' itself"
        ),
        WrongConfiguration("moved nowhere", source(folder + #", "after": ▸"move""#), "say where to"),
        WrongConfiguration(
            "moved into itself",
            source(folder + #", "after": "move", "move_to": ▸"in/./done""#),
            "this lies inside 'path'"
        ),
        WrongConfiguration("move_to alone", source(folder + #", "move_to": ▸"done""#), "has a meaning only beside"),
        WrongConfiguration(
            "a password in an address",
            target(#""name": "d", "preset": "rt", "url": ▸"https://me:pw@rt.example.org""#),
            "use 'user' and 'secret'"
        ),
    ]

    @Test(arguments: wrongMeanings)
    func `What a schema can't say is checked after it`(wrong: WrongConfiguration) {
        let (configuration, problems) = Self.check(wrong.text)
        #expect(configuration == nil)
        #expect(
            problems.contains { $0.hasPrefix("f:\(wrong.place): error: ") && $0.contains(wrong.words) },
            "\(problems)"
        )
    }

    @Test func `All that is wrong is said at once, in the file's order`() {
        let (_, problems) = Self.check(
            "{ \"schema\": 1,\n\"state_dir\": 5,\n\"soruces\": [],\n\"targets\": [ { \"name\": \"\" } ] }"
        )
        let lines = problems.compactMap { $0.split(separator: ":").dropFirst().first.flatMap { Int($0) } }
        #expect(Set(lines) == [2, 3, 4])
        #expect(lines == lines.sorted())
        #expect(problems.count >= 5)
    }

    @Test(arguments: [
        (#""sources": []"#, "no target is configured"),
        (
            #""targets": [{ "name": "d", "preset": "rt", "url": "http://rt.example.org", "secret": { "env": "A" } }]"#,
            "unencrypted"
        ),
    ])
    func `A warning keeps nothing from running`(members: String, words: String) throws {
        let (configuration, problems) = Self.check(#"{ "schema": 1, "state_dir": "s", \#(members) }"#)
        #expect(configuration != nil)
        #expect(problems.count == 1)
        #expect(problems.first?.contains("warning: ") == true && problems.first?.contains(words) == true)
    }

    // MARK: What is right

    @Test func `Comments, a trailing comma and a byte order mark are no errors`() {
        let text = "\u{FEFF}// first\n{ /* the form */ \"schema\": 1, \"state_dir\": \"a // b\", // last\n}"
        #expect(Self.check(text).0?.stateDirectory == "/etc/gatehouse/a // b")
    }

    @Test(arguments: [
        ("/etc/gatehouse/gatehouse.jsonc", "/etc/gatehouse/"), ("gatehouse.jsonc", ""), ("deploy/g.jsonc", "deploy/"),
        ("/g.jsonc", "/"),
    ])
    func `Paths count from the file's own folder`(path: String, folder: String) throws {
        let (found, problems) = Self.check(
            #"""
            { "schema": 1, "state_dir": "state",
              "sources": [
                { "name": "a", "type": "folder", "path": "in", "since": "all", "after": "move", "move_to": "done" },
                { "name": "b", "type": "maildir", "path": "/var/mail/b" }
              ],
              "targets": [{ "name": "d", "preset": "rt", "url": "https://rt.example.org", "ca_file": "ca.pem",
                            "secret": { "file": "rt.password" } }] }
            """#,
            path: path
        )
        #expect(problems.isEmpty)
        let configuration = try #require(found)
        #expect(configuration.stateDirectory == folder + "state")
        #expect(configuration.sources.map(\.path) == [folder + "in", "/var/mail/b"])
        #expect(configuration.sources[0].after == .move(to: folder + "done"))
        #expect(configuration.targets[0].caFile == folder + "ca.pem")
        #expect(configuration.targets[0].secret == .file(folder + "rt.password"))
    }

    @Test func `Every key arrives where it belongs`() throws {
        let (found, problems) = Self.check(
            #"""
            { "$schema": "x", "schema": 1, "state_dir": "/s",
              "defaults": { "region": "DE", "time_zone": "Europe/Berlin" },
              "policy": { "chat_idle_days": 3, "outbound": "ticket", "redelivery_hours": 48 },
              "triage": { "language_confidence": 0.5, "queues": [
                { "queue": "now", "urgency": ["critical", "high"], "channels": ["email"], "languages": ["de"] }] },
              "limits": { "message_bytes": 4096, "header_bytes": 2048, "header_count": 11, "address_count": 12,
                          "mime_depth": 13, "part_count": 14, "attachment_count": 15, "text_bytes": 3000, "json_depth": 16, "json_string_bytes": 2000 },
              "sources": [
                { "name": "a", "type": "folder", "path": "/in", "channel": "phone_callback", "format": "twilio-voice",
                  "account": "+49", "region": "AT", "time_zone": "Europe/Vienna", "settle_seconds": 9, "since": "2026-01-31" },
                { "name": "b", "type": "maildir", "path": "/m", "after": "seen", "since": "all" }],
              "targets": [
                { "name": "d", "preset": "rt", "url": "https://rt.example.org", "user": "u", "secret": { "command": ["pass", "rt"] },
                  "queue": "q", "options": { "status": "new" }, "priorities": { "critical": "99" }, "concurrency": 2,
                  "timeout_s": 1.5, "attachment_bytes": 7, "retry": { "min_s": 0.5, "max_s": 60, "lookup_delay_s": 2, "server_error_limit": 3 } }] }
            """#
        )
        #expect(problems.isEmpty)
        let configuration = try #require(found)
        #expect(configuration.redeliverySeconds == 48 * 3600)
        #expect("\(configuration.policy)".contains("sendsOutbound: true, chatIdleSeconds: \(3 * 86_400)"))
        #expect(configuration.triage.minimumLanguageConfidence == 0.5)
        #expect(configuration.triage.routes.map(\.level) == [.critical, .high])
        let limits = configuration.limits
        #expect(limits.messageBytes == 4096)
        #expect(limits.headerBytes == 2048)
        #expect(limits.headerCount == 11)
        #expect(limits.addressCount == 12)
        #expect(limits.mimeDepth == 13)
        #expect(limits.partCount == 14)
        #expect(limits.attachmentCount == 15)
        #expect(limits.textBytes == 3000)
        #expect(limits.jsonDepth == 16)
        #expect(limits.jsonStringBytes == 2000)
        let first = configuration.sources[0]
        #expect(first.channel == .phoneCallback)
        #expect(first.format == "twilio-voice")
        #expect(first.settleSeconds == 9)
        #expect(first.context.account == "+49")
        #expect(first.context.defaultRegion == "AT")
        #expect(first.context.timeZone == "Europe/Vienna")
        #expect(first.context.limits == limits)
        #expect(first.since?.rfc3339.hasPrefix("2026-01-31T00:00:00") == true)
        let second = configuration.sources[1]
        #expect(second.channel == .email)
        #expect(second.after == .seen)
        #expect(second.since == nil)
        #expect(second.context.defaultRegion == "DE")
        #expect(second.context.timeZone == "Europe/Berlin")
        let target = configuration.targets[0]
        #expect(target.secret == .command(["pass", "rt"]))
        #expect(target.user == "u")
        #expect(target.queue == "q")
        #expect(target.options == ["status": "new"])
        #expect(target.priorities == [UrgencyLevel.critical: "99"])
        #expect(target.concurrency == 2)
        #expect(target.timeoutMilliseconds == 1500)
        #expect(target.attachmentBytes == 7)
        #expect(target.retryMinimumMilliseconds == 500)
        #expect(target.retryMaximumMilliseconds == 60_000)
        #expect(target.lookupDelayMilliseconds == 2000)
        #expect(target.serverErrorLimit == 3)
    }

    @Test(arguments: [
        "deploy/gatehouse.jsonc", "deploy/demo/gatehouse.jsonc", "deploy/demo/try.jsonc",
        "deploy/mapping/gatehouse.jsonc",
    ])
    func `The configurations in the repository fit`(file: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        var text = String(decoding: try Data(contentsOf: root.appending(path: file)), as: UTF8.self)
        text = text.replacing("@URL@", with: "http://127.0.0.1:1")
        let (configuration, problems) = Self.check(text)
        #expect(configuration != nil, "\(problems)")
        #expect(!problems.contains { $0.contains("error") })
    }
}
