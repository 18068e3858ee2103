import Foundation
import Testing

/// Secrets that customers send: not one of them may be found on disk, in a log or in a ticket.
struct SecretTests {
    /// None of these ever belonged to anybody: they were made for these tests.
    static let secrets: [(kind: String, text: String)] = [
        ("seed_phrase", "cherry pepper cream crucial aware nuclear eye owner rate also post monster"),
        ("seed_phrase", "gömlek rampa üçgen nevresim acemi bermuda argüman gürbüz karanlık organik menekşe dövme"),
        ("seed_phrase", "丘 是 何 尼 殊 惊 频 番 慰 其 武 潮"),
        ("private_key", "L5hzg1gdQVmqQkytiK4Ho4H93L3N1C78EDQ1K8gTe6CyHTK6LEJr"),
        (
            "private_key",
            "xprv9s21ZrQH143K3iLBehfqiN9TBkbpfQXc1Ys93btjBqbBniFqwqCynqeXcoxdreQ7TTUMDQ9Z33UAEYxDbLZ4iPCjANgUveytsPqj99mzFAH"
        ),
        ("api_key", "ghp_CTAEGmiC8MaSnQJsC3VUX9I53YYd3hYp3mrj"),
        (
            "access_token",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.9K2wftx0jDe-DgtCyLQp9-LkCqzKTahvQ79qx6EFbKA"
        ),
        ("card_number", "4111 1111 1111 1111"),
        ("iban", "GB29 NWBK 6016 1331 9268 19"),
    ]

