import GatehouseCore
import Testing

@testable import GatehouseStore

struct SenderLanguageTests {
    let state = TemporaryState()

    private struct Decision: Equatable {
        var tag: String?
        var decidedBy: String?
    }

    private func decision(_ store: Store, _ sample: Sample) throws -> Decision {
        let id = try store.takeOne(sample).id ?? "-"
        let envelope = try JSONDocument.parse(try #require(try store.message(id: id)).envelope)
        let language = envelope["data"]?.pointer("/triage/language")
        return Decision(tag: language?["tag"]?.string, decidedBy: language?["decided_by"]?.string)
    }

    private func mail(_ number: Int, _ language: LanguageResult, from sender: String = "ada@example.com") -> Sample {
        Sample(keys: [IdentityKey(.claimed, "\(number)")], text: "\(number)", language: language, sender: sender)
    }

    @Test func `What a sender wrote in before decides where the text says nothing, and is named`() throws {
        let store = try state.open()
        let open = LanguageResult(tag: "und", confidence: 0)
        #expect(try decision(store, mail(1, open)) == Decision(tag: "und"))
        #expect(try decision(store, mail(2, LanguageResult(tag: "pt", confidence: 0.98))) == Decision(tag: "pt"))
        #expect(try decision(store, mail(3, open, from: "ADA@example.com")) == Decision(tag: "pt", decidedBy: "sender"))
        #expect(try decision(store, mail(4, open, from: "bob@example.com")) == Decision(tag: "und"))
    }

    @Test func `It turns the scale between languages that the text may be in, and no other`() throws {
        let store = try state.open()
        _ = try decision(store, mail(1, LanguageResult(tag: "no", confidence: 0.95)))
        let danish = LanguageResult(
            tag: "da",
            confidence: 0.6,
            candidates: [LanguageCandidate(tag: "no", confidence: 0.35)]
        )
        #expect(try decision(store, mail(2, danish)) == Decision(tag: "no", decidedBy: "sender"))
        let thai = LanguageResult(tag: "th", confidence: 0.8, candidates: [])
        #expect(try decision(store, mail(3, thai)) == Decision(tag: "th"))
        #expect(try decision(store, mail(4, LanguageResult(tag: "sv", confidence: 0.93))) == Decision(tag: "sv"))
        #expect(try decision(store, mail(5, danish)) == Decision(tag: "da"), "the last sure one counts")
    }
}
