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

    @Test(arguments: [40, 60, 80])
    func `Only the flexible column is cut, with an ellipsis, and never through a wide character`(width: Int) {
        var table = TextTable(["ID", "REASON", "MESSAGE"], flexible: 2)
        table.add(["1234567890", "money_pending", String(repeating: "提现", count: 40)])
        table.add(["1", "-", "short"])
        let lines = table.lines(width: width)
        #expect(lines[1].hasPrefix("1234567890  money_pending  提"))
        #expect(lines[1].hasSuffix("…"))
        #expect(lines.allSatisfy { TextTable.columns(of: $0) <= max(width, 43) })
        #expect(lines[2].hasSuffix("short"))
    }
}
