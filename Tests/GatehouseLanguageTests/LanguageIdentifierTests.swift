import GatehouseCore
import GatehouseLanguage
import Testing

struct LanguageIdentifierTests {
    private let identifier = LanguageIdentifier()

    @Test(arguments: [
        ("en", "My withdrawal has been pending since yesterday, can somebody please look at it?"),
        ("en", "where is my money"),
        ("es", "Mi retiro sigue pendiente desde ayer, ¿alguien puede revisarlo?"),
        ("es", "no puedo entrar en mi cuenta"),
        ("fr", "Mon retrait est en attente depuis hier, quelqu'un peut-il regarder ?"),
        ("de", "Meine Auszahlung hängt seit gestern, kann bitte jemand nachsehen?"),
        ("de", "ich komme nicht mehr in mein Konto"),
        ("it", "Il mio prelievo è in sospeso da ieri, qualcuno può controllare?"),
        ("pt", "Meu saque está pendente desde ontem, alguém pode verificar?"),
        ("nl", "Mijn opname staat sinds gisteren nog open, kan iemand dat nakijken?"),
        ("pl", "Moja wypłata czeka od wczoraj, czy ktoś może to sprawdzić?"),
        ("tr", "Çekim işlemim dünden beri bekliyor, biri bakabilir mi?"),
        ("vi", "Lệnh rút tiền của tôi bị treo từ hôm qua, ai đó kiểm tra giúp được không?"),
        ("id", "Penarikan saya tertunda sejak kemarin, bisa tolong diperiksa?"),
        ("ru", "Мой вывод висит со вчерашнего дня, проверьте, пожалуйста"),
        ("uk", "Моє виведення коштів висить від учора, перевірте, будь ласка"),
        ("ar", "سحبي معلق منذ أمس، هل يمكن لأحد أن يتحقق من الأمر؟"),
        ("fa", "برداشت من از دیروز در انتظار است، لطفاً بررسی کنید"),
        ("hi", "मेरी निकासी कल से लंबित है, कृपया जाँच करें"),
        ("zh-Hans", "我的提现从昨天开始一直没有到账,请帮我查一下"),
        ("zh-Hant", "我的提領從昨天開始一直沒有到帳,請幫我查一下"),
        ("ja", "昨日から出金が保留のままです。確認をお願いします"),
        ("ko", "어제부터 출금이 보류 중입니다. 확인 부탁드립니다"),
        ("el", "Η ανάληψή μου εκκρεμεί από χθες"),
        ("he", "המשיכה שלי ממתינה מאתמול"),
        ("th", "การถอนเงินของฉันค้างตั้งแต่เมื่อวาน"),
        ("am", "ገንዘቤ አልደረሰም"),
    ])
    func `A sentence is told by its language`(tag: String, text: String) {
        #expect(identifier.identify(text).tag == tag)
    }

    @Test(arguments: [
        "", " \n", "ok", "OK!!", "???", "12345", "👍👍", "/start", "USDT", "BTC/USDT", "@support_team",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "https://example.com/help/withdrawals", "someone@example.com", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        ":thumbs_up:", "etherscan.io/tx/1",
    ])
    func `What holds no language is und`(text: String) {
        #expect(identifier.identify(text).tag == "und")
        #expect(identifier.identify(text).confidence == 0)
    }

    @Test(arguments: [
        ("de", "Wo bleibt meine Überweisung? Ich warte seit drei Tagen"),
        ("es", "Todavía no ha llegado mi depósito"),
        ("ru", "Деньги так и не пришли"),
        ("zh-Hans", "请问什么时候到账"),
        ("ja", "まだ届いていません"),
        ("ar", "لم تصل الحوالة حتى الآن"),
    ])
    func `Hashes, links, handles, tickers and emoji around a text change nothing`(tag: String, text: String) {
        let junk = "0x9fB29AAc15b9A4B7F17c3385939b007540f4d791 https://etherscan.io/tx/0x1 @desk USDT 😀 "
        #expect(identifier.identify(junk + text + " " + junk).tag == tag)
    }

    @Test(arguments: [
        "Where is my withdrawal, it has been three days", "Wo bleibt meine Überweisung",
        "où est mon virement s'il vous plaît",
    ])
    func `Capitals change nothing`(text: String) {
        #expect(identifier.identify(text.uppercased()).tag == identifier.identify(text).tag)
    }

    @Test func `A Chinese text stays Chinese with an English product name in it`() {
        #expect(identifier.identify("我在 Binance Smart Chain Explorer 上看不到这笔转账的记录").tag == "zh-Hans")
        #expect(identifier.identify("中国").tag == "zh-Hans")
        #expect(identifier.identify("你好").tag == "zh")
    }

    @Test func `A preferred language wins where a word fits several`() {
        let desk = LanguageIdentifier(preferred: ["en"], preference: 6)
        #expect(desk.identify("hello").tag == "en")
        #expect(desk.identify("Ich kann mich nicht anmelden").tag == "de")
    }

    @Test func `Confidences are probabilities, best first`() {
        for text in ["hola", "no", "Guten Tag", "transfer", "добрий день"] {
            let result = identifier.identify(text)
            let all = [result.confidence] + result.candidates.map(\.confidence)
            #expect(all.allSatisfy { $0 >= 0 && $0 <= 1 })
            #expect(all == all.sorted(by: >))
            #expect(all.reduce(0, +) <= 1.001)
            #expect(result.candidates.count <= 3)
        }
    }

    @Test func `The model has a table for every language that it should tell`() {
        let languages = Set(LanguageModel.builtIn.languages)
        let wanted = """
            en es fr de it pt nl pl tr vi ro id ms cs sk sl hr bs hu sv da no fi et lv lt sq sr-Latn tl sw ca gl eu is ga cy az af ru \
            uk bg sr mk be kk mn ar fa ur hi mr
            """
        for tag in wanted.split(separator: " ") { #expect(languages.contains(String(tag)), "\(tag)") }
    }

    @Test func `Arbitrary bytes never trap`() {
        var state: UInt64 = 1
        for length in 0..<400 {
            var bytes: [UInt8] = []
            for _ in 0..<length {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(UInt8(truncatingIfNeeded: state >> 33))
            }
            let result = identifier.identify(String(decoding: bytes, as: UTF8.self))
            #expect(!result.tag.isEmpty)
        }
    }

    @Test func `A text without spaces or without end is read in bounds`() {
        #expect(!identifier.identify(String(repeating: "a", count: 1_000_000)).tag.isEmpty)
        #expect(!identifier.identify(String(repeating: "ü", count: 100_000)).tag.isEmpty)
        #expect(identifier.identify(String(repeating: "我們", count: 100_000)).tag == "zh-Hant")
        #expect(identifier.identify(String(repeating: "'", count: 100_000)).tag == "und")
    }
}
