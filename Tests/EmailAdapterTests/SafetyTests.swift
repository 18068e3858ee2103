import Foundation
import GatehouseCore
import Testing

@testable import EmailAdapter

@Suite struct `Hostile mail` {
    @Test(arguments: Samples.names)
    func `Every prefix of a sample is read without a trap`(name: String) throws {
        let mail = try Samples.bytes(name)
        for length in 0...mail.count { _ = Samples.parse(Array(mail[..<length])) }
    }

    /// A byte becomes another by each bit alone, and by each byte that means something to a parser.
    ///
    /// Not all 255 at each place, for a test's time is bounded; `make fuzz` goes further.
    @Test(arguments: Samples.names)
    func `A sample with one byte changed is read without a trap`(name: String) throws {
        let mail = try Samples.bytes(name)
        let meaningful = Array("\n\r\0\t \"'()<>[]{}:;,@=?&%\\/-_.*+>#~".utf8) + [0x1B, 0x7F, 0x80, 0xC3, 0xFE, 0xFF]
        var changed = mail
        // A prime, so that in the course of a mail every byte meets every kind of place.
        let step = 13
        for index in mail.indices {
            let bits = (0..<8).map { mail[index] ^ (1 << UInt8($0)) }
            for (number, byte) in (bits + meaningful).enumerated() where (index + number) % step == 0 {
                changed[index] = byte
                _ = Samples.parse(changed)
            }
            changed[index] = mail[index]
        }
    }

    @Test(arguments: Samples.names)
    func `A sample with one byte left out or put in is read without a trap`(name: String) throws {
        let mail = try Samples.bytes(name)
        for index in stride(from: 0, to: mail.count, by: 3) {
            _ = Samples.parse(Array(mail[..<index] + mail[(index + 1)...]))
            _ = Samples.parse(Array(mail[..<index] + [UInt8(truncatingIfNeeded: index &* 37)] + mail[index...]))
        }
    }

    static let long: [(head: String, piece: String)] = [
        ("A: b\n\n", "\u{4e2d}"), ("A: b\n\n", "text "), ("A: b\n\n", "\0"),
        ("Content-Type: text/html\n\n", "<ul><li>a"),
        ("Content-Type: text/html; charset=iso-8859-1\n\n", "\u{20}\u{7f}\u{e4}"),
    ]

    @Test(arguments: long)
    func `A text beyond the limit is cut between two characters, and said to be`(head: String, piece: String) {
        var limits = Limits()
        limits.textBytes = 10_000
        let body = Samples.parse(head + String(repeating: piece, count: 9000), limits: limits).envelope.data
        #expect(body.warnings.contains("limit:text_bytes"))
        #expect(!body.warnings.contains { $0.hasPrefix("charset_damaged") })
        #expect((3000...10_000).contains(body.body.text.utf8.count))
        #expect((body.body.html?.utf8.count ?? 0) <= 10_000)
    }

    @Test(arguments: ["begin 644 x\n#86)C\n`\nend\n", "=ybegin line=1 size=1 name=a\na\n=yend size=1\n"])
    func `Of files in a text no more are taken out than may be listed`(file: String) {
        var limits = Limits()
        limits.attachmentCount = 3
        let parsed = Samples.parse("A: b\n\n" + String(repeating: file, count: 5), limits: limits)
        #expect(parsed.envelope.data.attachments.count == 3)
        #expect(parsed.envelope.data.body.text == file + file)
        #expect(parsed.envelope.data.warnings.contains("limit:attachments"))
    }

    @Test func `Every prefix of an mbox, and it with one byte changed, gives up all its bytes`() throws {
        let mbox = try Samples.bytes("support.mbox")
        for index in 1...mbox.count { #expect(try !Samples.items(Array(mbox[..<index]), format: "mbox").isEmpty) }
        var changed = mbox
        for index in mbox.indices {
            for byte in Array("\n\r F>:\0".utf8) + [0xFF] where (index + Int(byte)) % 5 == 0 {
                changed[index] = byte
                #expect(try !Samples.items(changed, format: "mbox").isEmpty)
            }
            changed[index] = mbox[index]
        }
    }

    /// Among them is each input that once broke something under fuzzing.
    @Test(arguments: try FuzzSeeds.all())
    func `A seed of the fuzzer is read without a trap`(seed: FuzzSeeds.Seed) throws {
        let bytes = Array(try Data(contentsOf: seed.place))
        _ = Samples.parse(bytes)
        _ = try Samples.items(bytes, format: seed.folder == "mbox" ? "mbox" : "rfc5322")
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

/// `Tests/Fuzz/corpus`.
enum FuzzSeeds {
    struct Seed: Sendable, CustomTestStringConvertible {
        let folder: String
        let place: URL
        var testDescription: String { "\(folder)/\(place.lastPathComponent)" }
    }

    static func all() throws -> [Seed] {
        let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fuzz/corpus").standardized
        let manager = FileManager.default
        let seeds = try manager.contentsOfDirectory(atPath: corpus.path()).sorted().flatMap { folder in
            try manager.contentsOfDirectory(atPath: corpus.appending(path: folder).path()).sorted().map {
                Seed(folder: folder, place: corpus.appending(path: "\(folder)/\($0)"))
            }
        }
        return try #require(seeds.isEmpty ? nil : seeds, "no seeds in \(corpus.path())")
    }
}
