import Foundation
import GatehouseCore
import Testing

@testable import EmailAdapter

/// A returned mail in a server's own words, and what must be read from it.
struct BounceCase: CustomTestStringConvertible {
    let testDescription: String
    let mail: String
    let recipient: String?
    let status: String?
    let diagnosis: String?

    init(_ name: String, _ mail: String, _ recipient: String?, _ status: String?, _ diagnosis: String?) {
        testDescription = name
        self.mail = mail
        (self.recipient, self.status, self.diagnosis) = (recipient, status, diagnosis)
    }
}

@Suite struct `Returned mail` {
    static let daemon = "From: MAILER-DAEMON@mx.example\nTo: support@desk.example\n"
    static let texts = [
        BounceCase(
            "qmail",
            daemon
                + "Subject: failure notice\n\nHi. This is the qmail-send program at mx.example.\n\n<gone@shop.example>:\n192.0.2.5 does not like recipient.\nRemote host said: 550 5.1.1 No such person\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <support@desk.example>\nTo: other@x.example\n",
            "gone@shop.example",
            "5.1.1",
            "Remote host said: 550 5.1.1 No such person"
        ),
        BounceCase(
            "Exim",
            daemon
                + "X-Failed-Recipients: gone@shop.example\nSubject: Mail delivery failed: returning message to sender\n\nThe following address(es) failed:\n\n  gone@shop.example\n    Unrouteable address\n\n------ This is a copy of the message ------\n",
            "gone@shop.example",
            "5.1.1",
            "Unrouteable address"
        ),
        BounceCase(
            "old Postfix",
            daemon
                + "Subject: Undelivered Mail Returned to Sender\n\n<gone@shop.example>: host mx.shop.example[192.0.2.7] said: 552 Mailbox is\n    over quota\n",
            "gone@shop.example",
            "5.2.2",
            "<gone@shop.example>: host mx.shop.example[192.0.2.7] said: 552 Mailbox is over quota"
        ),
        BounceCase(
            "Exchange 5.5",
            "From: System Administrator <postmaster@shop.example>\nTo: support@desk.example\nSubject: Undeliverable: Your ticket\n\nYour message\n\n  To:      gone@shop.example\n  Subject: Your ticket\n\ndid not reach the following recipient(s):\n\ngone@shop.example on Mon, 25 Feb 2002 13:32:23 +0100\n    The recipient name is not recognized\n",
            "gone@shop.example",
            "5.1.1",
            "The recipient name is not recognized"
        ),
        BounceCase(
            "Domino",
            "From: postmaster@shop.example\nTo: support@desk.example\nSubject: DELIVERY FAILURE: User gone (gone@shop.example) not listed in Domino Directory\n\nYour message\n\n  Subject: x\n\nwas not delivered to:\n\n  gone@shop.example\n\nbecause:\n\n  User gone (gone@shop.example) not listed in Domino Directory\n",
            "gone@shop.example",
            "5.1.1",
            "User gone (gone@shop.example) not listed in Domino Directory"
        ),
        BounceCase(
            "Sendmail",
            daemon
                + "Subject: Returned mail: Host unknown\n\n   ----- The following addresses had permanent fatal errors -----\n<gone@shop.example>\n\n   ----- Transcript of session follows -----\n550 <gone@shop.example>... Host unknown\n\n   ----- Original message follows -----\n",
            "gone@shop.example",
            "5.1.2",
            "550 <gone@shop.example>... Host unknown"
        ),
        BounceCase(
            "a delay",
            daemon
                + "Subject: Warning: message delayed\n\nMessage to gone@shop.example has been delayed: connection timed out\n",
            "gone@shop.example",
            "4.4.7",
            "Message to gone@shop.example has been delayed: connection timed out"
        ),
        BounceCase(
            "German, without a known word for why",
            "Return-Path: <>\nFrom: Mail Delivery System <mailer-daemon@provider.example>\nTo: support@desk.example\nSubject: Unzustellbar\n\nIhre Nachricht konnte nicht zugestellt werden:\n\n<gone@shop.example>:\nDer Empfaenger ist weit verzogen\n",
            "gone@shop.example",
            nil,
            "Der Empfaenger ist weit verzogen"
        ),
        BounceCase(
            "Amazon's notice",
            "From: no-reply@sns.example\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"gone@shop.example\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 no\"}]}}\n\n--\nTo stop these\n",
            "gone@shop.example",
            "5.1.1",
            "smtp; 550 no"
        ),
    ]

    @Test(arguments: texts)
    func `A server's words name recipient, status and reason`(line: BounceCase) {
        let data = Samples.parse(line.mail).envelope.data
        #expect(data.automated == .bounce)
        let bounce = data.mail?.bounce
        #expect(bounce?.recipient == line.recipient)
        #expect(bounce?.status == line.status)
        #expect(bounce?.diagnosis == line.diagnosis)
    }

