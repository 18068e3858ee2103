import GatehouseCore
import GatehouseTransfer
import Glibc
import Testing

@testable import GatehouseDelivery

/// Against running ticket systems: an address stands in `ROUNDUP_URL` (template `classic`) or `RT_URL` (with the custom
/// field ExternalId), the administrator's password in `ROUNDUP_PASSWORD` or `RT_PASSWORD`.
@Suite struct RealTicketSystemTests {
    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    private func engine(_ preset: String, _ user: String, _ prefix: String) throws -> DeliveryEngine? {
        guard let url = Self.variable("\(prefix)_URL") else {
            print("skipped: \(prefix)_URL names no ticket system")
            return nil
        }
        var target = TargetConfiguration(name: "desk", preset: preset, url: url)
        target.user = user
        target.secret = { Self.variable("\(prefix)_PASSWORD") ?? "" }
        target.concurrency = 2
        return try DeliveryEngine(targets: [target])
    }

    @Test(arguments: [("roundup", "admin", "ROUNDUP"), ("rt", "root", "RT")])
    func `A message with a file, and a follow-up, are taken once each`(preset: String, user: String, prefix: String)
        throws
    {
        guard let engine = try engine(preset, user, prefix) else { return }
        let id = "t\(Hex.encode(randomBytes(8)))"
        let bytes = Array("proof".utf8)
        let digest = SHA256.hex(of: bytes)
        let extra =
            #","attachments":[{"name":"proof 1.txt","media_type":"text/plain","size":5,"sha256":"\#(digest)","status":"stored"}]"#
        let opened = try deliver([makeJob(id, extra: extra)], by: engine, contents: [digest: bytes])
        guard case .sent(let ticket, _, lookedUp: false) = try #require(opened.first) else {
            Issue.record("\(opened)")
            return
        }
        let again = try deliver(
            [makeJob(id, extra: extra, outcomeUnknown: true)],
            by: engine,
            contents: [digest: bytes]
        )
        guard case .sent(ticket, _, lookedUp: true) = try #require(again.first) else {
            Issue.record("\(again)")
            return
        }
        let reply = try deliver([makeJob("\(id)-2", text: "any news?", ticket: ticket)], by: engine)
        guard case .sent(ticket, _, lookedUp: false) = try #require(reply.first) else {
            Issue.record("\(reply)")
            return
        }
        let replyAgain = try deliver(
            [makeJob("\(id)-2", text: "any news?", ticket: ticket, outcomeUnknown: true)],
            by: engine
        )
        guard case .sent(ticket, _, lookedUp: true) = try #require(replyAgain.first) else {
            Issue.record("\(replyAgain)")
            return
        }
        guard case .ticketGone = try #require(try deliver([makeJob("\(id)-3", ticket: "999999")], by: engine).first)
        else {
            Issue.record("an unknown issue is not said to be gone")
            return
        }
    }
}
