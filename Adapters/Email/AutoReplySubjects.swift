import GatehouseCore

/// Subjects of out-of-office answers whose senders set no header.
///
/// Only a phrase that stands alone, or before a colon, dash or bracket, counts: "Out of office supplies" is a person's.
enum AutoReplySubjects {
    private static let starts = PhraseTable([
        "automatic reply", "auto-reply", "auto reply", "autoreply", "auto response", "auto-response", "autoresponse",
        "automated reply", "automated response", "automatic response", "vacation reply", "vacation response",
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
    ])
    private static let window = 160

    static func matches(_ subject: String) -> Bool {
        // The table knows the cases of ASCII letters alone.
        let isASCII = subject.utf8.prefix(window).allSatisfy { $0 < 0x80 }
        let bytes = Array((isASCII ? subject : String(subject.unicodeScalars.prefix(window)).lowercased()).utf8)
        for end in starts.prefixEnds(of: 0..<min(bytes.count, window), in: bytes) where endsPhrase(bytes, end) {
            return true
        }
        return false
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
