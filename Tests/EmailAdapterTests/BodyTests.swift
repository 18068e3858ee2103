import GatehouseCore
import Testing

@testable import EmailAdapter

@Suite struct `Bodies and attachments` {
    @Test func `The samples are read as their writers meant them`() throws {
        #expect(Samples.names.count >= 10)
        #expect(try Samples.sample("split-subject-de.eml").subject == "Überweisung läuft nicht – dringend")
        #expect(try Samples.sample("withdrawal-stuck-zh.eml").body.text.contains("镕"))
        #expect(try Samples.sample("login-trouble-ja.eml").subject == "ログインできません")
        #expect(try Samples.sample("fee-question-ko.eml").body.text.contains("쀍"))
        #expect(try Samples.sample("broken-charset-ru.eml").warnings == ["charset_guessed:utf-8"])
        let page = try Samples.sample("identity-refused-fr.eml")
        #expect(page.body.format == .html)
        #expect(page.body.text.contains("- passeport refusé\n- selfie refusé"))
        #expect(!page.body.text.contains("invisible"))
        let spanish = try Samples.sample("deposit-missing-es.eml")
        #expect(spanish.attachments.map(\.name) == ["captura de pantalla del depósito.png"])
        #expect(spanish.mail?.ticketsNamed == ["4711"])
        #expect(spanish.account == nil)
        #expect(try Samples.sample("account-stolen-en.eml").account == "support@desk.example")
    }

    @Test func `Alternative, related and attached parts are chosen as a mail program would`() throws {
        let data = try Samples.sample("many-parts-en.eml")
        #expect(data.body.strippedText == "Thursday works. The forwarded letter is attached.")
        #expect(data.body.html?.hasPrefix("<p>Thursday") == true)
        #expect(!data.body.text.contains("belongs to the forwarded letter"))
        #expect(data.attachments.map(\.name) == ["dot.png", "invite.ics", "Your card is locked.eml", "notes.txt"])
        #expect(data.attachments.map(\.part) == ["1.2.2", "1.3", "2", "3"])
        #expect(data.mail?.calendarMethod == "REQUEST")
    }

    @Test func `A uuencoded file in the text is an attachment`() throws {
        let parsed = Samples.parse(try Samples.bytes("uuencoded-log-en.eml"))
        #expect(parsed.envelope.data.attachments.map(\.name) == ["error.log"])
        #expect(parsed.contents[0] == Array("Error 0x80070005 at 10:31\n".utf8))
        #expect(!parsed.envelope.data.body.text.contains("begin 644"))
    }

