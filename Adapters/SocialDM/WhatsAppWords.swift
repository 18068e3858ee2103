/// What WhatsApp itself writes into a chat, in the languages of its phones. The words are its own, seen in exports.
enum WhatsAppWords {
    enum DayHalf { case morning, afternoon }

    /// The half of the day that a word beside the time names; nil for other words, such as `Uhr`.
    static func dayHalf(_ word: String) -> DayHalf? {
        let plain = String(
            String.UnicodeScalarView(word.lowercased().unicodeScalars.filter { $0 != "." && $0 != "\u{0307}" })
        )
        if mornings.contains(plain) { return .morning }
        return afternoons.contains(plain) ? .afternoon : nil
    }

    private static let mornings: Set<String> = [
        "am", "a", "vorm", "πμ", "дп", "проб", "de", "dop", "fm", "ap", "öö", "sa", "pg", "pd", "vm", "ص", "قظ",
        "上午", "凌晨", "早上", "清晨", "午前", "오전", "पूर्वाह्न", "पूर्व", "सुबह", "मपू", "পূর্বাহ্ণ", "முற்பகல்",
        "eparadites", "ጥዋት", "prijepodne", "prepodne", "преподне", "yb", "rn", "fh", "ಪೂರ್ವಾಹ್ನ", "тң", "ກ່ອນທ່ຽງ",
        "priešpiet",
        "priekšp", "претпл", "үө", "နံနက်", "ਪੂਦੁ", "පෙව", "dopoludnia", "ก่อนเที่ยง", "قبلدوپہر", "to",
    ]
    private static let afternoons: Set<String> = [
        "pm", "p", "nachm", "μμ", "пп", "слоб", "du", "odp", "pop", "em", "ip", "ös", "ch", "ptg", "md", "nm",
        "م", "بظ", "下午", "中午", "晚上", "午後", "오후", "अपराह्न", "अप", "शाम", "रात", "मनं", "মনং", "অপরাহ্ণ", "பிற்பகல்",
        "epasdites", "ከሰዓት", "popodne", "поподне", "yh", "in", "eh", "ಅಪರಾಹ್ನ", "тк", "ຫຼັງທ່ຽງ", "popiet", "pēcp", "попл",
        "үх",
        "ညနေ", "ਬਾਦੁ", "පව", "popoludní", "หลังเที่ยง", "بعددوپہر", "tk", "傍晚", "मउ",
    ]

    /// Stems of "omitted": they stand where media were left out of the export.
    private static let omissions = [
        "omitted", "omitid", "omess", "omis", "absent", "weggelassen", "ausgelassen", "ausgeschlossen", "weggelaten",
        "ocult", "não incluíd", "pominię", "отсутств", "без медиа", "пропущен", "dahil edilmedi", "hariç", "eklenmedi",
        "省略", "忽略", "略過", "略过", "未包含", "除外", "含まれ", "생략", "제외", "누락", "محذوف", "استبعاد", "הושמט", "छोड़",
        "tidak disertakan", "dihilangkan", "utelämna", "utelatt", "udelad", "puuttu", "vynech", "kihagy", "hiányz",
        "παραλείφθηκ", "παραλήφθηκ", "略去", "לא נכלל", "غير مدرج", "jätettiin pois", "jätetty pois", "bị bỏ qua",
        "đã bỏ qua", "ละเว้น", "ไม่รวม", "пропущено", "без медіа", "izostavljen", "изоставен", "disingkirkan",
        "vynechan", "حذف شده", "বাদ দেওয়া",
        "தவிர்க்கப்பட்ட", "వదిలివేయ", "exclòs", "omès",
    ]

    /// What stands in brackets behind an attached file's name.
    private static let attachedFiles: Set<String> = [
        "file attached", "datei angehängt", "archivo adjunto", "fichier joint", "arquivo anexado", "ficheiro anexado",
        "file allegato", "bestand bijgevoegd", "файл добавлен", "файл прикреплён", "файл додано", "dosya ekli",
        "plik w załączniku", "plik załączony", "file terlampir", "fail dilampirkan", "קובץ מצורף", "הקובץ מצורף",
        "الملف مرفق", "ملف مرفق", "文件附件", "档案附件", "檔案附件", "附件檔案", "添付ファイル",
        "파일 첨부됨", "첨부파일", "fișier atașat", "bifogad fil", "fil vedhæftet", "fil vedlagt", "tiedosto liitetty",
        "soubor byl přiložen", "přiložený soubor", "priložený súbor", "fájl csatolva", "csatolt fájl",
        "επισυνάφθηκε αρχείο", "συνημμένο αρχείο", "tệp đính kèm",
        "ไฟล์แนบ", "แนบไฟล์แล้ว", "फ़ाइल अटैच की गई", "prilog", "datoteka u privitku",
    ]

