import GatehouseCore
import GatehouseTransfer

/// The requests that a declared preset makes of one message: look up where needed, open or add, complete.
struct DeclaredPlan: DeliveryPlan {
    typealias StageName = PresetDeclaration.StageName

    enum Place {
        case start
        case finding(StageName, page: Int)
        case sending(StageName, step: Int, file: Int)
    }

    /// A history of more pages than this can't be searched to its end.
    static let pageLimit = 50

    let api: DeclaredAPI
    var values: MessageValues
    var place = Place.start
    /// What answers gave, by the names under `take`.
    var taken: [String: String] = [:]
    private var takenOfFiles: [[String: String]]
    /// The ticket was there already.
    var wasThere = false
    private var hasLookedForExisting = false

    init(api: DeclaredAPI, message: OutgoingMessage) {
        self.api = api
        values = api.values(of: message)
        takenOfFiles = Array(repeating: [:], count: message.files.count)
    }

    var declaration: PresetDeclaration { api.declaration }
    private var job: DeliveryJob { values.message.job }

    private var stage: StageName? {
        switch place {
        case .start: nil
        case .finding(let stage, _), .sending(let stage, _, _): stage
        }
    }

    // MARK: Answers

    mutating func next(_ answer: HTTPResponse?) -> Step {
        switch (place, answer) {
        case (.start, _):
            let isFollowUp = job.ticket != nil && declaration.stages[.add] != nil
            return enter(isFollowUp ? .add : .open, finding: job.outcomeUnknown)
        case (.finding(let stage, let page), let answer?): return found(answer, stage, page)
        case (.sending(let stage, let step, let file), let answer?):
            guard let exchange = declaration.stages[stage]?.steps[step] else { return finish() }
            if let doubt = take(exchange, from: answer, file: exchange.isForEachFile ? file : nil) {
                return .unclear(doubt)
            }
            return exchange.isForEachFile
                ? run(stage, step: step, file: file + 1) : run(stage, step: step + 1, file: 0)
        default: return .unclear("nothing")
        }
    }

    mutating func particular(_ answer: HTTPResponse) -> Step? {
        for exception in declaration.exceptions where applies(exception, to: answer) {
            switch exception.meaning {
            case .gone:
                guard job.ticket != nil else { continue }
                return .done(.ticketGone(reason: "answered \(answer.status): the ticket takes no more messages"))
            case .tooLarge: return stage == .complete ? sayWhatWasNotTaken(answer) : .withoutFiles
            case .refused: return .done(.dead(reason: "answered \(answer.status)", status: answer.status, answer: ""))
            case .retry: return .later("it is to be tried again")
            case .denied: return .denied
            case .absent:
                guard case .finding(let stage, _) = place else { continue }
                return run(stage, step: 0, file: 0)
            case .exists:
                guard !hasLookedForExisting, let stage else { continue }
                hasLookedForExisting = true
                return enter(stage, finding: true)
            }
        }
        let mayPass = [401, 403, 408, 425, 429].contains(answer.status)
        guard (400..<500).contains(answer.status), !mayPass, stage == .complete || values.notice != nil else {
            return nil
        }
        // The ticket is made: what can't be added to it must neither make it again nor set the message aside.
        return sayWhatWasNotTaken(answer)
    }

    private func applies(_ exception: PresetDeclaration.Exception, to answer: HTTPResponse) -> Bool {
        guard exception.statuses.contains(answer.status), exception.stage == nil || exception.stage == stage else {
            return false
        }
        guard let pointer = exception.pointer else {
            guard let text = exception.text else { return true }
            return String(decoding: answer.body, as: UTF8.self).lowercased().contains(text)
        }
        guard let value = answer.json?.pointer(pointer), !value.isNull else { return false }
        return exception.text.map { Self.holds(value, $0, isCaseless: true) } ?? true
    }

    mutating func refused(_ answer: HTTPResponse) -> Step? {
        guard case .sending(let stage, let step, _) = place else {
            return job.ticket != nil && [404, 410].contains(answer.status) ? gone(answer) : nil
        }
        let isUpload = declaration.stages[stage]?.steps[step].isForEachFile == true
        return stage == .add && !isUpload && [404, 410].contains(answer.status) ? gone(answer) : nil
    }

    private func gone(_ answer: HTTPResponse) -> Step {
        .done(.ticketGone(reason: "answered \(answer.status) to a follow-up"))
    }

