import GatehouseCore

/// Subjects of out-of-office answers whose senders set no header.
///
/// Only a phrase that stands alone, or before a colon, dash, bracket or the subject that it answers ("Re: …"), counts: "Out of
/// office supplies" is a person's. So does a sentence that a person says of himself, where it ends or goes on with a time.
enum AutoReplySubjects {
    private static let starts = PhraseTable([
        "automatic reply", "auto-reply", "auto reply", "autoreply", "auto response", "auto-response", "autoresponse",
        "automated reply", "automated response", "automatic response", "vacation", "vacation reply",
        "vacation response",
        "out of office", "out of the office", "out-of-office", "out of office reply", "out of office autoreply",
        "out of office message", "out of office notification", "out of office response", "away from the office",
        "away from my mail", "i am out of the office", "i'm out of the office", "ooo",
        "automatische antwort", "automatische rückantwort", "abwesenheitsnotiz", "abwesenheitsnachricht",
        "abwesenheitsmeldung", "abwesenheitsassistent", "abwesend", "nicht im büro", "nicht im haus",
        "réponse automatique", "absence du bureau", "absent du bureau", "message d'absence", "notification d'absence",
        "respuesta automática", "respuesta automatica", "fuera de la oficina", "fuera de oficina",
        "ausente de la oficina", "resposta automática", "fora do escritório", "ausência temporária",
        "risposta automatica", "fuori sede", "fuori ufficio", "assente", "resposta automàtica",
        "automatisch antwoord", "automatische beantwoording", "afwezig", "afwezigheidsbericht", "niet aanwezig",
        "automatiskt svar", "autosvar", "frånvaro", "frånvarande", "automatisk svar", "autosvar", "ikke til stede",
        "fravær", "fraværsmelding", "ikke på kontoret", "automaattinen vastaus", "poissaoloilmoitus", "poissa",
        "автоответ", "автоматический ответ", "автоматична відповідь", "автовідповідь", "нет на месте",
        "автоматичен отговор", "automatyczna odpowiedź", "nieobecność", "poza biurem", "automatická odpověď",
        "mimo kancelář", "automatická odpoveď", "mimo kancelárie", "automatikus válasz", "házon kívül",
        "răspuns automat", "în afara biroului", "αυτόματη απάντηση", "εκτός γραφείου", "otomatik yanıt",
        "ofis dışında", "automatski odgovor", "samodejni odgovor", "automaatvastus", "automatinis atsakymas",
        "automātiska atbilde", "תשובה אוטומטית", "מענה אוטומטי", "رد تلقائي", "الرد التلقائي", "پاسخ خودکار",
        "स्वचालित उत्तर", "ตอบกลับอัตโนมัติ", "การตอบกลับอัตโนมัติ", "trả lời tự động", "balasan otomatis",
        "jawapan automatik", "自动回复", "自動回覆", "自動返信", "自動応答", "不在通知", "不在のお知らせ", "外出", "休假", "자동 회신", "자동 응답", "부재중",
        "부재 중",
        "abwesenheit", "abwesenheitsbenachrichtigung", "abwesenheitsinfo", "abwesenheitshinweis", "urlaubsabwesenheit",
        "automatische abwesenheitsnotiz", "absence", "absence temporaire", "absent(e)", "absent(e) du bureau",
        "répondeur automatique", "réponse d'absence", "ausencia", "fuera de la oficina", "mensaje de ausencia",
        "ausência", "ausência do escritório", "ausente do escritório", "mensagem de ausência", "assenza",
        "assente dall'ufficio", "messaggio di assenza", "afwezigheidsassistent", "buiten kantoor", "niet op kantoor",
        "frånvaromeddelande", "ej på kontoret", "ikke på kontor", "fraværsbesked", "poissaolo", "lomalla",
        "odpowiedź automatyczna", "autoodpowiedź", "nieobecny", "nieobecna", "poza biurem", "на отпуске", "в отпуске",
        "вне офиса", "нет на работе", "отсутствую", "сообщение об отсутствии", "поза офісом", "у відпустці",
        "извън офиса", "nepřítomnost", "nepřítomen", "nepřítomna", "neprítomnosť", "házon kívül", "szabadságon",
        "távollét", "în concediu", "absent din birou", "απουσία", "εκτός γραφείου", "ofis dışı", "ofis dışındayım",
        "izindeyim", "izinli", "odsutan", "van ureda", "van kancelarije", "odsotnost", "kontorist väljas",
        "אני לא במשרד",
        "מחוץ למשרד", "לא נמצא במשרד", "خارج المكتب", "خارج از دفتر", "कार्यालय से बाहर", "ไม่อยู่ที่สำนักงาน", "vắng mặt",
        "ngoài văn phòng", "di luar kantor", "tidak di kantor", "di luar pejabat", "自动答复", "外出自动回复", "外出自動回覆", "不在办公室",
        "不在辦公室", "休假自动回复", "休假中", "外出中", "不在メール", "休暇のお知らせ", "休暇のご連絡", "不在のご連絡", "휴가", "휴가중", "부재중 자동 응답", "부재중 알림",
    ])
    /// What people say of themselves.
    private static let sentences = PhraseTable([
        "i am out of the office", "i'm out of the office", "i am currently out of the office", "i am out of office",
        "i am away", "i'm away", "i am on vacation", "i'm on vacation", "i am on holiday", "i am on leave",
        "i am on annual leave", "on vacation", "out of the office", "out of office", "away", "ich bin nicht im büro",
        "ich bin im urlaub", "ich bin abwesend", "ich bin außer haus", "nicht im haus", "nicht im büro",
        "je suis absent",
        "je suis absente", "je suis en congé", "je suis en congés", "je suis en vacances", "en congés", "absent",
        "estoy de vacaciones", "estoy fuera de la oficina", "estou ausente", "estou de férias", "sono fuori ufficio",
        "sono in ferie", "ik ben afwezig", "ik ben niet aanwezig", "jestem na urlopie", "jestem nieobecny",
        "я в отпуске", "меня нет в офисе", "jag är på semester", "jag är inte på kontoret",
        "abwesend", "außer haus", "fuori ufficio", "fuori sede", "in ferie", "ausente", "fuera de la oficina",
        "afwezig",
        "frånvarande", "poissa", "nieobecny", "nieobecna", "в отпуске", "нет на месте",
    ])
    /// How such a sentence goes on.
    private static let times = PhraseTable([
        "until", "till", "through", "this week", "today", "bis", "jusqu", "hasta", "até", "fino a", "tot ", "t/m",
        "до ",
        "re:", "aw:",
    ])
    /// So too, with a number behind it.
    private static let spans = PhraseTable([
        "from ", "between ", "ab ", "vom ", "von ", "du ", "del ", "dal ", "van ", "od ", "с ",
    ])
    private static let window = 160