    @Test func `Flowed text is joined, and quotes and signature are left as they are`() {
        let head = "Content-Type: text/plain; format=flowed\n\n"
        #expect(
            Samples.parse(head + "a \nb\nc\n> d \n> e\n-- \nme\n").envelope.data.body.text == "a b\nc\n> d e\n-- \nme\n"
        )
        let deleting = "Content-Type: text/plain; format=flowed; delsp=yes\n\n"
        #expect(Samples.parse(deleting + "日本 \n語\n").envelope.data.body.text == "日本語\n")
    }

    @Test func `A multipart without its boundary is read as text`() {
        let data = Samples.parse("Content-Type: multipart/mixed; boundary=x\n\nall of it\n").envelope.data
        #expect(data.body.text == "all of it\n")
        #expect(data.attachments.map(\.mediaType) == ["multipart/mixed"])
        #expect(Samples.parse("Content-Type: multipart/mixed; boundary=x\n\n \n").envelope.data.attachments.isEmpty)
        #expect(Samples.parse("Content-Type: multipart/mixed\n\nall\n").envelope.data.warnings == ["boundary_missing"])
    }

    @Test(arguments: [
        "multipart/mixed", "multipart/mixed; boundary=other", "multipart/mixed; boundary='b1'",
        "multipart; boundary=b1",
    ])
    func `A multipart that names its boundary wrongly or not at all is taken apart by the one it uses`(type: String) {
        let parts = "--b1\nContent-Type: text/plain\n\nhello\n--b1\nContent-Type: image/png\n\nx\n--b1--\n"
        let data = Samples.parse("Content-Type: \(type)\n\nSee below.\n\(parts)").envelope.data
        #expect(data.body.text == "hello")
        #expect(data.attachments.map(\.mediaType) == ["image/png"])
        #expect(data.warnings.contains("boundary_guessed") == (type != "multipart; boundary=b1"))
    }

    @Test(arguments: ["", "; start=\"<root>\"", "; start=root", "; start=\"<lost>\""])
    func `The root of related parts is told by its id, or is the first text`(start: String) {
        let mail = """
            Content-Type: multipart/related; boundary=b\(start)

            --b
            Content-Type: image/png
            Content-ID: <x>

            PNG
            --b
            Content-Type: text/html
            Content-ID: <root>

            <p>hello</p>
            --b--
            """
        let data = Samples.parse(mail).envelope.data
        #expect(data.body.text == "hello")
        #expect(data.attachments.map(\.mediaType) == ["image/png"])
    }

    @Test(arguments: ["", " \n\n", "\u{A0}\n"])
    func `An empty plain form gives way to the page`(plain: String) {
        let mail =
            "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n\(plain)\n--b\n"
            + "Content-Type: text/html\n\n<p>hello</p>\n--b--\n"
        let body = Samples.parse(mail).envelope.data.body
        #expect(body.text == "hello" && body.format == .html)
    }

    @Test(arguments: [
        ("text/enriched", "<bold>hel</bold>lo<color><param>red</param>,</color>\nyou <<3\n\nbye", "hello, you <3\nbye"),
        ("text/x-anything", "hello", "hello"), ("text/rtf", "{\\rtf1 hel{\\b lo}}", "hello"),
        ("text/markdown; charset=iso-8859-1", "# hello", "# hello"),
    ])
    func `A mail whose only text has another form can be read`(type: String, content: String, text: String) {
        let data = Samples.parse("Content-Type: \(type)\n\n\(content)").envelope.data
        #expect(data.body.text.trimmedBlanks == text)
        #expect(data.attachments.count == 1)
        #expect(
            Samples.parse("Content-Type: \(type)\nContent-Disposition: attachment\n\nx").envelope.data.body.text == ""
        )
    }

    @Test(arguments: [
        (["text/plain", "text/enriched"], []), (["text/plain", "text/enriched", "text/html"], []),
        (["text/plain", "text/x-amp-html", "text/html", "text/calendar"], ["text/calendar"]),
        (["text/plain", "text/enriched", "application/pdf"], ["text/enriched", "application/pdf"]),
        (["text/enriched"], ["text/enriched"]),
    ])
    func `Forms of a text that is there are left out, unless a file stands among them`(types: [String], kept: [String])
    {
        let parts = types.map { "--b\nContent-Type: \($0)\n\nhello\n" }.joined()
        let data = Samples.parse("Content-Type: multipart/alternative; boundary=b\n\n\(parts)--b--\n").envelope.data
        #expect(data.body.text.trimmedBlanks == "hello")
        #expect(data.attachments.map(\.mediaType) == kept)
    }

    @Test func `What a list server puts below base 64 is no part of it`() {
        let head = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
        #expect(
            Samples.parse(head + "aGVsbG8=\n--\nTo leave this list, write to us\n").envelope.data.body.text == "hello"
        )
        #expect(Samples.parse(head + "aGVsbG8=\r\nIHlvdQ==\r\n").envelope.data.body.text == "hello you")
        #expect(Samples.parse(head + "aGVsbG8=IHlvdQ==\r\n").envelope.data.body.text == "hello you")
    }

    @Test func `Two boundaries of which one starts like the other are told apart`() {
        let mail = """
            Content-Type: multipart/mixed; boundary=a

            --a
            Content-Type: multipart/mixed; boundary=ab

            --ab

            one
            --ab--
            --a

            two
            --a--
            """
        #expect(Samples.parse(mail).envelope.data.body.text == "one\ntwo")
    }

    static let protections: [(type: String, signed: String?, encrypted: String?)] = [
        ("multipart/signed; protocol=\"application/pgp-signature\"; boundary=b", "pgp", nil),
        ("multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b", "smime", nil),
        ("multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b", nil, "pgp"),
        ("application/pkcs7-mime; smime-type=enveloped-data", nil, "smime"),
        ("application/x-pkcs7-mime; smime-type=signed-data", "smime", nil),
    ]

    @Test(arguments: protections)
    func `Signed and encrypted mail is flagged and kept`(type: String, signed: String?, encrypted: String?) {
        let mail = Samples.parse("Content-Type: \(type)\n\n--b\n\ntext\n--b--\n").envelope.data.mail
        #expect(mail?.signed?.rawValue == signed)
        #expect(mail?.encrypted?.rawValue == encrypted)
    }

    @Test func `A message is known by its Message-ID, and by its content where it has none`() {
        #expect(Samples.parse("Message-ID: <a@x>\n\nx").keys == [IdentityKey(.claimed, "a@x")])
        let first = Samples.parse("From: a@x\nSubject: s\n\nx").keys
        #expect(first.first?.strength == .composite)
        #expect(first == Samples.parse("From: a@x\nSubject: s\n\nx").keys)
        #expect(first != Samples.parse("From: a@x\nSubject: s\n\ny").keys)
    }

    @Test func `Empty input is rejected, and anything else is a message`() throws {
        for format in ["rfc5322", "mbox"] {
            guard case .rejected(let rejected) = try #require(Samples.items([], format: format).first) else {
                Issue.record("not rejected")
                continue
            }
            #expect(rejected.reason == "empty_input")
        }
        for bytes in [[0], [0xFF, 0xFE], Array("\r\n".utf8), Array(":".utf8)] as [[UInt8]] {
            guard case .message = try #require(Samples.items(bytes, format: "rfc5322").first) else {
                Issue.record("no message")
                continue
            }
        }
    }
}
