import GatehouseCore
import Testing

@testable import gatehouse

struct EventLogTests {
    private func line(_ form: EventLog.Form, source: String? = "inbox", _ words: String) -> String {
        EventLog.line(.warning, "input_problem", source: source, words, form: form, now: Timestamp(milliseconds: 0))
    }

    @Test func `An event is one line in each form`() throws {
        #expect(line(.text, "no message") == "gatehouse: inbox: no message")
        #expect(line(.text, source: nil, "no message") == "gatehouse: no message")
        #expect(line(.journald, "no message") == "<4>gatehouse: inbox: no message")
        let json = line(.json, "a \"b\"\nc")
        #expect(!json.contains("\n"))
        let object = try JSONDocument.parse(Array(json.utf8), options: .strict)
        #expect(object["event"]?.string == "input_problem" && object["level"]?.string == "warning")
        #expect(object["source"]?.string == "inbox" && object["message"]?.string == "a \"b\"\nc")
        #expect(object["time"]?.string == "1970-01-01T00:00:00Z")
    }

    @Test func `Each line of several has its level for the journal`() {
        #expect(line(.journald, source: nil, "first\nsecond") == "<4>gatehouse: first\n<4>second")
    }
}
