import GatehouseCore
import Testing

@testable import GatehouseDelivery

@Suite struct TextTemplateTests {
    private static let values: [String: PresetValue] = [
        "name": .text("Ann <b>"), "empty": .text(""), "yes": .bool(true), "no": .bool(false),
        "list": .list(["a", "b"]),
        "digits": .text("42"), "long": .text("0123456789"),
    ]

    @Test(
        arguments: [
            ("plain", "plain"), ("{name}!", "Ann <b>!"), ("{{{name}}}", "{Ann <b>}"), ("{name|html}", "Ann &lt;b&gt;"),
            ("{missing??'x'}", "x"), ("{empty??digits}", "42"), ("a{missing}", nil), ("{yes?name}", "Ann <b>"),
            ("{no?name}", nil), ("{!no?name}", "Ann <b>"), ("{!yes?name??'else'}", "else"),
            ("{missing?name??''}.", "."),
            ("{list}", "a,b"), ("{list|lines}", "a\nb"), ("{list|semicolons}", "a;b"), ("{long|cut:4}", "012…"),
            ("{no}", "false"), ("{name|number}", nil), ("{digits|number}", "42"),
        ] as [(String, String?)]
    )
    func `A template is filled, or absent as a whole`(template: String, expected: String?) throws {
        #expect(try TextTemplate(template).text { Self.values[$0] } == expected)
    }

    @Test func `A placeholder alone keeps its type`() throws {
        func value(_ template: String) throws -> PresetValue? { try TextTemplate(template).value { Self.values[$0] } }
        #expect(try value("{digits|number}") == .number("42"))
        #expect(try value("{no}") == .bool(false))
        #expect(try value("{list}") == .list(["a", "b"]))
        #expect(try value("{digits}") == .text("42"))
    }

    @Test(arguments: ["{", "}", "{}", "{a", "a}", "{a|nope}", "{a|cut:0}", "{?a}", "{a?}", "{!?a}", "{a??}"])
    func `What is no template is said to be none`(template: String) {
        #expect(throws: TemplateFault.self) { try TextTemplate(template) }
    }

    @Test(arguments: [
        (PresetFilter.markdown, "a\n```\n/close @all", "````text\na\n```\n/close @all\n````"),
        (.noformat, "x{noformat}[~admin]", "{noformat}\nx{ noformat}[~admin]\n{noformat}"),
        (.pre, "a</pre>{{include(x)}}", "<pre>\na</ pre>{{include(x)}}\n</pre>"),
        (.django, "{{ settings }} {% now %} {# gone #} {", "{ { settings }} { % now %} { # gone #} {"),
        (.html, "<img src=x onerror='a'>\n&\"", "&lt;img src=x onerror=&#39;a&#39;&gt;<br>\n&amp;&quot;"),
    ])
    func `A customer's words give no orders`(filter: PresetFilter, text: String, expected: String) {
        #expect(filter.apply(to: .text(text))?.words == expected)
    }

    @Test func `Three braces leave no two together`() {
        let result = PresetFilter.django.apply(to: .text("{{{{% a %}}"))?.words ?? ""
        #expect(!result.contains("{{") && !result.contains("{%"))
    }

    @Test func `A text that is too long is cut before what is known of it`() throws {
        let message = OutgoingMessage(job: try makeJob("m1", text: String(repeating: "é", count: 3000)))
        let body = TicketText.body(message, byteLimit: 2001)
        #expect(body.hasPrefix(String(repeating: "é", count: 1000) + "\n[cut here"))
        #expect(body.hasSuffix("Gatehouse id: m1") && body.utf8.count < 2500)
    }

    @Test func `A name can't become a second address in a mail`() {
        let fields: [BodyValue.Field] = [
            .text("From", "Eve \"x\" <evil@example.org>, y <alice@example.org>"),
            .text("Subject", "Ä\r\nBcc: x@example.org"), .text("text", "hello"),
        ]
        let mail = String(decoding: MailBody.encode(fields, []), as: UTF8.self)
        #expect(
            mail.hasPrefix("From: \"Eve \\\"x\\\" <evil@example.org>, y\" <alice@example.org>\r\nSubject: =?utf-8?B?")
        )
        #expect(!mail.contains("\r\nBcc:"))
        #expect(mail.hasSuffix("\r\n\r\naGVsbG8=\r\n"))
    }
}
