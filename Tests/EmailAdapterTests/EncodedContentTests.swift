import GatehouseCore
import Testing

@testable import EmailAdapter

@Suite struct `Charsets, containers and encoded files` {
    /// Base 64 of a sentence in a charset, what it says, and the charset.
    static let unlabelled: [(bytes: String, text: String, charset: String)] = [
        (
            "wvfl8OAg/yDv7u/u6+3o6yDx97jyLCDt7iDk5e384+gg8uDqIOgg7eUg7/Do+OvoLg==",
            "Вчера я пополнил счёт, но деньги так и не пришли.", "cp1251"
        ),
        (
            "997F0sEg0SDQz9DPzM7JzCDT3qPULCDOzyDExc7Yx8kg1MHLIMkgzsUg0NLJ28zJLg==",
            "Вчера я пополнил счёт, но деньги так и не пришли.", "koi8_r"
        ),
        (
            "guel4KAg7yCvrq+uq62oqyDh5/HiLCCtriCkpa3so6gg4qCqIKggraUgr+Co6KuoLg==",
            "Вчера я пополнил счёт, но деньги так и не пришли.", "cp866"
        ),
        (
            "sufV4NAg7yDf3t/e293Y2yDh5/HiLCDd3iDU1d3s09gg4tDaINgg3dUg3+DY6NvYLg==",
            "Вчера я пополнил счёт, но деньги так и не пришли.", "iso8859_5"
        ),
        (
            "UHJ6ZWxldyBuaWUgZG90YXKzLCBwcm9zeuogbyBzcHJhd2R6ZW5pZSCfcvNks2EgcLNhdG5vnGNpLg==",
            "Przelew nie dotarł, proszę o sprawdzenie źródła płatności.", "cp1250"
        ),
        (
            "UHJ6ZWxldyBuaWUgZG90YXKzLCBwcm9zeuogbyBzcHJhd2R6ZW5pZSC8cvNks2EgcLNhdG5vtmNpLg==",
            "Przelew nie dotarł, proszę o sprawdzenie źródła płatności.", "iso8859_2"
        ),
        ("UPjtbGmaIJ5sdZ1vdehr/SBr+fIg+nDsbCDv4WJlbHNr6SDzZHku", "Příliš žluťoučký kůň úpěl ďábelské ódy.", "cp1250"),
        (
            "UPjtbGm5IL5sdbtvdehr/SBr+fIg+nDsbCDv4WJlbHNr6SDzZHku", "Příliš žluťoučký kůň úpěl ďábelské ódy.",
            "iso8859_2"
        ),
        (
            "3mlmcmVtaSBkZfBp/nRpcmRpbSBhbWEgZ2lyaf4geWFwYW39eW9ydW0sIP3wZP1yLg==",
            "Şifremi değiştirdim ama giriş yapamıyorum, ığdır.", "cp1254"
        ),
        (
            "xyDw6+fx+ezeIOzv9SDk5e0g3ffl6SD29Nzz5ekg4er87Ocg8/Tv7SDr7+Ph8enh8+z8Lg==",
            "Η πληρωμή μου δεν έχει φτάσει ακόμη στον λογαριασμό.", "cp1253"
        ),
        (
            "+ezl7Swg4PDpIOzgIO727OnnIOzk6evw8SDs5/nh5e8g+ezpIO7g5iDg+u7l7C4=",
            "שלום, אני לא מצליח להיכנס לחשבון שלי מאז אתמול.", "cp1255"
        ),
        ("4eMg7dXhIMfhxe3Px9ogxeHsIM3Tx8jtIM3K7CDH4cLkLg==", "لم يصل الإيداع إلى حسابي حتى الآن.", "cp1256"),
        (
            "TWFubyBwYXZlZGltYXMgZGFyIG5l4XNrYWl0eXRhcywgcHJh8GF1IHBhdGlrcmludGku",
            "Mano pavedimas dar neįskaitytas, prašau patikrinti.", "cp1257"
        ),
        ("vMHkwejK0sHSw7bgounSytnow9C6uuS06bXR6afhtejgwdfozcfSuQ==", "ผมไม่สามารถเข้าสู่ระบบได้ตั้งแต่เมื่อวาน", "cp874"),
        ("ztK1xMzhz9bSu9axw7vT0LW91cujrMfrsO/O0rLp0rvPwqGj", "我的提现一直没有到账，请帮我查一下。", "gb18030"),
        ("p9qqurSju+KkQKq9qFOms6jssWKhQb3QwLCn2qxkuN+kQKRVoUM=", "我的提領一直沒有到帳，請幫我查詢一下。", "big5"),
        ("jfCT+oKpguePb4vggqqCxYKrgtyCuYLxgUKKbZRGgvCCqIrogqKCtYLcgreBQg==", "昨日から出金ができません。確認をお願いします。", "cp932"),
        ("uvLG/KSrpOm90LbipKykx6StpN6ku6TzoaOzzsenpPKkqrTqpKSkt6TepLmhow==", "昨日から出金ができません。確認をお願いします。", "euc_jp"),
        ("vu7BprrOxc0gw+Kx3cDMILXHwfYgvsq9wLTPtNkuIMiuwM7H2CDB1ry8v+Qu", "어제부터 출금이 되지 않습니다. 확인해 주세요.", "cp949"),
        (
            "R3L232UgdW5kINxiZXJncvbfZTogU3RyYd9lIGdlc3BlcnJ0LCBiaXR0ZSBwcvxmZW4u",
            "Größe und Übergröße: Straße gesperrt, bitte prüfen.", "cp1252"
        ),
        (
            "R3Kap2UgdW5kIIZiZXJncpqnZTogU3RyYadlIGdlc3BlcnJ0LCBiaXR0ZSBwcp9mZW4u",
            "Größe und Übergröße: Straße gesperrt, bitte prüfen.", "mac_roman"
        ),
        (
            "TCfpdOkgZGVybmllciwgaidhaSDpdOkgZOliaXTpIGRldXggZm9pcyBv+SDnYSA/",
            "L'été dernier, j'ai été débité deux fois où ça ?", "cp1252"
        ),
    ]

