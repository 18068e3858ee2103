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

    /// 502, 503 and 504 say that the service is away; any other 5xx may be about this one message.
    private static func serverError(_ answer: HTTPResponse, _ facts: Circumstances) -> Verdict {
        let isAboutService = (502...504).contains(answer.status)
        if !isAboutService, facts.job.equalServerErrors + 1 >= facts.retry.serverErrorLimit {
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

/// Reads Retry-After (RFC 9110 §10.2.3): whole seconds, or an HTTP date. Decimal fractions are met too.
enum RetryAfter {
    static func milliseconds(in answer: HTTPResponse, now: Timestamp = .now()) -> Int64? {
        guard let text = answer.header("retry-after") else { return nil }
        if let seconds = Double(text), seconds.isFinite, text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }) {
            return Int64(min(max(seconds, 0), 1e9) * 1000)
        }
        guard let date = HTTPDate.parse(text) else { return nil }
        // By the server's own clock where it tells it, since ours may differ.
        let base = answer.header("date").flatMap(HTTPDate.parse) ?? now
        return max(0, date.milliseconds - base.milliseconds)
    }
}

/// RFC 9110 §5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, and the two obsolete forms that recipients must read.
enum HTTPDate {
    static func parse(_ text: String) -> Timestamp? {
        let words = text.utf8.split { $0 == 0x20 || $0 == 0x2C || $0 == 0x2D }.map {
            String(decoding: $0, as: UTF8.self)
        }
        guard words.count == 6 || words.count == 5 else { return nil }
        // asctime: `Sun Nov  6 08:49:37 1994`; else `Sun, 06 Nov 1994 08:49:37 GMT` or `Sunday, 06-Nov-94 08:49:37 GMT`.
        let isAsctime = words.count == 5
        guard let day = Int(words[isAsctime ? 2 : 1]), let month = month(words[isAsctime ? 1 : 2]),
            var year = Int(words[isAsctime ? 4 : 3]), let time = clock(words[isAsctime ? 3 : 4])
        else { return nil }
        if words[isAsctime ? 4 : 3].utf8.count == 2 { year += year < 70 ? 2000 : 1900 }
        let civil = CivilTime(year: year, month: month, day: day, hour: time[0], minute: time[1], second: time[2])
        return civil.isValid ? civil.timestamp() : nil
    }

    private static func month(_ word: String) -> Int? {
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        return names.firstIndex(of: word.lowercased()).map { $0 + 1 }
    }

    private static func clock(_ word: String) -> [Int]? {
        let parts = word.split(separator: ":").compactMap { Int($0) }
        return parts.count == 3 ? parts : nil
    }
}
