import GatehouseCore
import GatehouseTriage
import Testing

/// What is seen and not counted, and what surrounds the words.
struct UrgencyContextTests {
    @Test(arguments: [
        ("What happens if my card is stolen?", "hypothetical"),
        ("¿Qué pasa si me roban la tarjeta?", "hypothetical"),
        ("Que se passe-t-il si ma carte est volée ?", "hypothetical"),
        ("Was passiert, wenn meine Karte gestohlen wird?", "hypothetical"),
        ("Что будет если украдут мою карту?", "hypothetical"),
        ("如果我的账户被盗会怎么样?", "hypothetical"),
        ("If someone steals my phone, what should I do first?", "hypothetical"),
        ("Si un inconnu se connecte à mon compte, suis-je averti ?", "hypothetical"),
        ("My cousin's account was hacked at another bank, how do you protect me?", "elsewhere"),
        ("Der Kollege wurde bei einer anderen Bank gehackt, sein Konto war leer", "elsewhere"),
        ("我朋友的账号在别的平台被盗了", "elsewhere"),
        ("我的账号没有被盗，只是想改密码", "negated"), ("Minha conta não foi invadida", "negated"),
        ("Tài khoản tôi không bị hack", "negated"), ("私のアカウントはハッキングされていません", "negated"),
        ("There was a payment that I did not make. It was my wife", "past"),
        ("My account was not hacked", "negated"),
        ("Mi cuenta no fue hackeada", "negated"),
        ("Mein Konto wurde nicht gehackt", "negated"),
        ("My card was stolen last year", "past"),
        ("I thought my account was hacked. It is resolved", "past"),
    ])
    func `Imagined, denied and past events are named and not counted`(text: String, why: String) {
        let urgency = assessed(text).urgency
        #expect(urgency.level <= .normal, "\(urgency)")
        #expect(urgency.notCounted.contains { $0.why == why }, "\(urgency)")
    }

    @Test func `A condition further on in the sentence, or without a question, hides nothing`() {
        #expect(assessed("Please see if someone withdrew money: my account was hacked!").urgency.level == .critical)
        #expect(assessed("If my money is gone it's because someone hacked my account.").urgency.level == .critical)
    }

    @Test func `A word that is listed as meaning nothing is not its own beginning`() {
        #expect(assessed("Hesabım hacklenmedi, sadece şifremi değiştirmek istiyorum").urgency.level == .normal)
        #expect(assessed("Hesabım hacklendi").urgency.level == .critical)
    }

    @Test func `A problem that is not solved yet still counts`() {
        #expect(assessed("My deposit has not arrived. This is still not resolved").urgency.level == .high)
    }

    @Test func `Quoted text and signatures are seen and not counted`() {
        let result = assessed("") { data in
            data.body.text = "Sounds good\n> Someone hacked my account\n-- \nReport: my card was stolen"
            data.body.strippedText = "Sounds good"
            data.body.strippedQuote = "> Someone hacked my account"
            data.body.strippedSignature = "Report: my card was stolen"
        }
        #expect(result.urgency.level == .normal)
        #expect(Set(result.urgency.notCounted.map(\.why)) == ["quoted", "signature"])
    }

    @Test func `Lines with a quote mark are quoted where no adapter split them`() {
        let urgency = assessed("Sounds good\n> Someone hacked my account\n").urgency
        #expect(urgency.level == .normal)
        #expect(urgency.notCounted.map(\.why).contains("quoted"))
    }

    @Test(arguments: [Automation.bounce, .autoReply, .list, .bot, .echo, .feedbackReport])
    func `A machine's message is never urgent`(automation: Automation) {
        let urgency = assessed("Someone hacked my account", subject: "My card was stolen", automated: automation)
            .urgency
        #expect(urgency.level == .low)
        #expect(urgency.reasons.isEmpty)
        #expect(!urgency.notCounted.isEmpty)
    }

    @Test func `Reasons name rule, words and place`() throws {
        let result = assessed("please call me", subject: "My phone was STOLEN")
        let reason = try #require(result.urgency.reasons.first)
        #expect(reason.rule == "theft")
        #expect(reason.location == "subject")
        #expect(reason.matched == "phone … STOLEN")
        #expect(reason.points == 90)
    }

    @Test func `The gravest of several concerns sets the level`() {
        let urgency = assessed(
            "How do I change my e-mail? Also I cannot log in, and there is a withdrawal I did not make"
        ).urgency
        #expect(urgency.level == .critical)
        #expect(urgency.reasons.count >= 2)
    }

    @Test(arguments: [
        "There is a withdrawal on my account that I did not make", "My deposit has not arrived",
        "Which countries do you support",
        "Diese Abbuchung ist nicht von mir", "Mi retiro no ha llegado",
    ])
    func `Capitals, spaces and surrounding junk change nothing`(text: String) {
        let level = assessed(text).urgency.level
        #expect(assessed(text.uppercased()).urgency.level == level)
        #expect(assessed("  \n\n\(text)!!!  \n 0x9fB29AAc15b9A4B7F17c3385939b007540f4d791 \n😀").urgency.level == level)
        #expect(assessed("UID 55512\n\(text)\nhttps://example.com/a?b=c").urgency.level == level)
    }

