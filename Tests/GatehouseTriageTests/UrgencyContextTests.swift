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
        #expect(urgency.notCounted.contains { $0.why == "disclaimer" })
        // As the customer's own first words it counts.
        let own = "This message is urgent and confidential: someone hacked my account"
        #expect(assessed(own).urgency.level == .critical)
        #expect(assessed("Hello\nThis message is urgent: someone hacked my account").urgency.level == .critical)
    }
}
