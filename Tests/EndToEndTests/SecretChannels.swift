import Foundation

/// A way in which a secret may come.
struct SecretChannel: Sendable {
    let name: String
    let words: [String]
    /// Sentences that one input takes.
    let most: Int
    /// Whether it takes a secret of several lines.
    let takesLines: Bool
    let make: @Sendable ([String]) -> Data

    init(
        _ name: String,
        _ words: [String] = ["--channel", "email"],
        most: Int = 8,
        takesLines: Bool = true,
        _ make: @escaping @Sendable ([String]) -> Data
    ) {
        (self.name, self.words, self.most, self.takesLines, self.make) = (name, words, most, takesLines, make)
    }

    static let all = mail + mailFiles + others

    // MARK: Mail

    private static let plain = "Content-Type: text/plain; charset=utf-8\n"

    static let mail: [SecretChannel] = [
        SecretChannel("text") { SecretMail.mail("\(plain)\nHello,\n\n\($0.joined(separator: ".\n\n")).\n") },
        SecretChannel("subject", most: 1, takesLines: false) {
            SecretMail.mail("\(plain)\nHelp\n", subject: SecretMail.word($0[0]))
        },
        SecretChannel("sender's name", most: 1, takesLines: false) {
            SecretMail.mail("\(plain)\nHelp\n", sender: SecretMail.word($0[0]))
        },
        SecretChannel("base64") { SecretMail.mail(SecretMail.encoded("text/plain; charset=utf-8", $0.paragraphs)) },
        SecretChannel("quoted-printable") {
            SecretMail.mail(
                "\(plain)Content-Transfer-Encoding: quoted-printable\n\n\(SecretMail.quotedPrintable($0.paragraphs))\n"
            )
        },
        SecretChannel("UTF-16") {
            let text = Data([0xFF, 0xFE]) + $0.paragraphs.data(using: .utf16LittleEndian)!
            return SecretMail.mail(SecretMail.encoded("text/plain; charset=utf-16", text))
        },
        SecretChannel("quoted reply") {
            let quoted = $0.paragraphs.split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" }
            return SecretMail.mail(
                "In-Reply-To: <0@x.example>\n\(plain)\nThanks\n\nOn Monday, A wrote:\n\(quoted.joined(separator: "\n"))\n"
            )
        },
        SecretChannel("signature") { SecretMail.mail("\(plain)\nThanks\n\n-- \n\($0.paragraphs)\n") },
        SecretChannel("html alone") {
            SecretMail.mail("Content-Type: text/html; charset=utf-8\n\n\(SecretMail.html($0, parted: true))\n")
        },
        SecretChannel("html beside text") {
            SecretMail.mail(
                "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee HTML\n--b\n"
                    + SecretMail.encoded("text/html; charset=utf-8", SecretMail.html($0, parted: false)) + "\n--b--\n"
            )
        },
        SecretChannel("forwarded mail") {
            let inner = String(decoding: SecretMail.mail("\(plain)\n\($0.paragraphs)\n"), as: UTF8.self)
            return SecretMail.mail(
                "Content-Type: multipart/mixed; boundary=b\n\n--b\n\(plain)\nSee below\n--b\nContent-Type: message/rfc822\n\n"
                    + inner + "\n--b--\n"
            )
        },
    ]

    // MARK: Files of a mail

    static let mailFiles: [SecretChannel] = [
        SecretChannel("text file") {
            SecretMail.attached([("text/plain; charset=utf-8", "note.txt", Data($0.paragraphs.utf8))])
        },
        SecretChannel("text file in UTF-16") {
            let text = Data([0xFF, 0xFE]) + $0.paragraphs.data(using: .utf16LittleEndian)!
            return SecretMail.attached([("text/plain", "note.txt", text)])
        },
        SecretChannel("text file in UTF-16, big-endian") {
            let text = Data([0xFE, 0xFF]) + $0.paragraphs.data(using: .utf16BigEndian)!
            return SecretMail.attached([("application/octet-stream", "note.txt", text)])
        },
        SecretChannel("table, JSON and page") { sentences in
            SecretMail.attached([
                ("text/csv", "a.csv", Data(sentences.map { "1;\"\($0)\";x" }.joined(separator: "\r\n").utf8)),
                ("application/json", "b.json", SecretMail.json(["notes": sentences])),
                ("text/html", "c.html", Data(SecretMail.html(sentences, parted: false).utf8)),
            ])
        },
        SecretChannel("file names", takesLines: false) { sentences in
            let picture = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0])
            return SecretMail.attached(sentences.map { ("image/png", $0 + ".png", picture) })
        },
    ]

    // MARK: Other channels

    private static let dm = ["--channel", "social_dm"]

    static let others: [SecretChannel] = [
        SecretChannel("chat", ["--channel", "web_chat"]) {
            SecretMail.json(["format": "gatehouse-chat/1", "id": UUID().uuidString, "text": $0.paragraphs, "name": "A"])
        },
        SecretChannel("chatter's name", ["--channel", "web_chat"], most: 1, takesLines: false) {
            SecretMail.json([
                "format": "gatehouse-chat/1", "id": UUID().uuidString, "text": "Help", "from": ["name": $0[0]],
            ])
        },
        SecretChannel("callback", ["--channel", "phone_callback"]) {
            SecretMail.json([
                "format": "gatehouse-callback/1", "id": UUID().uuidString, "phone": "+491711234567", "topic": $0[0],
                "notes": $0.paragraphs,
            ])
        },
        SecretChannel("Telegram's webhook", dm) { sentences in
            let number = Int.random(in: 1...1_000_000_000)
            let chat: [String: Any] = ["id": 5, "type": "private", "first_name": "A"]
            let message: [String: Any] = [
                "message_id": number, "date": 1_767_225_600, "text": sentences.paragraphs, "chat": chat,
                "from": ["id": 5, "is_bot": false, "first_name": "A"],
            ]
            return SecretMail.json(["update_id": number, "message": message])
        },
        SecretChannel("Telegram's export", dm + ["--all"]) { sentences in
            // The chat has the number of who is not its owner.
            let customer = Int.random(in: 1...1_000_000_000)
            let messages = sentences.enumerated().map { number, text in
                [
                    "id": number + 1, "type": "message", "date": "2026-02-11T14:03:22", "date_unixtime": "1770807802",
                    "from": "A", "from_id": "user\(customer)", "text": text,
                ] as [String: Any]
            }
            return SecretMail.json([
                "name": "A", "type": "personal_chat", "id": customer, "messages": messages,
            ])
        },
        SecretChannel("WhatsApp's export", dm + ["--all"], takesLines: false) { SecretMail.whatsApp($0) },
        SecretChannel("WhatsApp's zip", dm + ["--all"], takesLines: false) { sentences in
            SecretMail.zip("_chat.txt", SecretMail.whatsApp(sentences))
        },
        SecretChannel("broken", ["--channel", "web_chat"]) {
            Data("{\"format\": \"gatehouse-chat/1\", \"text\": \"\($0.paragraphs)\", ".utf8)
        },
    ]
}

