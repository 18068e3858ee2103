import GatehouseCore
import GatehouseTransfer

/// One job on its way: its plan, its last request, and what is known so far.
final class DeliveryRun {
    let message: OutgoingMessage
    /// The message as it goes if the target finds it too large.
    let messageWithoutFiles: OutgoingMessage?
    private(set) var plan: any DeliveryPlan
    private(set) var request: (HTTPRequest, Effect)?
    private(set) var facts = AttemptFacts()
    private(set) var outcome: DeliveryOutcome?
    /// Which credentials the last request carried; see `Credentials.generation`.
    var credentialGeneration = 0
    private var lastAnswer: HTTPResponse?
    private var outcomeUnknown: Bool
    private var hasDroppedFiles = false
    private var hasRefreshedCredentials: Bool
    private let retry: RetryBounds
    private let api: any TicketAPI

    init(
        _ message: OutgoingMessage,
        withoutFiles: OutgoingMessage?,
        api: any TicketAPI,
        retry: RetryBounds,
        hasCredentials: Bool
    ) {
        self.message = message
        messageWithoutFiles = withoutFiles
        self.api = api
        self.retry = retry
        plan = api.plan(for: message)
        outcomeUnknown = message.job.outcomeUnknown
        hasRefreshedCredentials = !hasCredentials
    }

    /// What the next answer would mean.
    private var circumstances: Circumstances {
        Circumstances(
            job: message.job,
            effect: request?.1 ?? .none,
            retry: retry,
            outcomeUnknown: outcomeUnknown,
            hasRefreshedCredentials: hasRefreshedCredentials,
            hasFiles: !hasDroppedFiles && messageWithoutFiles != nil,
            canLookUp: { !self.isLastLook && self.canLookUp }
        )
    }

    /// Whether a message of unknown outcome is looked for before it is sent.
    private var canLookUp: Bool {
        var unknown = message
        unknown.job.outcomeUnknown = true
        var plan = api.plan(for: unknown)
        guard case .send(_, .none) = plan.next(nil) else { return false }
        return true
    }

    /// It has failed so often that nothing is sent any more: the target is only asked whether it has it after all.
    private var isLastLook: Bool {
        message.job.outcomeUnknown && message.job.equalServerErrors >= retry.serverErrorLimit
    }

    func begin() { follow(plan.next(nil), answer: nil) }

    /// Ends the run for a reason outside the plan.
    func end(_ outcome: DeliveryOutcome) {
        request = nil
        self.outcome = outcome
    }

    /// - Returns: True if new credentials are needed before the same request goes out again.
    func take(_ result: Result<HTTPResponse, TransferError>) -> Bool {
        facts.requests += 1
        switch result {
        case .failure(let error):
            facts.durationMilliseconds += error.durationMilliseconds
            facts.status = nil
            end(AnswerRules.failed(error, circumstances))
            return false
        case .success(let answer):
            facts.durationMilliseconds += answer.durationMilliseconds
            facts.status = answer.status
            lastAnswer = answer
            return judge(answer)
        }
    }

    private func judge(_ answer: HTTPResponse) -> Bool {
        if let step = plan.particular(answer) {
            if case .denied = step, !hasRefreshedCredentials {
                hasRefreshedCredentials = true
                return true
            }
            follow(step, answer: answer)
            return false
        }
        switch AnswerRules.judge(answer, circumstances) {
        case .proceed:
            let step = plan.next(answer)
            // Half of the way is done: should the rest fail, the next attempt must look for what is there.
            if case .send = step, request?.1 == .commits { outcomeUnknown = true }
            follow(step, answer: answer)
        case .settle(let outcome): end(outcome)
        case .refreshCredentials:
            hasRefreshedCredentials = true
            return true
        case .dropFiles: dropFiles(answer)
        case .refused:
            if let step = plan.refused(answer) {
                follow(step, answer: answer)
            } else if circumstances.hasFiles, AnswerText.blamesFiles(answer) {
                dropFiles(answer)
            } else {
                end(.dead(reason: "answered \(answer.status)", status: answer.status, answer: ""))
            }
        }
        return false
    }

    /// Starts again without attachments, which the text names.
    private func dropFiles(_ answer: HTTPResponse?) {
        guard !hasDroppedFiles, var smaller = messageWithoutFiles else {
            let status = answer?.status
            return end(.dead(reason: "answered \(status ?? 0): too large", status: status, answer: ""))
        }
        hasDroppedFiles = true
        // A part of it may be there already.
        smaller.job.outcomeUnknown = outcomeUnknown
        plan = api.plan(for: smaller)
        follow(plan.next(nil), answer: nil)
    }

    private func follow(_ step: Step, answer: HTTPResponse?) {
        switch step {
        case .send(_, .commits) where isLastLook:
            let reason = "answered with an error \(message.job.equalServerErrors) times, and has not got it"
            end(.dead(reason: reason, status: nil, answer: ""))
        case .send(let request, let effect): self.request = (request, effect)
        case .done(let outcome): end(outcome)
        case .later(let reason):
            end(AnswerRules.later(answer ?? HTTPResponse(status: 0), reason, circumstances))
        case .denied:
            end(AnswerRules.later(answer ?? HTTPResponse(status: 0), "it does not let us in", circumstances))
        case .withoutFiles: dropFiles(answer)
        case .unclear(let reason):
            end(AnswerRules.unclear(answer ?? HTTPResponse(status: 0), reason, circumstances))
        }
    }

    /// Outcome and facts, with the target's words made fit to be kept.
    func settlement(hiding secrets: [String]) -> (DeliveryOutcome, AttemptFacts) {
        facts.answer = AnswerText.excerpt(lastAnswer?.body ?? [], hiding: secrets)
        func hidden(_ text: String) -> String { AnswerText.masked(text, secrets) }
        switch outcome ?? .postponed(afterMilliseconds: retry.minimumMilliseconds, reason: "not tried") {
        case .sent(let ticket, let url, let lookedUp):
            return (.sent(ticket: ticket, url: url.map(hidden), lookedUp: lookedUp), facts)
        case .retry(let delay, let reason, let status, let isUnknown):
            let reason = hidden(reason)
            facts.askedToWait = facts.status != nil && lastAnswer.flatMap { RetryAfter.milliseconds(in: $0) } != nil
            return (
                .retry(afterMilliseconds: delay, reason: reason, status: status, outcomeUnknown: isUnknown), facts
            )
        case .postponed(let delay, let reason):
            return (.postponed(afterMilliseconds: delay, reason: hidden(reason)), facts)
        case .dead(let reason, let status, let answer):
            let answer = answer.isEmpty ? facts.answer : hidden(answer)
            return (.dead(reason: hidden(reason), status: status, answer: answer), facts)
        case .ticketGone(let reason): return (.ticketGone(reason: hidden(reason)), facts)
        }
    }
}
