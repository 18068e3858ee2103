import Foundation
import Glibc
import Testing

/// Webhooks through the built program, by pipe and as a web server's CGI would call it.
struct WebhookTests {
    static let body = Data(
        #"{"format":"gatehouse-chat/1","id":"m1","conversation_id":"c","text":"My card was stolen"}"#.utf8
    )
    /// Of `body` under "gate-secret-1", by another implementation.
    static let digest = "ebc78c02d5b74c67d944ee0c156eeb4cd25cbf65c521b1fb362fc3b0e344b731"

    static func desk() throws -> Desk {
        let desk = try Desk()
        try desk.write("gate-secret-1\n", to: "secret")
        try desk.write("it is me\n", to: "verify")
        for name in ["secret", "verify"] { unsafe chmod(desk.folder.appending(path: name).path(), 0o600) }
        try desk.configure(
            sources: """
                [{ "name": "shop", "type": "webhook", "channel": "web_chat",
                   "signature": { "scheme": "meta", "secret": { "file": "secret" }, "verify_token": { "file": "verify" } } },
                 { "name": "x", "type": "webhook", "signature": { "scheme": "x", "secret": { "file": "secret" } } },
                 { "name": "open", "type": "webhook", "channel": "web_chat",
                   "mapping": { "id": "/ref", "text": "/words", "from": { "name": "/who" } } }]
                """
        )
        return desk
    }

    static func cgi(
        _ desk: Desk,
        source: String = "shop",
        _ variables: [String: String],
        input: Data? = nil
    ) throws -> (status: Int, body: String, outcome: Outcome) {
        let outcome = try Program.run(
            "gatehouse",
            ["ingest", "--cgi", "--source", source, "--config", desk.configuration.path()],
            input: input,
            environment: variables
        )
        let halves = outcome.output.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let status = try #require(halves[0].split(separator: " ").dropFirst().first.flatMap { Int($0) })
        #expect(outcome.output.hasPrefix("Status: "))
        return (status, String(halves.dropFirst().first ?? ""), outcome)
    }

    static func post(_ body: Data, _ more: [String: String] = [:]) -> [String: String] {
        ["REQUEST_METHOD": "POST", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "\(body.count)"].merging(more)
        {
            $1
        }
    }

    @Test func `A signed payload is taken in, and its envelope says so`() throws {
        let desk = try Self.desk()
        let header = "X-Hub-Signature-256: sha256=\(Self.digest)"
        let outcome = try desk.gatehouse("ingest", "--source", "shop", "--header", header, input: Self.body)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(try desk.inputs("accepted") == 1)
        let listed = try desk.gatehouse("list", "--json")
        let id = try #require(listed.lines.first?.split(separator: "\"").dropFirst(3).first)
        let shown = try desk.gatehouse("show", String(id), "--json")
        #expect(shown.output.contains(#""verification":{"status":"verified","scheme":"meta"}"#), "\(shown.output)")
    }

    static let unsigned: [(words: [String], code: Int32)] = [
        (["--header", "X-Hub-Signature-256: sha256=00"], 77), ([], 77), (["--mda", "--format", "generic-chat"], 75),
    ]

    @Test(arguments: unsigned)
    func `A payload without a right signature is counted, and nothing of it is kept`(
        words: [String],
        code: Int32
    ) throws {
        let desk = try Self.desk()
        let arguments = ["ingest", "--source", "shop", "--config", desk.configuration.path()] + words
        let outcome = try Program.run("gatehouse", arguments, input: Self.body)
        #expect(outcome.status == code)
        #expect(outcome.errors.contains("refused"))
        #expect(try desk.inputs("refused") == 1)
        #expect(try desk.inputs("accepted") == 0)
        #expect(try desk.gatehouse("list", "--state", "all", "--json").output.isEmpty)
    }

