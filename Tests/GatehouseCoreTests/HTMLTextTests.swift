import Glibc
import Testing

@testable import GatehouseCore

@Suite struct `HTML to text` {
    @Test(arguments: [
        ("<p>one</p><p>two</p>", "one\n\ntwo"), ("<div>one</div><div>two</div>", "one\ntwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<b>bold</b> and  \n <i>more</i>", "bold and more"), ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ("<a href=\"https://x.example/a?b=1&amp;c=2\">here</a>", "here <https://x.example/a?b=1&c=2>"),
        ("<a href='https://x.example'>https://x.example</a>", "https://x.example"), ("<a href='#top'>up</a>", "up"),
        ("&lt;&amp;&gt; &euro;&#8364;&#x20ac;&#128; &unknown; &nbsp;x", "<&> €€€€ &unknown; x"),
        ("<style>p{}</style><script>if (a<b) {}</script><title>t</title>x", "x"),
        ("a<span style='display: none'>hidden<span>deep</span></span>b", "ab"), ("<img alt='a cat' src=x>", "a cat"),
        ("<blockquote>q<br>r</blockquote>after", "> q\n> r\n\nafter"), ("<pre>a\n  b</pre>", "a\n  b"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"), ("a<!-- no -->b<!DOCTYPE x><?php no ?>c", "abc"),
        ("<a title=\"1 > 0\" href=x>t</a>", "t"), ("", ""), ("<", "<"), ("<p", ""), ("a<!-- open", "a"),
        ("<div hidden>all of it that is never closed", "all of it that is never closed"),
    ])
    func `Markup becomes what a reader would see`(html: String, text: String) {
        #expect(HTMLText.text(of: html) == text)
    }

    @Test(arguments: [
        ("display:none", true), ("DISPLAY : NONE", true), ("color:red;display:none", true), ("display:&#110;one", true),
        ("display:\u{A0}none", true), ("visibility:hidden", true), ("visibility:visible", false),
        ("mso-hide:all", true),
        ("opacity:0", true), ("opacity: 0.5", false), ("max-height:0;overflow:hidden", true), ("max-height:0", false),
        ("overflow: hidden; max-height: 0px", true), ("margin-left:0;font-family:Helvetica", false),
        ("font-size:0", false),
    ])
    func `What a style hides is left out`(style: String, isHidden: Bool) {
        #expect(HTMLText.text(of: "a<p style=\"\(style)\">b</p>") == (isHidden ? "a" : "a\n\nb"))
    }

    @Test func `A page cut anywhere is read without a trap`() {
        let page = Array(
            "<p style=\"display:none\">x</p><a href='https://x'>y&#x41;&am</a><!-- c --><ol><li>é</ol><blockquote>z"
                .utf8
        )
        for length in 0...page.count { _ = HTMLText.text(of: String(decoding: page[..<length], as: UTF8.self)) }
    }

    @Test(arguments: ["<div>", "<a href=\"", "<!--", "<b x='", "&", "<blockquote>", "<style>", "<ul><li>", "</p>", "<"])
    func `Repeated openings take time in proportion`(piece: String) {
        // The thread's own time: what other tests take at the same moment does not count.
        func now() -> Double {
            var time = timespec()
            _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        func seconds(_ count: Int) -> Double {
            let html = String(repeating: piece, count: count)
            let start = now()
            _ = HTMLText.text(of: html)
            return now() - start
        }
        let small = max(seconds(2_000), 0.001)
        // Ten times as long may take at most forty times as long: far from a hundred.
        #expect(seconds(20_000) / small < 40)
    }
}
