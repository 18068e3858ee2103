/// Words by which servers that return mail in plain text are known, in lower case.
enum BouncePhrases {
    static let daemons = PhraseTable([
        "mailer-daemon", "mailerdaemon", "mailer daemon", "mail delivery subsystem", "mail delivery system",
        "mail.delivery.system", "mail delivery service", "maildelivery", "mdaemon", "bounce-daemon", "mmdf",
    ])

    static let postmasters = PhraseTable([
        "postmaster", "post_master", "post-master", "mail administrator", "mail system administrator",
        "system administrator", "microsoft outlook", "microsoft exchange", "lotus notes", "domino", "internet mail",
        "mail router", "email system", "e-mail system",
    ])

    /// `MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@`
    static let exchange = PhraseTable(["microsoftexchange"])

    /// Anywhere in a subject.
    static let subjects = PhraseTable([
        "undeliver", "not deliver", "delivery", "delivered", "returned mail", "returned to sender", "mail returned",
        "returned message", "failure", "failed mail", "mail failed", "mail error", "error sending", "mail system error",
        "bounce", "delayed", "warning: message", "user unknown", "unknown user", "rejected", "nondeliverable",
        "non-deliverable", "unzustellbar", "nicht zugestellt", "zustellung", "rückläufer", "non remis", "non distribu",
        "échec de", "no entregado", "no se pudo", "no se puede entregar", "devuelto", "error de entrega",
        "não entregue", "falha na entrega", "devolvid", "mancata consegna", "mancato recapito", "non recapitabile",
        "niet afgeleverd", "onbestelbaar", "niet bezorgd", "olevererbart", "kunde inte levereras", "leveransfel",
        "ikke leveret", "kunne ikke leveres", "uleverbar", "toimittaminen epäonnistui", "niedostarczon",
        "nie dostarczono", "zwrot", "nedoručiteln", "nedoručen", "kézbesíthetetlen", "nelivrat", "nedostavljen",
        "не доставлен", "недоставлен", "недоставк", "не может быть доставлен", "невозможно доставить",
        "ошибка доставки",
        "não é possível entregar", "não foi possível entregar", "nie można dostarczyć", "не удается доставить",
        "det går inte att leverera", "kan ikke leveres", "kan ikke levere", "ei voitu toimittaa", "ei voida toimittaa",
        "teslim edilemiyor", "δεν είναι δυνατή η παράδοση", "αποτυχία παράδοσης", "imposibil de livrat",
        "nelze doručit", "nemožno doručiť", "neuspjela isporuka", "ni mogoče dostaviti", "недоставимо",
        "לא ניתן למסור", "תעודת אי מסירה", "تعذر التسليم", "غير قابل للتسليم", "تعذر تسليم", "ไม่สามารถส่ง",
        "không thể gửi",
        "tidak terkirim", "tidak dapat dikirim", "未送达", "无法送达", "未傳遞", "전달되지", "전송되지",
        "iletilemedi", "teslim edilemedi", "退信", "系统退信", "无法投递", "無法傳遞", "無法投遞", "投递失败", "配信不能", "配信エラー", "送信エラー",
        "届きません", "배달되지", "전송 실패", "반송", "gagal terkirim", "không gửi được",
    ])

    /// At the start of a subject; a person does not begin so.
    static let certainSubjects = PhraseTable([
        "undeliverable", "undelivered mail", "mail delivery failed", "mail delivery failure", "delivery failure",
        "delivery status notification", "delivery notification", "delivery report", "delivery failed",
        "returned mail", "returned to sender", "failure notice", "failure delivery", "message delivery failure",
        "mail could not be delivered", "nondeliverable mail", "non-deliverable", "message undeliverable",
        "unzustellbar",
        "unzustellbare", "non remis", "no entregado", "devuelto", "não entregue", "não é possível entregar",
        "mancata consegna", "onbestelbaar", "olevererbart", "ikke leveret", "не удается доставить", "недоставлен",
        "niedostarczon", "nedoručiteln", "kézbesíthetetlen", "系统退信", "未送达", "无法送达", "無法傳遞", "配信不能", "배달되지 않음",
    ])

    /// In the text.
    static let texts = PhraseTable([
        "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered",
        "was not delivered", "not been delivered", "wasn't delivered", "unable to deliver", "could not deliver",
        "delivery failed", "delivery has failed", "delivery to the following", "delivery attempt",
        "failed to deliver", "undeliverable", "did not reach the following", "has been delayed", "is delayed for",
        "not yet been delivered", "permanent error", "permanent fatal error", "permanent failure", "fatal errors",
        "transient non-fatal", "the following address", "following recipient", "unknown user", "user unknown",
        "no such user", "unable to find user", "mailbox unavailable", "mailbox is full", "mailbox full",
        "quota exceeded", "over quota", "recipient address rejected", "returned to you", "returned to sender",
        "message was rejected", "invalid user address", "error message below", "smtp error", "rejected by a remote",
        "will be retried", "konnte nicht zugestellt", "nicht zustellen", "nicht zugestellt", "n'a pas pu être",
        "n'a pu être remis", "impossible de remettre", "no se ha podido entregar", "no se pudo entregar",
        "não pôde ser entregue", "não foi possível entregar", "impossibile recapitare", "non è stato possibile",
        "kan niet worden afgeleverd", "kon niet worden", "kunde inte levereras", "kunne ikke leveres",
        "nie mógł zostać dostarcz", "nie można dostarczyć", "nelze doručit", "nem kézbesíthető",
        "не может быть доставлен", "не удалось доставить", "не было доставлен", "iletilemedi", "teslim edilemedi",
        "entrega falhou para", "dostarczenie do następujących", "сбой доставки следующим", "gick inte att leverera",
        "leveringen mislykkedes", "levering mislyktes", "toimitus seuraaville", "doručení těmto příjemcům",
        "teslim başarısız", "παράδοση απέτυχε", "livrarea către", "传递邮件失败", "傳遞失敗", "配信に失敗",
        "recapito non riuscito", "bezorging is mislukt", "échec de la remise", "error de entrega a",
        "fehler bei der nachrichtenzustellung", "der zustellung ist ein fehler", "kézbesítés a következő",
        "doručenie týmto príjemcom", "неуспешна доставка", "מסירת ההודעה נכשלה", "فشل التسليم", "การส่งล้มเหลว",
        "gửi thất bại", "gửi tới những người nhận", "gagal mengirim", "pengiriman gagal",
        "配信できません", "配信されませんでした", "送信できません", "届けられません", "无法投递", "無法投遞", "无法送达", "無法傳送", "배달하지 못",
        "전송하지 못",
    ])

    /// What Exchange calls the reason, whatever language it speaks.
    static let serverReasons = PhraseTable(["resolver.adr.", "resolver.rst.", "routing.", "queue.expired", "storedrv."])

    /// Hotmail's and Outlook.com's complaints (the "junk mail reporting program").
    static let complaints = PhraseTable(["complaint about message from "])

    /// What stands before the returned mail.
    static let returnedMail = PhraseTable([
        "copy of the message", "copy of your message", "copy of the original", "original message", "returned message",
        "message header", "unsent message", "message follows", "text of the message", "message details",
        "first part of",
        "forwarded message", "ursprüngliche nachricht", "message d'origine", "mensaje original", "original mail",
        "сообщение", "原始邮件", "元のメッセージ",
    ])
}