extension [String] {
    /// As the paragraphs of a letter.
    var paragraphs: String { joined(separator: "\n\n") }
}

/// The inputs.
enum SecretMail {
    static func mail(_ rest: String, subject: String = "Help", sender: String = "Ann") -> Data {
        let head =
            "From: \(sender) <\(UUID().uuidString)@customer.example>\nTo: support@exchange.example\nSubject: \(subject)\n"
        return Data("\(head)Message-ID: <\(UUID().uuidString)@x.example>\nMIME-Version: 1.0\n\(rest)".utf8)
    }

    /// An encoded word (RFC 2047); readers take longer ones than they should be.
    static func word(_ text: String) -> String { "=?utf-8?B?\(Data(text.utf8).base64EncodedString())?=" }

    static func encoded(_ type: String, _ text: String) -> String { encoded(type, Data(text.utf8)) }

    static func encoded(_ type: String, _ content: Data, _ more: String = "") -> String {
        "Content-Type: \(type)\n\(more)Content-Transfer-Encoding: base64\n\n"
            + content.base64EncodedString(options: .lineLength76Characters) + "\n"
    }

    static func attached(_ files: [(type: String, name: String, content: Data)]) -> Data {
        let parts = files.map { file in
            "--b\n"
                + encoded(
                    file.type,
                    file.content,
                    "Content-Disposition: attachment; filename=\"\(word(file.name))\"\n"
                )
        }
        return mail(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee the file\n"
                + parts.joined() + "--b--\n"
        )
    }

    /// - Parameter parted: Whether each word stands in an element of its own.
    static func html(_ sentences: [String], parted: Bool) -> String {
        sentences.map { sentence in
            let text = sentence.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            if sentence.contains("\n") { return "<pre>\(text)</pre>" }
            return "<p>\(parted ? "<b>" + text.replacing(" ", with: "</b>&nbsp;<b>") + "</b>" : text)</p>"
        }.joined(separator: "\n")
    }

    static func json(_ object: [String: Any]) -> Data {
        (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    }

    static func whatsApp(_ sentences: [String]) -> Data {
        let lines = sentences.enumerated().map {
            "12.01.26, 09:\(10 + $0.offset) - A \(UUID().uuidString): \($0.element)"
        }
        return Data(lines.joined(separator: "\n").utf8)
    }

    /// A zip of one deflated entry.
    static func zip(_ name: String, _ content: Data) -> Data {
        func bytes(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> ($0 * 8) & 0xFF) } }
        let packed = Deflate.deflated(Array(content))
        let head =
            bytes(0, 2) + bytes(8, 2) + bytes(0, 4) + bytes(Deflate.checksum(Array(content)), 4)
            + bytes(packed.count, 4) + bytes(content.count, 4) + bytes(name.utf8.count, 2) + bytes(0, 2)
        let local = [0x50, 0x4B, 3, 4] + bytes(20, 2) + head + Array(name.utf8) + packed
        let central =
            [0x50, 0x4B, 1, 2] + bytes(20, 2) + bytes(20, 2) + head + bytes(0, 14) + Array(name.utf8)
        let end =
            [0x50, 0x4B, 5, 6] + bytes(0, 4) + bytes(1, 2) + bytes(1, 2) + bytes(central.count, 4)
            + bytes(local.count, 4) + bytes(0, 2)
        return Data(local + central + end)
    }

    static func quotedPrintable(_ text: String) -> String {
        var (result, column) = ("", 0)
        for byte in text.utf8 {
            if column > 40 { (result, column) = (result + "=\n", 0) }
            let isPlain = byte == 0x0A || byte != 0x3D && byte >= 0x20 && byte < 0x7F
            let piece = isPlain ? String(UnicodeScalar(byte)) : "=" + String(format: "%02X", byte)
            result += piece
            column = byte == 0x0A ? 0 : column + piece.count
        }
        return result
    }
}
