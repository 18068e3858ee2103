import GatehouseCore
import Testing

@testable import GatehouseTriage

private func flags(_ text: String, html: String? = nil, change: (inout MessageData) -> Void = { _ in }) -> [String] {
    var configuration = TriageConfiguration()
    configuration.brandDomains = ["acmecoin.com"]
    return assessed(text, configuration: configuration) {
        $0.body.html = html
        change(&$0)
    }.safety.flags.map(\.name)
}

@Suite struct SafetyFlagTests {
    @Test(arguments: [
        "https://acmec0in.com/x", "https://acmecoin-login.com", "https://acrnecoin.com", "https://acmecoim.com",
        "https://acmecoin.com.evil.ru/login", "https://xn--acmecin-ejg.com", "https://аcmecoin.com",
    ])
    func `A host that looks like the team's is flagged`(link: String) {
        #expect(!flags("see \(link)").isEmpty, "\(link)")
    }

    @Test(arguments: ["https://acmecoin.com/x", "https://www.acmecoin.com", "https://example.com", "https://acme.org"])
    func `The team's own host and a stranger's are not`(link: String) {
        #expect(flags("see \(link)") == [])
    }

    @Test func `A link whose words name another host is flagged`() {
        let html =
            #"<p><a href="https://evil.example/x">www.acmecoin.com</a> <A HREF='https://example.org'>click here</A></p>"#
        #expect(flags("", html: html) == ["phishing_link"])
        #expect(flags("", html: #"<a href="https://www.acmecoin.com/x">acmecoin.com</a>"#) == [])
        #expect(flags("", html: html) { $0.automated = .list } == [])
    }

    @Test(arguments: [
        ("He told me to install AnyDesk", "remote_control"), ("They promise guaranteed profit", "guaranteed_return"),
        ("有人冒充客服让我转账", "staff_impersonation"), ("稳赚不赔的项目", "guaranteed_return"), ("http://a:b@c.com", "phishing_link"),
    ])
    func `Dangerous words are named`(text: String, flag: String) {
        #expect(flags(text).contains(flag))
    }

    @Test func `A stranger with the team's name is flagged, the team is not`() {
        #expect(
            flags("hi") { $0.from = [Party(name: "AcmeCoin Support", email: "x@evil.ru")] } == ["staff_impersonation"]
        )
        #expect(flags("hi") { $0.from = [Party(name: "AcmeCoin Support", email: "x@acmecoin.com")] } == [])
        #expect(flags("hi") { $0.from = [Party(name: "Support Team", email: "x@evil.ru")] } == [])
    }

    @Test(
        arguments: [
            ("invoice.pdf.exe", nil), ("photo.scr", nil), ("a\u{202E}fdp.exe", nil), ("report.docm", nil),
            ("invoice.pdf", "application/zip"), ("run.lnk", nil),
        ] as [(String, String?)]
    )
    func `A dangerous file is named by its name or its type`(name: String, type: String?) {
        let file = { (data: inout MessageData) in
            var info = AttachmentInfo(status: .stored, name: name)
            info.detectedType = type
            data.attachments = [info]
        }
        #expect(flags("hi", change: file) == ["dangerous_attachment"])
    }

    @Test func `An ordinary file is none`() {
        for name in ["invoice.pdf", "photo.jpg", "notes.txt", "archive.zip", "README"] {
            #expect(flags("hi") { $0.attachments = [AttachmentInfo(status: .stored, name: name)] } == [])
        }
    }

    @Test func `Punycode is read as RFC 3492 says`() {
        #expect(HostNames.text("xn--bcher-kva") == "bücher")
        #expect(HostNames.text("xn--80ak6aa92e") == "аррӏе")
        #expect(HostNames.decodePunycode("99999999") == nil)
    }

    @Test func `Keccak-256 gives the published digest of the empty message`() {
        #expect(Hex.encode(Keccak256.digest([])) == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
    }
}
