import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// One file of `Tests/Recordings/presets`: for a ticket system, the requests that its documentation asks for, in order,
/// with the answers that it shows.
struct Recording: Sendable, CustomTestStringConvertible {
    static let folder = #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined() + "/Recordings/presets"

    let preset: String
    let document: JSONValue
    let story: JSONValue

    var testDescription: String { "\(preset): \(story["name"]?.string ?? "")" }

    /// Every story of every file.
    static let all: [Recording] = DeclaredPresets.names.flatMap { stories(of: $0) } + stories(of: "template")

    static func stories(of preset: String) -> [Recording] {
        guard let bytes = try? ByteReader(path: "\(folder)/\(preset).jsonc").readAll(limit: 1 << 20).0,
            let document = try? JSONDocument.parse(bytes, options: .configuration)
        else { return [] }
        return (document["stories"]?.array ?? []).map { Recording(preset: preset, document: document, story: $0) }
    }

    var exchanges: [JSONValue] { story["exchanges"]?.array ?? [] }

    func target(_ origin: String) -> TargetConfiguration {
        var target = TargetConfiguration(
            name: "desk",
            preset: preset,
            url: origin + (document.pointer("/target/path")?.string ?? "")
        )
        target.user = document.pointer("/target/user")?.string
        target.secret = { "s3cret" }
        target.queue = document.pointer("/target/queue")?.string
        target.template = document.pointer("/target/template")
        target.concurrency = 1
        for member in document.pointer("/target/options")?.members ?? [] {
            target.options[member.key] = member.value.string
        }
        for member in story["options"]?.members ?? [] { target.options[member.key] = member.value.string }
        return target
    }

    static let proof = Array("proof".utf8)

    /// `opener`, `reply` or `note` (what a machine wrote), with a file where the story says so.
    func job() throws -> DeliveryJob {
        var extra = #","times":{"ingested_at":"2026-01-02T03:04:05.678Z"}"#
        if story["file"]?.bool == true {
            extra +=
                #","attachments":[{"name":"proof é.txt","media_type":"text/plain","size":5,"sha256":"\#(SHA256.hex(of: Self.proof))","status":"stored"}]"#
        }
        if story["message"]?.string == "note" { extra += #","automated":"auto_reply""# }
        return try makeJob(
            "msg1",
            text: "Hello <b> & @all\\n/close",
            ticket: story["ticket"]?.string,
            extra: extra,
            outcomeUnknown: story["unknown"]?.bool ?? false
        )
    }
}

/// Plays a recording's answers, and compares what it was sent with the recording.
final class RecordingPlayer: Sendable {
    let server: ScriptedServer

    init(_ recording: Recording) {
        let exchanges = recording.exchanges
        let counter = Mutexed(0)
        server = ScriptedServer { request in
            let index = counter.value
            counter.value = index + 1
            guard exchanges.indices.contains(index) else {
                return ScriptedAnswer(status: 500, body: "no more was recorded")
            }
            let answer = exchanges[index]["answer"]
            func filled(_ text: String) -> String {
                text.replacing("@ORIGIN", with: "http://\(request.headers["host"] ?? "")").replacing(
                    "@KEY",
                    with: RecordedTexts.key
                )
            }
            let headers = (answer?["headers"]?.members ?? []).map { "\($0.key): \($0.value.string ?? "")" }
            var writer = JSONWriter()
            if let body = answer?["body"] { writer.value(body) }
            let body = answer?["text"]?.string ?? writer.text
            return ScriptedAnswer(
                status: answer?["status"]?.int64.map { Int($0) } ?? 200,
                headers: headers,
                body: filled(body)
            )
        }
    }
}

/// What stands for long texts in a recording.
struct RecordedTexts {
    /// What `customer.key` is for the recordings' customer.
    static let key =
        "gatehouse-" + SHA256.hex(of: Array("email\nsupport@example.org\nalice@example.org".utf8)).prefix(32)

    let body: String
    let origin: String

    init(_ recording: Recording, origin: String) throws {
        var message = try OutgoingMessage(job: recording.job())
        message.queue = nil
        body = TicketText.body(message)
        self.origin = origin
    }

    func filled(_ text: String) -> String {
        var result = text
        for (word, filter) in [
            ("@HTML", PresetFilter.html), ("@MARKDOWN", .markdown), ("@NOFORMAT", .noformat), ("@PRE", .pre),
        ] where result.contains(word) {
            result = result.replacing(word, with: filter.apply(to: .text(body))?.words ?? "")
        }
        result = result.replacing("@BODY", with: body)
        return result.replacing("@ORIGIN", with: origin).replacing("@KEY", with: Self.key)
    }

    /// The same shape with the texts in it.
    func filled(_ value: JSONValue) -> JSONValue {
        switch value.content {
        case .string(let text): JSONValue(.string(filled(text)))
        case .array(let elements): JSONValue(.array(elements.map { filled($0) }))
        case .object(let members):
            JSONValue(
                .object(
                    members.map { JSONMember(key: $0.key, keyOffset: 0, value: filled($0.value)) }
                        .sorted { $0.key < $1.key }
                )
            )
        default: JSONValue(value.content)
        }
    }
}
