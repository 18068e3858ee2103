import GatehouseCore
import Testing

struct URLTextTests {
    @Test(arguments: [
        ("https://example.org/a%20b?c=d#e", "https://example.org/a%20b?c=d#e"),
        ("https://example.org/überweisung.pdf", "https://example.org/überweisung.pdf"),
        ("https://example.org/a b`\u{0}|c", "https://example.org/a%20b%60%00%7Cc"),
        ("https://example.org/100%", "https://example.org/100%25"), ("https://x/%zz%4", "https://x/%25zz%254"),
        ("example.org/a", nil), ("1http://x", nil), ("", nil),
    ])
    func `What no URL may hold is escaped, and what leads nowhere is left out`(url: String, valid: String?) {
        #expect(URLText.valid(url) == valid)
    }
}
