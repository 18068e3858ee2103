import GatehouseCore

/// The fields of anybody's callback form by what they mean, whatever they are called.
///
/// Names are compared without case, accents and signs: `your-phone`, `form_fields[Phone]`, `phoneNumber` and `Téléphone` are
/// telephone fields. Objects of JSON within a form's usual wrappers are looked into, and lists of `{name, value}`.
struct CallbackFields {
    enum Meaning: CaseIterable {
        case phone, name, firstName, lastName, email, topic, notes, date, time, zone, country, language, id
    }

    struct Field {
        let name: String
        let key: String
        let values: [String]
    }

    /// In the payload's order, each with at least one value that is not blank.
    private(set) var fields: [Field] = []

    private static let fieldLimit = 200

    init(_ content: PhonePayload.Content) {
        switch content {
        case .form(let form):
            var order: [String] = []
            var values: [String: [String]] = [:]
            for field in form.fields.prefix(Self.fieldLimit) {
                if values[field.name] == nil { order.append(field.name) }
                values[field.name, default: []].append(field.value)
            }
            for name in order { add(name, values[name] ?? []) }
        case .json(let value): add(object: value, depth: 0)
        case .voicemail: break
        }
    }

    private mutating func add(_ name: String, _ values: [String]) {
        var key = Self.key(name)
        let isPhone = Self.meanings[key] == .phone
        let words = values.map { isPhone ? PhonePayload.withLostPlus($0) : PhonePayload.trimmed($0) }.filter {
            !$0.isEmpty
        }.map(UnicodeText.normalised)
        guard !words.isEmpty, fields.count < Self.fieldLimit else { return }
        // As a moment it is when the form was sent; as an hour or in words it is a wish.
        if key == "time", words.allSatisfy({ $0.unicodeScalars.count(where: FoldedWords.isDigit) < 8 }) {
            key = "preferredtime"
        }
        fields.append(Field(name: name, key: key, values: words))
    }

    private mutating func add(object: JSONValue, depth: Int) {
        for member in object.members ?? [] {
            if let text = member.value.text {
                add(member.key, [text])
            } else if let list = member.value.array {
                let texts = list.prefix(100).compactMap(\.text)
                if !texts.isEmpty { add(member.key, texts) }
                for entry in list.prefix(100) where texts.isEmpty { add(entry: entry) }
            } else if depth < 3, Self.wrappers.contains(Self.key(member.key)) {
                add(object: member.value, depth: depth + 1)
            }
        }
    }

    /// `{"name": "phone", "value": "…"}`, as form builders and lead forms list their fields.
    private mutating func add(entry: JSONValue) {
        let names = ["name", "key", "label", "title", "field", "question", "column_id", "id"]
        let values = ["value", "values", "answer", "string_value", "text"]
        guard let name = names.lazy.compactMap({ entry[$0]?.string }).first else { return }
        for key in values {
            if let text = entry[key]?.text { return add(name, [text]) }
            if let list = entry[key]?.array { return add(name, list.prefix(100).compactMap(\.text)) }
        }
    }

    func values(_ meaning: Meaning) -> [String] {
        fields.filter { Self.meanings[$0.key] == meaning }.flatMap(\.values)
    }

    func has(_ meaning: Meaning) -> Bool { fields.contains { Self.meanings[$0.key] == meaning } }

    /// Whether somebody named a field or a form after calling back.
    var asksForCall: Bool {
        let words = [
            "callback", "callme", "ruckruf", "rueckruf", "rappel", "llamame", "llamada", "ligacao", "richiamata",
        ]
        return fields.contains { field in
            let isTitle = ["type", "formname", "form", "formtitle", "subject", "topic", "formid"].contains(field.key)
            let title = isTitle ? Self.key(field.values[0]) : ""
            return words.contains { field.key.contains($0) || title.contains($0) }
        }
    }

    /// What is asked in no field that has a meaning here, as lines for people.
    ///
    /// - Parameter known: Names that the format reads by itself.
    func others(besides known: Set<String>) -> [String] {
        let silent = [
            "token", "csrf", "captcha", "nonce", "honeypot", "password", "utm", "submit", "formid", "referer",
        ]
        return fields.filter { field in
            Self.meanings[field.key] == nil && !known.contains(field.name) && !field.name.hasPrefix("_")
                && !field.key.isEmpty && !silent.contains { field.key.contains($0) }
        }
        .prefix(40).map { "\(UnicodeText.printable($0.name)): \($0.values.joined(separator: ", "))" }
    }

