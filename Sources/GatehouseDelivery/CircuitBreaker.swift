/// Stops asking a target that is down, and lets one message ask again later (Nygard, *Release It!*, "Circuit Breaker").
///
/// Closed, it lets everything through. After `limit` messages in a row that failed for the target's sake it opens for a
/// pause, which doubles each time that it opens again. After a pause one message at a time goes through, until one gets a
/// real answer.
struct CircuitBreaker {
    static let limit = 3
    /// Of answers that may each be about one message alone.
    static let doubtfulLimit = 5

    enum Failure {
        /// No answer, a gateway's answer, a login that is refused: nobody's message is at fault.
        case target
        /// A server error that may be about this one message.
        case doubtful
    }

    /// Times that it has opened since a message last got through.
    private(set) var openings = 0
    private var failures = 0
    private var doubtfulFailures = 0

    /// One message at a time is under way, to see whether the target is back.
    var isProbing: Bool { openings > 0 }

    /// - Parameter openings: As an earlier run left them.
    init(openings: Int = 0) { self.openings = max(0, openings) }

    mutating func noteSuccess() { self = CircuitBreaker() }

    /// - Returns: True if it opens now; pause for `delay(afterAttempts: openings - 1)`.
    mutating func note(_ failure: Failure) -> Bool {
        switch failure {
        case .target: failures += 1
        case .doubtful: doubtfulFailures += 1
        }
        guard isProbing || failures >= Self.limit || doubtfulFailures >= Self.doubtfulLimit else { return false }
        open()
        return true
    }

    mutating func open() {
        openings = min(openings + 1, 64)
        failures = 0
        doubtfulFailures = 0
    }
}