    @Test(arguments: unlabelled)
    func `A text without a label is read in the charset in which it is most like a language`(
        bytes: String,
        text: String,
        charset: String
    ) throws {
        let body = try #require(Base64.decode(bytes))
        let data = Samples.parse(Array("Content-Type: text/plain\n\n".utf8) + body).envelope.data
        #expect(data.body.text == text, "\(charset)")
        #expect(data.warnings.count == 1)
        #expect(data.warnings.first?.hasPrefix("charset_guessed:") == true)
    }

    @Test(
        arguments: [
            (0x80, "", "50"), (0x80, "50 ", ""), (0xA3, "", "100"), (0xB0, "10", ""), (0xA9, "", " 2026"),
            (0x93, "", "so"),
            (0x94, "so", ""), (0x92, "it", "s"), (0x96, "a ", " b"), (0xE9, "", ""), (0xC7, "", "a va"),
            (0xE9, "caf", ""), (0xA2, "49", " each"),
        ] as [(UInt8, String, String)]
    )
    func `A single sign or letter without a label is the West's`(byte: UInt8, before: String, after: String) throws {
        let mail = Array("Subject: \(before)".utf8) + [byte] + Array("\(after)\n\nx".utf8)
        let sign = CharsetDecoder.decode([byte], label: "windows-1252").text
        #expect(Samples.parse(mail).envelope.data.subject == before + sign + after)
    }

    @Test func `A letter inside a word of the Mac's or of DOS is no sign`() {
        for byte in [0x93, 0x94, 0x96, 0x97, 0xA3, 0xA7] as [UInt8] {
            #expect(!LonelyBytes(Array("a".utf8) + [byte] + Array("os".utf8)).areSigns)
        }
        #expect(!LonelyBytes([0xCF, 0xF0]).areFewLetters)
    }

