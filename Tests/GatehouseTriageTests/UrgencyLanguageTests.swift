import GatehouseCore
import Testing

/// What a customer of each language would write, by level.
struct UrgencyLanguageTests {
    @Test(arguments: [
        "Someone hacked my account and is moving my coins right now",
        "There is a withdrawal on my account that I did not make",
        "My phone was stolen this morning and the authenticator is on it",
        "I gave my seed phrase to a fake website",
        "He perdido mi teléfono y tengo ahí el autenticador",
        "Alguien ha entrado en mi cuenta y está retirando mis fondos",
        "Hay un retiro que yo no hice",
        "Quelqu'un a piraté mon compte et retire mon argent",
        "Je ne reconnais pas ce retrait, ce n'est pas moi",
        "On m'a volé mon téléphone",
        "Jemand hat mein Konto gehackt und hebt mein Geld ab",
        "Diese Abbuchung ist nicht von mir",
        "Mein Handy wurde gestohlen",
        "Alguém invadiu minha conta e está sacando meu dinheiro",
        "Não reconheço este saque, não fui eu",
        "Roubaram meu celular hoje",
        "Мой аккаунт взломали и выводят деньги",
        "Я не делал этот перевод",
        "Срочно! С моего счета вывели 2 BTC, помогите",
        "С кошелька ушло 3 ETH на незнакомый адрес",
        "Acaban de transferir 3 ETH de mi billetera a una dirección desconocida",
        "On vient de transférer 3 ETH de mon portefeuille vers une adresse inconnue",
        "Es wurden gerade 3 ETH von meiner Wallet an eine fremde Adresse gesendet",
        "ウォレットから3ETHが知らないアドレスに送られました",
        "제 지갑에서 3 ETH가 모르는 주소로 전송됐어요",
        "У меня украли телефон с аутентификатором",
        "我的账户被盗了,有人在转走我的币",
        "这笔提现不是我操作的",
        "我的手机丢了,怎么办",
        "我的帳戶被駭客入侵,有人正在提領我的錢",
        "這筆交易不是我本人操作的",
        "アカウントが乗っ取られ、勝手に出金されています",
        "身に覚えのない送金があります",
        "スマホを盗まれました",
        "제 계정이 해킹당했어요 누군가 돈을 빼가고 있어요",
        "제가 하지 않은 출금이 있습니다",
        "휴대폰을 도난당했습니다",
        "تم اختراق حسابي وشخص ما يسحب أموالي",
        "هناك سحب لم أقم به في حسابي",
        "سرق هاتفي اليوم",
        "Qualcuno ha hackerato il mio account",
        "Mi hanno rubato il telefono",
        "Hesabım hacklendi",
        "Bu işlemi ben yapmadım",
        "Tài khoản của tôi bị hack",
        "Có giao dịch không phải tôi thực hiện",
    ])
    func `Money or account in foreign hands is critical`(text: String) {
        let urgency = assessed(text).urgency
        #expect(urgency.level == .critical, "\(urgency)")
        #expect(urgency.score >= 80)
    }

    @Test(arguments: [
        "My deposit has not arrived for two days",
        "I cannot log in to my account",
        "I sent the coins to the wrong address",
        "You charged me twice for the same transfer",
        "Mi retiro no ha llegado todavía",
        "No puedo entrar en mi cuenta",
        "Mi cuenta está bloqueada",
        "Mon virement n'est toujours pas arrivé",
        "Je n'arrive plus à me connecter",
        "Mon compte est bloqué",
        "Meine Auszahlung ist nicht angekommen",
        "Ich kann mich nicht einloggen",
        "Mein Konto ist gesperrt",
        "Meu saque não caiu na conta",
        "Não consigo entrar na minha conta",
        "Enviei para o endereço errado, minha transferência",
        "Мой вывод до сих пор не пришел",
        "Не могу войти в аккаунт",
        "Мой аккаунт заблокирован",
        "我的提现还没到账",
        "我无法登录",
        "充值充错地址了",
        "我的提領還沒收到",
        "帳戶被鎖定了",
        "出金がまだ届いていません",
        "ログインできません",
        "口座が凍結されました",
        "입금이 아직 안 들어왔어요",
        "로그인이 안 됩니다",
        "계정이 정지됐어요",
        "لم يصل التحويل إلى حسابي",
        "لا أستطيع تسجيل الدخول",
        "حسابي محظور",
        "Non riesco ad accedere al mio conto",
        "Il mio bonifico non è arrivato",
        "Hesabıma giremiyorum",
        "Param hesabıma geçmedi",
        "Tôi không thể đăng nhập",
        "Tiền rút vẫn chưa về",
    ])
    func `Own money missing or the door locked is high`(text: String) {
        let urgency = assessed(text).urgency
        #expect(urgency.level == .high, "\(urgency)")
        #expect((55...79).contains(urgency.score))
    }

    @Test(arguments: [
        "Which countries do you support?",
        "How do I change the language of the app?",
        "What are your opening hours on Sundays?",
        "¿Qué países admiten?",
        "Quels sont vos horaires d'ouverture ?",
        "Wie ändere ich die Sprache der App?",
        "Quais são os horários de atendimento?",
        "Как изменить язык приложения?",
        "请问支持哪些国家?",
        "請問營業時間是幾點?",
        "営業時間を教えてください",
        "영업시간이 어떻게 되나요?",
        "ما هي ساعات العمل لديكم؟",
        "Quali paesi supportate?",
        "Çalışma saatleriniz nedir?",
        "Phí rút tiền là bao nhiêu?",
        "",
        "👍",
        "12345",
    ])
    func `A question without a loss is normal`(text: String) {
        let urgency = assessed(text).urgency
        #expect(urgency.level == .normal, "\(urgency)")
    }

    @Test(arguments: [
        "Thanks, great service!", "Muchas gracias", "Merci beaucoup", "Vielen Dank", "Muito obrigado", "Спасибо", "谢谢",
        "ありがとうございます", "감사합니다",
        "شكرا جزيلا",
    ])
    func `Thanks alone are low`(text: String) {
        #expect(assessed(text).urgency.level == .low)
    }

    @Test func `A language without words of urgency is named, so that nobody takes "normal" for an answer`() {
        let finnish = assessed("Joku on tyhjentänyt lompakkoni yöllä, jäädyttäkää tilini heti").urgency
        #expect(finnish.unservedLanguage == "fi")
        #expect(assessed("Jemand hat mein Konto gehackt und hebt mein Geld ab").urgency.unservedLanguage == nil)
        #expect(assessed("12345 67890").urgency.unservedLanguage == nil)
    }

    @Test func `"That was not me" is no "that was me"`() {
        #expect(assessed("Eine SMS über eine Auszahlung kam. Das war ich nicht.").urgency.level == .critical)
        let mine = "Eine Auszahlung, die ich nicht kenne? Ach, das war doch ich selbst."
        #expect(assessed(mine).urgency.level == .normal)
    }
}