    /// An input for each way in which a secret may come; `#` stands for it.
    static let channels: [(name: String, format: String?, make: @Sendable (String) -> Data)] = [
        ("text", nil, { mail("Content-Type: text/plain; charset=utf-8\n\nMy secret: \($0). Please help!\n") }),
        (
            "subject", nil,
            { mail("Content-Type: text/plain\n\nHelp\n", subject: "=?utf-8?B?\(base64("About \($0)"))?=") }
        ),
        (
            "base64", nil,
            {
                mail(
                    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n\(base64("Hi \($0) bye"))\n"
                )
            }
        ),
        (
            "quoted-printable", nil,
            {
                mail(
                    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n\(quotedPrintable($0))\n"
                )
            }
        ),
        (
            "quoted reply", nil,
            {
                mail(
                    "In-Reply-To: <0@x.example>\nContent-Type: text/plain; charset=utf-8\n\nThanks\n\nOn Monday, A wrote:\n> \($0)\n"
                )
            }
        ),
        (
            "html alone", nil,
            {
                mail(
                    "Content-Type: text/html; charset=utf-8\n\n<p>It is <b>\($0.replacing(" ", with: "</b>&nbsp;<b>"))</b></p>\n"
                )
            }
        ),
        (
            "html beside text", nil,
            {
                mail(
                    "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee HTML\n--b\n"
                        + "Content-Type: text/html; charset=utf-8\n\n<p><span>\($0.replacing(" ", with: "</span> <span>"))</span></p>\n--b--\n"
                )
            }
        ),
        ("attachment", nil, { attached("text/plain; charset=utf-8", "note.txt", Data($0.utf8)) }),
        (
            "attachment in UTF-16", nil,
            { attached("text/plain", "note.txt", Data([0xFF, 0xFE]) + $0.data(using: .utf16LittleEndian)!) }
        ),
        (
            "file name", nil,
            { attached("image/png", $0, Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0])) }
        ),
        ("chat", "generic", { json(["format": "gatehouse-chat/1", "id": "1", "text": "it is \($0)", "name": "A"]) }),
        (
            "callback", "generic",
            {
                json([
                    "format": "gatehouse-callback/1", "id": "1", "phone": "+491711234567", "topic": $0,
                    "notes": "my \($0)",
                ])
            }
        ),
        (
            "direct message", "telegram-webhook",
            {
                json([
                    "update_id": $0.utf8.count,
                    "message": [
                        "message_id": $0.utf8.count, "date": 1_767_225_600, "text": "it is \($0)",
                        "chat": ["id": 5, "type": "private", "first_name": "A"],
                        "from": ["id": 5, "is_bot": false, "first_name": "A"],
                    ],
                ])
            }
        ),
        ("broken", "generic", { Data("{\"format\": \"gatehouse-chat/1\", \"text\": \"\($0)\", ".utf8) }),
    ]

    @Test(arguments: 0..<Self.channels.count)
    func `No secret reaches the disk, a log or a ticket`(number: Int) throws {
        let (name, format, make) = Self.channels[number]
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(target: sink.url + "/tickets")
        var log = ""
        for secret in Self.secrets {
            let channel =
                ["chat", "broken"].contains(name) ? "web_chat" : name == "callback" ? "phone_callback" : "social_dm"
            let words = format == nil ? ["--channel", "email"] : ["--channel", channel]
            let outcome = try Program.run(
                "gatehouse",
                ["ingest", "-"] + words + ["--config", desk.configuration.path()],
                input: make(secret.text)
            )
            #expect([0, 65].contains(outcome.status), "\(name): \(outcome.errors)")
            log += outcome.output + outcome.errors
        }
        for _ in 0..<20 {
            let forwarded = try desk.gatehouse("forward", "--linger", "2")
            log += forwarded.output + forwarded.errors
            if try desk.outbox("ready") == 0 { break }
        }
        let kept =
            try Self.contents(of: desk.state)
            + [("log", Data(log.utf8)), ("requests", try? sink.requests())]
            .compactMap { name, data in data.map { (name, $0) } }
        for (secret, file) in Self.secrets.flatMap({ secret in kept.map { (secret, $0) } }) {
            #expect(!Self.isFound(secret.text, in: file.1), "\(name): a \(secret.kind) is in \(file.0)")
        }
        if name != "broken" {
            let list = try sink.entries().map { "\($0.body)" }.joined()
            for kind in Set(Self.secrets.map(\.kind)) { #expect(list.contains(kind), "\(name): no word of a \(kind)") }
        }
    }

    // MARK: Looking for them

    private static func contents(of folder: URL) throws -> [(String, Data)] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path())
        #expect(!names.isEmpty)
        return try names.map { ($0, try Data(contentsOf: folder.appending(path: $0))) }
    }

    /// As it is, in UTF-16, escaped in JSON, and within base 64 or quoted-printable.
    static func isFound(_ secret: String, in data: Data) -> Bool {
        var forms = [Data(secret.utf8), secret.data(using: .utf16LittleEndian)!, secret.data(using: .utf16BigEndian)!]
        // A part is as bad as the whole.
        let words = secret.split(separator: " ")
        if words.count >= 12 {
            forms += (0...words.count - 4).map { Data(words[$0..<$0 + 4].joined(separator: " ").utf8) }
        }
        forms.append(Data(quotedPrintable(secret).utf8))
        for form in Array(forms.prefix(3)) {
            for shift in 0..<3 {
                let text = (Data(repeating: 0x41, count: shift) + form).base64EncodedString()
                forms.append(Data(text.dropFirst(shift == 0 ? 0 : 4).dropLast(4).utf8))
            }
        }
        return forms.contains { data.range(of: $0) != nil }
    }

    // MARK: Inputs

    private static func mail(_ rest: String, subject: String = "Help") -> Data {
        let head = "From: Ann <ann@customer.example>\nTo: support@exchange.example\nSubject: \(subject)\n"
        return Data("\(head)Message-ID: <\(UUID().uuidString)@x.example>\nMIME-Version: 1.0\n\(rest)".utf8)
    }

    private static func attached(_ type: String, _ name: String, _ content: Data) -> Data {
        mail(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file\n--b\nContent-Type: \(type)\n"
                + "Content-Disposition: attachment; filename=\"=?utf-8?B?\(base64(name))?=\"\nContent-Transfer-Encoding: base64\n\n"
                + content.base64EncodedString(options: .lineLength76Characters) + "\n--b--\n"
        )
    }

    private static func json(_ object: [String: Any]) -> Data {
        (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private static func quotedPrintable(_ text: String) -> String {
        var (result, column) = ("", 0)
        for byte in text.utf8 {
            if column > 40 { (result, column) = (result + "=\n", 0) }
            let piece = byte == 0x3D || byte >= 0x80 ? "=" + String(format: "%02X", byte) : String(UnicodeScalar(byte))
            result += piece
            column += piece.count
        }
        return result
    }
}