    @Test(arguments: [
        ("Undeliverable: x", "Delivery has failed to these recipients or groups:"),
        ("Unzustellbar: x", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:"),
        ("Não é possível entregar: x", "A entrega falhou para estes destinatários ou grupos:"),
        ("Nie można dostarczyć: x", "Dostarczenie do następujących adresatów lub grup nie powiodło się:"),
        ("Не удается доставить: x", "Сбой доставки следующим получателям или группам:"),
        ("Ei voitu toimittaa: x", "Toimitus seuraaville vastaanottajille tai ryhmille epäonnistui:"),
        ("Teslim edilemiyor: x", "Şu alıcılara veya gruplara teslim başarısız oldu:"),
        ("未送达: x", "向这些收件人或组传递邮件失败:"), ("Wubba: x", "Dub dub lub:"),
    ])
    func `Exchange's notices are known in the languages that it speaks, and by their code in others`(
        subject: String,
        sentence: String
    ) {
        let mail = """
            Return-Path: <>
            From: Microsoft Outlook <postmaster@x.example>
            To: desk@x.example
            Subject: \(subject)
            Content-Type: text/plain; charset=utf-8

            \(sentence)

            gone@shop.example

            gone@shop.example
            #550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##
            """
        let data = Samples.parse(mail).envelope.data
        #expect(data.automated == .bounce)
        #expect(data.mail?.bounce?.recipient == "gone@shop.example")
        #expect(data.mail?.bounce?.status == "5.1.1")
    }

    @Test(arguments: [
        "From: postmaster@x.example\nSubject: Question\n\nWe see 550 5.1.1 in our log, what is that?\n",
        "From: ann@x.example\nSubject: Undeliverable parcels\n\nMy parcel could not be delivered. Order 5.1.1\n",
        "From: ann@x.example\nSubject: Fwd: Undelivered Mail Returned to Sender\n\nWhy do I get this? User unknown\n\n--- original message\n",
        "From: postmaster@x.example\nSubject: Our new certificate\n\nDear colleagues, we change it on Monday.\n",
        "Return-Path: <>\nFrom: ann@x.example\nSubject: Delivery of my order\n\nWhen does it come?\n",
        "From: System Administrator <admin@x.example>\nSubject: Question\n\nHow do I reset it?\n",
        "From: ann@x.example\nSubject: failure notice\n\nI got a failure notice, what now?\n",
    ])
    func `People who write of failures are no bounces`(mail: String) {
        #expect(Samples.parse(mail).envelope.data.automated == .no)
    }

    static let report = """
        From: MAILER-DAEMON@mx.example
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b

        Words.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; one@x.example
        Action: delivered
        Status: 2.0.0

        Final-Recipient: rfc822;<two@x.example>
        Action: ACTION (now)
        Status: 5.2.2 (full)
        Diagnostic-Code: smtp; 552
         mailbox full

        --b--
        """

    @Test func `Of several recipients the one who failed is named`() {
        let data = Samples.parse(Self.report.replacing("ACTION", with: "Failed")).envelope.data
        #expect(
            data.mail?.bounce
                == BounceReport(recipient: "two@x.example", status: "5.2.2", diagnosis: "552 mailbox full")
        )
    }

    @Test func `A report that all was delivered is no bounce`() {
        let data = Samples.parse(Self.report.replacing("ACTION", with: "relayed")).envelope.data
        #expect(data.automated == .autoReply && data.mail?.bounce == nil)
    }

    @Test(arguments: ["Status: broken", "Status: 9.9.9", "Status: 5.1.1234", "Status:"])
    func `A status that is none is left out`(field: String) {
        let mail = Self.report.replacing("ACTION", with: "failed").replacing("Status: 5.2.2 (full)", with: field)
            .replacing("552\n mailbox full", with: "gone away")
        #expect(Samples.parse(mail).envelope.data.mail?.bounce?.status == nil)
    }
}

/// Other people's mails, which lie outside the repository; where they are absent nothing is tested.
@Suite struct `Mail kinds of public suites` {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/data/email").standardized

    static func lines(_ suite: String) -> [[String: Any]] {
        let text = (try? String(contentsOf: folder.appending(path: "expected/\(suite).jsonl"), encoding: .utf8)) ?? ""
        if text.isEmpty { print("skipped: \(suite) is not here") }
        return text.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    static func words(_ text: String) -> [Substring] { text.split { $0.isWhitespace } }

    @Test(arguments: [("crisp_reply", 45), ("talon_reply", 12)])
    func `New text is told from quotes and signatures`(suite: String, least: Int) throws {
        var right = 0
        let lines = Self.lines(suite)
        for line in lines {
            guard let file = line["file"] as? String, let expect = line["expect"] as? [String: Any],
                let reply = expect["reply"] as? String
            else { continue }
            var bytes = Array(try Data(contentsOf: Self.folder.appending(path: "suites/\(file)")))
            if file.hasSuffix(".txt") { bytes = Array("Content-Type: text/plain; charset=utf-8\n\n".utf8) + bytes }
            let body = Samples.parse(bytes).envelope.data.body
            if Self.words(body.strippedText ?? body.text) == Self.words(reply) { right += 1 }
        }
        #expect(lines.isEmpty || right >= least)
    }

    @Test func `Bounces are recognised and say whom they could not reach`() throws {
        var (right, named) = (0, 0)
        let lines = Self.lines("bounces")
        for line in lines {
            guard let file = line["file"] as? String else { continue }
            let bytes = Array(try Data(contentsOf: Self.folder.appending(path: "suites/\(file)")))
            let data = Samples.parse(bytes).envelope.data
            if data.automated == .bounce || data.automated == .feedbackReport { right += 1 }
            if data.automated == .feedbackReport || data.mail?.bounce?.recipient != nil { named += 1 }
        }
        #expect(lines.isEmpty || (right == lines.count && named == lines.count))
    }
}
