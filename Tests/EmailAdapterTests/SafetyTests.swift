import GatehouseCore
import Testing

@testable import EmailAdapter

@Suite struct `Hostile mail` {
    @Test(arguments: Samples.names)
    func `Every prefix of a sample is read without a trap`(name: String) throws {
        let mail = try Samples.bytes(name)
        for length in 0...mail.count { _ = Samples.parse(Array(mail[..<length])) }
    }

    @Test(arguments: Samples.names)
    func `A sample with one byte changed is read without a trap`(name: String) throws {
        let mail = try Samples.bytes(name)
        var changed = mail
        for index in mail.indices {
            for byte in [0, 0x0A, 0x22, 0x3D, 0xFF] as [UInt8] where index % 5 == Int(byte) % 5 {
                changed[index] = byte
                _ = Samples.parse(changed)
            }
            changed[index] = mail[index]
        }
    }

    struct Bomb: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var mail: String
        var warning: String?
    }

    static let bombs: [Bomb] = [
        Bomb(
            testDescription: "multiparts in one another",
            mail: (0..<2000).map { "Content-Type: multipart/mixed; boundary=\"b\($0)\"\n\n--b\($0)\n" }.joined()
                + "\nhi\n",
            warning: "limit:mime_depth"
        ),
        Bomb(
            testDescription: "many parts",
            mail: "Content-Type: multipart/mixed; boundary=a\n\n" + String(repeating: "--a\n\nx\n", count: 20_000),
            warning: "limit:mime_parts"
        ),
        Bomb(
            testDescription: "many fields",
            mail: String(repeating: "X: v\n", count: 20_000) + "\nhi\n",
            warning: "limit:header"
        ),
        Bomb(
            testDescription: "many addresses",
            mail: "To: " + String(repeating: "\"N\" <u@x>,\n ", count: 20_000) + "\n\nhi\n",
            warning: "limit:addresses"
        ),
        Bomb(
            testDescription: "comments in one another",
            mail: "From: " + String(repeating: "(", count: 50_000) + "a@x\n\nhi\n"
        ),
        Bomb(testDescription: "quotes", mail: "From: " + String(repeating: "\"", count: 50_001) + "<a@x>\n\nhi\n"),
        Bomb(testDescription: "angles", mail: "From: " + String(repeating: "<", count: 50_000) + "a@x\n\nhi\n"),
        Bomb(testDescription: "groups", mail: "To: " + String(repeating: "g:", count: 50_000) + "\n\nhi\n"),
        Bomb(
            testDescription: "openings of encoded words",
            mail: "Subject: " + String(repeating: "=?a?q?", count: 50_000) + "\n\nhi\n"
        ),
        Bomb(
            testDescription: "parameters",
            mail: "Content-Type: text/plain" + String(repeating: "; a*1*=v", count: 50_000) + "\n\nhi\n",
            warning: "limit:parameters"
        ),
        Bomb(
            testDescription: "lines that start like a boundary",
            mail: "Content-Type: multipart/mixed; boundary=\"---\"\n\n" + String(repeating: "-----x\n", count: 50_000)
        ),
        Bomb(
            testDescription: "beginnings of uuencode",
            mail: "A: b\n\n" + String(repeating: "begin 644 x\n!!!\n", count: 20_000)
        ),
        Bomb(
            testDescription: "lines that end like an attribution",
            mail: "A: b\n\n" + String(repeating: "1 2026 12:30 a@b\n", count: 10_000)
        ),
    ]

    @Test(arguments: bombs)
    func `A bomb is read, and says where a limit was reached`(bomb: Bomb) {
        let data = Samples.parse(bomb.mail).envelope.data
        if let warning = bomb.warning { #expect(data.warnings.contains(warning)) }
        #expect(data.raw.size == bomb.mail.utf8.count)
    }
}
