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
        "---- 回复的原邮件 ----\n| 发件人 | Desk<d@x.example> |\n| 主题 | Re: Help |",
        "Кому: Ann (a@x.example);\nТема: Help;\n05.01.2026, 15:04, \"Desk\" <d@x.example>:",
        "-----Original Message-----", "-------- Ursprüngliche Nachricht --------",
        "-------- Message d'origine --------",
        "________________________________\nVon: Desk\nGesendet: Freitag\nAn: Kunde\nBetreff: Hallo",
        "发件人: Desk\n发送时间: 2026\n收件人: K\n主题: x", "差出人: Desk\n送信日時: 2026\n宛先: K\n件名: x",
        "În vin., 2 ian. 2026 la 03:04, Desk <d@x.example> a scris:",
        "Vào Th 6, 2 thg 1, 2026 vào lúc 03:04 Desk <d@x.example> đã viết:",
        "في الجمعة، ٢ يناير ٢٠٢٦ تمت كتابة ما يلي بواسطة Desk <d@x.example>:",
        "در تاریخ جمعه ۲ ژانویه ۲۰۲۶،‏ Desk <d@x.example> نوشت:",
        "2 जन॰ 2026 को 3:04 am बजे को Desk <d@x.example> ने लिखा:",
        "Пт, 2 січ. 2026 р. о 03:04 Desk <d@x.example> пише:",
        "Στις Παρ 2 Ιαν 2026 στις 3:04 π.μ., ο χρήστης Desk <d@x.example> έγραψε:",
        "2026. jan. 2., P 3:04 időpontban Desk <d@x.example> ezt írta:", "-----Desk/Exchange wrote: -----",
        "---------------- 原始邮件 ----------------", "-------- הודעה מקורית --------",
        "Gesendet: Freitag, 2. Januar 2026 um 03:04 Uhr\nVon: Desk <d@x.example>\nAn: Kunde\nBetreff: Hallo",
        "*From:* Desk <d@x.example>\n*Sent:* Friday\n*To:* K\n*Subject:* x", "מאת: Desk\nנשלח: היום\nאל: K\nנושא: x",
        "Από: Desk\nΣτάλθηκε: σήμερα\nΠρος: K\nΘέμα: x", "Dari: Desk\nDikirim: hari ini\nKepada: K\nSubjek: x",
        "\u{200F}בתאריך יום ב׳, 5 בינו׳ 2026 ב-15:04 מאת \u{202A}Desk\u{202C}\u{200F} <\u{202A}d@x.example\u{202C}\u{200F}>:\u{202C}",
        "সোম, ৫ জানু, ২০২৬ তারিখে ৩:০৪ PM টায় তারিখে Desk <d@x.example> লিখেছেন:",
        "Երկ, հնվ 5, 2026, 15:04 Desk <d@x.example> գրել է՝", "W dniu 05.01.2026 o 15:04, Desk pisze:",
        "Desk erabiltzaileak hau idatzi du (2026 urt. 5(a), al. (15:04)):",
        "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, January 5th, 2026 at 3:04 PM, Desk <d@x.example> wrote:",
        "---------- Původní e-mail ----------\nOd: Desk <d@x.example>", "Од: Desk\nПослато: данас\nЗа: K\nТема: x",
        "*Waa:* Desk <d@x.example>\n*Naa:* 5 Jan 2026\n*Nuu:* K\n*Kaa:* x",
        "________________________________\nWaa: Desk <d@x.example>\nNaa: 5 Jan 2026\nNuu: K\nKaa: x",
        "> Message du 05/01/26 15:04\n> De : Desk <d@x.example>\n> A : k@x.example\n> Objet : x",
    ])
    func `What is quoted is told from what is new`(introduction: String) {
        let body = Samples.parse(
            "Subject: Re: x\nContent-Type: text/plain; charset=utf-8\n\nMy answer.\n\n\(introduction)\n\nOld words.\n"
        ).envelope.data.body
        #expect(body.strippedText == "My answer.")
        #expect(body.strippedQuote?.hasSuffix("Old words.") == true)
        #expect(body.text.contains("Old words."))
    }

    @Test(arguments: ["Desk <d@x.example> writes:", "Zitat von Desk <d@x.example>:", "Quoting d@x.example:"])
    func `An introduction without a date is told by the marked quote below it`(introduction: String) {
        let mail = "\nMy answer.\n\n\(introduction)\n\n"
        #expect(Samples.parse(mail + "> Old words.\n").envelope.data.body.strippedText == "My answer.")
        #expect(Samples.parse(mail + "Old words.\n").envelope.data.body.strippedText == nil)
    }

    @Test(arguments: [
        "Name: Joe Doe <joe@x.example>\nDay: 5 Jan 2026\nAmount: 5\nCoin: BTC\n",
        "My data:\nFull name: Joe\nMail: joe@x.example\nDate of birth: 1990-01-02\nCountry: PL\n",
    ])
    func `A form that was filled in is no quote`(text: String) {
        #expect(Samples.parse("Subject: x\n\nHello,\n\n\(text)").envelope.data.body.strippedText == nil)
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

    @Test(arguments: ["Fwd: x", "WG: x", "TR: x", "转发：x", "RV: x"])
    func `What a forwarding subject announces is all new`(subject: String) {
        let text = "See this.\n\nFrom: A <a@x.example>\nSent: Friday\nTo: b@x.example\nSubject: s\n\nLetter.\n"
        let body = Samples.parse("Subject: \(subject)\nContent-Type: text/plain; charset=utf-8\n\n\(text)").envelope
            .data.body
        #expect(body.strippedText?.contains("Letter") != false)
    }

    @Test(arguments: [
        "Anfang der weitergeleiteten Nachricht:", "---------- Mensaje reenviado ----------",
        "-------- Пересылаемое сообщение --------", "---------- 転送メッセージ ----------", "----- İletilen mesaj -----",
        "Début du message réexpédié :",
    ])
    func `Forwarded mail is no quote`(introduction: String) {
        let text =
            "Look.\n\n\(introduction)\nFrom: A <a@x.example>\nDate: Fri, 2 Jan 2026\nTo: b@x.example\n\nLetter.\n"
        let body = Samples.parse("Subject: x\nContent-Type: text/plain; charset=utf-8\n\n\(text)").envelope.data.body
        #expect(body.strippedText?.contains("Letter") != false)
    }

    @Test(arguments: [
        "Gesendet von meinem iPhone", "Enviado desde mi iPhone", "Envoyé de mon iPhone", "Inviato da iPhone",
        "Отправлено с iPhone", "iPhoneから送信", "发自我的iPhone", "나의 iPhone에서 보냄", "Wysłane z iPhone'a", "נשלח מה-iPhone שלי",
        "Viele Grüße\nMax", "С уважением,\nИван", "Cordialement,\nAnne", "敬具\n田中",
        "_______________________________________________\nusers mailing list\nusers@x.example",
    ])
    func `A signature is told in many languages`(signature: String) {
        let body = Samples.parse("Content-Type: text/plain; charset=utf-8\n\nIt does not work.\n\n\(signature)\n")
            .envelope.data.body
        #expect(body.strippedText == "It does not work." && body.strippedSignature == signature)
    }

    @Test(arguments: [
        "Sent from Binance to MetaMask on 5 January, not there yet.",
        "Enviado desde mi billetera a la de ustedes, no llega.",
        "Sent with the wrong memo.\nWhat now?",
    ])
    func `What was sent from a wallet is no signature`(text: String) {
        let body = Samples.parse("Content-Type: text/plain; charset=utf-8\n\nMy deposit is missing.\n\n\(text)\n")
            .envelope
            .data.body
        #expect(body.strippedText == nil)
    }

    @Test(arguments: [
        "New.\nSent with Proton Mail secure email.\n\n> Old.\n",
        "New.\n---\nFrom: Desk <d@x.example>\nSent: Friday\nTo: K\nSubject: x\n\nOld.\n",
    ])
    func `What stands between an answer and its quote is no answer`(text: String) {
        #expect(Samples.parse("Subject: x\n\n\(text)").envelope.data.body.strippedText == "New.")
    }

    @Test func `Under a mere greeting the signature stays`() {
        #expect(Samples.parse("\nHello\n\nSent from my iPhone\n").envelope.data.body.strippedText == nil)
        #expect(Samples.parse("\nYes\n\nSent from my iPhone\n").envelope.data.body.strippedText == "Yes")
    }

    @Test func `The rest of a wrapped quote is no answer, and an answer between quotes is`() {
        let long = "> " + String(repeating: "word ", count: 14) + "and"
        #expect(Samples.parse("\nNew.\n\n\(long)\nso on\n> end\n").envelope.data.body.strippedText == "New.")
        #expect(
            Samples.parse("\n> Which one?\nthe blue one\n> When?\nnow\n").envelope.data.body.strippedText
                == "the blue one\nnow"
        )
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
        ("Auto-Submitted: auto-generated\nSubject: Automatic reply: x", "auto_reply"),
        ("Auto-Submitted: auto-notified; owner=x", "bot"), ("Preference: auto_reply", "auto_reply"),
        ("X-Auto-Response-Suppress: All", "bot"), ("X-Auto-Response-Suppress: None", "no"),
        ("X-Autoreply: no", "no"), ("X-Cron-Env: <SHELL=/bin/sh>", "bot"), ("X-Vacation: yes", "auto_reply"),
        ("Delivered-To: Autoresponder", "auto_reply"), ("X-Mailman-Version: 2", "list"),
        ("Subject: Out of office supplies, please help", "no"), ("Subject: Out of Office: back Monday", "auto_reply"),
        ("Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_x?=", "auto_reply"), ("Subject: OOO", "auto_reply"),
        ("Subject: =?utf-8?b?6Ieq5Yqo5Zue5aSN77yaeA==?=", "auto_reply"), ("Subject: Abwesend", "auto_reply"),
        ("Subject: Vacation reply settings are broken", "no"), ("Subject: Away from home, card stolen", "no"),
        ("Subject: I am out of the office until Monday", "auto_reply"), ("Subject: I am out of money", "no"),
        ("Subject: Abwesenheitsnotiz Re: x", "auto_reply"), ("Subject: [Auto-Reply] x", "auto_reply"),
        ("Subject: AUTO: Jo ist au\u{DF}er Haus (R\u{FC}ckkehr am 05.01.2026)", "auto_reply"),
        ("Subject: AUTO: brake problem (urgent)", "no"), ("Subject: OTOMAT\u{130}K YANIT: x", "auto_reply"),
        (
            "Subject: \u{421}\u{43E}\u{43E}\u{431}\u{449}\u{435}\u{43D}\u{438}\u{435} \u{43E}\u{431} \u{43E}\u{442}\u{441}\u{443}\u{442}\u{441}\u{442}\u{432}\u{438}\u{438}",
            "auto_reply"
        ),
        ("X-Precedence: auto_reply", "auto_reply"), ("X-Auto-Submitted: auto-replied", "auto_reply"),
        ("Subject: complaint about message from 192.0.2.1\nContent-Type: message/rfc822", "feedback_report"),
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