    @Test func `Binary data below a text tells nothing of its charset`() {
        // A footer in ASCII that a server took for base 64: its rule of dashes and underscores has become 0xFF.
        let footer: [UInt8] =
            [UInt8](repeating: 0xFF, count: 41) + [0xD3, 0x86, 0x2B, 0xFD, 0xDE, 0xB5, 0xE9, 0x9A, 0x8A]
        let text: [UInt8] =
            Array("T".utf8) + [0xFC] + Array("rk ".utf8) + [0xFC] + Array("nl".utf8) + [0xFC]
            + Array("lerin yanl".utf8) + [0xFD, 0xFE] + Array(" hesab".utf8) + [0xFD] + Array("na para g".utf8) + [0xF6]
            + Array("nderdim, ger".utf8) + [0xE7] + Array("ek bu.\n".utf8)
        let data = Samples.parse(Array("Subject: s\n\n".utf8) + text + footer + footer + footer).envelope.data
        #expect(data.body.text.hasPrefix("Türk ünlülerin yanlış hesabına para gönderdim, gerçek bu."))
    }

    @Test func `A header without a label is read in its body's charset`() throws {
        let data = try Samples.sample("unlabelled-koi8-ru.eml")
        #expect(data.subject == "Вывод средств не приходит")
        #expect(data.from.first?.name == "Иван Петров")
        #expect(data.body.text.hasPrefix("Здравствуйте"))
        #expect(data.warnings == ["charset_guessed:koi8-u"])
    }

    @Test(arguments: [
        ("iso-8859-1", Array("Grüße".utf8), "Grüße"), ("us-ascii", [0x47, 0x72, 0xFC, 0xDF, 0x65], "Grüße"),
        ("hz-gb-2312", Array("~{Dc:C~}, ok".utf8), "你好, ok"),
        ("iso-2022-jp", [0x1B] + Array("$B-!".utf8) + [0x1B] + Array("(I1".utf8) + [0x1B] + Array("(B.".utf8), "①ｱ."),
        ("iso-2022-jp", [0x1B] + Array("$BF|\n".utf8) + Array("ok".utf8), "日\nok"),
    ])
    func `A label that lies, or means more than it says, does no harm`(label: String, bytes: [UInt8], text: String) {
        let mail = Array("Content-Type: text/plain; charset=\(label)\n\n".utf8) + bytes
        #expect(Samples.parse(mail).envelope.data.body.text == text)
    }

    @Test func `A file in yEnc is an attachment, and damage to it is told`() throws {
        let encoded = """
            c2VlIGJlbG93DQo9eWJlZ2luIGxpbmU9NjQgc2l6ZT0yNTYgbmFtZT1hIGZpbGUuYmluDQoqKywtLi8wMTIzNDU2Nzg5Ojs8
            PX0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoDQppamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CB
            goOEhYaHiImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoDQqpqqusra6vsLGys7S1tre4ubq7vL2+v8DBwsPExcbH
            yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5ufoDQrp6uvs7e7v8PHy8/T19vf4+fr7/P3+/z1AAQIDBAUGBwgJPUoL
            DD1NDg8QERITFBUWFxgZGhscHR4fICEiIyQlDQomJygpDQo9eWVuZCBzaXplPTI1NiBjcmMzMj0yOTA1OGM3Mw0KdGhhbmtz
            DQo=
            """
        let body = try #require(Base64.decode(encoded.replacing("\n", with: "")))
        let parsed = Samples.parse(Array("Subject: s\r\n\r\n".utf8) + body)
        #expect(parsed.envelope.data.attachments.map(\.name) == ["a file.bin"])
        #expect(parsed.contents[0] == (0...255).map { UInt8($0) })
        #expect(parsed.envelope.data.body.text == "see below\nthanks\n")
        #expect(parsed.envelope.data.warnings == [])
        let cut = Samples.parse(Array("Subject: s\r\n\r\n".utf8) + body.prefix(150))
        #expect(cut.envelope.data.warnings.contains("yenc_damaged"))
        #expect(cut.envelope.data.attachments.count == 1)
    }

