import GatehouseCore
import GatehouseTransfer

/// Delivers to one target over HTTP: its login, its pace, its pauses.
final class TargetRunner: JobRunner {
    let target: TargetConfiguration
    let api: any TicketAPI
    private let client: HTTPClient
    private let trace: ((String) -> Void)?
    private var access: TargetAccess
    private var pace: RequestPace
    private var breaker = CircuitBreaker()
    /// Until then (milliseconds of the monotonic clock) nothing is sent.
    private var paused: (until: Int64, reason: String)?

    private(set) var active = 0
    private var finished: [FinishedJob] = []
    private var waitingForLogin: [DeliveryRun] = []
    private var isLoggingIn = false

    init(
        _ target: TargetConfiguration,
        client: HTTPClient,
        trace: ((String) -> Void)? = nil
    ) throws(TargetError) {
        let api = try PresetList.make(target)
        var target = target
        target.retry.lookupDelayMilliseconds = max(target.retry.lookupDelayMilliseconds, api.lookupDelayMilliseconds)
        self.target = target
        self.client = client
        self.trace = trace
        self.api = api
        _ = try target.proxySettings()
        access = TargetAccess(target)
        pace = RequestPace(rate: target.ratePerSecond, concurrency: target.concurrency)
    }

    // MARK: Room

    var isProbing: Bool { breaker.isProbing }
    var lookupDelayMilliseconds: Int64 { target.retry.lookupDelayMilliseconds }

    var room: Int {
        guard pauseRest == nil else { return 0 }
        let free = (breaker.isProbing ? 1 : pace.concurrency) - active
        guard free > 0, pace.waitMilliseconds(now: MonotonicClock.milliseconds()) == 0 else { return 0 }
        // Each request takes its token as it begins; the next look tells whether there is one more.
        return pace.hasRate ? 1 : free
    }

    var appetite: Int { pauseRest != nil ? 0 : breaker.isProbing ? 1 : pace.appetite }

    var waitMilliseconds: Int64? {
        if let rest = pauseRest { return rest }
        let wait = pace.waitMilliseconds(now: MonotonicClock.milliseconds())
        return wait > 0 ? wait : nil
    }

    func takeFinished() -> [FinishedJob] {
        defer { finished = [] }
        return finished
    }

    // MARK: Runs

    func begin(_ job: DeliveryJob, content: DeliveryContent) throws {
        let run = try prepare(job, content)
        active += 1
        run.begin()
        send(run)
    }

    func prepare(_ job: DeliveryJob, _ content: DeliveryContent) throws -> DeliveryRun {
        var message = OutgoingMessage(job: job)
        if api.looksInside {
            message.queue = message.triage?["queue"]?.string ?? target.queue
            message.priority = target.priorities[message.level]
        }
        let selection = FileSelection(
            fileLimit: target.attachmentLimit ?? api.attachmentLimit,
            totalLimit: target.attachmentsLimit,
            endings: api.attachmentEndings
        )
        var smaller = message
        try selection.select(&message, content: content, withoutFiles: false)
        if !message.files.isEmpty { try selection.select(&smaller, content: content, withoutFiles: true) }
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
        guard prepareAccess(for: run) else { return }
        run.credentialGeneration = access.generation
        access.complete(&request)
        access.authorise(&request, by: api)
        pace.countRequest()
        tell(request)
        client.start(request) { result in
            self.tell(result)
            self.notePace(result)
            if run.take(result) { self.access.renew(after: run.credentialGeneration) }
            self.send(run)
        }
    }

    private func finish(_ run: DeliveryRun) {
        active -= 1
        let (outcome, facts) = run.settlement(hiding: access.confidential)
        note(outcome, facts)
        finished.append(FinishedJob(target: target.name, job: run.message.job, outcome: outcome, facts: facts))
    }

    private func tell(_ request: HTTPRequest) {
        guard let trace else { return }
        var lines = ["\(target.name) < \(request.method.rawValue) \(request.url.text), \(request.body.count) bytes"]
        lines += request.headers.map { "\(target.name) < \($0.name): \($0.value)" }
        for line in lines { trace(UnicodeText.printable(AnswerText.masked(line, access.confidential))) }
    }

