/// Words with which mail programs introduce what they quote, in lower case.
enum ReplyPhrases {
    /// "… wrote:"; the word may stand anywhere in the line.
    static let wrote = PhraseTable([
        "wrote", "writes", "schrieb", "a écrit", "va escriure", "escribió", "escribio", "escreveu", "ha scritto",
        "scrisse", "schreef", "skrev", "skrifaði", "kirjoitti", "kirjutas", "napisał", "napisal", "napisao", "napísal",
        "napsal", "pisze", "написа", "написао", "написал", "пишет", "написав", "пише", "írta", "a scris", "έγραψε",
        "yazdı", "rašė",
        "rakstīja", "idatzi zuen", "idatzi du", "escribiu", "geskryf", "жазды", "yazıb", "bunu yazdı", "כתב",
        "كتب", "تمت كتابة", "نوشت", "写道", "寫道", "のメール", "書きました", "님이 작성", "작성:",
        "đã viết", "menulis", "sumulat", "เขียนว่า", "ने लिखा",
    ])

    /// Between dashes: "----- Original Message -----".
    static let original = PhraseTable([
        "original message", "original email", "original appointment", "ursprüngliche nachricht", "originalnachricht",
        "original-nachricht", "ursprüngliche mail", "message d'origine", "message d’origine", "message original",
        "missatge original", "mensaje original", "mensagem original", "messaggio originale", "oorspronkelijk bericht",
        "originele bericht", "oprindelig besked", "oprindelig meddelelse", "ursprungligt meddelande",
        "originalmeddelande", "opprinnelig melding", "alkuperäinen viesti", "oryginalna wiadomość",
        "wiadomość oryginalna", "исходное сообщение", "исходное письмо", "original mail", "bericht van origine",
        "mensaje de origen", "оригинальное сообщение", "первоначальное сообщение",
        "оригінальне повідомлення", "оригинално съобщение", "původní zpráva", "původní e-mail", "pôvodný e-mail",
        "оригинално писмо", "pôvodná správa", "izvorna poruka",
        "originalna poruka", "izvirno sporočilo", "eredeti üzenet", "mesaj original", "mesajul original",
        "αρχικό μήνυμα", "orijinal mesaj", "orijinal ileti", "הודעה מקורית", "رسالة أصلية", "الرسالة الأصلية",
        "پیام اصلی", "मूल संदेश", "ข้อความต้นฉบับ", "thư gốc", "tin nhắn gốc", "pesan asli", "mesej asal", "原始邮件", "原始郵件",
        "元のメッセージ", "元のメール", "원본 메시지", "원본 메일",
        "回复的原邮件", "回覆的原郵件", "原邮件信息", "原始信件",
    ])

    /// Forwarded mail is no quote.
    static let forwarded = PhraseTable([
        "forwarded", "weitergeleitet", "message transféré", "message réexpédié", "mensaje reenviado",
        "mensagem encaminhada", "mensagem reencaminhada", "messaggio inoltrato", "missatge reenviat", "doorgestuurd",
        "videresendt", "videresend", "vidarebefordra", "edelleenlähetetty", "välitetty viesti", "przekazana wiadomość",
        "wiadomość przekazana", "přeposlaná zpráva", "preposlaná správa", "proslijeđena poruka", "továbbított",
        "mesaj redirecționat", "προωθημένο", "iletilen ", "İletilen ", "пересылаем", "пересланн", "переслане",
        "препратено",
        "הודעה שהועברה", "رسالة معاد توجيهها", "تم تحويل", "chuyển tiếp", "diteruskan", "ข้อความที่ส่งต่อ",
        "अग्रेषित", "转发", "轉寄", "轉發", "転送", "전달",
    ])

    /// How a subject of forwarded mail starts.
    static let forwardedSubjects = PhraseTable([
        "fwd:", "fw:", "wg:", "tr:", "rv:", "enc:", "i:", "vl:", "vb:", "vs: fw", "pd:", "doorst:", "ilt:",
        "továbbítás:",
        "továbbítva:", "πρθ:", "weiterleitung:", "转发:", "转发：", "轉寄:", "轉寄：", "转发 ", "전달:", "轉發:", "轉發：", "הועבר:",
    ])

    /// With which a quoted header block may start.
    static let firstFields = PhraseTable(fromNames + dateNames)

    /// The first line of a quoted header block.
    static let from = PhraseTable(fromNames)

    private static let fromNames = [
        "from", "von", "de", "van", "da", "fra", "från", "od", "от", "від", "lähettäjä", "feladó", "nadawca", "šalje",
        "pošiljatelj", "odosielateľ", "odesílatel", "saatja", "nuo", "gönderen", "kimden", "发件人", "寄件者", "寄件人", "差出人",
        "送信者", "보낸 사람", "보낸사람", "de la", "από", "message du", "מאת", "من", "از", "प्रेषक", "จาก", "từ", "dari", "daripada",
        "од", "no", "nork", "frá", "кімнен", "kimdən", "nga", "від кого", "от кого", "message from", "ვისგან", "প্রেরক",
        "அனுப்புநர்", "منجانب", "expéditeur", "mittente", "remitente", "remetente", "absender", "afzender", "avsändare",
        "afsender", "avsender", "expeditor",
    ]

