import Foundation

/// Mails for tests: each has its own Message-ID, sender and conversation.
enum MailMaker {
    static func mail(_ number: Int, id: String? = nil, subject: String? = nil, text: String = "Where is my withdrawal?")
        -> String
    {
        """
        From: Customer \(number) <customer\(number)@example.net>
        To: support@exchange.example
        Subject: \(subject ?? "Question \(number)")
        Message-ID: <\(id ?? "m\(number)")@example.net>
        Date: Fri, 02 Jan 2026 03:04:\(String(format: "%02d", number % 60)) +0000
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        \(text) (\(number))

        """
    }

    static func mbox(_ numbers: some Sequence<Int>) -> String {
        numbers.map { "From customer\($0)@example.net Fri Jan  2 03:04:05 2026\n\(mail($0))\n" }.joined()
    }

    /// Puts mails into `new` of a Maildir.
    static func fill(_ desk: Desk, _ numbers: some Sequence<Int>, maildir: String = "maildir") throws {
        for folder in ["new", "cur", "tmp"] {
            try FileManager.default.createDirectory(
                at: desk.folder.appending(path: "\(maildir)/\(folder)"),
                withIntermediateDirectories: true
            )
        }
        for number in numbers {
            try desk.write(mail(number), to: "\(maildir)/new/17673\(String(format: "%05d", number)).M\(number)P1.host")
        }
    }

    static let maildirSource =
        #"[{ "name": "mail", "type": "maildir", "path": "maildir", "account": "support@exchange.example" }]"#
    static let mboxSource =
        #"[{ "name": "mail", "type": "mbox", "path": "mails.mbox", "account": "support@exchange.example" }]"#
}
