import GatehouseCore
import Testing

@testable import EmailAdapter

@Suite struct `Replies and automatic mail` {
    @Test(arguments: [
        "On Fri, Jan 2, 2026 at 3:04 AM Desk <d@x.example> wrote:",
        "Am 2. Januar 2026 um 03:04 schrieb Desk <d@x.example>:",
        "Le ven. 2 janv. 2026 à 03:04, Desk <d@x.example> a écrit :",
        "El vie, 2 ene 2026 a las 3:04, Desk (<d@x.example>) escribió:",
        "Il giorno ven 2 gen 2026 alle ore 03:04 Desk <d@x.example> ha scritto:",
        "Em sex., 2 de jan. de 2026 às 03:04, Desk <d@x.example> escreveu:",
        "Op vr 2 jan 2026 om 03:04 schreef Desk <d@x.example>:", "W dniu 2026-01-02 03:04, Desk pisze (napisał):",
        "пт, 2 янв. 2026 г. в 03:04, Desk <d@x.example>:", "2026年1月2日(金) 3:04 Desk <d@x.example>:",
        "Desk <d@x.example> 于2026年1月2日周五 03:04写道：",
        "2026년 1월 2일 (금) 오전 3:04, Desk <d@x.example>님이 작성:", "fre 2 jan. 2026 kl. 03:04 skrev Desk <d@x.example>:",
        "pe 2. tammik. 2026 klo 3.04 Desk <d@x.example> kirjoitti:",
        "2 Oca 2026 Cum, 03:04 tarihinde Desk <d@x.example> şunu yazdı:",
        "pá 2. 1. 2026 v 3:04 odesílatel Desk <d@x.example> napsal:",
        "-----Original Message-----", "-------- Ursprüngliche Nachricht --------",
        "-------- Message d'origine --------",
        "________________________________\nVon: Desk\nGesendet: Freitag\nAn: Kunde\nBetreff: Hallo",
        "发件人: Desk\n发送时间: 2026\n收件人: K\n主题: x", "差出人: Desk\n送信日時: 2026\n宛先: K\n件名: x",
    ])
    func `What is quoted is told from what is new`(introduction: String) {
        let body = Samples.parse(
            "Subject: Re: x\nContent-Type: text/plain; charset=utf-8\n\nMy answer.\n\n\(introduction)\n\nOld words.\n"
        ).envelope.data.body
        #expect(body.strippedText == "My answer.")
        #expect(body.strippedQuote?.hasSuffix("Old words.") == true)
        #expect(body.text.contains("Old words."))
    }

    @Test func `An answer below its quote is new text`() {
        let body = Samples.parse("\nOn Fri, Jan 2, 2026 at 3:04 AM Desk <d@x> wrote:\n> Which card?\n\nThe blue one.\n")
            .envelope.data.body
        #expect(body.strippedText == "The blue one.")
    }

    @Test(arguments: [
        "See below.\n\n---------- Forwarded message ---------\nFrom: A <a@x>\nDate: Fri, 2 Jan 2026\nSubject: s\nTo: b@x\n\nLetter.\n",
        "No quote at all, at 10:30.\n",
        "I wrote to you in 2025:\nnothing came.\n",
    ])
    func `Forwarded and plain text is all new`(text: String) {
        #expect(Samples.parse("Subject: x\n\n" + text).envelope.data.body.strippedText?.contains("Letter") != false)
    }

    @Test func `A signature is kept apart`() {
        let body = Samples.parse("Subject: x\n\nHello.\n\n-- \nMe\nMy firm\n").envelope.data.body
        #expect(body.strippedText == "Hello.")
        #expect(body.strippedSignature == "-- \nMe\nMy firm")
        #expect(
            Samples.parse("Subject: x\n\nHello.\n\nSent from my iPhone\n").envelope.data.body.strippedText == "Hello."
        )
    }

    @Test(arguments: [
        ("Auto-Submitted: auto-replied", "auto_reply"), ("Auto-Submitted: auto-generated", "bot"),
        ("Auto-Submitted: no", "no"), ("X-Autoreply: yes", "auto_reply"),
        ("Precedence: bulk", "list"), ("Precedence: auto_reply", "auto_reply"), ("List-Id: <l.x>", "list"),
        ("Subject: Out of office", "auto_reply"), ("Subject: office", "no"),
        ("X-Failed-Recipients: a@x", "bounce"), ("Return-Path: <>\nFrom: MAILER-DAEMON@x", "bounce"),
        ("Content-Type: multipart/report; report-type=feedback-report; boundary=b", "feedback_report"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "auto_reply"),
    ])
    func `Automatic mail is told by its header`(field: String, automated: String) {
        #expect(
            Samples.parse(
                "From: a@x\n".replacing("From: a@x\n", with: field.contains("From:") ? "" : "From: a@x\n") + field
                    + "\n\nx"
            ).envelope.data.automated.rawValue == automated
        )
    }

    @Test func `A bounce names recipient, status and diagnosis`() throws {
        let data = try Samples.sample("bounce.eml")
        #expect(data.automated == .bounce)
        #expect(
            data.mail?.bounce
                == BounceReport(recipient: "gone@example.org", status: "5.1.1", diagnosis: "550 5.1.1 No such user")
        )
    }

    @Test(arguments: [
        ("Re: [rt #123] x", ["123"]), ("[#7] [Ticket#8] [desk #7]", ["7", "8"]), ("[x] #9 [#] [#12a]", []),
        ("[open #1", []),
    ])
    func `Tickets named in a subject are found`(subject: String, names: [String]) {
        #expect(TicketNames.named(in: subject) == names)
    }
}
