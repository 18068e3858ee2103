import GatehouseCore
import GatehouseTransfer

/// What proves to a target who we are, and how often it was renewed.
struct Credentials {
    var secret: String?
    var session: String?
    /// Counts renewals, so that ten requests refused at once cause one new login, not ten.
    var generation = 0
    var isKnown = false

    /// What no log or kept answer may show.
    var confidential: [String] { [secret, session].compactMap { $0 } }
}

/// Delivers to one target: its connections, its login, its pauses.
final class TargetRunner: JobRunner {
    /// So many jobs in a row without any answer end the batch's tries: the target is down.
    static let silenceLimit = 3

    let target: TargetConfiguration
    let api: any TicketAPI
    private let client: HTTPClient
    private var credentials = Credentials()
    private var silences = 0
    /// Until then (milliseconds of the monotonic clock) nothing is sent.
    private var pause: (until: Int64, reason: String)?

    private var pace: RequestPace
    private var active = 0
    private var finished: [DeliveryRun] = []
    private var waitingForLogin: [DeliveryRun] = []
    private var isLoggingIn = false

    init(_ target: TargetConfiguration) throws(TargetError) {
        let api = try PresetList.make(target)
        var target = target
        target.retry.lookupDelayMilliseconds = max(target.retry.lookupDelayMilliseconds, api.lookupDelayMilliseconds)
        self.target = target
        self.api = api
        pace = RequestPace(rate: target.ratePerSecond, concurrency: target.concurrency)
        client = HTTPClient(concurrency: max(1, target.concurrency), caFile: target.caFile)
    }

    func deliver(_ jobs: [DeliveryJob], content: DeliveryContent, settled: DeliverySettled) throws {
        var next = 0
        var failure: (any Error)?
        while active > 0 || failure == nil && next < jobs.count {
            while failure == nil, next < jobs.count, active < pace.concurrency {
                let wait = pace.waitMilliseconds(now: Monotonic.milliseconds())
                if wait > 0, active > 0 { break }
                Monotonic.sleep(milliseconds: wait)
                let job = jobs[next]
                next += 1
                do {
                    if let pause = currentPause() {
                        try settled(
                            job,
                            .postponed(afterMilliseconds: pause.rest, reason: pause.reason),
                            AttemptFacts()
                        )
                    } else {
                        try begin(job, content)
                    }
                } catch {
                    failure = error
                }
            }
            if finished.isEmpty { client.turn() }
            // After a failure to settle nothing new begins, but what is in the air is still reported.
            for run in takeFinished() {
                let (outcome, facts) = run.settlement(hiding: credentials.confidential)
                note(outcome)
                do { try settled(run.message.job, outcome, facts) } catch { failure = failure ?? error }
            }
        }
        if let failure { throw failure }
    }

    private func takeFinished() -> [DeliveryRun] {
        defer { finished = [] }
        return finished
    }

    private func begin(_ job: DeliveryJob, _ content: DeliveryContent) throws {
        let run = try prepare(job, content)
        active += 1
        run.begin()
        send(run)
    }

    func prepare(_ job: DeliveryJob, _ content: DeliveryContent) throws -> DeliveryRun {
        var message = OutgoingMessage(job: job)
        message.queue = message.triage?["queue"]?.string ?? target.queue
        message.priority = target.priorities[message.level]
        let selection = FileSelection(
            fileLimit: target.attachmentLimit ?? api.attachmentLimit,
            totalLimit: target.attachmentsLimit,
            endings: api.attachmentEndings
        )
        var smaller = message
        try selection.select(&message, content: content, withoutFiles: false)
        try selection.select(&smaller, content: content, withoutFiles: true)
        return DeliveryRun(
            message,
            withoutFiles: message.files.isEmpty ? nil : smaller,
            api: api,
            retry: target.retry,
            hasCredentials: target.secret != nil
        )
    }

