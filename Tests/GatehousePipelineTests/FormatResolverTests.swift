import GatehouseCore
import Testing

@testable import GatehousePipeline

struct FormatResolverTests {
    static func adapter(_ channel: Channel, _ formats: [(String, Confidence?)]) -> LineAdapter {
        LineAdapter(
            channel: channel,
            formats: formats.map { MessageFormat(name: $0.0, summary: "") },
            matches: formats.compactMap { name, confidence in
                confidence.map { FormatMatch(format: name, confidence: $0) }
            }
        )
    }

    private func resolve(
        _ adapters: [LineAdapter],
        _ text: String = "{}",
        format: String? = nil,
        channel: Channel? = nil
    ) throws -> String {
        let bytes = ByteReader(bytes: Array(text.utf8), name: "x.json")
        let input = AdapterInput(bytes: bytes, position: "x.json", context: IntakeContext(source: "/x"))
        let found = try FormatResolver(adapters: adapters).resolve(input, format: format, channel: channel)
        // Looking takes nothing away from what the adapter reads.
        #expect(try bytes.readAll(limit: 1 << 20).bytes == Array(text.utf8))
        return "\(found.adapter.channel.rawValue) \(found.format)"
    }

    @Test func `The surest match wins, whichever adapter it comes from`() throws {
        let adapters = [
            Self.adapter(.email, [("mail", .possible)]),
            Self.adapter(.webChat, [("chat", .certain), ("log", .likely)]),
        ]
        #expect(try resolve(adapters) == "web_chat chat")
    }

    @Test func `A doubt is an error that names both, never a guess`() throws {
        let adapters = [
            Self.adapter(.email, [("mail", .possible)]), Self.adapter(.webChat, [("chat", .likely)]),
            Self.adapter(.socialDM, [("export", .likely)]),
        ]
        let error = #expect(throws: IntakeError.self) { try resolve(adapters) }
        let expected = IntakeError.unknownFormat(
            place: "x.json",
            looksLike: "it may be chat or export",
            candidates: ["chat", "export"]
        )
        #expect(error == expected)
        #expect(error?.exitCode == .dataError)
    }

    @Test func `A named channel leaves only its own formats in question`() throws {
        let adapters = [Self.adapter(.webChat, [("chat", .likely)]), Self.adapter(.socialDM, [("export", .likely)])]
        #expect(try resolve(adapters, channel: .socialDM) == "social_dm export")
    }

    @Test func `A named format is taken, whatever the input looks like`() throws {
        let adapters = [Self.adapter(.email, [("mail", .certain)]), Self.adapter(.webChat, [("chat", nil)])]
        #expect(try resolve(adapters, format: "chat") == "web_chat chat")
    }

    @Test func `A format that is not there is an error with the nearest name`() throws {
        let adapters = [Self.adapter(.webChat, [("chatwoot", .certain)]), Self.adapter(.email, [("mbox", nil)])]
        let error = #expect(throws: IntakeError.self) { try resolve(adapters, format: "chatwood") }
        #expect(error.map { "\($0)" }?.contains("there is no format 'chatwood' (did you mean 'chatwoot'?)") == true)
        let other = #expect(throws: IntakeError.self) { try resolve(adapters, format: "chatwoot", channel: .email) }
        #expect(other.map { "\($0)" }?.contains("one of: mbox") == true)
    }

    @Test func `An input that fits nothing is an error that lists what there is`() throws {
        let adapters = [Self.adapter(.email, [("mail", nil), ("mbox", nil)])]
        let error = #expect(throws: IntakeError.self) { try resolve(adapters) }
        #expect(error.map { "\($0)" }?.contains("one of: mail, mbox") == true)
    }

    @Test func `An empty input goes to the first adapter in question, which says what it is`() throws {
        let adapters = [Self.adapter(.email, [("mail", nil)]), Self.adapter(.webChat, [("chat", nil)])]
        #expect(try resolve(adapters, "") == "email mail")
        #expect(try resolve(adapters, "", channel: .webChat) == "web_chat chat")
    }
}
