/// Words with which mail programs introduce what they quote, in lower case.
enum ReplyPhrases {
    /// "… wrote:"; the word may stand anywhere in the line.
    static let wrote = PhraseTable([
        "wrote", "writes", "schrieb", "a écrit", "escribió", "escribio", "escreveu", "ha scritto", "scrisse", "schreef",
        "skrev",
        "kirjoitti", "napisał", "napisal", "napsal", "написал", "пишет", "написав", "пише", "írta", "a scris", "έγραψε",
        "yazdı",
        "כתב", "كتب", "写道", "寫道", "のメール", "書きました", "님이 작성", "작성:", "đã viết", "menulis", "เขียนว่า",
        "ने लिखा",
    ])

    /// Between dashes: "----- Original Message -----".
    static let original = PhraseTable([
        "original message", "original email", "original appointment", "ursprüngliche nachricht", "originalnachricht",
        "message d'origine", "message d’origine", "message original", "mensaje original", "mensagem original",
        "messaggio originale", "oorspronkelijk bericht", "originele bericht", "oprindelig besked",
        "oprindelig meddelelse",
        "ursprungligt meddelande", "originalmeddelande", "opprinnelig melding", "alkuperäinen viesti",
        "oryginalna wiadomość",
        "wiadomość oryginalna", "исходное сообщение", "оригинальное сообщение", "původní zpráva", "eredeti üzenet",
        "mesaj original", "orijinal mesaj", "orijinal ileti", "原始邮件", "原始郵件", "元のメッセージ", "original-nachricht", "원본 메시지",
        "원본 메일",
    ])

    /// Forwarded mail is no quote.
    static let forwarded = PhraseTable([
        "forwarded", "weitergeleitet", "message transféré", "mensaje reenviado", "mensagem encaminhada",
        "messaggio inoltrato",
        "doorgestuurd", "videresendt", "vidarebefordra", "пересылаем", "пересланн", "转发", "轉寄", "転送", "전달",
    ])

    /// How a subject of forwarded mail starts.
    static let forwardedSubjects = PhraseTable([
        "fwd:", "fw:", "wg:", "tr:", "rv:", "enc:", "i:", "vl:", "vb:", "pd:", "转发:", "转发：", "轉寄:", "轉寄：",
    ])

    /// The first line of a quoted header block.
    static let from = PhraseTable([
        "from", "von", "de", "van", "da", "fra", "från", "od", "от", "від", "lähettäjä", "feladó", "nadawca",
        "gönderen", "kimden",
        "发件人", "寄件者", "寄件人", "差出人", "送信者", "보낸 사람", "보낸사람", "de la", "από", "message du",
    ])

    /// The other lines of it.
    static let fields = PhraseTable([
        "sent", "date", "to", "cc", "subject", "gesendet", "datum", "an", "betreff", "envoyé", "envoyé le", "à", "a",
        "objet",
        "sujet", "copie à", "enviado", "enviado el", "enviada em", "para", "asunto", "assunto", "fecha", "data",
        "verzonden", "aan",
        "onderwerp", "inviato", "oggetto", "sendt", "dato", "til", "emne", "skickat", "till", "ämne", "lähetetty",
        "vastaanottaja", "aihe", "wysłano", "do", "temat", "отправлено", "кому", "тема", "дата", "копия", "odesláno",
        "komu",
        "předmět", "küldve", "címzett", "tárgy", "trimis", "către", "subiect", "gönderildi", "kime", "konu", "tarih",
        "发送时间", "日期", "收件人", "抄送", "主题", "寄件日期", "收件者", "主旨", "送信日時", "日時", "宛先", "件名", "보낸 날짜", "날짜",
        "받는 사람", "제목", "reply-to", "importance",
    ])

    /// Lines that telephones and services put under a text.
    static let sentFrom = PhraseTable([
        "sent from my", "sent from ", "sent via ", "sent with ", "get outlook for", "gesendet von", "gesendet mit",
        "von meinem ",
        "envoyé de ", "envoyé depuis", "envoyé à partir", "télécharger outlook", "enviado desde", "enviado do meu",
        "enviado de ", "obtener outlook", "inviato da", "verzonden vanaf", "verstuurd vanaf", "skickat från",
        "sendt fra",
        "lähetetty ", "wysłane z", "отправлено из", "отправлено с", "发自我的", "從我的", "發自我的", "iphoneから送信", "나의 iphone",
    ])

    /// Good-byes that stand alone in their line.
    static let goodbyes = PhraseTable([
        "regards", "best regards", "kind regards", "warm regards", "best", "best wishes", "sincerely",
        "yours sincerely",
        "cheers", "mit freundlichen grüßen", "mit freundlichem gruß", "freundliche grüße", "viele grüße", "beste grüße",
        "liebe grüße", "cordialement", "bien cordialement", "bien à vous", "saludos", "saludos cordiales", "un saludo",
        "atentamente", "atenciosamente", "cumprimentos", "cordiali saluti", "distinti saluti", "met vriendelijke groet",
        "med vänliga hälsningar", "med venlig hilsen", "med vennlig hilsen", "pozdrawiam", "с уважением", "此致敬礼", "敬具",
    ])
}