    static func isAttachedFile(_ words: String) -> Bool { attachedFiles.contains(words.lowercased()) }

    static func isOmission(_ text: String) -> Bool {
        guard text.utf8.count <= 120 else { return false }
        let lowered = text.lowercased()
        return omissions.contains { contains(lowered, $0) }
    }

    /// Whole texts that stand for a message its sender took back.
    private static let deletions: Set<String> = [
        "this message was deleted", "you deleted this message", "message deleted",
        "this message was deleted by admin", "diese nachricht wurde gelöscht", "du hast diese nachricht gelöscht",
        "se eliminó este mensaje", "eliminaste este mensaje", "este mensaje fue eliminado",
        "ce message a été supprimé", "vous avez supprimé ce message", "questo messaggio è stato eliminato",
        "hai eliminato questo messaggio", "mensagem apagada", "esta mensagem foi apagada", "você apagou esta mensagem",
        "apagou esta mensagem", "dit bericht is verwijderd", "u hebt dit bericht verwijderd",
        "je hebt dit bericht verwijderd", "данное сообщение удалено", "вы удалили данное сообщение",
        "это сообщение удалено", "вы удалили это сообщение", "bu mesaj silindi", "bu mesajı sildiniz",
        "ta wiadomość została usunięta", "usunięto tę wiadomość", "pesan ini dihapus", "anda menghapus pesan ini",
        "此消息已删除", "您已删除此消息", "你已删除此消息", "此訊息已刪除", "您已刪除這則訊息", "你已刪除此訊息",
        "このメッセージは削除されました", "このメッセージを削除しました", "삭제된 메시지입니다", "이 메시지를 삭제했습니다",
        "تم حذف هذه الرسالة", "حذفت هذه الرسالة", "לְהוֹדָעָה זוֹ נִמְחֲקָה", "הודעה זו נמחקה", "यह संदेश हटाया गया",
        "meddelandet har raderats", "denne meldingen ble slettet", "denne besked blev slettet",
        "acest mesaj a fost șters", "tato zpráva byla odstraněna", "ezt az üzenetet törölték",
        "essa mensagem foi apagada", "apagaste esta mensagem", "esta mensagem foi eliminada",
        "eliminaste esta mensagem",
        "este mensaje fue borrado", "מחקת הודעה זו", "מחקת את ההודעה", "ההודעה נמחקה",
        "tämä viesti poistettiin", "poistit tämän viestin", "tin nhắn này đã bị xóa", "bạn đã xóa tin nhắn này",
        "ข้อความนี้ถูกลบแล้ว", "ข้อความนี้ถูกลบ", "คุณลบข้อความนี้แล้ว", "คุณลบข้อความนี้", "це повідомлення видалено",
        "ви видалили це повідомлення", "dette meldingen ble slettet", "du slettet denne meldingen",
        "du slettede denne besked", "du raderade meddelandet", "du raderade det här meddelandet",
        "det här meddelandet raderades", "ai șters acest mesaj", "tuto zprávu jste smazali", "tato zpráva byla smazána",
        "smazali jste tuto zprávu", "táto správa bola odstránená", "törölted ezt az üzenetet",
        "αυτό το μήνυμα διαγράφηκε", "διαγράψατε αυτό το μήνυμα", "ova poruka je izbrisana", "izbrisali ste ovu poruku",
        "това съобщение бе изтрито", "mesej ini telah dipadam", "anda memadam mesej ini", "आपने यह संदेश हटाया",
        "यह मैसेज डिलीट कर दिया गया था", "आपने यह मैसेज डिलीट किया", "本消息已删除", "這則訊息已刪除", "您已收回此訊息",
        "您已刪除此訊息", "你已刪除這則訊息", "메시지가 삭제되었습니다", "삭제된 메시지", "このメッセージは削除されています",
    ]

    /// `This message was deleted by admin Ann.`, `You deleted this message as admin`
    static func isDeletionByAdmin(_ text: String) -> Bool {
        let starts = ["this message was deleted by admin ", "you deleted this message as admin"]
        return text.utf8.count <= 300 && starts.contains(where: text.lowercased().hasPrefix)
    }

