import Foundation
import GatehouseCore
import Testing

@testable import GatehouseTriage

/// What is a secret and what only looks like one.
struct SecretScannerTests {
    /// Two phrases in each of the languages; they never belonged to a wallet.
    static let phrases = [
        "cimento negrito lucidez rajada secar vereador semente palavra bloco garimpo pudim raspador",
        "jabón caimán diente camino sur iris senda sueño llanto gigante leña honra",
        "おらんだ　こよい　さたん　すいか　ふうせん　たいりょく　のみもの　ちひょう　ふすま　そいとげる　にくしみ　おぎなう",
        "tabule dusno makrela vtip rande klima krajina korzet maminka vodstvo pustina cvaknout",
        "прямой драка икона толщина доска зоопарк акцент галерея вольный смола откуда гамма",
        "gömlek rampa üçgen nevresim acemi bermuda argüman gürbüz karanlık organik menekşe dövme",
        "微 爸 緣 膽 明 遠 撐 四 異 磚 丘 痛",
        "cherry pepper cream crucial aware nuclear eye owner rate also post monster",
        "wild swim exhibit leave dismiss apart sad script nation poverty dance obscure behave right blossom tattoo satoshi wage "
            + "scene because art load rich way",
        "bordure frotter chaton grenat retenir coude botte enzyme dossier symétrie coupure commande",
        "부문 자격 결과 주인 정오 승리 경계 티셔츠 신비 방울 모습 최악",
        "fresco mitra verticale oste premere toppa cottura cerume fendere artefice mucca rantolare",
        "丘 是 何 尼 殊 惊 频 番 慰 其 武 潮",
    ]

    private func kinds(_ text: String) -> [SecretKind] { SecretScanner().proven(in: text.utf8.span).map(\.kind) }

