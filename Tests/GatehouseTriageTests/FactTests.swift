import GatehouseCore
import Testing

@testable import GatehouseTriage

/// Facts as `kind value`, in their order.
private func facts(_ text: String, language: String = "en", region: String? = nil) -> [String] {
    var scanner = FactScanner(text, language: language, region: region)
    return scanner.scan().map { fact in
        "\(fact.kind.rawValue) \(fact.value)" + (fact.network.map { " \($0)" } ?? "")
            + (fact.checksum.map { " \($0.rawValue)" } ?? "")
    }
}

@Suite struct FactTests {
    @Test(arguments: [
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "EVM valid"),
        ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed", "EVM invalid"),
        ("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "EVM none"),
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "BTC valid"),
        ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "BTC valid"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "BTC valid"),
        ("BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ", "BTC valid"),
        ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdr", "BTC invalid"),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "BTC valid"),
        ("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "TRON valid"),
        ("TJRabPrwbZy45sbavfcjinPJC18kjpRTv9", "TRON invalid"),
        ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh", "XRP valid"), ("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTi", "XRP invalid"),
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", "BTC invalid"),
        // EIP-55's own examples of one case, which is the checksum's.
        ("0x52908400098527886E0F7030069857D2E4169EE7", "EVM valid"),
        ("0xde709f2102306220921060314715629080e2fb77", "EVM valid"),
        ("7dHbWXmci3dT8UFYWYZweBLXgycu7Y3iL6trKn1Y7ARj", "SOL none"),
    ])
    func `An address is named with its chain and whether its check digits are right`(address: String, says: String) {
        #expect(facts("to \(address), please") == ["address \(address) \(says)"])
    }

    @Test(arguments: [
        // WIF, a key of 64 digits beside the word.
        "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
        "my private key is 9fc76417374aa880d4449a1f7f31ec597f00b1f6f3dd2d66f4c9c6c445836d8c",
        "私钥：9fc76417374aa880d4449a1f7f31ec597f00b1f6f3dd2d66f4c9c6c445836d8c",
    ])
    func `A key or a mistake is no fact`(text: String) {
        #expect(facts(text) == [])
    }

    @Test(arguments: [
        ("I paid $1,234.50.", "en", "1234.50 USD"), ("1.234,50 € bitte", "de", "1234.50 EUR"),
        ("1.234 EUR", "de", "1234 EUR"), ("1.234 EUR", "en", "1.234 EUR"), ("1 234,5 руб", "ru", "1234.5 RUB"),
        ("0.5 BTC", "de", "0.5 BTC"), ("0,123 BTC", "en", "0.123 BTC"), ("USDT 500", "en", "500 USDT"),
        ("500usdt", "en", "500 USDT"), ("提现5万元没到", "zh", "50000 CNY"), ("我充值了1000泰达币", "zh", "1000 USDT"),
        ("3万円です", "ja", "30000 JPY"), ("50만원", "ko", "500000 KRW"), ("100달러를", "ko", "100 USD"),
        ("2 triệu đồng", "vi", "2000000 VND"), ("1.5 млн рублей", "ru", "1500000 RUB"),
        ("١٠٠ دولار", "ar", "100 USD"), ("R$ 1.500,00", "pt", "1500.00 BRL"), ("1'250.00 CHF", "de", "1250.00 CHF"),
        ("100个USDT", "zh", "100 USDT"), ("0.5枚比特幣", "zh", "0.5 BTC"), ("2 тыс. долларов", "ru", "2000 USD"),
        ("3 k€", "fr", "3000 EUR"), ("25k sats", "en", "25000 SAT"), ("mất 5tr rồi", "vi", "5000000 VND"),
        ("1.000 TL", "tr", "1000 TRY"), ("100 euros", "fr", "100 EUR"), ("12 000,50 €", "fr", "12000.50 EUR"),
    ])
    func `An amount is read as its locale writes it`(text: String, language: String, amount: String) {
        #expect(facts(text, language: language) == ["amount \(amount)"])
    }

    @Test(arguments: [
        ("on 2026-01-31 at 5", "en", "2026-01-31"), ("am 31.01.2026", "de", "2026-01-31"),
        ("1/31/2026", "en", "2026-01-31"),
        ("3/4/2026", "en", "3/4/2026"), ("3/4/2026", "fr", "2026-04-03"), ("2026年1月31日", "zh", "2026-01-31"),
        ("2026년 1월 31일", "ko", "2026-01-31"), ("31 January 2026", "en", "2026-01-31"),
        ("January 31, 2026", "en", "2026-01-31"),
        ("31 de enero de 2026", "es", "2026-01-31"), ("31 января 2026", "ru", "2026-01-31"),
        ("at 2:30 pm", "en", "14:30"),
        ("um 9 Uhr", "de", "09:00"), ("14 Uhr 30", "de", "14:30"), ("à 15h30", "fr", "15:30"), ("à 9h", "fr", "09:00"),
        ("às 15h", "pt", "15:00"), ("lúc 15 giờ 20", "vi", "15:20"), ("15時30分", "ja", "15:30"), ("午後3時", "ja", "15:00"),
        ("下午3点半", "zh", "15:30"), ("凌晨2:30", "zh", "02:30"), ("오후 3시 30분", "ko", "15:30"),
        ("3:30 مساءً", "ar", "15:30"),
        ("2026-01-31T14:05:09", "en", "2026-01-31T14:05:09"), ("around 11 a.m.", "en", "11:00"),
    ])
    func `A date has one form where it has one reading`(text: String, language: String, date: String) {
        #expect(facts(text, language: language) == ["date \(date)"])
    }

    @Test(arguments: [
        ("order no. 88123456", "order_id 88123456"), ("Bestellnummer: AB-123456", "order_id AB-123456"),
        ("订单号88123456", "order_id 88123456"), ("UID: 99887766", "user_id 99887766"),
        ("ticket #12345", "ticket_id 12345"),
        ("error code 10042", "error_code 10042"), ("错误码：1001", "error_code 1001"),
        ("it says ERR_CONN_1001", "error_code ERR_CONN_1001"), ("error -1021", "error_code -1021"),
        ("HTTP 429 again", "error_code 429"), ("Ticket-ID: 12345", "ticket_id 12345"),
        ("see https://example.com/a?b=1.", "url hxxps://example[.]com/a?b=1"),
        ("evil-login.com/x", "url evil-login[.]com/x"),
        ("http://user:pw@evil.com", "url hxxp://[removed]@evil[.]com"),
        ("write to a.b@example.com", "email a.b@example.com"),
        ("call +49 30 901820 today", "phone +4930901820"), ("0049 30 901820", "phone +4930901820"),
        ("٠٠٩٦٦٥٠١٢٣٤٥٦٧", "phone +966501234567"), ("＋４９ ３０ ９０１８２０", "phone +4930901820"),
        (
            "tx 0x9fc76417374aa880d4449a1f7f31ec597f00b1f6f3dd2d66f4c9c6c445836d8b",
            "tx_hash 0x9fc76417374aa880d4449a1f7f31ec597f00b1f6f3dd2d66f4c9c6c445836d8b EVM"
        ),
    ])
    func `A number is known by the words before it`(text: String, fact: String) {
        #expect(facts(text) == [fact])
    }

    @Test(arguments: [
        "I tried 3 times", "version 1.2.3.4", "room 12", "he won 3 games", "100%", "order 2 now", "24/7", "1:1",
        "1/2 ETH",
    ])
    func `An ordinary number is no fact`(text: String) {
        #expect(facts(text) == [])
    }

    @Test func `The transaction that an explorer's link shows is a fact, too`() {
        let hash = "9fc76417374aa880d4449a1f7f31ec597f00b1f6f3dd2d66f4c9c6c445836d8b"
        for link in ["https://etherscan.io/tx/0x\(hash)", "https://tronscan.org/#/transaction/\(hash)?a=b"] {
            #expect(facts("see \(link).").contains { $0.hasPrefix("tx_hash ") && $0.contains(hash) }, "\(link)")
        }
        #expect(!facts("https://example.com/file/\(hash)").contains { $0.hasPrefix("tx_hash") })
    }

    @Test(arguments: [
        ("It happened two days ago", "two days ago"), ("since last Tuesday", "last Tuesday"),
        ("the day before yesterday", "the day before yesterday"), ("heute früh ging nichts", "heute früh"),
        ("vor zwei Stunden", "vor zwei Stunden"), ("hace tres semanas que espero", "hace tres semanas"),
        ("il y a deux jours", "il y a deux jours"), ("há duas horas", "há duas horas"),
        ("три дня назад", "три дня назад"),
        ("geçen pazartesi yatırdım", "geçen pazartesi"), ("hai tuần trước", "hai tuần trước"), ("上周一充值", "上周一"),
        ("上禮拜三轉的", "上禮拜三"), ("先週の月曜日", "先週の月曜日"), ("지난주 월요일", "지난주 월요일"), ("قبل يومين", "قبل يومين"),
    ])
    func `A day in words is a date as it was written`(text: String, date: String) {
        #expect(assessed(text).facts.map(\.value) == [date])
    }

    @Test(arguments: [
        ("My withdrawal has not arrived", ["tx_hash", "address", "coin", "amount"]),
        ("My BTC withdrawal has not arrived", ["tx_hash", "address", "amount"]),
        ("提现usdt没到账", ["tx_hash", "amount", "address"]),
        ("I can't log in", ["user_id_or_email"]), ("my KYC was rejected again", ["document"]),
        ("my limit order was not filled", ["order_id"]),
    ])
    func `What an agent will have to ask for is listed by topic`(text: String, missing: [String]) {
        #expect(assessed(text).missing == missing)
    }

    @Test func `A screenshot stands for what it may show`() {
        let missing = assessed("My withdrawal has not arrived") {
            var picture = AttachmentInfo(status: .stored, name: "a.png", mediaType: "image/png")
            picture.size = 90_000
            $0.attachments = [picture]
        }.missing
        #expect(missing == [])
    }

    @Test func `A place counts Unicode scalars of its text`() throws {
        let result = assessed("Grüße 😀! 500 USDT fehlen", subject: "Заказ 12345678")
        #expect(result.facts.map(\.location) == ["subject", "body"])
        let amount = try #require(result.facts.last)
        #expect(amount.start == 9 && amount.end == 17)
    }

    @Test func `A team's own pattern goes first`() throws {
        var configuration = TriageConfiguration()
        configuration.factPatterns = [try #require(FactPattern(kind: .orderID, "ORD-#{6,8}"))]
        let result = assessed("about ord-1234567 and XORD-123456", configuration: configuration)
        #expect(result.facts.map(\.value) == ["ord-1234567"])
        #expect(FactPattern(kind: .orderID, "#{0,3}") == nil)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["1", "a.", "1.", "://", "a@", "1 ", "+1-", "年1月", "http://a.b/", "é.", "0x", "order 1"]
    )
    func `A hostile text takes a time in proportion to its length`(unit: String) {
        #expect(facts(String(repeating: unit, count: 2_000_000 / unit.utf8.count)).count <= FactScanner.mostFacts + 1)
    }

    @Test func `Every beginning of a text can be read`() {
        let text = Array(
            "R$ 1.500,00 ١٠٠ 2026年1月2日 +49 (30) https://ü.com/x) a@b.c 5万元 1'2 0x8 12. März 3pm\u{00A0}€5".utf8
        )
        for count in 0...text.count { _ = facts(String(decoding: text[..<count], as: UTF8.self)) }
    }
}
