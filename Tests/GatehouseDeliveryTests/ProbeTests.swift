import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// The one look-up by which `doctor` sees whether a target can be asked.
@Suite struct ProbeTests {
    private func requestTracker(_ server: ScriptedServer) -> TargetConfiguration {
        var target = TargetConfiguration(name: "desk", preset: "rt", url: server.origin)
        target.user = "root"
        target.secret = { "root" }
        return target
    }

    private static func tracker(
        session: String = "5e55",
        lookUp: ScriptedAnswer
    ) -> @Sendable (SeenRequest) -> ScriptedAnswer {
        { request in
            request.target == "/NoAuth/Login.html"
                ? ScriptedAnswer(
                    status: 200,
                    headers: ["Set-Cookie: RT_SID_example.80=\(session)"],
                    body: session == "0" ? "RT.CurrentUser = {};" : "RT.CurrentUser = {\"Name\":\"root\"};"
                ) : lookUp
        }
    }

    @Test func `A look-up follows the login, with its session, and nothing is posted but the login`() throws {
        let server = ScriptedServer(Self.tracker(lookUp: ScriptedAnswer(status: 200, body: #"{"items":[]}"#)))
        guard case .fine(let words) = try DeliveryEngine(targets: [requestTracker(server)]).probe("desk") else {
            Issue.record("not fine")
            return
        }
        #expect(words.hasPrefix("a look-up was answered 200"))
        let asked = server.requests.filter { $0.target != "/NoAuth/Login.html" }
        #expect(asked.count == 1)
        #expect(asked.first?.method == "GET")
        #expect(asked.first?.target.hasPrefix("/REST/2.0/tickets?query=") == true)
        #expect(asked.first?.headers["cookie"] == "RT_SID_example.80=5e55")
    }

    static let answers: [(ScriptedAnswer, isFailed: Bool)] = [
        (ScriptedAnswer(status: 403, body: "{}"), true), (ScriptedAnswer(status: 401, body: "{}"), true),
        (ScriptedAnswer(status: 400, body: #"{"message":"no such field"}"#), false),
        (ScriptedAnswer(status: 404, body: "{}"), false), (ScriptedAnswer(status: 502, body: "<html>"), false),
        (ScriptedAnswer(status: 200, body: "<html>log in</html>"), false),
    ]

    @Test(arguments: answers)
    func `A look-up that is refused is an error, and one that is not understood a warning`(
        answer: ScriptedAnswer,
        isFailed: Bool
    ) throws {
        let server = ScriptedServer(Self.tracker(lookUp: answer))
        switch try DeliveryEngine(targets: [requestTracker(server)]).probe("desk") {
        case .fine(let words): Issue.record("\(words)")
        case .doubtful: #expect(!isFailed)
        case .failed: #expect(isFailed)
        }
    }

    @Test func `A login that is refused is said as such, and nothing is looked up`() throws {
        let server = ScriptedServer(Self.tracker(session: "0", lookUp: ScriptedAnswer(status: 200, body: "{}")))
        guard case .failed(let words) = try DeliveryEngine(targets: [requestTracker(server)]).probe("desk") else {
            Issue.record("let in")
            return
        }
        #expect(words.contains("did not let us in"))
        #expect(server.requests.count == 1)
    }

    @Test func `Where there is nothing to look up by, the address is fetched`() throws {
        let server = ScriptedServer { _ in ScriptedAnswer(status: 405, body: "") }
        let target = TargetConfiguration(name: "desk", preset: "generic-json", url: server.origin + "/tickets")
        guard case .fine = try DeliveryEngine(targets: [target]).probe("desk") else {
            Issue.record("405 to a GET is no fault")
            return
        }
        #expect(server.requests.map(\.method) == ["GET"])
        #expect(server.requests.map(\.target) == ["/tickets"])
    }

    /// No preset may write anything while it is only asked, whatever it is answered.
    @Test(arguments: PresetList.names.filter { !["template", "archive", "webhook"].contains($0) })
    func `A probe only asks`(preset: String) throws {
        let server = ScriptedServer { _ in ScriptedAnswer(status: 200, body: "{}") }
        var target = TargetConfiguration(name: "desk", preset: preset, url: server.origin)
        target.user = "user@example.org"
        target.secret = { "secret" }
        guard let engine = try? DeliveryEngine(targets: [target]) else { return }
        _ = engine.probe("desk")
        for request in server.requests where request.method != "GET" {
            let isQuestion = ["search", "batch/read", "login", "token", "session"].contains {
                request.target.lowercased().contains($0)
            }
            #expect(isQuestion, "\(preset): \(request.method) \(request.target)")
        }
    }
}