    @Test func `An Outlook container is opened: its text where the mail has no other, and its files`() throws {
        let parsed = Samples.parse(try Samples.bytes("winmail-en.eml"))
        let data = parsed.envelope.data
        #expect(data.body.text.hasPrefix("Grüße привет\nthe screenshot is attached: €"))
        #expect(data.attachments.map(\.name) == ["message.rtf", "Снимок экрана.png"])
        #expect(data.attachments.last?.mediaType == "image/png")
        #expect(data.attachments.last?.detectedType == "image/png")
        #expect(data.warnings == [])
    }

    @Test func `Every prefix of a container, and every byte of it changed, is read without a trap`() throws {
        let mail = Samples.parse(try Samples.bytes("winmail-en.eml"))
        let container = try #require(Self.container(of: try Samples.bytes("winmail-en.eml")))
        #expect(mail.envelope.data.attachments.count == 2)
        for length in 0...container.count { _ = TNEFText(TNEFReader(Array(container.prefix(length)))) }
        for index in container.indices {
            for value in [0, 0xFF, container[index] ^ 0x80] as [UInt8] {
                var changed = container
                changed[index] = value
                _ = TNEFText(TNEFReader(changed))
            }
        }
    }

    private static func container(of mail: [UInt8]) -> [UInt8]? {
        let tree = MIMETree(mail, header: HeaderBlock(of: mail, in: 0..<mail.count, limits: Limits()), limits: Limits())
        return tree.parts.first.map { TransferDecoder.decode(mail, $0.content, encoding: "base64").bytes }
    }

    @Test(arguments: [
        (#"{\rtf1\ansi a\par b\tab c}"#, "a\nb\tc", false), (#"{\rtf1\ansi{\pict 0102}x{\*\unknown y}z}"#, "xz", false),
        (#"{\rtf1\uc1 \u-10179?\u-8704?!}"#, "😀!", false), (#"{\rtf1 \{x\}\\ \'e9}"#, #"{x}\ é"#, false),
        (
            #"{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 Hi{\*\htmltag84 &amp;}\htmlrtf &\htmlrtf0 {\*\htmltag72 </p>}}"#,
            "<p>Hi&amp;</p>", true
        ),
    ])
    func `Rich text gives what a person would read, or the HTML it was made from`(
        rtf: String,
        text: String,
        isHTML: Bool
    ) {
        let read = TNEFRichText(Array(rtf.utf8))
        #expect(read.text == text)
        #expect(read.isHTML == isHTML)
    }

    @Test func `Compressed rich text is inflated, and damage to it is no trap`() throws {
        // The example of MS-OXRTFCP §3.1: `{\rtf1\ansi\ansicpg1252\pard hello world}` and a line end.
        let packed: [UInt8] = [
            0x2D, 0, 0, 0, 0x2B, 0, 0, 0, 0x4C, 0x5A, 0x46, 0x75, 0xF1, 0xC5, 0xC7, 0xA7, 0x03, 0x00, 0x0A, 0x00, 0x72,
            0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0A, 0xF3, 0x20, 0x68, 0x65, 0x6C, 0x09, 0x00, 0x20, 0x62,
            0x77, 0x05, 0xB0, 0x6C, 0x64, 0x7D, 0x0A, 0x80, 0x0F, 0xA0,
        ]
        let text = try #require(TNEFCompressedText.inflate(packed))
        #expect(String(decoding: text, as: UTF8.self) == "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n")
        for length in 0..<packed.count { _ = TNEFCompressedText.inflate(Array(packed.prefix(length))) }
        for index in packed.indices {
            var changed = packed
            changed[index] ^= 0xFF
            #expect((TNEFCompressedText.inflate(changed) ?? []).count <= packed.count * 9)
        }
    }

    @Test(arguments: [
        ("--boundary and more\n\none\n--boundary-- rest\nx", "one"),
        ("--boundary\n\none\n--boundaryless\n--boundary--", "one\n--boundaryless"),
    ])
    func `A delimiter line may hold more than its boundary`(body: String, text: String) {
        let data = Samples.parse("Content-Type: multipart/mixed; boundary=boundary\n\n\(body)").envelope.data
        #expect(data.body.text == text)
    }
}
