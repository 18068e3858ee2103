import GatehouseCore
import GatehouseTransfer
import Testing

@testable import GatehouseSources

@Suite struct MailboxProtocolTests {
    /// Says its bytes in pieces of a given size.
    final class Speech: ByteStream {
        private let bytes: [UInt8]
        private let piece: Int
        private var start = 0

        init(_ text: String, piece: Int) {
            bytes = Array(text.utf8)
            self.piece = piece
        }

        func send(_ bytes: [UInt8]) throws(StreamError) {}
        func beginExchange() {}
        func receive(into buffer: inout [UInt8]) throws(StreamError) -> Int {
            let end = min(start + piece, bytes.count)
            buffer += bytes[start..<end]
            defer { start = end }
            return end - start
        }
    }

    private static func reader(_ text: String, piece: Int) throws -> MailReader {
        let reader = MailReader(Speech(text, piece: piece), server: "s")
        try reader.send([], answerBytes: 1 << 20)
        return reader
    }

    static let fetches: [(response: String, fetch: [IMAPToken])] = [
        (
            "* 12 FETCH (UID 5 FLAGS (\\Seen $x))",
            [
                .atom("12"), .atom("FETCH"), .open, .atom("UID"), .atom("5"),
                .atom("FLAGS"), .open, .atom("\\Seen"), .atom("$x"), .close, .close,
            ]
        ),
        (
            "* LIST () \"/\" \"a \\\"b\\\" {3}\"",
            [
                .atom("LIST"), .open, .close, .string([0x2F]),
                .string(Array("a \"b\" {3}".utf8)),
            ]
        ),
        (
            "* 1 FETCH (BODY[HEADER.FIELDS (FROM)] {4}\r\na\r\n) UID 3)",
            [
                .atom("1"), .atom("FETCH"), .open,
                .atom("BODY[HEADER.FIELDS (FROM)]"), .string(Array("a\r\n)".utf8)), .atom("UID"), .atom("3"), .close,
            ]
        ),
        (
            "* 1 FETCH (BODY[] ~{2+}\r\n)) X {0}\r\n)",
            [
                .atom("1"), .atom("FETCH"), .open, .atom("BODY[]"),
                .string(Array("))".utf8)), .atom("X"), .string([]), .close,
            ]
        ),
        ("* X {12}\r\nthirteen bytes", [.atom("X"), .omitted(12), .atom("es")]),
        ("* X {a} {} \"open", [.atom("X"), .atom("{a}"), .atom("{}"), .string(Array("open".utf8))]),
    ]

    @Test(arguments: fetches)
    func `A response is read alike in whatever pieces it comes`(response: String, fetch: [IMAPToken]) throws {
        for piece in [1, 2, 3, 7, 1000] {
            let reader = IMAPResponseReader(input: try Self.reader(response + "\r\n", piece: piece))
            #expect(try reader.next(room: 8) == .data(fetch))
        }
    }

    @Test func `A status holds its code, and what stands in its words is no literal`() throws {
        let text = "* OK [UIDVALIDITY 7] fine {5}\r\ng1 NO [TRYCREATE] no\r\n+\r\n+ b64\r\n* BAD\r\n"
        let reader = IMAPResponseReader(input: try Self.reader(text, piece: 5))
        guard case .status(let status) = try reader.next(room: 0) else {
            throw MailboxError.garbled(server: "", words: "")
        }
        #expect(status.number(of: "UIDVALIDITY") == 7 && status.words == Array("fine {5}".utf8))
        let no = IMAPStatus(tag: "g1", condition: .no, code: "TRYCREATE", words: Array("no".utf8))
        #expect(try reader.next(room: 0) == .status(no))
        #expect(try reader.next(room: 0) == .continuation([]))
        #expect(try reader.next(room: 0) == .continuation(Array("b64".utf8)))
        #expect(try reader.next(room: 0) == .status(IMAPStatus(tag: nil, condition: .bad, code: nil, words: [])))
        #expect(throws: MailboxError.self) { try reader.next(room: 0) }
    }

    static let contents: [(sent: String, text: String)] = [
        ("a\r\n.\r\n", "a\r\n"), (".\r\n", ""), ("..\r\n..a\r\n.b\r\n.\r\n", ".\r\n.a\r\nb\r\n"),
        ("a\n.\nrest", "a\n"), ("a.\r\n.\r\n", "a.\r\n"), (".\rx\r\n.\r\n", "\rx\r\n"), ("..\r\n.\r\n", ".\r\n"),
    ]

    @Test(arguments: contents)
    func `A text that ends with a dot is read alike in whatever pieces it comes`(sent: String, text: String) throws {
        for piece in [1, 2, 3, 1000] {
            var found: [UInt8] = []
            try Self.reader(sent, piece: piece).content { found += $0 }
            #expect(String(decoding: found, as: UTF8.self) == text, "\(piece)")
        }
    }

    @Test func `UIDs are named in ranges, as few as fit a line`() {
        #expect(UIDSet.texts([]) == [])
        #expect(UIDSet.texts([1, 2, 3, 5, 8, 9, 4_294_967_295]) == ["1:3,5,8:9,4294967295"])
        let odd = (1...500).map { UInt32($0) * 2 }
        let texts = UIDSet.texts(odd)
        #expect(texts.count == 3 && texts.allSatisfy { $0.utf8.count <= 800 })
        #expect(texts.joined(separator: ",") == odd.map(String.init).joined(separator: ","))
    }

    @Test(arguments: [
        ("INBOX", "\"INBOX\""), ("Büro & Co", "\"B&APw-ro &- Co\""), ("日本語", "\"&ZeVnLIqe-\""),
        ("a\"b\\", "\"a\\\"b\\\\\""),
        ("😀", "\"&2D3eAA-\""),
    ])
    func `A folder's name is written as IMAP writes it`(name: String, written: String) {
        #expect(ModifiedUTF7.quoted(name) == written)
    }

    @Test(
        arguments: [
            (" 7-Jul-1996 02:44:25 -0700", "1996-07-07T09:44:25Z"),
            ("17-Jan-2026 23:59:60 +0530", "2026-01-17T18:30:00Z"),
            ("31-Feb-2026 00:00:00 +0000", nil), ("x", nil), ("1-Jan-99999 00:00:00 +0000", nil),
            ("1-Jan-2026 0:0:0 +9999", nil),
        ] as [(String, String?)]
    )
    func `The server's time of arrival is read`(date: String, time: String?) {
        let wanted = time.flatMap { ParsedTime(iso8601: $0)?.timestamp() }
        if time != nil {
            #expect(InternalDate.timestamp(Array(date.utf8)) == wanted)
        } else if !date.hasSuffix("9999") {
            #expect(InternalDate.timestamp(Array(date.utf8)) == nil)
        }
    }

    @Test(
        arguments: [
            ("imaps://imap.example.org", "imaps://imap.example.org"), ("imap://h:143", "imap://h"),
            ("pop3s://[::1]:995", "pop3s://[::1]"),
            ("imaps://h:1993/", "imaps://h:1993"), ("imaps://u@h", nil), ("imaps://h/INBOX", nil), ("imaps://", nil),
            ("imaps://h:0", nil),
            ("imaps://h:99999", nil), ("http://h", nil), ("imaps://a b", nil), ("imaps://h:+993", nil),
            ("imaps://[::1", nil),
        ] as [(String, String?)]
    )
    func `An address has a scheme, a host and a port, and nothing else`(text: String, address: String?) {
        #expect(MailboxAddress(text)?.text == address)
    }
}
