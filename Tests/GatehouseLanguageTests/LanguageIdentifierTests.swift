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
        ("cs", "Můj výběr čeká od včerejška, může se na to někdo podívat?"),
        ("sk", "Môj výber čaká od včera, môže sa na to niekto pozrieť?"),
        ("sv", "Mitt uttag har väntat sedan igår, kan någon titta på det?"),
        ("da", "Min udbetaling har ventet siden i går, kan nogen kigge på det?"),
        ("fi", "Nostoni on odottanut eilisestä lähtien, voisiko joku tarkistaa sen?"),
        ("et", "Minu väljamakse on eilsest saadik ootel, kas keegi saaks vaadata?"),
        ("lv", "Mana izmaksa gaida kopš vakardienas, vai kāds var apskatīties?"),
        ("lt", "Mano išmokėjimas laukia nuo vakar, ar kas nors gali patikrinti?"),
        ("hu", "A kifizetésem tegnap óta függőben van, meg tudná nézni valaki?"),
        ("ro", "Retragerea mea este în așteptare de ieri, poate verifica cineva?"),
        ("sl", "Moj dvig čaka od včeraj, ali lahko kdo pogleda?"),
        ("sq", "Tërheqja ime është në pritje që nga dje, a mund ta shohë dikush?"),
        ("ca", "La meva retirada està pendent des d'ahir, algú ho pot mirar?"),
        ("eu", "Nire dirua atzotik zain dago, norbaitek begiratuko al du?"),
        ("is", "Úttektin mín hefur beðið síðan í gær, getur einhver skoðað það?"),
        ("ga", "Tá mo chuid airgid ar feitheamh ó inné, an féidir le duine éigin féachaint air?"),
        ("cy", "Mae fy arian yn aros ers ddoe, all rhywun edrych arno?"),
        ("tl", "Naghihintay pa rin ang aking pera mula kahapon, pwede bang tingnan ninyo?"),
        ("sw", "Pesa zangu bado hazijafika tangu jana, tafadhali nisaidie"),
        ("af", "My geld wag al sedert gister, kan iemand asseblief daarna kyk?"),
        ("az", "Pulum dünəndən gözləyir, kimsə yoxlaya bilərmi?"),
        ("bg", "Тегленето ми чака от вчера, може ли някой да провери?"),
        ("mk", "Моето повлекување чека од вчера, може ли некој да провери?"),
        ("be", "Мае грошы чакаюць з учорашняга дня, праверце, калі ласка"),
        ("kk", "Менің ақшам кешеден бері күтіп тұр, тексеріп беріңізші"),
        ("mn", "Миний мөнгө өчигдрөөс хойш хүлээгдэж байна, шалгаж өгнө үү"),
        ("ur", "میری رقم کل سے زیر التوا ہے، براہ کرم چیک کریں"),
        ("mr", "माझे पैसे कालपासून आले नाहीत, कृपया तपासा"),
        ("ka", "ჩემი თანხა გუშინდელიდან ელოდება"), ("hy", "Իմ գումարը դեռ չի եկել"), ("bn", "আমার টাকা এখনও আসেনি"),
        ("ta", "என் பணம் இன்னும் வரவில்லை"), ("te", "నా డబ్బు ఇంకా రాలేదు"), ("gu", "મારા પૈસા હજી આવ્યા નથી"),
        ("pa", "ਮੇਰੇ ਪੈਸੇ ਅਜੇ ਨਹੀਂ ਆਏ"), ("km", "ប្រាក់របស់ខ្ញុំមិនទាន់មកដល់ទេ"), ("lo", "ເງິນຂອງຂ້ອຍຍັງບໍ່ມາຮອດ"),
        ("my", "ကျွန်တော့်ငွေ မရောက်သေးဘူး"), ("si", "මගේ මුදල් තවම ආවේ නැහැ"), ("ml", "എന്റെ പണം ഇതുവരെ വന്നിട്ടില്ല"),
        ("kn", "ನನ್ನ ಹಣ ಇನ್ನೂ ಬಂದಿಲ್ಲ"), ("or", "ମୋ ଟଙ୍କା ଆସିନାହିଁ"),
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

    @Test(arguments: [
        (
            "de",
            "Meine Auszahlung hängt fest.\n```\nconst client = new Client({ key, secret });\nreturn client.send();\n```"
        ),
        ("es", "Me sale \"Something went wrong. Please try again later.\" cada vez"),
        ("ja", "このエラーが出ます \"Your session has expired, please sign in\""),
        ("fr", "mon compte est bloqué {\"code\": -2015, \"msg\": \"Invalid API-key\"}"),
    ])
    func `Code and quoted messages change nothing`(tag: String, text: String) {
        #expect(identifier.identify(text).tag == tag)
    }

    /// A broken table, or one that doesn't fit the code, must not land.
    @Test func `Nine short texts of ten are told, each of some words`() {
        let texts = [
            ("en", "thanks for your help"), ("en", "please answer me"), ("de", "ich brauche Hilfe"),
            ("de", "vielen Dank"),
            ("fr", "bonjour tout le monde"), ("fr", "je ne comprends pas"), ("es", "muchas gracias"),
            ("es", "necesito ayuda"),
            ("it", "buongiorno a tutti"), ("it", "non capisco niente"), ("pt", "não consigo acessar"),
            ("pt", "muito obrigado"),
            ("nl", "ik begrijp het niet"), ("pl", "dzień dobry"), ("pl", "nie rozumiem"), ("tr", "yardım edin lütfen"),
            ("ru", "помогите пожалуйста"), ("ru", "ничего не работает"), ("uk", "допоможіть будь ласка"),
            ("uk", "дякую"),
            ("vi", "xin chào các bạn"), ("hu", "köszönöm szépen"), ("fi", "kiitos paljon"), ("cs", "děkuji mnohokrát"),
            ("ro", "mulțumesc mult"), ("sv", "tack så mycket"), ("fa", "خیلی ممنون"), ("ar", "شكرا جزيلا"),
            ("hi", "बहुत धन्यवाद"), ("el", "ευχαριστώ πολύ"),
        ]
        let right = texts.filter { identifier.identify($0.1).tag == $0.0 }
        #expect(right.count * 10 >= texts.count * 9, "\(right.count) of \(texts.count)")
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
