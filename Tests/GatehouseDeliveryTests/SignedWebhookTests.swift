import GatehouseCore
import GatehouseTransfer
import Testing

@testable import GatehouseDelivery

struct SignedWebhookTests {
    /// The signatures are those of Python's hmac over the id, time and body of the specification's example.
    @Test(arguments: [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ("plain words", "v1,X8r2rKntoEWqVpbkfGoPJhW4mV8IuVNDzdgApHtzUlM="),
    ])
    func `A call is signed as Standard Webhooks says`(secret: String, signature: String) throws {
        var target = TargetConfiguration(name: "alarm", preset: "webhook", url: "https://pager.example/hook")
        target.secret = { secret }
        let api = try SignedWebhook(target)
        let url = try #require(HTTPURL("https://pager.example/hook"))
        var request = HTTPRequest(.post, url, body: Array(#"{"test": 2432232314}"#.utf8))
        let time = Timestamp(seconds: 1_614_265_330)
        api.sign(&request, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", secret: secret, at: time)
        #expect(request.headers.first { $0.name == "webhook-timestamp" }?.value == "1614265330")
        #expect(request.headers.first { $0.name == "webhook-signature" }?.value == signature)
    }

    @Test func `Without a secret it can't be used`() {
        let target = TargetConfiguration(name: "alarm", preset: "webhook", url: "https://pager.example/hook")
        #expect(throws: TargetError.self) { try SignedWebhook(target) }
    }
}
