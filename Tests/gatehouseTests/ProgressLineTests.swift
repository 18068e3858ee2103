import Testing

@testable import gatehouse

struct ProgressLineTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let share: Double?
        let count: Int
        let seconds: Double
        let words: String
        var testDescription: String { words }
    }

    static let cases = [
        Case(share: nil, count: 5, seconds: 10, words: "5 inputs, 0.5 a second"),
        Case(
            share: 0.25,
            count: 12_300,
            seconds: 30,
            words: "[#####...............] 25 %, 12300 inputs, 410 a second, 1:30 left"
        ),
        Case(share: 1, count: 10, seconds: 1, words: "[####################] 100 %, 10 inputs, 10 a second, 0:00 left"),
        Case(
            share: 0.02,
            count: 20,
            seconds: 200,
            words: "[....................] 2 %, 20 inputs, 0.1 a second, 2:43:20 left"
        ),
        Case(share: 0, count: 0, seconds: 0, words: "[....................] 0 %, 0 inputs, 0.0 a second"),
        Case(share: 7, count: 32, seconds: 2, words: "[####################] 100 %, 32 inputs, 16 a second, 0:00 left"),
        Case(share: .nan, count: 32, seconds: 2, words: "32 inputs, 16 a second"),
        Case(
            share: 0.011,
            count: 1,
            seconds: 1e9,
            words: "[....................] 1 %, 1 inputs, 0.0 a second, 99:59:59 left"
        ),
    ]

    @Test(arguments: cases) func `A line tells count, rate, share and time left`(_ sample: Case) {
        let words = ProgressLine.words(sample.count, "inputs", sample.share, seconds: sample.seconds, blocks: false)
        #expect(words == sample.words)
    }
}