    /// The ticket is made, but its files are refused: they are named in a note, and stay in our store.
    private mutating func sayWhatWasNotTaken(_ answer: HTTPResponse) -> Step {
        let names = values.message.files.map(\.name)
        values.message.files = []
        takenOfFiles = []
        guard values.notice == nil, !names.isEmpty, declaration.stages[.add] != nil else { return finish() }
        values.notice =
            "The ticket system answered \(answer.status) to these attachments, which Gatehouse keeps:\n"
            + names.map { "- \($0)" }.joined(separator: "\n") + "\nGatehouse id: \(job.envelopeID)"
        return run(.add, step: 0, file: 0)
    }

    // MARK: Steps

    private mutating func enter(_ stage: StageName, finding: Bool) -> Step {
        guard finding, let lookup = lookup(stage) else { return run(stage, step: 0, file: 0) }
        return find(lookup, stage, page: lookup.firstPage)
    }

    mutating func run(_ stage: StageName, step: Int, file: Int) -> Step {
        var (step, file) = (step, file)
        let steps = declaration.stages[stage]?.steps ?? []
        while step < steps.count {
            let exchange = steps[step]
            let isDone = exchange.isForEachFile && file >= values.message.files.count
            if isDone || !exchange.condition.holds(value) {
                (step, file) = (step + 1, 0)
                continue
            }
            place = .sending(stage, step: step, file: file)
            return send(exchange, file: exchange.isForEachFile ? file : nil)
        }
        return stage == .open ? opened() : finish()
    }

    mutating func opened() -> Step {
        values.ticket = declaration.ticket?.text(value) ?? taken["ticket"] ?? values.ticket
        guard let complete = declaration.stages[.complete], complete.condition.holds(value) else { return finish() }
        return enter(.complete, finding: wasThere)
    }

    func finish() -> Step {
        let page = declaration.page?.path(value).flatMap { api.base.appending($0)?.text }
        let ticket = stage == .add ? taken["ticket"] : nil
        return .done(.sent(ticket: ticket ?? values.ticket ?? "", url: taken["url"] ?? page, lookedUp: wasThere))
    }

    func send(_ exchange: PresetDeclaration.Exchange, file: Int?) -> Step {
        let values = file.map { index in
            self.values.file(index, takenOfFiles[index], beside: value)
        }
        let message = self.values.message
        guard var request = api.request(exchange, values ?? value, files: fileValues, message: message, file: file)
        else {
            let reason = "the message has nothing for a placeholder of the address, or it makes no address"
            return .done(.dead(reason: reason, status: nil, answer: ""))
        }
        // Lists hold the texts of a hundred tickets.
        if case .finding = place { request.answerLimit = 32 << 20 }
        return .send(request, exchange.isHarmless ? .none : .commits)
    }

    // MARK: Values

    func value(_ name: String) -> PresetValue? {
        if let text = taken[name] { return .text(text) }
        guard name.hasPrefix("files."), !values.message.files.isEmpty else { return values.value(name) }
        let one = "file." + name.dropFirst("files.".count)
        let list = fileValues.compactMap { $0(one)?.words }
        return list.isEmpty ? nil : .list(list)
    }

    private var fileValues: [PresetValues] {
        values.message.files.indices.map { values.file($0, takenOfFiles[$0], beside: { taken[$0].map { .text($0) } }) }
    }

    /// - Returns: What is not as this API answers; nil where all was found.
    private mutating func take(_ exchange: PresetDeclaration.Exchange, from answer: HTTPResponse, file: Int?) -> String?
    {
        guard !exchange.takes.isEmpty else {
            return answer.body.isEmpty || answer.json != nil ? nil : answer.whatCameInstead
        }
        var json = answer.json
        if let items = exchange.items {
            guard let entries = json?.pointer(items)?.array else { return answer.whatCameInstead }
            json = entries.first { isWanted($0, exchange.wanted) }
        }
        for take in exchange.takes {
            guard let text = Self.value(at: take.place, in: answer, json) else {
                if take.isOptional { continue }
                return answer.whatCameInstead
            }
            if take.name == "ticket", text.utf8.count > 512 { return "its ticket's name is no name" }
            if let file { takenOfFiles[file][take.name] = text } else { taken[take.name] = text }
        }
        return nil
    }

    private static func value(at place: PresetDeclaration.Place, in answer: HTTPResponse, _ json: JSONValue?) -> String?
    {
        let text: String? =
            switch place {
            case .pointer(let pointer): json?.pointer(pointer)?.text
            case .header(let name): answer.header(name)
            case .body:
                answer.mediaType.contains("html") && answer.body.contains(UInt8(ascii: "<"))
                    ? nil : TicketText.oneLine(String(decoding: answer.body, as: UTF8.self), limit: 4096)
            }
        guard let text, !text.isEmpty, text.utf8.count <= 4096 else { return nil }
        return text
    }
}
