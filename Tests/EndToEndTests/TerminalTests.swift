import Foundation
import Testing

@testable import gatehouse

/// What a person sees on a terminal, whatever its width and charset, and whatever customers write.
struct TerminalTests {
    static let subjects = [
        "plain, and long enough that it has to be cut somewhere since it goes on and on and on",
        "日本語の件名はとても長いので途中で切られるはずですがどうでしょうか", "שלום עולם אני לא יכול למשוך את הכסף שלי כבר שבוע שלם",
        "مرحبا لا أستطيع سحب أموالي منذ أسبوع", "\u{1B}[31mred\u{1B}]0;title\u{07} \u{9B}2J \u{202E}reversed \u{2066}",
        "e\u{301}moji 👨‍👩‍👧‍👦 🇩🇪 👍🏽", "tab\there \u{2028} and \u{85} there \u{7F}", "हिन्दी में विषय बहुत लंबा है",
    ]

    /// A desk with those as mails, one of them a dead letter.
    private func desk() throws -> (Desk, RecordingSink) {
        let sink = try RecordingSink(failures: ["422,count=3"])
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 1...1)
        let maildir = desk.folder.appending(path: "maildir/new")
        for (index, subject) in Self.subjects.enumerated() {
            let encoded = Data(subject.utf8).base64EncodedString()
            let mail = """
                From: a@example.net
                To: support@example.org
                Subject: =?utf-8?B?\(encoded)?=
                Message-ID: <terminal-\(index)@example.net>
                Date: Fri, 02 Jan 2026 03:04:0\(index) +0000
                Content-Type: text/plain; charset=utf-8

                \(subject)

                """
            try Data(mail.utf8).write(to: maildir.appending(path: "terminal-\(index)"))
        }
        try desk.gatehouse("run")
        return (desk, sink)
    }

    static let commands = [
        ["list"], ["status"], ["stats"], ["doctor"], ["reconcile"], ["audit", "list"], ["dead", "list"],
        ["held", "list"], ["report"], ["poll", "--dry-run"],
    ]

    @Test func `No table is wider than its terminal, and none obeys what a customer wrote`() throws {
        let (desk, sink) = try desk()
        defer { withExtendedLifetime(sink) {} }
        for words in Self.commands {
            for width in [50, 80, 132] {
                let words = words + ["--config", desk.configuration.path()]
                guard let shown = try Terminal.run(words, columns: width) else { return }
                #expect(!shown.isEmpty || words[0] == "poll", "\(words)")
                let text = shown.replacing("\r\n", with: "\n")
                let forbidden = text.unicodeScalars.filter {
                    $0.value < 0x20 && $0 != "\n" || (0x7F..<0xA0).contains($0.value)
                        || (0x202A...0x202E).contains($0.value)
                }
                #expect(forbidden.isEmpty, "\(words): \(forbidden.map(\.value))")
                // What is no table is a sentence, which a terminal breaks as it likes.
                guard ["list", "doctor", "status", "dead", "audit"].contains(words[0]) else { continue }
                for line in text.split(separator: "\n")
                where !line.hasPrefix("inputs: ") && !line.contains("wait for a") {
                    #expect(TerminalText.columns(of: String(line)) <= width, "\(words) at \(width): \(line)")
                }
            }
        }
    }

    @Test func `Without UTF-8 a terminal gets ASCII, and a pipe gets what was written`() throws {
        let (desk, sink) = try desk()
        defer { withExtendedLifetime(sink) {} }
        let words = ["list", "--config", desk.configuration.path()]
        let plain = ["TERM": "xterm", "LC_ALL": "C", "LANG": "C"]
        guard let shown = try Terminal.run(words, environment: plain) else { return }
        #expect(shown.utf8.allSatisfy { $0 < 0x80 }, "\(shown)")
        #expect(shown.contains("????"))
        #expect(try Program.run("gatehouse", words, environment: ["LC_ALL": "C"]).output.contains("日本語"))
        for kind in ["help", "doctor"] {
            let shown = try Terminal.run([kind, "--config", desk.configuration.path()], environment: plain) ?? ""
            #expect(shown.utf8.allSatisfy { $0 < 0x80 }, "\(kind)")
        }
    }

    @Test(arguments: [["TERM": "dumb"], ["TERM": "xterm", "NO_COLOR": "1"], ["TERM": ""]])
    func `A terminal that can't draw, or should not, gets words alone`(environment: [String: String]) throws {
        let (desk, sink) = try desk()
        defer { withExtendedLifetime(sink) {} }
        let environment = environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
        for words in [["run"], ["list"], ["status"]] {
            let words = words + ["--config", desk.configuration.path()]
            guard let shown = try Terminal.run(words, environment: environment) else { return }
            #expect(!shown.contains("\u{1B}"), "\(words): \(shown)")
        }
    }
}