    static func isDeletion(_ text: String) -> Bool {
        guard text.utf8.count <= 160 else { return false }
        let trimmed = text.lowercased().unicodeScalars.drop { $0.properties.isWhitespace }
        var plain = String.UnicodeScalarView(trimmed)
        while let last = plain.last, last == "." || last == "。" || last.properties.isWhitespace { plain.removeLast() }
        return deletions.contains(String(plain))
    }

    /// Behind a text that was changed later, where no mark sets it off.
    static let edits = [
        "<This message was edited>", "<Diese Nachricht wurde bearbeitet.>", "<Diese Nachricht wurde bearbeitet>",
        "<Se editó este mensaje.>", "<Se editó este mensaje>", "<Ce message a été modifié>",
        "<Questo messaggio è stato modificato>", "<Mensagem editada>", "<Esta mensagem foi editada>",
        "<Dit bericht is bewerkt>", "<Данное сообщение изменено>", "<Сообщение изменено>", "<Bu mesaj düzenlendi>",
        "<此消息已编辑>", "<此訊息已編輯>", "<このメッセージは編集されました>", "<편집된 메시지>", "<تم تعديل هذه الرسالة>",
    ]

    private static let missedCalls = [
        "missed voice call", "missed video call", "missed group", "verpasster sprachanruf", "verpasster videoanruf",
        "verpasster anruf", "verpasster gruppen", "llamada perdida", "videollamada perdida",
        "llamada de voz perdida", "appel vocal manqué", "appel vidéo manqué", "chiamata vocale persa",
        "videochiamata persa", "chiamata persa", "chamada de voz perdida", "chamada de vídeo perdida",
        "ligação de voz perdida", "ligação de vídeo perdida", "gemiste spraakoproep", "gemiste video-oproep",
        "gemiste oproep", "пропущенный аудиозвонок", "пропущенный видеозвонок", "пропущенный звонок",
        "cevapsız sesli arama", "cevapsız görüntülü arama", "nieodebrane połączenie", "未接语音通话", "未接视频通话",
        "未接語音來電", "未接語音通話", "未接視訊通話", "不在着信", "부재중 음성", "부재중 영상", "مكالمة صوتية فائتة", "مكالمة فيديو فائتة",
        "panggilan suara tak terjawab", "panggilan video tak terjawab",
    ]

    static func isMissedCall(_ text: String) -> Bool {
        guard text.utf8.count <= 160 else { return false }
        let lowered = text.lowercased()
        return missedCalls.contains { contains(lowered, $0) }
    }

    /// Words of notices that some phones put behind a person's name. Counted only where WhatsApp's mark stands before them.
    private static let notices = [
        "end-to-end", "ende-zu-ende", "extremo a extremo", "bout en bout", "ponta a ponta", "сквозн", "uçtan uca",
        "端到端", "端對端", "エンドツーエンド", "종단간", "التشفير التام", "مشفرة تما", "एंड-टू-एंड",
        "created this group", "created group", "joined using", "changed the subject", "changed the group",
        "changed this group", "changed their phone number", "security code", "disappearing messages", "is a contact",
        "pinned a message", "added you", "left the group", "hat die gruppe", "hat dich hinzugefügt",
        "gruppenbild", "gruppennamen", "sicherheitsnummer", "selbstlöschende", "ist ein kontakt", "creó el grupo",
        "creó este grupo", "te añadió", "código de seguridad", "a créé le groupe", "a créé ce groupe",
        "code de sécurité", "ha creato il gruppo", "criou o grupo", "criou este grupo", "código de segurança",
        "heeft de groep", "создал", "grubunu kurdu", "grubu oluşturdu", "secure service from meta",
        "with a business account", "blocked this contact",
    ]

    static func isNotice(_ text: String) -> Bool {
        guard text.utf8.count <= 600 else { return false }
        let lowered = text.lowercased()
        if lowered.hasSuffix(" left"), text.utf8.count <= 120 { return true }
        return notices.contains { contains(lowered, $0) }
    }

    /// Whether `text` has the bytes of `word` in it.
    static func contains(_ text: String, _ word: String) -> Bool {
        let bytes = Array(text.utf8)
        let needle = Array(word.utf8)
        guard let first = needle.first, bytes.count >= needle.count else { return false }
        for start in 0...(bytes.count - needle.count) where bytes[start] == first {
            if bytes[start..<start + needle.count].elementsEqual(needle) { return true }
        }
        return false
    }
}