    /// The other lines of it.
    static let fields = PhraseTable([
        "sent", "date", "to", "cc", "subject", "gesendet", "datum", "an", "betreff", "envoyé", "envoyé le", "à", "a",
        "objet", "sujet", "copie à", "enviado", "enviado el", "enviada em", "enviado em", "para", "asunto", "assunto",
        "fecha", "data", "enviat", "per a", "assumpte", "verzonden", "aan", "onderwerp", "inviato", "oggetto", "sendt",
        "dato", "til", "emne", "skickat", "till", "ämne", "lähetetty", "vastaanottaja", "aihe", "wysłano", "wysłane",
        "do", "dw", "temat", "отправлено", "дата", "кому", "тема", "копия", "надіслано", "изпратено", "до", "относно",
        "odesláno", "komu", "kopie", "předmět", "odoslané", "predmet", "poslano", "poslato", "prima", "za", "küldve",
        "dátum", "címzett", "tárgy", "trimis", "către", "subiect", "στάλθηκε", "εστάλη", "προς", "θέμα", "gönderildi",
        "gönderilen", "kime", "konu", "tarih", "saadetud", "adressaat", "teema", "išsiųsta", "kam", "tema", "nosūtīts",
        "temats", "发送时间", "日期", "收件人", "抄送", "主题", "寄件日期", "傳送時間", "收件者", "副本", "主旨", "送信日時", "日時", "日付", "宛先", "件名",
        "보낸 날짜", "날짜", "받는 사람", "받는사람", "제목", "נשלח", "תאריך", "אל", "נושא", "تم الإرسال", "التاريخ", "إلى", "الموضوع",
        "ارسال", "به", "موضوع", "भेजा गया", "प्रति", "विषय", "ส่ง", "วันที่", "ถึง", "เรื่อง", "đã gửi", "ngày", "đến", "tới",
        "chủ đề", "dikirim", "tanggal", "kepada", "perihal", "subjek", "reply-to", "importance",
        "daripada", "dihantar", "послато", "за", "испратено", "предмет", "tēma", "bidaltze-data", "nori", "gaia",
        "efni", "жіберілді", "кімге", "тақырып", "göndərildi", "kimə", "mövzu", "dërguar", "për", "subjekti", "zadeva",
        "elküldve", "gönderme tarihi", "ngày gửi", "ارسال شده", "destinataire", "destinatario", "destinatário",
        "empfänger", "ontvanger", "mottagare", "modtager", "mottaker", "príjemca", "příjemce", "adresat",
        "data wysłania",
        "дата отправки", "получатель", "отримувач", "копія", "kopia", "kopi", "cópia", "copia", "kópia",
        "másolatot kap",
        "másolat", "fwd date", "time", "priority",
    ])

    /// A header block may start with its date, as in mail of some providers.
    static let dates = PhraseTable(dateNames)

    private static let dateNames = [
        "sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "fecha", "inviato", "data",
        "verzonden", "skickat", "sendt", "lähetetty", "wysłano", "отправлено", "дата", "odesláno", "发送时间", "送信日時", "日期",
        "보낸 날짜", "날짜",
    ]

    /// Lines that telephones and services put under a text.
    static let sentFrom = PhraseTable([
        "sent from my", "sent from ", "sent via ", "sent with ", "sent on the go", "get outlook for", "gesendet von",
        "gesendet mit", "gesendet über", "von meinem ", "von meiner ", "diese nachricht wurde von mein",
        "outlook für ", "envoyé de ", "envoyé depuis", "envoyé à partir", "télécharger outlook", "obtenir outlook",
        "enviado desde", "enviado do meu", "enviado de ", "enviado con ", "enviado com ", "enviado pelo ",
        "enviat des", "obtener outlook", "obter o outlook", "inviato da", "inviato dal", "scarica outlook",
        "ottieni outlook",
        "verzonden vanaf", "verzonden met", "verstuurd vanaf", "outlook voor", "downloaden van outlook", "skickat från",
        "skickat med", "hämta outlook", "sendt fra", "sendt med", "hent outlook", "lähetetty ", "hanki outlook",
        "wysłane z", "wysłano z", "pobierz outlook", "отправлено из", "отправлено с", "отправлено с моего",
        "надіслано з", "изпратено от", "odesláno z", "odoslané z", "poslano iz", "poslano s", "elküldve ", "küldve: ",
        "trimis de pe", "trimis din", "στάλθηκε από", "εστάλη από", "gönderildi", "iphone'umdan gönderildi",
        "נשלח מה", "أرسلت من", "تم الإرسال من", "ارسال شده از", "ส่งจาก", "được gửi từ", "đã gửi từ", "dikirim dari",
        "发自我的", "发自", "從我的", "從我的 iphone 傳送", "發自我的", "iphoneから送信", "androidから送信", "나의 iphone", "나의 ", "내 iphone에서 보냄",
    ])

