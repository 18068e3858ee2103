import GatehouseCore
import Testing

@testable import EmailAdapter

@Suite struct `Header fields` {
    @Test(arguments: [
        ("=?utf-8?Q?J=C3=BCrgen?=", "Jürgen"), ("=?iso-8859-1?q?a_b?= c", "a b c"),
        ("=?utf-8?B?w5w=?= =?utf-8?B?YmVy?=", "Über"),
        ("=?utf-8?Q?=C3?= =?utf-8?Q?=9Cber?=", "Über"), ("=?utf-8?B?w5xi?=\r\n =?utf-8?B?ZXI=?=", "Über"),
        ("=?utf-8?Q?a?= =?iso-8859-1?Q?=FC?=", "aü"), ("=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("x=?utf-8?Q?=C3=A9?=y", "xéy"), ("=?utf-8?Q?a b?=", "a b"), ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("=?utf-8?Q?open", "=?utf-8?Q?open"),
        ("Grüße 你好", "Grüße 你好"), ("two\r\n\t folded", "two folded"), ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?utf-8?B?w5?= =?utf-8?B?xiZXI=?=", "Über"),
        ("=?utf-8?Q?one=0D=0ABcc:_x?=", "one Bcc: x"), ("=?utf-8?B?YQ0KDQpiCmM=?=", "a b c"),
    ])
    func `Encoded words are read, whole or split`(raw: String, text: String) {
        #expect(Samples.parse("Subject: \(raw)\r\n\r\nx").envelope.data.subject == text)
    }

    @Test(arguments: [
        ("a@b.example", [":a@b.example"]), ("Joe <a@b.example>", ["Joe:a@b.example"]),
        ("\"Doe, Joe\" <a@b.example>, c@d.example", ["Doe, Joe:a@b.example", ":c@d.example"]),
        ("Doe, Joe <a@b.example>", ["Doe, Joe:a@b.example"]), ("a@b.example (Joe)", ["Joe:a@b.example"]),
        ("Group: a@b.example, Joe <c@d.example>;, e@f.example", [":a@b.example", "Joe:c@d.example", ":e@f.example"]),
        ("undisclosed-recipients:;", []), ("<@relay,@other:a@b.example>", [":a@b.example"]),
        ("a@b.example; c@d.example", [":a@b.example", ":c@d.example"]),
        ("a @ b . example", [":a@b.example"]), ("Joe a@b.example", ["Joe:a@b.example"]),
        ("\"Joe <a@b.example>", ["Joe:a@b.example"]),
        ("<<a@b.example>>", [":a@b.example"]), ("a@[IPv6:::1]", [":a@[IPv6:::1]"]),
        ("\"a b\"@c.example", [":\"a b\"@c.example"]),
        ("=?utf-8?Q?J=C3=BCrgen?= <a@b.example>,", ["Jürgen:a@b.example"]),
        ("Jürgen <jürgen@müller.example>", ["Jürgen:jürgen@müller.example"]),
        ("Joe (a \\) comment) <a@b.example> (more)", ["Joe (a ) comment more):a@b.example"]), ("Joe", ["Joe:"]),
        ("Joe (Accounts) <joe(his (old) box)@b(host).example>", ["Joe (Accounts his (old) box host):joe@b.example"]),
        ("=?utf-8?Q?J=C3=B6?= (=?utf-8?Q?B=C3=BCro?=) <a@b.example>", ["Jö (Büro):a@b.example"]),
        ("Joe <a@b.example> (Joe), Ann () <c@d.example>", ["Joe:a@b.example", "Ann:c@d.example"]),
        ("harley@b.example ((Robert Harley))", ["Robert Harley:harley@b.example"]),
        ("Hidden:;@mx.example, a@b.example", [":a@b.example"]), ("<Hidden:;@mx.example>", []),
        ("\"Joe\"joe@b.example, \"Ann\"<c@d.example>", ["Joe:joe@b.example", "Ann:c@d.example"]),
        ("\"Doe, Joe\"joe@b.example", ["Doe, Joe:joe@b.example"]), ("\"a.b\".c@d.example", [":a.b.c@d.example"]),
        ("<joe(Joe)@b.example>, (Ann) <c@d.example>", ["Joe:joe@b.example", "Ann:c@d.example"]),
        ("a@b.example <a@b.example>", [":a@b.example"]), ("'a@b.example' <a@b.example>", [":a@b.example"]),
        ("'a@b.example'", [":a@b.example"]),
        ("Joe <a@b.example> Ann <c@d.example>", ["Joe:a@b.example", "Ann:c@d.example"]),
        ("Joe <at work> <a@b.example>", ["Joe at work:a@b.example"]), ("a@b.example>", [":a@b.example"]),
        ("Joe [mailto:a@b.example]", ["Joe:a@b.example"]),
        ("Joe (Jim) Doe <a@b.example>", ["Joe Doe (Jim):a@b.example"]),
        ("\"Joe \\\"J\\\" Doe\" a@b.example", ["Joe \"J\" Doe:a@b.example"]),
        ("\"a\\\"b\"@c.example", [":\"a\\\"b\"@c.example"]),
        ("a@b.example c@d.example\r\n\te@f.example", [":a@b.example", ":c@d.example", ":e@f.example"]),
        ("=?utf-8?B?IkpvZSIgPGFAYi5leGFtcGxlPg==?=", ["Joe:a@b.example"]),
        ("=?utf-8?Q?a=40b.example?=", [":a@b.example"]),
        ("=?utf-8?Q?a=40b.example?= <c@d.example>", ["a@b.example:c@d.example"]),
        ("(list)(start)Hidden  :(nobody(that I know))  ;", []), ("<Undisclosed-Recipient:;>", []),
        ("<Undisclosed-Recipient:@mx.example;>", []), ("undisclosed-recipients:@mx.example;", []),
        ("A: Ed <a@b.example>,Jo <c@d.example>; (the end)", ["Ed:a@b.example", "Jo:c@d.example"]), ("(Joe)", []),
    ])
    func `Addresses are read in all the forms that mail has`(raw: String, expected: [String]) {
        let parties = Samples.parse("To: \(raw)\n\nx").envelope.data.to
        #expect(parties.map { "\($0.name ?? ""):\($0.email ?? "")" } == expected)
    }

    @Test func `An author may be called as the address is; a recipient's name that repeats it says nothing`() {
        let name = "\"a@b.example\" <a@b.example>"
        let data = Samples.parse("From: \(name)\nTo: \(name)\nReply-To: \(name)\n\nx").envelope.data
        #expect(data.from == [Party(name: "a@b.example", email: "a@b.example")])
        #expect(data.to == [Party(email: "a@b.example")] && data.replyTo == data.to)
    }

    @Test(arguments: [
        ("Fri, 2 Jan 2026 03:04:05 +0100", "2026-01-02T02:04:05Z", "s", "stated"),
        ("Fri, 02 Jan 0126 03:04:05 -0500", "2026-01-02T08:04:05Z", "s", "stated"),
        ("Fri, 2 Jan 2026 3:04:05 +-0500", "2026-01-02T08:04:05Z", "s", "stated"),
        ("2 Jan 26 03:04 GMT", "2026-01-02T03:04:00Z", "min", "stated"),
        ("Fri Jan  2 03:04:05 2026", "2026-01-02T03:04:05Z", "s", "assumed:UTC"),
        ("Fri Jan  2 03:04:05 PST 2026", "2026-01-02T11:04:05Z", "s", "stated"),
        ("Friday, 02-Jan-98 03:04:05 EST", "1998-01-02T08:04:05Z", "s", "stated"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z", "s", "stated"),
        ("Fri, 2 Jan 2026 03:04:05 -0000 (UTC)", "2026-01-02T03:04:05Z", "s", "stated"),
        ("Fri, 02 Jan 2026 03:04:05+0530", "2026-01-01T21:34:05Z", "s", "stated"),
        ("2 January 2026, 3:04 PM", "2026-01-02T15:04:00Z", "min", "assumed:UTC"),
        ("Fri, 2 Jan 2026", "2026-01-02T00:00:00Z", "day", "assumed:UTC"),
        ("Fri, 2 Jan 2026 03:04:05 GMT+0100 (CET)", "2026-01-02T02:04:05Z", "s", "stated"),
        ("mar., 6 févr. 2024 12:00:00 +0100", "2024-02-06T11:00:00Z", "s", "stated"),
        ("Mo, 4 Mrz 2024 11:00:00 +0100", "2024-03-04T10:00:00Z", "s", "stated"),
        ("Thu, 01 1月 2026 12:00:00 +0900", "2026-01-01T03:00:00Z", "s", "stated"),
        ("Fri, 2 Jan 2026 12:00:00 --0500", "2026-01-02T17:00:00Z", "s", "stated"),
        ("Fri, 2 Jan 2026 12:00:00 0100", "2026-01-02T11:00:00Z", "s", "stated"),
        ("Fri, 2 Jan 2026 09(comment):   55  :  06 -0600", "2026-01-02T15:55:06Z", "s", "stated"),
        ("25.01.2026 10:00:00 +0000", "2026-01-25T10:00:00Z", "s", "stated"),
        ("1/25/2026 10:00:00 PM", "2026-01-25T22:00:00Z", "s", "assumed:UTC"),
        ("25/01/2026 10:00", "2026-01-25T10:00:00Z", "min", "assumed:UTC"),
        ("20260102T120000Z", "2026-01-02T12:00:00Z", "s", "stated"),
        ("1767355200", "2026-01-02T12:00:00Z", "s", "stated"),
        ("Fri, 2 Jan 0026 12:00:00 +0000", "2026-01-02T12:00:00Z", "s", "stated"),
        ("2026-01-02 03:04:05 CET", "2026-01-02T02:04:05Z", "s", "stated"),
        ("02-01-2026 03:04:05", "2026-01-02T03:04:05Z", "s", "assumed:UTC"),
        ("02.01.26 03:04", "2026-01-02T03:04:00Z", "min", "assumed:UTC"),
        ("01/25/26 03:04", "2026-01-25T03:04:00Z", "min", "assumed:UTC"),
        ("2026年1月2日 下午3:04:05", "2026-01-02T15:04:05Z", "s", "assumed:UTC"),
        ("2026년 1월 2일 (금) 오전 3:04", "2026-01-02T03:04:00Z", "min", "assumed:UTC"),
        ("Παρ, 2 Ιαν 2026 03:04:05 +0200", "2026-01-02T01:04:05Z", "s", "stated"),
        ("pá, 2 led 2026 03:04:05 +0100", "2026-01-02T02:04:05Z", "s", "stated"),
        ("יום ו, 2 ינו 2026 03:04:05 +0200", "2026-01-02T01:04:05Z", "s", "stated"),
        ("Fri, 2 Jan 2026 3:04:05 p.m. +0000", "2026-01-02T15:04:05Z", "s", "stated"),
        ("Tue, 15 Apr 2003 20:52:26 EDT4", "2003-04-16T00:52:26Z", "s", "stated"),
        ("=?utf-8?Q?Fri=2C_2_Jan_2026_03=3A04=3A05_+0000?=", "2026-01-02T03:04:05Z", "s", "stated"),
        ("1767355200000", "2026-01-02T12:00:00Z", "s", "stated"),
        ("20260102120000", "2026-01-02T12:00:00Z", "s", "assumed:UTC"),
    ])
    func `Dates are read in all the forms that mail has`(raw: String, sent: String, precision: String, zone: String) {
        let times = Samples.parse("Date: \(raw)\n\nx").envelope.data.times
        #expect(times.sentAt?.rfc3339 == sent)
        #expect(times.precision?.rawValue == precision)
        #expect(times.zone == zone)
    }

    @Test func `A date that can't be read is a warning`() {
        let data = Samples.parse("Date: soon\n\nx").envelope.data
        #expect(data.times.sentAt == nil)
        #expect(data.warnings == ["date_unparsed"])
    }

    @Test(arguments: [
        ("name=a.txt", "a.txt"), ("name=\"a b.txt\"", "a b.txt"), ("name*=utf-8''%E4%BD%A0.txt", "你.txt"),
        ("name*0=\"long \"; name*1=name.txt", "long name.txt"), ("name*1*=%A0.txt; name*0*=utf-8'zh'%E4%BD", "你.txt"),
        ("name=\"=?utf-8?Q?=C3=A9.txt?=\"", "é.txt"), ("NAME = x.txt ; other=y", "x.txt"), ("name=\"a\\\"b\"", "a\"b"),
        ("name*0=a; name*0=b; name*1=c", "ac"), ("name=utf-8''%E4%BD%A0.txt", "你.txt"),
        ("name=it's 5%.txt", "it's 5%.txt"),
        ("name=\"C:\\temp\\x\"", "C:tempx"), ("name=\"it\\'s \\\"x\\\".pdf\"", "it's \"x\".pdf"),
    ])
    func `File names are read in all the forms that mail has`(parameter: String, name: String) {
        let data = Samples.parse("Content-Type: application/x; \(parameter)\n\nx").envelope.data
        #expect(data.attachments.map(\.name) == [name])
    }

    @Test(arguments: [
        ("/etc/passwd", "passwd"), ("../USER/BG03.GIF", "BG03.GIF"), ("C:\\\\x\\\\a b.doc", "a b.doc"),
        ("\\\\\\\\host\\\\share\\\\y.txt", "y.txt"), ("~/notes", "notes"), ("a/../../b", "b"),
        ("Invoice 11/2026.pdf", "Invoice 11/2026.pdf"), ("and/or.txt", "and/or.txt"),
    ])
    func `A file's name holds no path`(name: String, shown: String) {
        let mail = "Content-Type: application/x\nContent-Disposition: attachment; filename=\"\(name)\"\n\nx"
        #expect(Samples.parse(mail).envelope.data.attachments.map(\.name) == [shown])
    }

    @Test func `What names a file on another machine keeps its path`() {
        let mail =
            "Content-Type: message/external-body; access-type=local-file; name=\"/u/x/a.ps\"\n\nContent-Type: a/b\n\n"
        #expect(Samples.parse(mail).envelope.data.attachments.map(\.name) == ["/u/x/a.ps"])
    }

    @Test(arguments: ["attachment filename=a.txt", "filename=a.txt", "; filename=a.txt", "attachment;; filename=a.txt"])
    func `A disposition is read without its semicolon or its value`(disposition: String) {
        let data = Samples.parse("Content-Type: application/x\nContent-Disposition: \(disposition)\n\nx").envelope.data
        #expect(data.attachments.map(\.name) == ["a.txt"])
    }

    @Test(arguments: [
        ("application/; name=a.pdf", "application/octet-stream"), ("unknown; name=a.pdf", "application/octet-stream"),
        ("application/pdf;\nname=\"a.pdf\"", "application/pdf"),
    ])
    func `A file's type is read where it lacks a half or a fold`(type: String, read: String) {
        let data = Samples.parse("Subject: s\nContent-Type: \(type)\nX-Other: y\n\nx").envelope.data
        #expect(data.attachments.map(\.name) == ["a.pdf"])
        #expect(data.attachments.map(\.mediaType) == [read])
    }

    @Test(arguments: ["text/;charset=", "text", "multipart", "nonsense", "text/plain;iso-8859-1"])
    func `Half a type without a file's name is text`(type: String) {
        #expect(Samples.parse("Content-Type: \(type)\n\nx").envelope.data.body.text == "x")
    }

    @Test func `An empty field hides none that says something`() {
        let data = Samples.parse("From:\nSubject: \nDate:\nFrom: a@x\nSubject: s\n\nx").envelope.data
        #expect(data.from.map(\.email) == ["a@x"])
        #expect(data.subject == "s")
        #expect(data.warnings.isEmpty)
    }

    @Test func `References are read where they were encoded`() {
        let data = Samples.parse("References: <a@x>\n =?utf-8?q?=3Cb=40x=3E_?= =?utf-8?q?=3Cc=40x=3E?=\n\nx").envelope
            .data
        #expect(data.references == ["a@x", "b@x", "c@x"])
    }

    @Test func `The first of two authors counts, and recipients add up`() {
        let data = Samples.parse("From: a@x\nFrom: b@x\nTo: c@x\nTo: d@x\nSubject: 1\nSubject: 2\n\nx").envelope.data
        #expect(data.from.map(\.email) == ["a@x"])
        #expect(data.to.map(\.email) == ["c@x", "d@x"])
        #expect(data.subject == "1")
    }

    @Test(arguments: [
        "\r\n\r\nSubject: s\r\n\r\nbody", "From x@y Fri Jan  2 03:04:05 2026\nSubject: s\n\nbody",
        "Subject: s\rTo: a@b\r\rbody",
        "Subject : s\n\nbody", "rubbish\nSubject: s\n\nbody", "Subject: s\nrubbish here\n folded\nTo: a@b\n\nbody",
        "Subject: s\nbody",
        "\u{FEFF}Subject: s\n\nbody",
    ])
    func `Rubbish in a header loses neither fields nor text`(mail: String) {
        let data = Samples.parse(mail).envelope.data
        #expect(data.subject == "s")
        #expect(data.body.text == "body")
    }

    @Test func `A text without any header is all body`() {
        let data = Samples.parse("just text\nmore\n").envelope.data
        #expect(data.body.text == "just text\nmore\n")
        #expect(data.warnings.contains("header_missing"))
    }

    @Test func `Threads are told by References before In-Reply-To`() {
        #expect(
            Samples.parse("Message-ID: <m@x>\nReferences: <a@x>\n <b@x>\nIn-Reply-To: <b@x>\n\n").envelope.data
                .conversationID == "a@x"
        )
        #expect(
            Samples.parse("Message-ID: <m@x>\nIn-Reply-To: Your message of Monday <b@x>\n\n").envelope.data
                .conversationID == "b@x"
        )
        #expect(Samples.parse("Message-ID: <m@x>\n\n").envelope.data.conversationID == "m@x")
    }
}