    private static let wrappers: Set<String> = [
        "contact", "customer", "client", "user", "visitor", "lead", "data", "form", "formdata", "formfields", "fields",
        "payload", "answers", "callback", "callbackrequest", "request", "submission", "person", "kunde", "details",
    ]

    /// Letters and digits of the last part of a name, folded: `form_fields[your-phone]` is `phone`.
    static func key(_ name: String) -> String {
        var part = Array(name.unicodeScalars.prefix(100))
        while part.last == "]" || part.last == "[" { part.removeLast() }
        if let start = part.lastIndex(where: { $0 == "[" || $0 == "." }) { part = Array(part[(start + 1)...]) }
        let folded = FoldedWords(String(String.UnicodeScalarView(part))).scalars
        let key = String(
            String.UnicodeScalarView(folded.filter { FoldedWords.isLetter($0) || FoldedWords.isDigit($0) })
        )
        for prefix in ["your", "customer", "contact", "client", "user", "visitor", "lead", "caller", "preferred", "my"]
        where key.hasPrefix(prefix) && meanings[key] == nil {
            let rest = String(key.dropFirst(prefix.count))
            if meanings[rest] != nil { return rest }
        }
        return key
    }

    private static let meanings: [String: Meaning] = {
        let names: [(Meaning, String)] = [
            (
                .phone,
                """
                phone phonenumber phoneno phone1 telephone telephonenumber tel telno telefon telefonnummer telefonnr rufnummer \
                ruckrufnummer rueckrufnummer handy handynummer mobile mobilenumber mobilephone mobil mobilnummer cell cellphone \
                callbacknumber callbackphone callnumber numero numerodetelephone numerotelephone portable telefono \
                numerodetelefono celular movil telefone cellulare telefoonnummer whatsapp телефон номертелефона номер 电话 手机 \
                手机号 电话号码 電話 電話番号 전화 전화번호 연락처 هاتف رقمالهاتف الهاتف
                """
            ),
            (.name, "name fullname contactname nombre nom nome имя 姓名 お名前 名前 氏名 이름 الاسم naam imie namn isim adsoyad"),
            (.firstName, "firstname givenname vorname prenom primeironome"),
            (.lastName, "lastname surname familyname nachname apellido apellidos sobrenome cognome фамилия"),
            (.email, "email emailaddress mail correo courriel epost メール メールアドレス 邮箱 이메일 البريدالالكتروني"),
            (
                .topic,
                "topic subject reason betreff anliegen thema grund asunto motivo sujet objet assunto oggetto тема 主题 件名 제목 onderwerp"
            ),
            (
                .notes,
                """
                notes note message comment comments nachricht bemerkung bemerkungen kommentar mensaje comentarios mensagem \
                messaggio сообщение комментарий 留言 メッセージ 내용 details description question
                """
            ),
            (.date, "preferreddate callbackdate calldate wunschdatum wunschtermin fechapreferida 希望日"),
            (
                .time,
                """
                preferredtime preferredtimewindow besttime besttimetocall calltime callbacktime whentocall uhrzeit wunschzeit \
                zeitfenster erreichbarkeit erreichbar horario hora heure creneau orario удобноевремя время 希望時間 시간 when \
                wann cuando quand wanted wantedtime desiredtime availability timeslot slot callmeat callbackwindow timewindow
                """
            ),
            (.zone, "timezone tz zeitzone zonahoraria"), (.country, "country countrycode land pais pays paese"),
            (.language, "language lang locale sprache idioma langue"),
            (.id, "submissionid entryid leadid requestid responseid"),
        ]
        var meanings: [String: Meaning] = [:]
        for (meaning, words) in names {
            for word in words.split(whereSeparator: \.isWhitespace) {
                // As `key` folds the payload's names.
                meanings[FoldedWords(String(word)).text] = meaning
            }
        }
        return meanings
    }()
}
