import Testing

@testable import GatehouseTransfer

@Suite struct HTTPAnswerReaderTests {
    /// What is read of an answer that comes in pieces of so many bytes, after which the connection ends.
    private func read(_ text: String, pieces: Int, limit: Int = 1000) throws(HTTPAnswerError) -> HTTPAnswerReader {
        let bytes = Array(text.utf8)
        var reader = HTTPAnswerReader(bodyLimit: limit)
        var place = 0
        while place < bytes.count, !reader.isDone {
            let end = min(bytes.count, place + pieces)
            let taken = try reader.read(bytes, place..<end)
            place += taken
            if reader.isDone { break }
            #expect(taken == end - (place - taken))
        }
        if !reader.isDone { try reader.end() }
        return reader
    }

    struct Good: CustomTestStringConvertible {
        let text: String
        var status = 200
        var body = "hello"
        /// Another request may follow on the connection.
        var keeps = true
        var testDescription: String { String(text.prefix(160).map { $0.isNewline ? "|" : $0 }) }
    }

    static let good = [
        Good(text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        Good(text: "HTTP/1.1 200\r\ncontent-length:5\r\n\r\nhello"),
        Good(text: "HTTP/1.1 200 OK\nContent-Length: 5 \n\nhello"),
        Good(text: "HTTP/1.1 201 \r\nCONTENT-LENGTH: 0\r\n\r\n", status: 201, body: ""),
        Good(text: "HTTP/1.1 999 Request denied\r\nContent-Length: 5\r\n\r\nhello", status: 999),
        Good(text: "HTTP/1.1 200 OK\r\nContent-Length: 005, 5\r\nContent-Length: 5\r\n\r\nhello"),
        // Where the body ends is not said: it ends with the connection.
        Good(text: "HTTP/1.1 200 OK\r\n\r\nhello", keeps: false),
        Good(text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", keeps: false),
        Good(text: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", keeps: false),
        Good(
            text: "HTTP/1.1 200 OK\r\nConnection: x, Close , keep-alive\r\nContent-Length: 5\r\n\r\nhello",
            keeps: false
        ),
        Good(text: "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", keeps: false),
        Good(text: "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello"),
        Good(text: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nhello", keeps: false),
        // No body, whatever the fields say
        Good(text: "HTTP/1.1 204 No Content\r\n\r\n", status: 204, body: ""),
        Good(text: "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", status: 204, body: ""),
        Good(text: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", status: 304, body: ""),
        Good(
            text: "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
            status: 204,
            body: "",
            keeps: false
        ),
        // Answers that announce the real one
        Good(
            text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        ),
        // Fields
        Good(text: "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\tc\r\nContent-Length:\r\n 5\r\n\r\nhello"),
        Good(text: "HTTP/1.1 200 OK\r\nno field at all\r\nX Y: z\r\n: empty\r\nContent-Length: 5\r\n\r\nhello"),
        // Chunks
        Good(text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        Good(
            text:
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked;q=1\r\n\r\n2;a=\"x;y\"\r\nhe\r\n003 ;b\r\nllo\r\n000\r\n\r\n"
        ),
        Good(text: "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n5\nhello\n0\nContent-Length: 3\nX: y\n\n"),
        Good(text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", body: ""),
        Good(text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello"),
        // Two statements of a length: the chunks count, and nothing after them (RFC 9112 §6.3)
        Good(
            text: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            keeps: false
        ),
        Good(
            text:
                "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            keeps: false
        ),
    ]

    @Test(arguments: good)
    func `An answer is read the same in whatever pieces it comes`(answer: Good) throws {
        for pieces in [1, 2, 3, 7, 100_000] {
            let reader = try read(answer.text, pieces: pieces)
            #expect(reader.isDone && reader.status == answer.status)
            #expect(String(decoding: reader.body, as: UTF8.self) == answer.body)
            #expect(reader.allowsAnother == answer.keeps, "pieces of \(pieces)")
        }
    }

    static let bad = [
        "", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "SSH-2.0-OpenSSH_9.2\r\n", "hello", "\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/2 200\r\n\r\n",
        "HTTP/0.9 200 OK\r\n\r\n",
        "HTTP/1.x 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded: first\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5,\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 70_000) + "\r\nContent-Length: 0\r\n\r\n",
        String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 3000)
            + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + String(repeating: "x", count: 5000)
            + "\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + String(repeating: "X: y\r\n", count: 20_000)
            + "\r\n",
    ]

    @Test(arguments: bad)
    func `What leaves a doubt about where it ends is no answer`(text: String) throws {
        for pieces in [1, 5, 100_000] {
            #expect(throws: HTTPAnswerError.self, "\(text.prefix(80))") { try read(text, pieces: pieces) }
        }
    }

    @Test(arguments: [
        "Content-Length: 12\r\n\r\nhello, world", "\r\nhello, world",
        "Transfer-Encoding: chunked\r\n\r\nc\r\nhello, world\r\n0\r\n\r\n",
    ])
    func `A body is cut at its bound, and only there`(rest: String) throws {
        for (limit, isCut) in [(11, true), (12, false)] {
            let reader = try read("HTTP/1.1 200 OK\r\n\(rest)", pieces: 4, limit: limit)
            #expect(reader.isCut == isCut && reader.body.count == limit)
            #expect(!isCut || !reader.allowsAnother)
        }
    }

    @Test func `What stands behind an answer is not taken`() throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 Evil\r\n".utf8)
        var reader = HTTPAnswerReader(bodyLimit: 100)
        #expect(try reader.read(bytes, 0..<bytes.count) == bytes.count - 19)
        #expect(reader.status == 200 && reader.isDone)
    }

    @Test(arguments: [
        ("http://h/a/b?q=1#f", "", "http://h/a/b?q=1"), ("http://h/a/b?q=1", "c", "http://h/a/c"),
        ("http://h:81/a/b", "/c?x=../y", "http://h:81/c?x=../y"), ("http://h/a/b/c", "../d", "http://h/a/d"),
        ("http://h/a/b", "../../../d/./e/..", "http://h/d/"), ("http://h", "x", "http://h/x"),
        ("http://h/a?q", "?r=1", "http://h/a?r=1"), ("https://h/a", "//g:8/x", "https://g:8/x"),
        ("http://h/a", "https://h/b", "https://h/b"), ("http://h/a", "#top", "http://h/a"),
        ("http://h/a", "file:///etc/passwd", nil), ("http://h/a", "javascript:x", nil), ("http://h/a", "x\r\ny", nil),
        ("http://[::1]:8080/a", "b:c", nil), ("http://[::1]:8080/a", "./b:c", "http://[::1]:8080/b:c"),
    ])
    func `A redirect's address is read from where it stands`(base: String, reference: String, result: String?) throws {
        #expect(try #require(HTTPURL(base)).resolving(reference)?.text == result)
    }
}
