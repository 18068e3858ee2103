import Foundation
import Testing

/// `gatehouse check` says all that is wrong, in the file and around it, before anything is sent.
struct CheckTests {
    /// What stands in a target beside its name, and the words that must come.
    @Test(arguments: [
        (
            #""preset": "rt", "url": "https://a.example", "options": { "follow_up": "mail" }"#,
            "follow_up is correspond or comment"
        ),
        (
            #""preset": "rt", "url": "https://a.example", "options": { "external_id_feild": "X" }"#,
            "Did you mean 'external_id_field'?"
        ),
        (#""preset": "roundup", "url": "https://a.example", "options": { "queue": "X" }"#, "It has: author, status"),
        (#""preset": "generic-json", "url": "https://a.example", "ca_file": "none.pem""#, "none.pem: No such file"),
        (#""preset": "generic-json", "url": "https://a.example", "secret": { "file": "none" }"#, "no such file"),
    ])
    func `What a target's preset will not take is an error of the configuration`(target: String, words: String) throws {
        let desk = try Desk()
        try desk.write(
            #"{ "schema": 1, "state_dir": "state", "targets": [{ "name": "desk", \#(target) }] }"#,
            to: "gatehouse.jsonc"
        )
        let outcome = try desk.gatehouse("check")
        #expect(outcome.status == 78)
        #expect(outcome.output.contains("error: "))
        #expect(outcome.output.contains(words), "\(outcome.output)")
        #expect(!FileManager.default.fileExists(atPath: desk.state.path()))
    }

    @Test func `A folder that is not there yet is a warning`() throws {
        let desk = try Desk()
        try desk.configure(
            sources: #"[{ "name": "a", "type": "folder", "path": "later" }]"#,
            target: "http://127.0.0.1:9/tickets"
        )
        let outcome = try desk.gatehouse("check")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("warning: source 'a'"))
        #expect(outcome.output.contains("fine: 1 sources, 1 targets"))
    }
}
