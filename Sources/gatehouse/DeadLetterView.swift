import GatehouseCore
import GatehouseDelivery
import GatehousePipeline
import GatehouseStore

/// All that is known of one dead letter: why it is dead, every try with the target's answer, and the request as it would
/// go out again.
struct DeadLetterView {
    private let letter: DeadLetter
    private let attempts: [Attempt]
    /// nil where its target is not configured any more, or the message would end without a request.
    private let request: RequestPreview?

    init(_ letter: DeadLetter, store: Store, configuration: Configuration) throws {
        self.letter = letter
        attempts = try store.message(id: letter.messageID)?.attempts.filter { $0.target == letter.target } ?? []
        guard let target = configuration.targets.first(where: { $0.name == letter.target }),
            let job = try store.job(ofRow: letter.rowID)
        else {
            request = nil
            return
        }
        let engine = try DeliveryEngine(targets: [target.deliveryConfiguration])
        request = try engine.preview(DeliveryJob(leased: job), to: target.name, content: { try store.blob($0) })
    }

    func print() {
        func line(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            Console.print(name + String(repeating: " ", count: max(1, 10 - name.count)) + UnicodeText.printable(value))
        }
        line("id", letter.messageID)
        line("target", letter.target)
        line("message", letter.title)
        line("dead since", letter.at.rfc3339)
        line("reason", letter.reason)
        for attempt in attempts {
            let parts = [
                attempt.outcome, attempt.status.map { "status \($0)" },
                attempt.durationMilliseconds.map { "\($0) ms" }, attempt.reason,
            ]
            line("tried", "\(attempt.at.rfc3339): \(parts.compactMap(\.self).joined(separator: ", "))")
            if let answer = attempt.answer, !answer.isEmpty {
                line("answer", answer)
            }
        }
        Console.print("")
        guard let request else { return Console.print("There is no request: nothing would be sent.") }
        Console.print("The request, as it would go out again:")
        RequestText(request).print()
    }

    func printJSON() {
        Console.printJSON { json in
            json.member("id", letter.messageID)
            json.member("target", letter.target)
            json.member("title", letter.title)
            json.member("at", letter.at)
            json.member("reason", letter.reason)
            json.member("tries", objects: attempts) { json, attempt in
                json.member("at", attempt.at)
                json.member("outcome", attempt.outcome)
                json.member("status", attempt.status)
                json.member("duration_ms", attempt.durationMilliseconds)
                json.member("reason", attempt.reason)
                json.member("answer", attempt.answer)
            }
            if let request { json.member("request") { RequestText(request).write(to: &$0) } }
        }
    }
}

/// A request as people and programs see it, secrets masked.
struct RequestText {
    private static let shownBytes = 2000

    private let request: RequestPreview

    init(_ request: RequestPreview) { self.request = request }

    func print() {
        Console.print("  " + UnicodeText.printable("\(request.method) \(request.url)"))
        for header in request.headers { Console.print("  " + UnicodeText.printable("\(header.name): \(header.value)")) }
        Console.print("")
        let shown = request.body.prefix(Self.shownBytes)
        let text = UnicodeText.printableLines(String(decoding: shown, as: UTF8.self))
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { Console.print("  \(line)") }
        if shown.count < request.body.count {
            Console.print("  [\(request.body.count) bytes in all; --json shows them]")
        }
    }

    /// Its members, in the object that is open.
    func write(to json: inout JSONWriter) {
        json.member("method", request.method)
        json.member("url", request.url)
        json.member("headers", each: request.headers) { json, header in json.string("\(header.name): \(header.value)") }
        json.member("body_bytes", request.body.count)
        json.member("body", String(decoding: request.body, as: UTF8.self))
    }
}
