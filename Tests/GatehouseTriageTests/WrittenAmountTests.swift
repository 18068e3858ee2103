import GatehouseCore
import Testing

@testable import GatehouseTriage

private func found(_ kind: FactKind, _ text: String, _ language: String) -> [String] {
    var scanner = FactScanner(text, language: language, region: nil)
    return scanner.scan().filter { $0.kind == kind }.map(\.value)
}

@Suite struct WrittenAmountTests {
    @Test(arguments: [
        ("3万5千円を入金しました", "ja", ["35000 JPY"]), ("1億2,000万円", "ja", ["120000000 JPY"]),
        ("五万円が届きません", "ja", ["50000 JPY"]), ("三萬元台幣沒有到帳", "zh", ["30000 CNY"]),
        ("五百美元", "zh", ["500 USD"]), ("两千USDT没到账", "zh", ["2000 USDT"]), ("三万五元", "zh", ["35000 CNY"]),
        ("一百零五美元", "zh", ["105 USD"]), ("我有两个比特币", "zh", ["2 BTC"]), ("半个比特币不见了", "zh", ["0.5 BTC"]),
        ("一亿三千万元", "zh", ["130000000 CNY"]), ("转了伍仟元整", "zh", ["5000 CNY"]), ("十美元", "zh", ["10 USD"]),
        ("5만 3천 원이 없어졌어요", "ko", ["53000 KRW"]), ("오만 원", "ko", ["50000 KRW"]), ("삼백만원", "ko", ["3000000 KRW"]),
        ("1억 5000만원", "ko", ["150000000 KRW"]), ("我昨天轉了NT$5,000", "zh", ["5000 TWD"]),
        ("5 lakh rupees", "en", ["500000 INR"]), ("20 Tsd. USDT", "de", ["20000 USDT"]), ("Ξ2.5", "en", ["2.5 ETH"]),
        ("₫500.000", "en", ["500000 VND"]), ("15.000 kr", "de", ["15000 SEK"]), ("1.500 Kč", "de", ["1500 CZK"]),
    ])
    func `An amount is read as its language writes it`(text: String, language: String, amounts: [String]) {
        #expect(found(.amount, text, language) == amounts)
    }

    @Test(arguments: [
        ("500 РУБЛЕЙ", "ru", ["500 RUB"]), ("500 рублей", "ru", ["500 RUB"]), ("12 DÓLARES", "es", ["12 USD"]),
        ("12 Dólares", "es", ["12 USD"]), ("5 EURO", "de", ["5 EUR"]), ("7 ARS", "es", ["7 ARS"]), ("7 ars", "es", []),
        ("€ 12", "de", ["12 EUR"]), ("12\u{A0}€", "de", ["12 EUR"]), ("US$20 fee", "en", ["20 USD"]),
        ("20 fees", "en", []),
    ])
    func `A currency is known in capitals too, unless its word is one of another kind`(
        text: String,
        language: String,
        amounts: [String]
    ) {
        #expect(found(.amount, text, language) == amounts)
    }

    @Test(arguments: [
        ("唯一USDT地址", "zh"), ("万一USDT丢了", "zh"), ("上万元", "zh"), ("几万元", "zh"), ("数十万元", "zh"), ("이 비트코인", "ko"),
        ("统一元", "zh"), ("第一美元", "zh"),
    ])
    func `A numeral that counts nothing is no amount`(text: String, language: String) {
        #expect(found(.amount, text, language) == [])
    }

    @Test
    func `Numerals without end are no trap`() {
        for text in ["九", "九千", "億", "1億", "9万", "半", "만 ", "3万 "] {
            let long = String(repeating: text, count: 20_000) + "元"
            #expect(found(.amount, long, "zh").count <= 100)
        }
    }

    @Test(arguments: [
        ("error code INSUFFICIENT_BALANCE shows", ["INSUFFICIENT_BALANCE"]),
        ("ERR_CONNECTION_TIMED_OUT", ["ERR_CONNECTION_TIMED_OUT"]),
        ("Error: WITHDRAWAL_LIMIT_REACHED.", ["WITHDRAWAL_LIMIT_REACHED"]),
        ("Fehler: AUTH-NOT-POSSIBLE", ["AUTH-NOT-POSSIBLE"]),
        ("提示错误 KYC_PENDING_REVIEW", ["KYC_PENDING_REVIEW"]), ("KYC_PENDING_REVIEW と出ます、エラーです", ["KYC_PENDING_REVIEW"]),
        ("my name there is JOHN_SMITH", []), ("Error: PLEASE HELP ME", []), ("error in snake_case_name", []),
        ("error _______ ___", []), ("set API_KEY=1 in .env", []),
    ])
    func `An error's name is a code where the words speak of an error or it does so itself`(
        text: String,
        codes: [String]
    ) {
        #expect(found(.errorCode, text, "en") == codes)
    }

    @Test(arguments: [
        "I get error code 5021 when I open the app", "Recibo el código de error 5021 en la app",
        "J'ai le code d'erreur 5021 dans l'appli", "Код ошибки 5021 в приложении", "エラーコード5021が出ます",
        "오류 코드 5021이 나옵니다", "Uygulamada hata kodu 5021 alıyorum", "Ứng dụng báo mã lỗi 5021",
        "يظهر رمز الخطأ 5021 في التطبيق",
        "Recebo o código de erro 5021 no app", "My promo code does not work", "Referral code not accepted",
    ])
    func `An error's or an advertisement's code is no password that fails`(text: String) {
        var envelope = Envelope(
            source: "/web_chat/x",
            type: .messageCreated,
            data: MessageData(channel: .webChat, provider: "generic")
        )
        envelope.data.body = Body(text: text)
        Triage().assess(&envelope)
        #expect(envelope.data.triage?.urgency.level == .normal, "\(envelope.data.triage?.urgency.reasons ?? [])")
    }

    @Test(arguments: [
        "My withdrawal shows error code 5021", "Die Auszahlung bricht mit Fehlercode 17 ab", "提现提示错误代码1001",
    ])
    func `A withdrawal with an error's code has failed`(text: String) {
        var envelope = Envelope(
            source: "/web_chat/x",
            type: .messageCreated,
            data: MessageData(channel: .webChat, provider: "generic")
        )
        envelope.data.body = Body(text: text)
        Triage().assess(&envelope)
        #expect(envelope.data.triage?.urgency.level == .high)
    }
}
