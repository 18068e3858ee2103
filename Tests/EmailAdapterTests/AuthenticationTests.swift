import GatehouseCore
import Testing

@testable import EmailAdapter

/// What a mail's header says, and what is believed of it where `mx.desk.example` is trusted.
struct VerdictCase: CustomTestStringConvertible {
    let testDescription: String
    let fields: String
    let spf: String
    let dkim: String
    let dmarc: String
    let trusted: Bool
    let authentic: Bool

    init(_ name: String, _ fields: String, _ verdicts: String, trusted: Bool = true, authentic: Bool = false) {
        testDescription = name
        self.fields = fields
        let words = verdicts.split(separator: " ").map(String.init)
        (spf, dkim, dmarc) = (words[0], words[1], words[2])
        (self.trusted, self.authentic) = (trusted, authentic)
    }
}

@Suite struct `Verdicts and control fields` {
    static let ours = "Authentication-Results: mx.desk.example"
    static let cases = [
        VerdictCase("none", "X: y", "unknown unknown unknown", trusted: false),
        VerdictCase(
            "a stranger's server",
            "Authentication-Results: mx.evil.example; dmarc=pass",
            "unknown unknown unknown",
            trusted: false
        ),
        VerdictCase(
            "no server named",
            "Authentication-Results: spf=pass smtp.mailfrom=shop.example",
            "unknown unknown unknown",
            trusted: false
        ),
        VerdictCase(
            "all three",
            "\(ours); spf=pass smtp.mailfrom=a@shop.example;\n dkim=pass header.d=shop.example; dmarc=pass (p=NONE) header.from=shop.example",
            "pass pass pass",
            authentic: true
        ),
        VerdictCase(
            "case, version, comments, spaces",
            "authentication-results: (c(d)) MX.Desk.EXAMPLE 1 (x); DKIM/1 = PASS (k; \\) ) header . d = shop.example ; spf=softfail",
            "softfail pass unknown",
            authentic: true
        ),
        VerdictCase(
            "quoted",
            "\(ours); dkim=pass reason=\"a; spf=pass\" header.d=\"Shop.Example\"",
            "unknown pass unknown",
            authentic: true
        ),
        VerdictCase(
            "a pass for somebody else",
            "\(ours); spf=pass smtp.mailfrom=bulk.example; dkim=pass header.d=bulk.example",
            "pass pass unknown"
        ),
        VerdictCase(
            "the author's own key counts",
            "\(ours); dkim=fail header.d=x.example; dkim=pass header.d=list.example; dkim=pass header.d=mail.shop.example",
            "unknown pass unknown",
            authentic: true
        ),
        VerdictCase(
            "DMARC fails",
            "\(ours); dkim=pass header.d=shop.example; dmarc=fail header.from=shop.example",
            "unknown pass fail"
        ),
        VerdictCase("a word that is none", "\(ours); spf=great; dkim=none", "unknown none unknown"),
        VerdictCase("nothing was done", "\(ours); none", "unknown unknown unknown"),
        VerdictCase(
            "one field for each method",
            "\(ours); spf=fail\n\(ours); dkim=pass header.d=shop.example",
            "fail pass unknown",
            authentic: true
        ),
        VerdictCase("the first word counts", "\(ours); dmarc=fail\n\(ours); dmarc=pass", "unknown unknown fail"),
        VerdictCase(
            "what the sender wrote lies below",
            "\(ours); spf=pass smtp.mailfrom=x.example\nReceived: by mx.desk.example\nReceived: by relay\n\(ours); dmarc=pass",
            "pass unknown unknown"
        ),
        VerdictCase(
            "below the server's own Received",
            "\(ours); spf=none\nReceived: by mx.desk.example\n\(ours); dmarc=pass",
            "none unknown pass",
            authentic: true
        ),
        VerdictCase("unclosed", "\(ours); dkim=pass (never ends", "unknown pass unknown"),
    ]

    static func parse(
        _ fields: String,
        from: String = "Ann <ann@shop.example>",
        change: (inout MailSettings) -> Void = { _ in }
    ) -> MessageData {
        var context = IntakeContext(source: "/email/test")
        context.mail.trustedServers = ["mx.desk.example"]
        change(&context.mail)
        return MailParser(context: context, position: "test").parse(
            Array("\(fields)\nFrom: \(from)\n\nHello there\n".utf8)
        ).envelope.data
    }

