import Testing

@testable import gatehouse

struct TextTableTests {
    @Test(arguments: [
        ("abc", 3), ("", 0), ("提现未到账", 10), ("ﾊﾝｶｸ", 4), ("ＡＢ", 4), ("출금", 4),
        ("\u{1112}\u{1161}\u{11AB}", 2), ("é", 1), ("e\u{301}", 1), ("ก็", 1), ("🙂", 2), ("✅", 2), ("⚡", 2), ("🇩🇪", 2),
        ("❤\u{FE0F}", 1), ("a\u{200B}b", 2), ("\u{2060}x\u{FEFF}", 1), ("𠮷", 2), ("Ж", 1), ("…", 1), ("☎", 1),
    ])
    func `A text takes as many columns as a terminal gives it`(text: String, columns: Int) {
        #expect(TextTable.columns(of: text) == columns)
    }

    @Test func `Columns line up whatever the script`() {
        var table = TextTable(["A", "B"], flexible: 1)
        for text in ["plain", "提现未到账", "e\u{301}te\u{301}", "✅ ok"] { table.add([text, "|"]) }
        let places = table.lines(width: nil).dropFirst().map { line in
            TextTable.columns(of: String(line.prefix { $0 != "|" }))
        }
        #expect(places == [12, 12, 12, 12])
    }

    @Test func `A cell from outside is shown and never obeyed`() {
        var table = TextTable(["A", "B"], flexible: 1)
        table.add(["\u{1B}[2Jgone", "one\ntwo\r\u{7F}\u{9B}31m \u{202E}txt.exe\u{2066}"])
        let lines = table.lines(width: nil)
        #expect(lines.count == 2)
        #expect(lines[1] == "␛[2Jgone  one␊two␍␡\u{FFFD}31m txt.exe")
    }

    @Test(arguments: [60, 80])
    func `Only the flexible column is cut, with an ellipsis, and never through a wide character`(width: Int) {
        var table = TextTable(["ID", "REASON", "MESSAGE"], flexible: 2)
        table.add(["1234567890", "money_pending", String(repeating: "提现", count: 40)])
        table.add(["1", "-", "short"])
        let lines = table.lines(width: width)
        #expect(lines[1].hasPrefix("1234567890  money_pending  提"))
        #expect(lines[1].hasSuffix("…"))
        #expect(lines.allSatisfy { TextTable.columns(of: $0) <= width })
        #expect(lines[2].hasSuffix("short"))
    }

    static let wide: TextTable = {
        var table = TextTable(["ID", "TIME", "REASON", "MESSAGE"], flexible: 3, dispensable: [2, 1])
        table.add(["1234567890", "2026-01-02T03:04", "שלום", "提现 not there since " + String(repeating: "x", count: 70)])
        table.add(["1", "2026-01-02T03:05", "money_pending_long", ""])
        return table
    }()

    @Test(arguments: 20...120)
    func `No line is wider than the terminal, and the id is always there`(width: Int) {
        let lines = Self.wide.lines(width: width)
        #expect(lines.allSatisfy { TextTable.columns(of: $0) <= max(width, 25) }, "\(lines)")
        #expect(lines.contains { $0.contains("1234567890") })
    }

    @Test func `A narrow terminal goes without what tells least, and a very narrow one has a line for each value`() {
        #expect(Self.wide.lines(width: 100)[0].hasPrefix("ID          TIME              REASON"))
        #expect(Self.wide.lines(width: 60)[0] == "ID          TIME              MESSAGE")
        #expect(Self.wide.lines(width: 45)[0] == "ID          MESSAGE")
        let stacked = Self.wide.lines(width: 25)
        #expect(
            stacked.prefix(4) == [
                "ID       1234567890", "TIME     2026-01-02T03:04", "REASON   שלום", "MESSAGE  提现 not there",
            ]
        )
        #expect(stacked.contains(""))
    }

    @Test func `A text that may not be cut goes on in the next line`() {
        var table = TextTable(["", "FOUND"], flexible: 1, wraps: true)
        table.add(["error", "the quick brown fox jumps over the lazy dog"])
        #expect(
            table.lines(width: 27) == [
                "       FOUND", "error  the quick brown fox", "       jumps over the lazy", "       dog",
            ]
        )
        #expect(TerminalText.wrapped("提现提现", to: 3) == ["提", "现", "提", "现"])
        #expect(TerminalText.wrapped("提现", to: 1) == ["提", "现"])
        #expect(TerminalText.wrapped("", to: 5) == [""])
    }

    @Test func `A cell from right to left is kept apart from its neighbours, on a terminal alone`() {
        #expect(Self.wide.lines(width: 120, isolates: true)[1].contains("\u{2068}שלום\u{2069}"))
        #expect(!Self.wide.lines(width: nil).joined().unicodeScalars.contains("\u{2068}"))
    }

    @Test func `Without UTF-8 a terminal gets ASCII in as many columns`() {
        #expect(TerminalText.ascii("提现 … “ok” × é") == "???? ~ \"ok\" x ?")
    }
}