    @Test(arguments: phrases)
    func `A seed phrase is seen in each language, however it is laid out`(phrase: String) {
        let words = phrase.split { $0 == " " || $0 == "\u{3000}" }.map(String.init)
        let layouts = [
            phrase, "Hi! My phrase is: \(phrase). Please help", words.joined(separator: ", "),
            words.joined(separator: "\n"),
            words.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n"),
            words.map { "> \($0)" }.joined(separator: "\n"),
            words.map { "\"\($0)\"" }.joined(separator: " "), phrase.uppercased(),
            phrase.decomposedStringWithCanonicalMapping,
        ]
        for layout in layouts { #expect(kinds(layout) == [.seedPhrase], "\(layout)") }
        for shift in 0..<40 {
            let before = String(repeating: "x", count: shift)
            #expect(kinds("\(before) \(phrase) - ok") == [.seedPhrase])
            #expect(kinds("\(before) \(phrase)") == [.seedPhrase], "at the end, \(shift) bytes from the beginning")
        }
    }

    @Test(arguments: phrases)
    func `A phrase with one other word is likely to be one`(phrase: String) {
        var words = phrase.split { $0 == " " || $0 == "\u{3000}" }.map(String.init)
        words.swapAt(0, 1)
        let text = words.joined(separator: " ")
        let findings = SecretScanner().all(in: text.utf8.span)
        // One order in sixteen passes the checksum, too.
        #expect(findings.map(\.kind) == [.seedPhrase])
    }

    @Test(arguments: [
        "这是一个普通的问题我的提现还没有到账请帮我看一下谢谢你们的工作", "salt salt salt salt salt salt salt salt salt salt salt salt",
        "fan fault fan fault fan fault fan fault fan fault fan fault", "My order 1234567890123456 is missing",
        "1FaLvnq7UmkJpidDtvJPuZRE3ZoJV4ebj7 is where I sent it", "0.4111111111111111 BTC",
        "2010 2011 2012 2013 2014 2015",
        "https://x.example/posts/4111111111111111",
        "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "<649569.1026307933031.JavaMail.root@abv.example>", "4111111111111112", "GB29 NWBK 6016 1331 9268 18",
        "-----BEGIN PUBLIC KEY-----",
        "3FTdLfWqFkmBfZcFBFN41oKGRrqwaAohyk3c2FBMjCpri5Azx7mfga3byxBcnbHSsT6uUhfkih77skFQ4LeggYbj",
    ])
    func `What only looks like a secret stays`(text: String) { #expect(kinds(text).isEmpty) }

    @Test(arguments: [
        ("5KjpWEJ8o74pDdhXkLx7yeu9AbDmdkJFKrUsNKxcVLkwtqFRndk", SecretKind.privateKey),
        ("cW4z8vgUqZU6aCTA6isRANnCfZLmfeCpJFYURZ8y9CryYCTXUei8", .privateKey),
        (
            "zprvAWgYBBk7JR8GjL2CppNDqXvvJfL3L5cQiumsDHB5sz3UUBUKBz7fTiqhUHi48zJSUWM5i9p6nWmxJkSmAyZeHgZ3E1iyEW6m9TL6vvxWGpL",
            .privateKey
        ),
        ("ssmab6GWWyW36oxjNuALuoi1ftNB7", .privateKey), ("sEdTQRujPU3ySEqSH8TZqF9rwjkAPYB", .privateKey),
        ("SD6T72Z4SJILPF2KTNJIW2LDMMQ2IYNVL32VW67K7WAJVGU6SJNXSFVL", .privateKey),
        ("64frBtvEnnPuEFZBgyjpdK9ZehmHCVzPR43MiHckVZ2i942xU1gGgpZxBzm1N7QWNUqUVcCvamJrrfigBjea33oN", .privateKey),
        ("nsec1l5l7k0yj2zmewj5m229kjcmryxjxrd2774dhh6haszdf485jtdusyxtyw5", .privateKey),
        ("AGE-SECRET-KEY-1L5L7K0YJ2ZMEWJ5M229KJCMRYXJXRD2774DHH6HASZDF485JTDUSD8NCAF", .privateKey),
        ("6PRTHkigZLT1C5FTgr5uEi8hEJpUZmWY1NeuSWbDzfcWKPWVXrHsgd2vEj", .privateKey),
        ("AKIAIOSFODNN7EXAMPLE", .apiKey), ("123456789:AA2Tag1YkWilalO5Vr67B2RmqsKs3U9i5kk", .apiKey),
        ("MTIzNDU2Nzg5MDEyMzQ1Njc4.GtpNo1.kRSHEe2oeFWzEa5JBSbxa3HCmnwCYt", .apiKey),
        ("4012888888881881", .cardNumber), ("3782-822463-10005", .cardNumber), ("5555 5555 5555 4444", .cardNumber),
        ("NO93 8601 1117 947", .iban), ("NL91ABNA0417164300", .iban), ("de89370400440532013000", .iban),
    ])
    func `A secret is seen wherever it stands`(secret: String, kind: SecretKind) {
        for shift in 0..<40 {
            let text = String(repeating: "x", count: shift) + " \(secret), thanks"
            #expect(kinds(text) == [kind], "\(shift)")
        }
        #expect(kinds(secret) == [kind])
    }

    @Test(arguments: [
        ("My password: Hunter2!x", SecretKind.password), ("пароль: Qwerty123", .password), ("密码是abc12345", .password),
        ("your verification code is 482913", .oneTimeCode), ("验证码：4829", .oneTimeCode),
        ("2FA code 482 913", .oneTimeCode),
        ("private key: 0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", .privateKey),
        ("mot de passe : Rt5!Bev6KDD", .password), ("비밀번호는 Fd5!d7fdEGB", .password),
        ("mi clave es Wq4!THVnj", .password),
        ("clave privada 01b9015bcdefadb46d41592add47251146c14d7e4453188668228a073c5291fc", .privateKey),
        ("API secret = NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j", .apiKey),
    ])
    func `What the words around it give away is flagged, and replaced where configured`(text: String, kind: SecretKind)
    {
        let findings = SecretScanner().all(in: text.utf8.span)
        #expect(findings.map(\.kind) == [kind] && findings.allSatisfy { !$0.isProven })
        var message = message(text)
        let flagged = SecretRedactor(key: [1]).redact(&message)
        #expect(
            message.envelope.data.body.text == text && flagged.result.flags.map(\.name) == ["possible_\(kind.rawValue)"]
        )
        let masked = SecretRedactor(key: [1], masksProbable: true).redact(&message)
        #expect(message.envelope.data.body.text.contains("[removed: ") && masked.replacesOriginal)
    }

    @Test(arguments: [
        "My password is wrong", "password reset does not work", "error code 4829", "the private key is lost",
    ])
    func `Words alone are no secret`(text: String) { #expect(SecretScanner().all(in: text.utf8.span).isEmpty) }

    @Test(arguments: [
        "call +4915112345678 please", #"{"wa_id": "4915112345678"}"#, "4915112345678", "(+4915112345678)",
    ])
    func `A telephone number with a card's check digit is no card`(text: String) { #expect(kinds(text) == []) }

    @Test(arguments: ["4222222222222", "card=+4111111111111111", "card+378282246310005"])
    func `A card is one behind a plus of a form, too`(text: String) { #expect(kinds(text) == [.cardNumber]) }

    @Test func `The same secret has the same digest, another key another one`() {
        func digest(_ text: String, _ key: [UInt8]) -> String? {
            var message = message(text)
            return SecretRedactor(key: key).redact(&message).result.redactions.first?.digest
        }
        #expect(digest("4111 1111 1111 1111", [1]) == digest("x 4111-1111-1111-1111", [1]))
        #expect(digest("4111 1111 1111 1111", [1]) != digest("4111 1111 1111 1111", [2]))
        #expect(digest("4111 1111 1111 1111", [1]) != digest("5555 5555 5555 4444", [1]))
    }

    @Test func `Every prefix and every byte is read without a trap`() {
        let text = Array((Self.phrases.joined(separator: " ") + " 4111 1111 1111 1111 GB29 NWBK 6016 eyJ.. ").utf8)
        for length in 0...text.count { _ = SecretScanner().all(in: Array(text[..<length]).span) }
        for byte in UInt8.min...UInt8.max { _ = SecretScanner().all(in: [UInt8](repeating: byte, count: 100).span) }
    }

    private func message(_ text: String) -> ParsedMessage {
        var data = MessageData(channel: .webChat, provider: "generic")
        data.body = Body(text: text)
        return ParsedMessage(
            envelope: Envelope(source: "/x", type: .messageCreated, data: data),
            keys: [],
            raw: Array(text.utf8)
        )
    }

    @Test func `No list of seed words has a word of one or two letters, nor one of two bytes`() {
        let letters = (UInt32(0x61)...0x7A).map { $0 }
        let others = (UInt32(0x80)..<0x800).map { $0 }
        let words =
            letters.map { [$0] } + letters.flatMap { first in letters.map { [first, $0] } } + others.map { [$0] }
        for word in words {
            var hash = SeedWordHash()
            for scalar in word { if let plain = SeedWordTable.builtIn.plain(scalar) { hash.add(plain) } }
            #expect(SeedWordTable.builtIn.languages(of: hash.hash) == 0, "\(word)")
        }
    }

    @Test func `A phrase that begins anywhere before a look is seen by it, glued to another word or not`() {
        let phrase = "cherry pepper cream crucial aware nuclear eye owner rate also post monster"
        let shortWords = "act add age aim air all any ask bag bar boy can"
        for shift in 0..<80 {
            for end in ["", ".", " and more of it, as others write", "\n", " 12345678901234567890"] {
                let text = String(repeating: "0", count: shift) + " " + phrase + end
                #expect(kinds(text) == [.seedPhrase], "\(text)")
                let short = String(repeating: "!", count: shift) + " " + shortWords + end
                #expect(SecretScanner().all(in: short.utf8.span).map(\.kind) == [.seedPhrase], "\(short)")
            }
        }
    }

    @Test(arguments: SecretWords.words.map(\.text))
    func `Each word that announces a secret is found at every place, in either case, at the text's end, too`(
        word: String
    ) {
        for shift in 0..<20 {
            for end in ["", "x", " is it", String(repeating: ".", count: 40)] {
                let text = String(repeating: "-", count: shift) + word.uppercased().lowercased() + end
                let found = SecretWords.next(text.utf8.span, from: 0)
                #expect(found != nil, "\(text)")
                guard let found else { continue }
                #expect(found.end - found.word.bytes.count <= shift, "\(text)")
                #expect(word.utf8.count < found.word.bytes.count || word.contains(found.word.text), "\(text)")
            }
        }
    }

    @Test func `What a token's words are is the same for eight bytes at once as for one at a time`() {
        let marks: [UInt8] = Array("a9Z_-./:=+x0".utf8)
        var seed: UInt64 = 7
        for count in 8..<80 {
            let bytes = (0..<count).map { _ in
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return marks[Int(seed >> 33) % marks.count]
            }
            for start in 0...(count - 8) {
                var words: [Range<Int>] = []
                var place = start
                while place < count {
                    let end = bytes[place...].firstIndex { !ByteClass.alphanumeric.has($0) } ?? count
                    if end > place { words.append(place..<end) }
                    place = end + 1
                }
                var edges = WordEdges(start..<count)
                var found: [Range<Int>] = []
                while let word = edges.next(bytes.span) { found.append(word) }
                #expect(found == words)
            }
        }
    }

    @Test func `Blocks of eight bytes are classed as their bytes are`() {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<8 {
                let block = UInt64(byte) << UInt64(place * 8) | (0x2A2A_2A2A_2A2A_2A2A & ~(0xFF << UInt64(place * 8)))
                let mark: UInt64 = 0x80 << UInt64(place * 8)
                #expect(LetterBlock.tokens(block) == (ByteClass.token.has(byte) ? mark : 0), "\(byte)")
                #expect(LetterBlock.alphanumerics(block) == (ByteClass.alphanumeric.has(byte) ? mark : 0), "\(byte)")
                let isOfNumber = ByteClass.digit.has(byte) || byte >= 0x80 || ByteClass(" -.").has(byte)
                #expect(LetterBlock.groupedDigits(block) == (isOfNumber ? mark : 0), "\(byte)")
            }
        }
    }
}
