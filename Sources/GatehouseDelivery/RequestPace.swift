/// How fast and how many at once a target is asked: a token bucket, and a window that follows its answers.
struct RequestPace {
    /// Requests a second; nil without bound.
    private let rate: Double?
    /// May be below nothing: a message's second request is not held back, the next message is.
    private var tokens: Double = 1
    private var filledAt: Int64?
    /// Messages under way at once: grows by one a window of good answers, halves with a bad one (RFC 5681 §3.1).
    private var window: Double
    private let widest: Double
    /// The quickest answers, in milliseconds, slowly forgotten.
    private var usual: Double?
    /// Of all answers, the latest counting most.
    private var average: Double?
    /// So many answers more before the window may halve again: those that were under way say the same thing.
    private var grace = 0

    init(rate: Double?, concurrency: Int) {
        self.rate = rate
        widest = Double(max(1, concurrency))
        window = widest
    }

    var concurrency: Int { max(1, Int(window)) }
    var hasRate: Bool { rate != nil }

    /// How many messages the target will take within half a second or so, by what is known of it.
    var appetite: Int {
        let byTime = average.map { Double(concurrency) * max(1, 500 / max(1, $0)) } ?? Double(8 * concurrency)
        let bounded = min(byTime, rate.map { max(1, $0 / 2) } ?? .infinity, 4096)
        return max(concurrency, Int(bounded))
    }

    /// How many milliseconds of the monotonic clock until the next message may begin; 0 for now.
    mutating func waitMilliseconds(now: Int64) -> Int64 {
        guard let rate else { return 0 }
        if let filledAt { tokens = min(max(1, rate), tokens + Double(max(0, now - filledAt)) * rate / 1000) }
        filledAt = now
        return tokens >= 1 ? 0 : max(1, Int64(((1 - tokens) * 1000 / rate).rounded(.up)))
    }

    /// Starts again with one message at a time.
    mutating func begin() {
        window = 1
        grace = 0
    }

    mutating func countRequest() { if rate != nil { tokens -= 1 } }

    /// - Parameter milliseconds: How long a request took; nil where none was answered, or not by what was asked.
    mutating func note(answeredIn milliseconds: Int64?) {
        grace = max(0, grace - 1)
        guard let milliseconds else { return narrow() }
        let time = Double(max(1, milliseconds))
        let usualTime = min(time, (usual ?? time) * 1.02)
        usual = usualTime
        average = average.map { 0.8 * $0 + 0.2 * time } ?? time
        // A server that takes far longer than it can is one that has too much at once.
        if time > 1000, time > 4 * usualTime { return narrow() }
        window = min(widest, window + 1 / window)
    }

    private mutating func narrow() {
        guard grace == 0 else { return }
        grace = Int(window)
        window = max(1, window / 2)
    }
}