    /// Sends the run's next request, or takes note of its end.
    private func send(_ run: DeliveryRun) {
        guard run.outcome == nil, var (request, _) = run.request else { return finish(run) }
        guard prepareCredentials(for: run) else { return }
        run.credentialGeneration = credentials.generation
        request.timeoutMilliseconds = target.timeoutMilliseconds
        request.connectTimeoutMilliseconds = min(request.connectTimeoutMilliseconds, target.timeoutMilliseconds)
        api.authorise(&request, secret: credentials.secret, session: credentials.session)
        pace.countRequest()
        client.start(request) { result in
            self.notePace(result)
            if run.take(result) { self.renewCredentials(after: run) }
            self.send(run)
        }
    }

    private func finish(_ run: DeliveryRun) {
        active -= 1
        finished.append(run)
    }

    // MARK: Who we are

    /// - Returns: False if the run waits for a login, or has ended because there can be none.
    private func prepareCredentials(for run: DeliveryRun) -> Bool {
        if !credentials.isKnown {
            do {
                credentials.secret = try target.secret?()
                credentials.isKnown = true
            } catch {
                let reason = UnicodeText.printable("the secret can't be had: \(error)")
                pause(for: target.retry.minimumMilliseconds, reason)
                run.end(.postponed(afterMilliseconds: target.retry.minimumMilliseconds, reason: reason))
                finish(run)
                return false
            }
        }
        guard credentials.session == nil, let login = api.login(secret: credentials.secret) else { return true }
        waitingForLogin.append(run)
        if !isLoggingIn { logIn(login) }
        return false
    }

    private func renewCredentials(after run: DeliveryRun) {
        guard run.credentialGeneration == credentials.generation else { return }
        credentials = Credentials(generation: credentials.generation + 1)
    }

    private func logIn(_ login: HTTPRequest) {
        isLoggingIn = true
        var login = login
        login.timeoutMilliseconds = target.timeoutMilliseconds
        client.start(login) { result in
            self.isLoggingIn = false
            let waiting = self.waitingForLogin
            self.waitingForLogin = []
            if case .success(let answer) = result, let session = self.api.session(from: answer) {
                self.credentials.session = session
                for run in waiting { self.send(run) }
                return
            }
            let reason = Self.loginFailure(result)
            let delay = self.target.retry.delay(afterAttempts: 2)
            self.pause(for: delay, reason)
            for run in waiting {
                run.end(.postponed(afterMilliseconds: delay, reason: reason))
                self.finish(run)
            }
        }
    }

    private static func loginFailure(_ result: Result<HTTPResponse, TransferError>) -> String {
        switch result {
        case .success(let answer):
            "the login was answered \(answer.status) without a session: are url, user and secret right?"
        case .failure(let error): UnicodeText.printable("the login failed: \(error.description)")
        }
    }

    // MARK: Pauses

    private func notePace(_ result: Result<HTTPResponse, TransferError>) {
        switch result {
        case .success(let answer):
            let isOverloaded = answer.status == 429 || (502...504).contains(answer.status)
            pace.note(answeredIn: isOverloaded ? nil : answer.durationMilliseconds)
        case .failure: pace.note(answeredIn: nil)
        }
    }

    private func note(_ outcome: DeliveryOutcome) {
        guard case .retry(let delay, let reason, let status, _) = outcome else {
            if case .postponed = outcome { return }
            silences = 0
            return
        }
        switch status {
        case nil:
            silences += 1
            if silences >= Self.silenceLimit { pause(for: target.retry.minimumMilliseconds, reason) }
        case 429, 503: pause(for: delay, reason)
        default: silences = 0
        }
    }

    private func pause(for milliseconds: Int64, _ reason: String) {
        pause = (Monotonic.milliseconds() + milliseconds, reason)
    }

    private func currentPause() -> (rest: Int64, reason: String)? {
        guard let pause else { return nil }
        let rest = pause.until - Monotonic.milliseconds()
        if rest > 0 { return (rest, "the target pauses: \(pause.reason)") }
        self.pause = nil
        silences = 0
        return nil
    }
}