    @Test func `A name that no webhook has lets nothing in unsigned`() throws {
        let desk = try Self.desk()
        let outcome = try desk.gatehouse("ingest", "--source", "shopp", "--channel", "web_chat", input: Self.body)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("Did you mean 'shop'?"))
        #expect(try desk.gatehouse("poll", "shop").status == 64)
        #expect(try desk.gatehouse("poll").status == 0)
    }

    @Test func `A web server hears 200 for what is committed, and once more for what comes twice`() throws {
        let desk = try Self.desk()
        let variables = Self.post(Self.body, ["HTTP_X_HUB_SIGNATURE_256": "sha256=\(Self.digest)"])
        for state in ["accepted", "duplicate"] {
            let answer = try Self.cgi(desk, variables, input: Self.body)
            #expect(answer.status == 200)
            #expect(answer.outcome.status == 0)
            #expect(answer.body.isEmpty)
            #expect(try desk.inputs(state) == 1)
        }
    }

    @Test func `A web server reads no further than the length says`() throws {
        let desk = try Self.desk()
        let variables = Self.post(Self.body, ["HTTP_X_HUB_SIGNATURE_256": "sha256=\(Self.digest)"])
        #expect(try Self.cgi(desk, variables, input: Self.body + Data("the next request".utf8)).status == 200)
        #expect(try Self.cgi(desk, variables, input: Self.body.dropLast()).status == 400)
    }

    static let unwanted: [(variables: [String: String], status: Int)] = [
        (["HTTP_X_HUB_SIGNATURE_256": "sha256=0011"], 401), ([:], 401), (["CONTENT_LENGTH": "40000000"], 413),
        (["CONTENT_LENGTH": ""], 411), (["HTTP_CONTENT_ENCODING": "br"], 415), (["REQUEST_METHOD": "PUT"], 405),
        (["REQUEST_METHOD": "GET"], 405), (["REQUEST_METHOD": "HEAD"], 200),
        (
            [
                "REQUEST_METHOD": "GET",
                "QUERY_STRING": "hub.mode=subscribe&hub.challenge=42&hub.verify_token=it%20is%20me",
            ], 200
        ),
        (["REQUEST_METHOD": "GET", "QUERY_STRING": "hub.mode=subscribe&hub.challenge=42&hub.verify_token=me"], 403),
    ]

    @Test(arguments: unwanted)
    func `What is no signed payload is answered by its kind`(variables: [String: String], status: Int) throws {
        let desk = try Self.desk()
        let answer = try Self.cgi(desk, Self.post(Self.body, variables), input: Self.body)
        #expect(answer.status == status)
        if status == 200, variables["QUERY_STRING"] != nil { #expect(answer.body == "42") }
    }

    @Test func `What goes wrong on our side is 503, and the sender keeps the message`() throws {
        let desk = try Self.desk()
        #expect(try Self.cgi(desk, source: "nobody", Self.post(Self.body), input: Self.body).status == 503)
        try FileManager.default.removeItem(at: desk.folder.appending(path: "secret"))
        #expect(try Self.cgi(desk, Self.post(Self.body), input: Self.body).status == 503)
    }

    @Test func `X's challenge is answered through the pipe and as CGI`() throws {
        let desk = try Self.desk()
        let expected = #"{"response_token":"sha256=sZDI9uIpQfF06RV2AuVQU1TUXmV+jf6ZFtFP15coVtw="}"#
        let query = "crc_token=challenge-token"
        let piped = try desk.gatehouse("ingest", "--source", "x", "--method", "GET", "--query", query)
        #expect(piped.status == 0)
        #expect(piped.output == expected)
        let answer = try Self.cgi(desk, source: "x", ["REQUEST_METHOD": "GET", "QUERY_STRING": query])
        #expect(answer.status == 200)
        #expect(answer.body == expected)
    }

    @Test func `A form with a file goes through a mapping into the store`() throws {
        let desk = try Self.desk()
        let body = Data(
            """
            --b\r\nContent-Disposition: form-data; name="words"\r\n\r\nPlease help\r
            --b\r\nContent-Disposition: form-data; name="who"\r\n\r\nAna\r
            --b\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\nbytes\r
            --b--\r

            """.utf8
        )
        let variables = Self.post(body, ["CONTENT_TYPE": "multipart/form-data; boundary=b"])
        #expect(try Self.cgi(desk, source: "open", variables, input: body).status == 200)
        let listed = try desk.gatehouse("list", "--json")
        #expect(listed.output.contains("Please help"))
    }

    @Test(arguments: [
        ("shop-chat", "shop-chat.json", 2, ["bitte sofort sperren", #""id":"7731""#, "Ich sperre sie jetzt."]),
        ("call-me-form", "call-me.form", 1, ["+34612345678", "Lucía Ñíguez Ortega", "pendiente.txt", "Llámenme"]),
    ])
    func `The manual's mappings read their examples`(source: String, file: String, count: Int, words: [String]) throws {
        let folder = Repository.root.appending(path: "deploy/mapping")
        let configuration = folder.appending(path: "gatehouse.jsonc").path()
        let outcome = try Program.run(
            "gatehouse",
            ["parse", "--config", configuration, "--source", source, folder.appending(path: file).path()]
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.lines.count == count)
        for word in words { #expect(outcome.output.contains(word), "\(outcome.output)") }
    }
}
