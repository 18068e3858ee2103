import GatehouseCore
import Testing

@testable import GatehouseTriage

/// What is said beside the text: it decides where the text doesn't, and then it is named.
struct LanguageDecisionTests {
    private func decide(_ result: LanguageResult, _ hints: [LanguageHint?]) -> LanguageResult {
        LanguageDecision.decide(result, hints.compactMap { $0 }, minimum: 0.3)
    }

    @Test func `A sure text needs no hint`() {
        let sure = LanguageResult(
            tag: "de",
            confidence: 0.99,
            candidates: [LanguageCandidate(tag: "nl", confidence: 0.01)]
        )
        #expect(decide(sure, [LanguageHint(.locale, "nl")]) == sure)
    }

    @Test func `A hint decides between languages that the text may be in`() {
        let close = LanguageResult(
            tag: "da",
            confidence: 0.55,
            candidates: [LanguageCandidate(tag: "no", confidence: 0.4)]
        )
        let result = decide(close, [LanguageHint(.contentLanguage, "nb-NO")])
        #expect(result.tag == "no")
        #expect(result.decidedBy == "content_language")
        #expect(result.candidates.first?.tag == "da")
        #expect(decide(close, [LanguageHint(.contentLanguage, "ja")]).tag == "da")
    }

    @Test func `A text without language takes the hint's, or stays und`() {
        let nothing = LanguageResult(tag: "und", confidence: 0)
        #expect(decide(nothing, []).tag == "und")
        let hinted = decide(nothing, [LanguageHint(.acceptLanguage, "pt-BR,pt;q=0.9,en;q=0.5")])
        #expect(hinted.tag == "pt")
        #expect(hinted.decidedBy == "accept_language")
    }

    @Test func `Below the threshold the guess is kept among the candidates`() {
        let weak = LanguageResult(
            tag: "es",
            confidence: 0.2,
            candidates: [LanguageCandidate(tag: "pt", confidence: 0.15)]
        )
        let result = decide(weak, [])
        #expect(result.tag == "und")
        #expect(result.candidates.map(\.tag) == ["es", "pt"])
    }

    @Test(arguments: [
        ("de_AT.UTF-8", "de"), ("zh-TW", "zh-Hant"), ("zh-CN", "zh-Hans"), ("nn", "no"), ("fil-PH", "tl"),
        (" en, de", "en"),
    ])
    func `A hint's tag is written as the model writes it`(value: String, tag: String) {
        #expect(LanguageHint(.locale, value)?.tag == tag)
    }

    @Test(arguments: ["", "*", "12", "e", "english", "\u{0}"])
    func `What is no tag is no hint`(value: String) { #expect(LanguageHint(.locale, value) == nil) }
}
