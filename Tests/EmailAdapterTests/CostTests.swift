import GatehouseCore
import Glibc
import Testing

@testable import EmailAdapter

/// What a mail costs grows with its size and no faster.
///
/// The clock is that of this thread, so that other work on the machine does not count. What still disturbs it only adds:
/// the least of several readings is the one to trust, and a reading that is too high is repeated.
@Suite(.serialized) struct `Cost by size` {
    struct Shape: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var head = "From: a@example.net\nSubject: s\n"
        /// Repeated until the mail has its size.
        var piece: String
        var format = "rfc5322"

        func mail(of size: Int) -> [UInt8] {
            Array((head + String(repeating: piece, count: max(1, (size - head.utf8.count) / piece.utf8.count))).utf8)
        }
    }

    private static func typed(_ type: String) -> String { "From: a@example.net\nContent-Type: \(type)\n" }

    static let shapes: [Shape] = [
        Shape(testDescription: "lines of text", head: "A: b\n\n", piece: "My withdrawal is stuck, please help me.\n"),
        Shape(testDescription: "one line", head: "A: b\n\n", piece: "aaaaaaaaaaaaaaaa"),
        Shape(testDescription: "empty lines", head: "A: b\n\n", piece: "\n"),
        Shape(testDescription: "short lines", head: "A: b\n\n", piece: "a\n"),
        Shape(testDescription: "carriage returns", head: "A: b\n\n", piece: "\r"),
        Shape(testDescription: "blanks", head: "A: b\n\n", piece: " "),
        Shape(testDescription: "zeros", head: "A: b\n\n", piece: "\0"),
        Shape(testDescription: "quoted lines", head: "A: b\n\n", piece: "> What I wrote before.\n"),
        Shape(testDescription: "deep quotes", head: "A: b\n\n", piece: ">>>>>>>>>>>>>>>>"),
        Shape(testDescription: "signature marks", head: "A: b\n\n", piece: "-- \nAna\n"),
        Shape(
            testDescription: "attributions",
            head: "A: b\n\n",
            piece: "On 1 Jan 2026 at 12:30, a@example.net wrote:\n"
        ),
        Shape(testDescription: "beginnings of uuencode", head: "A: b\n\n", piece: "begin 644 x\n!!!\n"),
        Shape(
            testDescription: "8-bit text",
            head: typed("text/plain; charset=koi8-r") + "\n",
            piece: "\u{430}\u{431} "
        ),
        Shape(testDescription: "8-bit text without a label", head: "A: b\n\n", piece: "\u{e4}\u{fffd}\u{4e2d} "),
        Shape(
            testDescription: "ISO 2022 escapes",
            head: typed("text/plain; charset=iso-2022-jp") + "\n",
            piece: "\u{1b}$B"
        ),
        Shape(testDescription: "UTF-7 shifts", head: typed("text/plain; charset=utf-7") + "\n", piece: "+AOQ-"),
        Shape(
            testDescription: "marks upon a letter",
            head: typed("text/plain; charset=utf-8") + "\na",
            piece: "\u{327}\u{301}"
        ),
        Shape(testDescription: "marks that come apart", head: "Subject: a", piece: "\u{f73}"),
        Shape(testDescription: "marks in a parameter's name", head: "Content-Type: a/b; a", piece: "\u{327}\u{301}"),
        Shape(testDescription: "flowed", head: typed("text/plain; format=flowed; delsp=yes") + "\n", piece: "a \n"),
        Shape(
            testDescription: "quoted-printable",
            head: typed("text/plain; charset=utf-8") + "Content-Transfer-Encoding: quoted-printable\n\n",
            piece: "=C3=A4=\n"
        ),
        Shape(
            testDescription: "base64",
            head: typed("image/png") + "Content-Transfer-Encoding: base64\n\n",
            piece: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lE\n"
        ),
        Shape(testDescription: "open elements", head: typed("text/html") + "\n", piece: "<div>"),
        Shape(testDescription: "half elements", head: typed("text/html") + "\n", piece: "<a href='"),
        Shape(testDescription: "angles", head: typed("text/html") + "\n", piece: "<"),
        Shape(testDescription: "comments", head: typed("text/html") + "\n", piece: "<!--"),
        Shape(testDescription: "entities", head: typed("text/html") + "\n", piece: "&amp;&#x41;&nosuch;&"),
        Shape(testDescription: "lists", head: typed("text/html") + "\n", piece: "<ul><li>a"),
        Shape(testDescription: "tables", head: typed("text/html") + "\n", piece: "<table><tr><td>a"),
        Shape(testDescription: "hidden", head: typed("text/html") + "\n", piece: "<p style='display:none'>a"),
        Shape(
            testDescription: "heights of nothing",
            head: typed("text/html") + "\n<p style='",
            piece: "max-height:0;"
        ),
        Shape(
            testDescription: "bytes that stand for nothing",
            head: typed("text/plain; charset=big5") + "\n",
            piece: "\u{e4}\u{fffd}"
        ),
        Shape(
            testDescription: "boundaries",
            head: typed("multipart/mixed; boundary=b"),
            piece: "\n--b\n\ntext of a part"
        ),
        Shape(
            testDescription: "almost boundaries",
            head: typed("multipart/mixed; boundary=-----x"),
            piece: "\n-------"
        ),
        Shape(testDescription: "fields", piece: "X-Field: value\n"),
        Shape(testDescription: "a long field", head: "Subject: ", piece: "word "),
        Shape(testDescription: "encoded words", head: "Subject: ", piece: "=?utf-8?q?=C3=A4?=\n "),
        Shape(testDescription: "half encoded words", head: "Subject: ", piece: "=?utf-8?q?"),
        Shape(testDescription: "addresses", head: "To: ", piece: "\"N\" <u@example.net>,\n "),
        Shape(testDescription: "comments in an address", head: "To: ", piece: "(a"),
        Shape(testDescription: "references", head: "References: ", piece: "<1@example.net>\n "),
        Shape(testDescription: "parameters", head: "Content-Type: text/plain", piece: "; p*1*=v"),
        Shape(testDescription: "From_ lines", head: "", piece: "From a Fri Jan  2 03:04:05 2026\n\n", format: "mbox"),
        Shape(testDescription: "quoted From_ lines", head: "From - \nA: b\n\n", piece: ">>From a\n", format: "mbox"),
        Shape(testDescription: "almost From_ lines", head: "From - \nA: b\n\n", piece: "\nFrom me\n", format: "mbox"),
    ]

    @Test(arguments: shapes)
    func `A mail of ten times the size costs no more for each byte`(shape: Shape) throws {
        let (small, large) = (shape.mail(of: 40_000), shape.mail(of: 400_000))
        var least = (small: Double.infinity, large: Double.infinity)
        var ratio: Double { least.large * Double(small.count) / (least.small * Double(large.count)) }
        // Other tests share the processor's caches and memory: the least of many times is the mail's own.
        for attempt in 0..<60 where attempt < 2 || ratio > 1.2 {
            for _ in 0..<3 { least.small = min(least.small, try Self.seconds(for: small, shape.format)) }
            least.large = min(least.large, try Self.seconds(for: large, shape.format))
        }
        #expect(ratio <= 1.2, "\(least.small) s and \(least.large) s")
    }

    private static func seconds(for bytes: [UInt8], _ format: String) throws -> Double {
        let input = AdapterInput(
            bytes: ByteReader(bytes: bytes, name: "test"),
            position: "test",
            context: IntakeContext(source: "/email/test")
        )
        let start = threadSeconds()
        try EmailAdapter().parse(input, format: format) { _ in }
        return threadSeconds() - start
    }

    private static func threadSeconds() -> Double {
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