    @Test(arguments: cases)
    func `Only a trusted server's verdicts are taken over`(line: VerdictCase) throws {
        let verdicts = try #require(Self.parse(line.fields).authentication)
        #expect(verdicts.spf == line.spf && verdicts.dkim == line.dkim && verdicts.dmarc == line.dmarc)
        #expect(verdicts.isTrusted == line.trusted)
    }

    @Test(arguments: cases)
    func `A priority is obeyed where the trusted sender's domain is vouched for`(line: VerdictCase) {
        let fields = "X-Gatehouse-Priority: HIGH\nX-Gatehouse-Queue: =?utf-8?q?Gro=C3=9F?=\n\(line.fields)"
        let data = Self.parse(fields) { $0.control.trustedSenders = AddressSet(["@Shop.example"]) }
        #expect(data.mail?.control == (line.authentic ? MailControl(priority: .high, queue: "Groß") : nil))
        #expect(data.warnings.contains("control_ignored:x-gatehouse-priority") == !line.authentic)
    }

    @Test(arguments: [
        ("ann@shop.example", true, true), ("Ann <ANN@shop.example>", true, true), ("eve@evil.example", true, false),
        ("ann@shop.example, eve@evil.example", true, false), ("ann@shop.example", false, false),
        ("ann@shop.example\nFrom: eve@evil.example", true, false), ("ann@sub.shop.example", true, false),
    ])
    func `A control field needs its trusted sender, who is the only author`(from: String, named: Bool, obeyed: Bool) {
        let data = Self.parse("X-Prio: critical", from: from) { settings in
            settings.control.priorityField = "X-Prio"
            settings.control.needsAuthentication = false
            if named { settings.control.trustedSenders = AddressSet(["ann@shop.example"]) }
        }
        #expect(data.mail?.control == (obeyed ? MailControl(priority: .critical) : nil))
        #expect(data.warnings == (obeyed ? [] : ["control_ignored:x-prio"]))
    }

    @Test(arguments: ["urgent", "", "high; low", "=?utf-8?q?high?="])
    func `A priority that is no level is not obeyed`(word: String) {
        let data = Self.parse("X-Gatehouse-Priority: \(word)", from: "a@b.example") { settings in
            settings.control.needsAuthentication = false
            settings.control.trustedSenders = AddressSet(["a@b.example"])
        }
        #expect(data.mail?.control == nil && data.warnings == ["control_ignored:x-gatehouse-priority"])
    }

    @Test(arguments: [
        ("Message-ID: <rt-1@Desk.example>", "a@x.example", "echo"), ("Message-ID: <1@x.example>", "a@x.example", "no"),
        ("Message-ID: <1@x.example>", "support@desk.example", "echo"),
        ("Reply-To: customer@x.example", "support@desk.example", "no"),
        ("Reply-To: Support@desk.example", "support@desk.example", "echo"),
        ("X-RT-Loop-Prevention: Desk", "a@x.example", "echo"), ("X-RT-Loop-Prevention: other", "a@x.example", "no"),
        ("X-Ours: 1", "a@x.example", "echo"), ("Auto-Submitted: auto-replied", "support@desk.example", "echo"),
        ("X-Failed-Recipients: a@x.example", "support@desk.example", "bounce"),
    ])
    func `Own mail that comes back is told from a form that writes in the desk's name`(
        field: String,
        from: String,
        automated: String
    ) {
        let data = Self.parse(field, from: from) { settings in
            settings.ownAddresses = AddressSet(["support@desk.example"])
            settings.ownMessageIDDomains = ["desk.example"]
            settings.ownMarkers = [MarkerField("X-RT-Loop-Prevention: desk"), MarkerField("X-Ours")]
        }
        #expect(data.automated.rawValue == automated)
    }

    @Test(arguments: [
        (["[rt #{id}]"], "Re: [RT #12] [x #3]", ["12"]),
        (["[#{id}]", "(desk-{id})"], "[#1] (DESK-22) [rt #3]", ["1", "22"]),
        (["[#{id}]"], "[#123456789012345678901] [#]", []), ([], "[x #3]", ["3"]),
    ])
    func `Tickets are named as the configuration says`(tokens: [String], subject: String, names: [String]) {
        #expect(TicketNames.named(in: subject, tokens: tokens.compactMap(TicketToken.init)) == names)
    }

    @Test(arguments: ["{id}", "[#{id}", "x", "", "[{id}{id}]"].filter { $0 != "[#{id}" })
    func `A token without an end or with two numbers is none`(pattern: String) {
        #expect(TicketToken(pattern) == nil)
    }
}
