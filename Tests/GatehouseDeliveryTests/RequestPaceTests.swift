import Testing

@testable import GatehouseDelivery

struct RequestPaceTests {
    @Test func `Without a rate nothing waits`() {
        var pace = RequestPace(rate: nil, concurrency: 4)
        for _ in 0..<100 { pace.countRequest() }
        #expect(pace.waitMilliseconds(now: 0) == 0)
    }

    @Test(arguments: [0.5, 2, 10, 250])
    func `A rate is kept over many requests`(rate: Double) {
        var pace = RequestPace(rate: rate, concurrency: 4)
        var now: Int64 = 1_000
        var count = 0
        while now < 101_000 {
            let wait = pace.waitMilliseconds(now: now)
            guard wait == 0 else {
                now += wait
                continue
            }
            pace.countRequest()
            count += 1
        }
        #expect(Double(count) <= rate * 100 + max(1, rate) + 1)
        #expect(Double(count) >= rate * 100 * 0.8)
    }

    @Test func `Bad answers halve what is under way once a window, good ones bring it back`() {
        var pace = RequestPace(rate: nil, concurrency: 16)
        #expect(pace.concurrency == 16)
        for _ in 0..<3 { pace.note(answeredIn: nil) }
        #expect(pace.concurrency == 8, "those that were under way say the same thing once")
        for _ in 0..<500 { pace.note(answeredIn: nil) }
        #expect(pace.concurrency == 1)
        for _ in 0..<500 { pace.note(answeredIn: 20) }
        #expect(pace.concurrency == 16)
    }

    @Test func `A target that takes far longer than it can is asked less at once`() {
        var pace = RequestPace(rate: nil, concurrency: 8)
        for _ in 0..<50 { pace.note(answeredIn: 100) }
        for _ in 0..<8 { pace.note(answeredIn: 3000) }
        #expect(pace.concurrency < 8)
    }
}
