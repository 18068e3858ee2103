import GatehouseCore
import Testing

@testable import GatehouseTriage

@Suite struct TopicTests {
    @Test(arguments: [
        ("How do I withdraw my bitcoin?", ["withdrawal", "how_to"]), ("提现一直没到账怎么办", ["withdrawal"]),
        ("我的充值沒到帳", ["deposit"]), ("出金できません", ["withdrawal"]), ("출금 수수료가 얼마인가요", ["withdrawal", "fees"]),
        ("No puedo entrar en mi cuenta", ["account_access"]), ("J'ai oublié mon mot de passe", ["account_access"]),
        ("Wie hoch ist die Gebühr für eine Auszahlung?", ["fees", "withdrawal"]),
        ("Quero excluir minha conta", ["data_privacy"]),
        ("Нашёл уязвимость XSS на сайте", ["vulnerability_report"]), ("لا أستطيع تسجيل الدخول", ["account_access"]),
        ("Kimlik doğrulama reddedildi", ["kyc"]), ("Tôi bị lừa đảo qua trang web giả", ["scam_report"]),
        ("I want my money back, I will go to court", ["dispute"]), ("My API key returns HTTP 429", ["api"]),
        ("Someone hacked my account and withdrew all my BTC", ["security_emergency", "withdrawal"]),
        ("It would be nice to have a dark mode", ["feedback"]), ("My limit order was not filled", ["trade"]),
        ("I lost my phone with the 2fa", ["account_security"]), ("qwerty asdf", ["other"]),
    ])
    func `A message's topics are named in every language`(text: String, topics: [String]) {
        let names = assessed(text).topics.map(\.name)
        for topic in topics { #expect(names.contains(topic), "\(text): \(names)") }
    }

    @Test func `A team's own topic stands beside the built-in ones`() {
        var configuration = TriageConfiguration()
        configuration.topics = [.init(name: "staking", phrases: ["staking", "stak*", "質押"])]
        #expect(assessed("my staked coins", configuration: configuration).topics.map(\.name) == ["staking"])
    }

    @Test func `What a topic needs and the message lacks is listed, and a screenshot stands for it`() {
        #expect(assessed("My withdrawal is stuck").missing == ["tx_hash", "address", "coin", "amount"])
        #expect(assessed("My withdrawal of 5 USDT is stuck").missing == ["tx_hash", "address"])
        let pictured = assessed("My withdrawal is stuck") { data in
            var file = AttachmentInfo(status: .stored, name: "a.png", mediaType: "image/png")
            file.size = 90_000
            data.attachments = [file]
        }
        #expect(pictured.missing == [])
        #expect(assessed("How do I make a withdrawal?").missing == [])
    }

    @Test(arguments: [
        ("Where is my order?", "calm"), ("I am so worried, please help", "worried"),
        ("Still no answer, this is ridiculous", "frustrated"),
        ("You are thieves and liars", "angry"), ("you fucking idiots", "abusive"),
        ("WHERE IS MY MONEY GIVE IT BACK", "frustrated"),
        ("My money 😡", "angry"), ("太过分了，垃圾平台", "abusive"), ("ひどい、二度と使わない", "angry"),
    ])
    func `The mood is named with its words`(text: String, mood: String) {
        #expect(assessed(text).sentiment?.name == mood)
    }

    @Test func `Mood and a VIP raise the score within its level`() {
        let calm = assessed("My withdrawal has not arrived").urgency
        var configuration = TriageConfiguration()
        configuration.vip = ["vip@example.com"]
        let loud = assessed("My withdrawal has not arrived, you fucking idiots", configuration: configuration) {
            $0.from = [Party(email: "VIP@example.com")]
        }
        #expect(loud.isVIP)
        #expect(loud.urgency.level == calm.level)
        #expect(loud.urgency.score > calm.score && loud.urgency.score <= calm.score + 8)
        #expect(loud.urgency.reasons.map(\.rule).contains("vip"))
    }

    @Test func `The first route that fits decides and is named`() {
        var configuration = TriageConfiguration()
        var night = TriageConfiguration.Route(queue: "night", tags: ["late"])
        night.hours = (22, 6)
        night.topics = ["withdrawal"]
        night.dueMinutes = 30
        configuration.routes = [night, .init(queue: "day")]
        let late = assessed("withdrawal", configuration: configuration) {
            $0.times.sentAt = CivilTime(year: 2026, month: 1, day: 2, hour: 23).timestamp()
        }
        #expect(late.queue == "night" && late.tags == ["late"])
        #expect(late.routedBy == "1: topic withdrawal, from 22 to 6 o'clock")
        #expect(late.dueBy == CivilTime(year: 2026, month: 1, day: 2, hour: 23, minute: 30).timestamp())
        let noon = assessed("withdrawal", configuration: configuration) {
            $0.times.sentAt = CivilTime(year: 2026, month: 1, day: 2, hour: 12).timestamp()
        }
        #expect(noon.queue == "day")
    }

    @Test func `A digest of an address is as good as the address in the VIP list`() {
        let list = VIPList(["sha256:" + SHA256.hex(of: Array("vip@example.com".utf8))])
        var data = MessageData(channel: .email, provider: "rfc5322")
        data.from = [Party(email: "vip@example.com")]
        #expect(list.contains(data))
        data.from = [Party(email: "other@example.com")]
        #expect(!list.contains(data))
    }
}
