import GatehouseCore
import GatehouseTriage
import Testing

struct TriageRobustnessTests {
    @Test func `There are rules, and each has a name of its own`() {
        #expect(TriageRules.builtIn.rules.count > 20)
        #expect(Set(TriageRules.builtIn.rules.map(\.name)).count == TriageRules.builtIn.rules.count)
    }

    @Test func `Every rule's points lie in its level's band`() {
        for rule in TriageRules.builtIn.rules {
            let band =
                switch rule.level {
                case .critical: 80...100
                case .high: 55...79
                case .normal: 20...54
                case .low: 0...19
                }
            #expect(band.contains(rule.points), "\(rule.name)")
        }
    }

    @Test func `Each language has words, and the version names the tables`() {
        #expect(
            Set(TriageRules.builtIn.languages).isSuperset(of: [
                "en", "zh", "ja", "ko", "es", "fr", "de", "pt", "ru", "ar",
            ])
        )
        #expect(TriageRules.builtIn.version.hasPrefix("urgency-2-"))
        #expect(assessed("hi").rulesVersion.hasPrefix(TriageRules.builtIn.version + "+topics-1-"))
    }

    @Test func `Arbitrary bytes never trap`() {
        var state: UInt64 = 7
        for length in 0..<300 {
            var bytes: [UInt8] = []
            for _ in 0..<length {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(UInt8(truncatingIfNeeded: state >> 33))
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let urgency = assessed(text, subject: text).urgency
            #expect((0...100).contains(urgency.score))
        }
    }

    @Test(arguments: ["stolen ", "someone card ", "not ", "a", "被盗", "'", "my account hacked ", "ال", ". ", "\n"])
    func `A word repeated without end costs a bounded time`(piece: String) {
        let urgency = assessed(String(repeating: piece, count: 100_000)).urgency
        #expect((0...100).contains(urgency.score))
        #expect(urgency.reasons.count <= TriageRules.builtIn.rules.count)
        #expect(urgency.notCounted.count <= 8)
    }
}