    @Test func `Accents may be left out`() {
        #expect(assessed("Je narrive plus a me connecter, mon compte est bloque").urgency.level == .high)
        #expect(assessed("Não reconheço esta transferência").urgency.level == .critical)
        #expect(assessed("Nao reconheco esta transferencia").urgency.level == .critical)
    }

    @Test func `Each condition of a route is tried alone, and the one that decided is named`() throws {
        typealias Route = TriageConfiguration.Route
        func decided(_ change: (inout Route) -> Void, _ message: (inout MessageData) -> Void = { _ in }) -> String? {
            var configuration = TriageConfiguration()
            configuration.vip = ["sha256:" + SHA256.hex(of: Array("ada@example.com".utf8)), "+4930901820"]
            configuration.zone = TimeZoneTable(name: "Asia/Tokyo")
            var route = Route(queue: "q")
            change(&route)
            configuration.routes = [route]
            return assessed("My deposit has not arrived", configuration: configuration, change: message).routedBy
        }
        #expect(decided { $0.level = .high } == "1: urgency high")
        #expect(decided { $0.level = .critical } == nil)
        #expect(decided { $0.topics = ["kyc", "deposit"] } == "1: topic kyc or deposit")
        #expect(decided { $0.topics = ["kyc"] } == nil)
        #expect(decided { $0.language = "en" } == "1: language en")
        #expect(decided { $0.language = "de" } == nil)
        #expect(decided { $0.channel = .email } == "1: channel email")
        #expect(decided { $0.channel = .webChat } == nil)
        let ada = { (data: inout MessageData) in data.from = [Party(name: "Ada", email: "Ada@Example.com")] }
        let phone = { (data: inout MessageData) in data.from = [Party(phone: "+4930901820")] }
        #expect(decided({ $0.isVIP = true }, ada) == "1: VIP")
        #expect(decided({ $0.isVIP = true }, phone) == "1: VIP")
        #expect(decided { $0.isVIP = true } == nil)
        #expect(decided { $0.isVIP = false } == "1: not VIP")
        // 2026-01-02, 13:30 in UTC, is 22:30 in Tokyo.
        let night = { (data: inout MessageData) in data.times.receivedAt = Timestamp(milliseconds: 1_767_360_600_000) }
        #expect(decided({ $0.hours = (22, 6) }, night) == "1: from 22 to 6 o'clock")
        #expect(decided({ $0.hours = (9, 17) }, night) == nil)
        #expect(decided({ $0.hours = (22, 6) }) == nil, "a message without a time has no hour")
    }

    @Test func `A route names queue and tags, and the first that fits decides`() {
        var configuration = TriageConfiguration()
        configuration.routes = [
            .init(level: .critical, queue: "security", tags: ["page"]), .init(language: "zh", queue: "chinese"),
        ]
        #expect(assessed("Someone hacked my account", configuration: configuration).queue == "security")
        #expect(assessed("Someone hacked my account", configuration: configuration).tags == ["page"])
        #expect(assessed("請問營業時間是幾點", configuration: configuration).queue == "chinese")
        #expect(assessed("What are your hours", configuration: configuration).queue == nil)
    }

    @Test func `A language that is too unsure is und and keeps its candidates`() {
        var configuration = TriageConfiguration()
        configuration.minimumLanguageConfidence = 0.999_9
        let language = assessed("hola", configuration: configuration).language
        #expect(language.tag == "und")
        #expect(!language.candidates.isEmpty)
    }

    @Test(arguments: [
        "This e-mail and any attachments are confidential. If your card was stolen or someone has hacked your account, call us.",
        "_Diese E-Mail enthält vertrauliche Informationen._ Wenn Ihre Karte gestohlen wurde, rufen Sie an.",
        "Este mensaje es confidencial. Si le robaron la tarjeta, llame.",
        "本邮件含有保密信息。您的银行卡被盗请联系我们。",
    ])
    func `The legal notice under a mail is seen and not counted`(notice: String) throws {
        let urgency = assessed("What are your opening hours\n\nRegards\nAnn\n\n\(notice)\n").urgency
        #expect(urgency.level == .normal)
        // The notice's words count as seen where its language is one of the message's.
        if notice.hasPrefix("This") { #expect(urgency.notCounted.contains { $0.why == "disclaimer" }) }
        // As the customer's own first words it counts.
        let own = "This message is urgent and confidential: someone hacked my account"
        #expect(assessed(own).urgency.level == .critical)
        #expect(assessed("Hello\nThis message is urgent: someone hacked my account").urgency.level == .critical)
    }
}