    /// What such a line names: the telephone or the program.
    static let mailPrograms = PhraseTable([
        "iphone", "ipad", "ipod", "phone", "mobile", "mobil", "móvil", "movil", "celular", "cellulare", "handy",
        "gerät", "device", "appareil", "dispositiv", "apparaat", "telefon", "telefoon", "teléfono", "telefono",
        "telefone",
        "téléphone", "smartphone", "puhelimesta", "телефон", "смартфон", "устройств", "пристро", "планшет", "почт",
        "пошт",
        "κινητό", "มือถือ", "điện thoại", "ponsel", "手机", "手機", "携帯", "スマホ", "휴대", "android", "galaxy", "samsung",
        "huawei", "xiaomi", "redmi", "nokia", "motorola", "sony", "xperia", "oneplus", "pixel", "oppo", "vivo",
        "realme",
        "blackberry", "lumia", "windows", "outlook", "mail", "yahoo", "proton", "thunderbird", "tutanota", "tuta",
        "spark",
        "boxer", "zoho", "hey.com", "superhuman", "aol", "gmx", "web.de", "t-online", "qq", "foxmail", "网易", "邮箱", "郵件",
        "メール", "메일", "naver", "daum", "messenger", "tablet", "surface", "verizon", "at&t", "t-mobile", "front", "app",
        "נייד", "דואר", "هاتف", "الهاتف", "بريد", "гаджет", "watch", "laptop", "computer", "macbook",
    ])

    /// Good-byes that stand alone in their line.
    static let goodbyes = PhraseTable([
        "regards", "best regards", "kind regards", "warm regards", "warmest regards", "with kind regards",
        "with best regards", "many regards", "best", "all the best", "best wishes", "sincerely", "yours sincerely",
        "sincerely yours", "yours faithfully", "yours truly", "respectfully", "cheers", "thanks and regards",
        "thanks & regards", "mit freundlichen grüßen", "mit freundlichen gruessen", "mit freundlichem gruß",
        "mit besten grüßen", "freundliche grüße", "freundliche grüsse", "viele grüße", "beste grüße", "liebe grüße",
        "schöne grüße", "herzliche grüße", "hochachtungsvoll", "mfg", "lg", "cordialement", "bien cordialement",
        "très cordialement", "bien à vous", "salutations", "sincères salutations", "meilleures salutations",
        "salutacions",
        "saludos", "saludos cordiales", "un saludo", "un cordial saludo", "atentamente", "atenciosamente",
        "cumprimentos", "melhores cumprimentos", "com os melhores cumprimentos", "att", "abraços", "cordiali saluti",
        "distinti saluti", "cordialmente", "saluti", "met vriendelijke groet", "met vriendelijke groeten",
        "vriendelijke groet", "groeten", "mvg", "med vänliga hälsningar", "vänliga hälsningar", "mvh", "hälsningar",
        "med venlig hilsen", "venlig hilsen", "de bedste hilsner", "med vennlig hilsen", "vennlig hilsen", "hilsen",
        "ystävällisin terveisin", "terveisin", "parhain terveisin", "pozdrawiam", "z poważaniem",
        "pozdrawiam serdecznie", "с уважением", "с наилучшими пожеланиями", "з повагою", "с уважение", "поздрави",
        "s pozdravem", "s pozdravom", "s přátelským pozdravem", "lijep pozdrav", "srdačan pozdrav", "lep pozdrav",
        "üdvözlettel", "tisztelettel", "cu stimă", "cu respect", "με εκτίμηση", "φιλικά", "saygılarımla", "saygılar",
        "iyi çalışmalar", "בברכה", "תודה מראש", "مع التحية", "مع أطيب التحيات", "با احترام", "सादर",
        "ขอแสดงความนับถือ", "trân trọng", "hormat saya", "hormat kami", "此致敬礼", "此致", "祝好", "敬上", "敬具",
        "よろしくお願いします", "よろしくお願いいたします", "以上",
    ])

    /// A line that names a mailing list, below a rule: what list servers put under every mail.
    static let mailingLists = PhraseTable(["mailing list", "mailman", "listinfo", "unsubscribe"])

    /// Greetings: alone they are no message yet.
    static let salutations = PhraseTable([
        "hello", "hello there", "hi", "hi there", "hi all", "hey", "dear all", "good morning", "good afternoon",
        "hallo",
        "guten tag", "guten morgen", "moin", "servus", "bonjour", "bonsoir", "salut", "hola", "buenos días", "olá",
        "ola",
        "bom dia", "ciao", "buongiorno", "hej", "hei", "moi", "cześć", "dzień dobry", "здравствуйте", "привет",
        "добрый день", "добрий день", "ahoj", "dobrý den", "szia", "bună", "bună ziua", "γεια σας", "merhaba", "selam",
        "שלום", "مرحبا", "سلام", "नमस्ते", "สวัสดี", "xin chào", "halo", "你好", "您好", "こんにちは", "안녕하세요",
    ])
}
