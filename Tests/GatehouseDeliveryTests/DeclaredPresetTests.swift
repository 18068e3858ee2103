import GatehouseCore
import Testing

@testable import GatehouseDelivery

/// The presets that are data, against what their vendors document.
@Suite struct DeclaredPresetTests {
    @Test(arguments: DeclaredPresets.names) func `A preset can be read, and has a recording`(name: String) throws {
        let document = try #require(DeclaredPresets.document(name))
        var decoder = PresetDecoder()
        let declaration = decoder.decode(document, name: name)
        #expect(decoder.problems.map(\.words) == [])
        #expect(declaration.stages[.open] != nil && declaration.stages[.add] != nil)
        #expect(declaration.priorities.count == 4 || declaration.priorities.isEmpty)
        let stories = Recording.stories(of: name)
        let path = "\(Recording.folder)/../../../deploy/docs/target-\(name).md"
        let page = try ByteReader(path: path).readAll(limit: 1 << 20).0
        #expect(String(decoding: page, as: UTF8.self).contains("`\(name)`"), "the manual's page is another's")
        #expect(stories.contains { $0.story["ticket"] == nil } && stories.contains { $0.story["ticket"] != nil })
    }

    @Test(arguments: Recording.all) func `The requests are those that the vendor documents`(recording: Recording) throws
    {
        let player = RecordingPlayer(recording)
        let server = player.server
        let engine = try DeliveryEngine(targets: [recording.target(server.origin)])
        let content = [SHA256.hex(of: Recording.proof): Recording.proof]
        let outcome = try #require(try deliver([recording.job()], by: engine, contents: content).first)
        let texts = try RecordedTexts(recording, origin: server.origin)
        for (index, exchange) in recording.exchanges.enumerated() {
            guard server.requests.indices.contains(index) else {
                Issue.record("request \(index + 1) was not sent: \(exchange["request"]?.string ?? "")")
                break
            }
            try compare(server.requests[index], exchange, texts)
        }
        #expect(server.requests.count == recording.exchanges.count)
        #expect(words(outcome) == texts.filled(recording.story["outcome"]?.string ?? ""))
    }

    private func compare(_ request: SeenRequest, _ exchange: JSONValue, _ texts: RecordedTexts) throws {
        #expect("\(request.method) \(request.target)" == exchange["request"]?.string.map { texts.filled($0) })
        for header in exchange["headers"]?.members ?? [] {
            #expect(request.headers[header.key.lowercased()] == header.value.string.map { texts.filled($0) })
        }
        if let expected = exchange["json"] {
            let sent = try #require(request.json, "not JSON: \(request.text)")
            let (left, right) = (texts.filled(sent), texts.filled(expected))
            #expect(left == right, "sent \(text(left))\nbut recorded is \(text(right))")
        } else if let expected = exchange["form"] {
            #expect(try fields(request) == texts.filled(expected).members?.map { "\($0.key)=\($0.value.string ?? "")" })
        } else if let expected = exchange["bytes"]?.string {
            #expect(request.text == expected)
        } else if let lines = exchange["lines"]?.array {
            for line in lines { #expect(request.text.contains(texts.filled(line.string ?? "")), "\(request.text)") }
        } else {
            #expect(request.body.isEmpty, "\(request.text)")
        }
    }

    private func text(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return writer.text
    }

    /// The fields of a form, sorted; a file as `NAME=FILE:TYPE:TEXT`.
    private func fields(_ request: SeenRequest) throws -> [String] {
        let type = request.headers["content-type"] ?? ""
        if type.hasPrefix("application/x-www-form-urlencoded") {
            return request.text.split(separator: "&").map(String.init).sorted()
        }
        let boundary = try #require(GatehouseCore.MultipartForm.boundary(of: request.body, contentType: type))
        let form = GatehouseCore.MultipartForm(request.body, boundary: boundary, maximumParts: 100)
        let texts = form.fields.map { "\($0.name)=\($0.value)" }
        let files = form.files.map {
            "\($0.field)=\($0.name ?? ""):\($0.mediaType ?? ""):\(String(decoding: $0.bytes, as: UTF8.self))"
        }
        return (texts + files).sorted()
    }

    private func words(_ outcome: DeliveryOutcome) -> String {
        switch outcome {
        case .sent(let ticket, let url, let lookedUp):
            "sent \(ticket)\(url.map { " at \($0)" } ?? "")\(lookedUp ? ", it was there" : "")"
        case .retry(let delay, _, let status, let unknown):
            "retry\(status.map { " after \($0)" } ?? "")\(unknown ? ", outcome unknown" : "")"
                + (status == 429 ? ", in \(delay / 1000) s" : "")
        case .postponed: "postponed"
        case .dead(_, let status, _): "dead\(status.map { " after \($0)" } ?? "")"
        case .ticketGone: "gone"
        }
    }
}
