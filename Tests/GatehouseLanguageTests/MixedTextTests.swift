import GatehouseCore
import GatehouseLanguage
import Testing

/// Texts of more than one language: which is the customer's own, and where each stands.
struct MixedTextTests {
    private let identifier = LanguageIdentifier()

    @Test(arguments: [
        (
            "de", "en",
            "Ich habe gestern Geld abgehoben und warte immer noch. Your withdrawal is being processed by our team."
        ),
        (
            "es", "en",
            "No puedo entrar en mi cuenta y me aparece este mensaje: Your session has expired, please sign in again"
        ),
        (
            "fr", "en",
            "Je reçois toujours cette erreur \"Something went wrong. Please try again later.\" que dois-je faire ?"
        ),
        ("ru", "en", "Не могу войти в свой аккаунт, пишет вот это: your account has been locked for security reasons"),
        ("zh-Hans", "en", "我的提现一直没有到账，系统显示：your withdrawal has been suspended by the risk team"),
        (
            "pt", "de",
            "Recebi esta mensagem e não entendo nada do que está escrito. Ihr Konto wurde vorübergehend gesperrt"
        ),
    ])
    func `The language that the customer wrote comes first, what they pasted is named too`(
        own: String,
        pasted: String,
        text: String
    ) {
        let result = identifier.analyse(text)
        #expect(result.tag == own)
        #expect(result.also.allSatisfy { $0 == pasted })
    }

    @Test func `The spans of a mixed text name its languages in order and lie in it`() {
        let german = "Ich warte seit drei Tagen auf meine Überweisung und niemand antwortet mir."
        let spanish = "Todavía no he recibido mi dinero y necesito ayuda con mi cuenta."
        let text = german + "\n\n" + spanish
        let result = identifier.analyse(text)
        #expect(result.spans.map(\.tag) == ["de", "es"])
        #expect(Set([result.tag] + result.also) == ["de", "es"])
        let border = german.unicodeScalars.count
        #expect(result.spans.first?.start == 0)
        #expect(result.spans.first.map { $0.end <= border } == true)
        #expect(result.spans.last.map { $0.start >= border && $0.end <= text.unicodeScalars.count } == true)
    }

    @Test func `The order of the sentences changes no set of languages`() {
        let texts = [
            "Kann mir bitte jemand mit meiner Auszahlung helfen",
            "Quelqu'un peut-il m'aider avec mon retrait aujourd'hui",
        ]
        for order in [texts, texts.reversed()] {
            let result = identifier.analyse(order.joined(separator: ". "))
            #expect(Set([result.tag] + result.also) == ["de", "fr"])
        }
    }

    @Test(arguments: [
        "Mein Konto bei Binance Smart Chain zeigt nichts an", "Я купил Bitcoin на Coinbase Pro вчера вечером",
        "我在 Binance Smart Chain 上看不到这笔转账的记录", "Where is my withdrawal, it has been three days",
    ])
    func `A product's name is no other language`(text: String) {
        let result = identifier.analyse(text)
        #expect(result.also.isEmpty)
        #expect(result.spans.isEmpty)
    }

    @Test func `A long letter in one language has no spans, and one foreign paragraph in it is found`() {
        let paragraph = "Ich habe vor einer Woche eine Auszahlung beantragt und seitdem nichts mehr von Ihnen gehört. "
        let foreign =
            "Please note that we cannot process your request at this time because the account has not been verified. "
        let letter = String(repeating: paragraph, count: 20)
        #expect(identifier.analyse(letter).spans.isEmpty)
        let mixed = identifier.analyse(letter + "\n" + String(repeating: foreign, count: 8) + "\n" + letter)
        #expect(mixed.tag == "de")
        #expect(mixed.also == ["en"])
    }

    @Test func `Arbitrary bytes give spans in order and in bounds`() {
        var state: UInt64 = 3
        func random(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        let pieces = [
            "hello there", "привет мир", "今日は", "\"", "«", "```", "\n", ":", "\u{301}", "🙂", " ", "0x12", "das ist",
            "'", ">",
        ]
        for _ in 0..<300 {
            let text = (0..<random(60)).map { _ in pieces[Int(random(UInt64(pieces.count)))] }.joined(separator: " ")
            let result = identifier.analyse(text)
            var end = 0
            for span in result.spans {
                #expect(span.start >= end && span.end > span.start)
                end = span.end
            }
            #expect(end <= text.unicodeScalars.count)
        }
        for length in [0, 1, 383, 384, 385, 4096, 20_000] {
            #expect(!identifier.analyse(String(repeating: "\"", count: length)).tag.isEmpty)
            #expect(!identifier.analyse(String(repeating: "ж", count: length)).tag.isEmpty)
        }
    }
}