    static func matches(_ subject: String) -> Bool {
        // The table knows the cases of ASCII letters alone; a capital dotted I takes a mark along.
        let isASCII = subject.utf8.prefix(window).allSatisfy { $0 < 0x80 }
        let letters = isASCII ? subject : String(subject.unicodeScalars.prefix(window)).lowercased()
        let bytes = letters.leadingBytes(window).replacingDottedI
        var start = 0
        while start < bytes.count, "[(".utf8.contains(bytes[start]) { start &+= 1 }
        let range = start..<bytes.count
        for end in starts.prefixEnds(of: range, in: bytes)
        where endsPhrase(bytes, end) || answers(bytes, end) || closesBracket(bytes, end, isOpen: start > 0) {
            return true
        }
        for end in sentences.prefixEnds(of: range, in: bytes) where goesOnWithTime(bytes, end) { return true }
        return isFromNotes(bytes)
    }

    /// "Abwesenheitsnotiz Re: x"
    private static func answers(_ bytes: [UInt8], _ end: Int) -> Bool {
        guard end < bytes.count, bytes[end] == 0x20 else { return false }
        return replies.isPrefix(of: end + 1..<bytes.count, in: bytes)
    }

    private static let replies = PhraseTable(["re:", "aw:", "sv:", "antw:", "fw:", "fwd:"])

    private static func closesBracket(_ bytes: [UInt8], _ end: Int, isOpen: Bool) -> Bool {
        isOpen && end < bytes.count && "])".utf8.contains(bytes[end])
    }

    private static func goesOnWithTime(_ bytes: [UInt8], _ end: Int) -> Bool {
        guard end < bytes.count else { return true }
        guard bytes[end] == 0x20 else { return endsPhrase(bytes, end) }
        let rest = end + 1..<bytes.count
        if times.isPrefix(of: rest, in: bytes) { return true }
        return spans.prefixEnds(of: rest, in: bytes).contains { $0 < bytes.count && (48...57).contains(bytes[$0]) }
    }

    private static let notes = PhraseTable(["auto: "])

    /// Notes: "AUTO: Jane Doe is out of the office (returning 01/05/2026)", in the language of its user.
    private static func isFromNotes(_ bytes: [UInt8]) -> Bool {
        guard bytes.last == UInt8(ascii: ")"), notes.isPrefix(of: 0..<bytes.count, in: bytes),
            let open = bytes.lastIndex(of: UInt8(ascii: "("))
        else { return false }
        return bytes[open...].contains { (48...57).contains($0) }
    }

    private static func endsPhrase(_ bytes: [UInt8], _ end: Int) -> Bool {
        var index = end
        while index < bytes.count, bytes[index] <= 0x20 { index &+= 1 }
        guard index < bytes.count else { return true }
        // "：", "–", "—", "（" and "[" too.
        return ":-([!;|".utf8.contains(bytes[index]) || (index == end && bytes[index] == UInt8(ascii: "."))
            || wideMarks.contains { ByteSearch.matches($0, bytes, at: index) }
    }

    private static let wideMarks = ["：", "–", "—", "（", "【", "، "].map { Array($0.utf8) }
}

extension [UInt8] {
    /// Without U+0307 behind an i, which is how "İ" becomes small.
    fileprivate var replacingDottedI: [UInt8] {
        guard contains(0xCC) else { return self }
        var result: [UInt8] = []
        var index = 0
        while index < count {
            if self[index] == 0xCC, index + 1 < count, self[index + 1] == 0x87, result.last == UInt8(ascii: "i") {
                index += 2
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}
