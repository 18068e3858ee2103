import GatehouseCore
import GatehouseTransfer

/// What an answer means for the message, by the rules that hold for every ticket system.
enum Verdict: Equatable {
    /// The plan's own business.
    case proceed
    /// Our proof of identity was refused: log in again, or read the secret again, and send once more.
    case refreshCredentials
    /// Send again without attachments.
    case dropFiles
    /// Refused for good, unless the plan knows better.
    case refused
    case settle(DeliveryOutcome)
}

/// The facts beside the answer on which a verdict rests.
struct Circumstances {
    var job: DeliveryJob
    var effect: Effect
    var retry: RetryBounds
    /// An earlier request of this message may have taken effect unheard.
    var outcomeUnknown: Bool
    var hasRefreshedCredentials: Bool
    var hasFiles: Bool
    /// Whether the target can be asked if it has the message; seldom asked, and a request is made up for the answer.
    var canLookUp: () -> Bool = { false }
}

enum AnswerRules {
    /// A server may ask for a pause of a day, not for a year.
    static let longestPauseMilliseconds: Int64 = 86_400_000

    static func judge(_ answer: HTTPResponse, _ facts: Circumstances) -> Verdict {
        switch answer.status {
        case 200..<300: .proceed
        // RT answers a session that has run out with a redirect to its login page.
        case 300..<400:
            facts.hasRefreshedCredentials ? .settle(retry(redirectWords(answer), answer, facts)) : .refreshCredentials
        // GitHub and others say with a 403 that one asks too often.
        case 403 where RetryAfter.milliseconds(in: answer) != nil:
            .settle(retry("answered 403", answer, facts))
        case 401, 403:
            facts.hasRefreshedCredentials
                ? .settle(
                    retry("answered \(answer.status): are user, secret and queue right, and allowed?", answer, facts)
                )
                : .refreshCredentials
        case 408, 425, 429: .settle(retry("answered \(answer.status)", answer, facts))
        case 413: facts.hasFiles ? .dropFiles : .refused
        // The address of the API itself: no message's fault.
        case 404, 405, 410:
            facts.job.ticket == nil
                ? .settle(retry("answered \(answer.status): is url right?", answer, facts)) : .refused
        case 400..<500: .refused
        case 500...: serverError(answer, facts)
        default: .settle(retry("answered \(answer.status)", answer, facts))
        }
    }

    /// 502, 503 and 504 say that the service is away, unless it takes other messages meanwhile; any other 5xx may be about
    /// this one message.
    private static func serverError(_ answer: HTTPResponse, _ facts: Circumstances) -> Verdict {
        let isAboutService = (502...504).contains(answer.status) && !facts.job.othersWentThrough
        if !isAboutService, facts.job.equalServerErrors + 1 >= facts.retry.serverErrorLimit {
            // What may have been done is looked up once more before it is given up.
            if facts.effect == .commits, facts.canLookUp() {
                return .settle(retry("answered \(answer.status)", answer, facts, isUnknown: true))
            }
            let times = facts.job.equalServerErrors + 1
            return .settle(.dead(reason: "answered \(answer.status) \(times) times", status: answer.status, answer: ""))
        }
        // A 503 is given before the work begins; others may come after it was done.
        let isUnknown = facts.outcomeUnknown || facts.effect == .commits && answer.status != 503
        return .settle(retry("answered \(answer.status)", answer, facts, isUnknown: isUnknown))
    }

    static func unclear(_ answer: HTTPResponse, _ reason: String, _ facts: Circumstances) -> DeliveryOutcome {
        let isUnknown = facts.outcomeUnknown || facts.effect == .commits
        return retry("answered \(answer.status), but \(reason)", answer, facts, isUnknown: isUnknown)
    }

    static func later(_ answer: HTTPResponse, _ reason: String, _ facts: Circumstances) -> DeliveryOutcome {
        retry("answered \(answer.status): \(reason)", answer, facts)
    }

    static func failed(_ error: TransferError, _ facts: Circumstances) -> DeliveryOutcome {
        let isUnknown = facts.outcomeUnknown || facts.effect == .commits && error.requestMayHaveArrived
        let delay = facts.retry.delay(afterAttempts: facts.job.attempts)
        return .retry(
            afterMilliseconds: isUnknown ? max(delay, facts.retry.lookupDelayMilliseconds) : delay,
            reason: UnicodeText.printable(error.description),
            status: nil,
            outcomeUnknown: isUnknown
        )
    }

    private static func retry(
        _ reason: String,
        _ answer: HTTPResponse,
        _ facts: Circumstances,
        isUnknown: Bool? = nil
    ) -> DeliveryOutcome {
        let isUnknown = isUnknown ?? facts.outcomeUnknown
        var backoff = facts.retry.delay(afterAttempts: facts.job.attempts)
        if isUnknown { backoff = max(backoff, facts.retry.lookupDelayMilliseconds) }
        let asked = RetryAfter.milliseconds(in: answer)
        return .retry(
            afterMilliseconds: asked.map { min($0, longestPauseMilliseconds) } ?? backoff,
            reason: asked.map { "\(reason), asks to wait \(($0 + 999) / 1000) s" } ?? reason,
            status: answer.status,
            outcomeUnknown: isUnknown
        )
    }

    private static func redirectWords(_ answer: HTTPResponse) -> String {
        let target = answer.header("location").map { " to \(UnicodeText.printable(String($0.prefix(200))))" } ?? ""
        return "answered a redirect (\(answer.status))\(target): is url right?"
    }
}
