import GatehouseCore
import GatehouseTransfer
import Testing

@testable import GatehouseDelivery

struct CircuitBreakerTests {
    @Test func `Three failures of the target in a row open it, and a success between closes it`() {
        var breaker = CircuitBreaker()
        func failures(_ count: Int) -> [Bool] { (0..<count).map { _ in breaker.note(.target) } }
        #expect(failures(2) == [false, false])
        breaker.noteSuccess()
        #expect(failures(3) == [false, false, true])
        #expect(breaker.isProbing && breaker.openings == 1)
        #expect(failures(1) == [true], "one more failure is enough while it is tried again")
        #expect(breaker.openings == 2)
        breaker.noteSuccess()
        #expect(!breaker.isProbing && breaker.openings == 0)
    }

    @Test func `Errors that may be about single messages open it later`() {
        var breaker = CircuitBreaker()
        let opened = (0..<CircuitBreaker.doubtfulLimit).map { _ in breaker.note(.doubtful) }
        #expect(opened.firstIndex(of: true) == CircuitBreaker.doubtfulLimit - 1)
    }

    @Test(arguments: [502, 500, 401, 404])
    func `A target where nothing works is asked a few times, not once for each message`(status: Int) throws {
        let server = ScriptedServer { _ in ScriptedAnswer(status: status) }
        var target = TargetConfiguration(name: "desk", preset: "generic-json", url: "\(server.origin)/tickets")
        target.concurrency = 2
        let engine = try DeliveryEngine(targets: [target])
        let outcomes = try deliver((0..<60).map { try makeJob("m\($0)") }, by: engine)
        #expect(outcomes.count == 60)
        #expect((1...8).contains(server.requests.count))
        let pause = try #require(engine.pause(of: "desk"))
        #expect(pause.openings == 1 && engine.room(at: "desk") == 0)
    }

    @Test func `After a pause one message at a time goes out, until one is taken`() throws {
        let server = ScriptedServer { _ in ScriptedAnswer(status: 201, body: #"{"id":"1"}"#) }
        var target = TargetConfiguration(name: "desk", preset: "generic-json", url: "\(server.origin)/tickets")
        target.concurrency = 4
        let engine = try DeliveryEngine(targets: [target])
        let past = Timestamp(milliseconds: Timestamp.now().milliseconds - 1)
        engine.resume(TargetPause(until: past, reason: "it was down", openings: 3), of: "desk")
        #expect(engine.isProbing("desk") && engine.room(at: "desk") == 1 && engine.appetite(of: "desk") == 1)
        _ = try deliver([makeJob("m1")], by: engine)
        #expect(!engine.isProbing("desk"))
    }

    @Test func `A pause of an earlier run is kept to`() throws {
        let server = ScriptedServer { _ in ScriptedAnswer(status: 201, body: #"{"id":"1"}"#) }
        let target = TargetConfiguration(name: "desk", preset: "generic-json", url: "\(server.origin)/tickets")
        let engine = try DeliveryEngine(targets: [target])
        let later = Timestamp(milliseconds: Timestamp.now().milliseconds + 60_000)
        engine.resume(TargetPause(until: later, reason: "it asked to", openings: 0), of: "desk")
        guard case .postponed(let rest, _) = try deliver([makeJob("m1")], by: engine).first else {
            Issue.record("not postponed")
            return
        }
        #expect((50_000...60_000).contains(rest) && server.requests.isEmpty)
    }
}