    private func tell(_ result: Result<HTTPResponse, TransferError>) {
        guard let trace else { return }
        let words =
            switch result {
            case .success(let answer):
                "answered \(answer.status) in \(answer.durationMilliseconds) ms: "
                    + String(AnswerText.excerpt(answer.body, hiding: access.confidential).prefix(500))
            case .failure(let error): AnswerText.masked(error.description, access.confidential)
            }
        trace("\(target.name) > " + UnicodeText.printable(words))
    }

    // MARK: Who we are

    /// - Returns: False if the run waits for a login, or has ended because there can be none.
    private func prepareAccess(for run: DeliveryRun) -> Bool {
        do {
            try access.prepare()
        } catch {
            let reason = UnicodeText.printable("the secret can't be had: \(error)")
            postpone([run], open(reason), reason)
            return false
        }
        guard access.session == nil, let login = api.login(secret: access.secret) else { return true }
        waitingForLogin.append(run)
        if !isLoggingIn { logIn(login) }
        return false
    }

    private func logIn(_ login: HTTPRequest) {
        isLoggingIn = true
        var login = login
        access.complete(&login)
        tell(login)
        client.start(login) { result in
            self.tell(result)
            self.isLoggingIn = false
            let waiting = self.waitingForLogin
            self.waitingForLogin = []
            if case .success(let answer) = result, let session = self.api.session(from: answer) {
                self.access.session = session
                for run in waiting { self.send(run) }
                return
            }
            let reason = AnswerText.masked(Self.loginFailure(result), self.access.confidential)
            self.postpone(waiting, self.open(reason), reason)
        }
    }

    private func postpone(_ runs: [DeliveryRun], _ delay: Int64, _ reason: String) {
        for run in runs {
            run.end(.postponed(afterMilliseconds: delay, reason: reason))
            finish(run)
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

    private func note(_ outcome: DeliveryOutcome, _ facts: AttemptFacts) {
        switch outcome {
        case .postponed: return
        case .sent, .dead, .ticketGone: breaker.noteSuccess()
        case .retry(let delay, let reason, let status, _):
            // The target's own word goes before our guess.
            if facts.askedToWait || status == 429 { return pause(for: delay, reason) }
            // What was under way when the breaker opened says nothing new.
            guard pauseRest == nil, let failure = Self.failure(status) else { return }
            if breaker.note(failure) { pause(for: pauseLength, reason) }
        }
    }

    /// Whose fault an answer is that leaves a message to be tried again; nil where it says nothing of the target.
    private static func failure(_ status: Int?) -> CircuitBreaker.Failure? {
        switch status {
        case 408, 409, 412, 425: nil
        case .some(500), .some(501), .some(505...): .doubtful
        default: .target
        }
    }

    private var pauseLength: Int64 { target.retry.delay(afterAttempts: breaker.openings - 1) }

    /// Opens the breaker at once.
    ///
    /// - Returns: For how many milliseconds.
    private func open(_ reason: String) -> Int64 {
        if pauseRest == nil { breaker.open() }
        let length = pauseLength
        pause(for: length, reason)
        return length
    }

    private func pause(for milliseconds: Int64, _ reason: String) {
        let until = MonotonicClock.milliseconds() + milliseconds
        paused = (max(until, paused?.until ?? 0), reason)
        pace.begin()
    }

    /// Milliseconds; nil while nothing is paused.
    private var pauseRest: Int64? {
        guard let paused else { return nil }
        let rest = paused.until - MonotonicClock.milliseconds()
        return rest > 0 ? rest : nil
    }

    var pause: TargetPause? {
        guard let paused, let rest = pauseRest else { return nil }
        let until = Timestamp(milliseconds: Timestamp.now().milliseconds + rest)
        return TargetPause(until: until, reason: paused.reason, openings: breaker.openings)
    }

    func resume(_ pause: TargetPause) {
        breaker = CircuitBreaker(openings: pause.openings)
        let rest = pause.until.milliseconds - Timestamp.now().milliseconds
        // A clock that was put back must not make a day of it.
        guard rest > 0, rest <= AnswerRules.longestPauseMilliseconds else { return }
        self.pause(for: rest, pause.reason)
    }
}
