import GatehouseCore
import Glibc

/// One line at the foot of a terminal for what takes more than two seconds: count, rate, share and time left.
///
/// Nothing where standard error is no terminal, or one that can't erase a line.
final class ProgressLine {
    /// In milliseconds.
    private static let patience: Int64 = 2000
    private static let pause: Int64 = 250

    private let name: String
    private let unit: String
    private let began = MonotonicClock.milliseconds()
    private var lastShown: Int64 = 0
    private var isShown = false

    init?(_ name: String, unit: String) {
        guard Console.isErrorTerminal, let terminal = unsafe getenv("TERM") else { return nil }
        let kind = unsafe String(cString: terminal)
        guard !kind.isEmpty, kind != "dumb" else { return nil }
        self.name = name
        self.unit = unit
    }

    /// - Parameter share: Of the whole, 0…1; nil where that is not known.
    func update(_ count: Int, _ share: Double?) {
        let now = MonotonicClock.milliseconds()
        guard now - began >= Self.patience, now - lastShown >= Self.pause else { return }
        lastShown = now
        isShown = true
        let words = Self.words(count, unit, share, seconds: Double(now - began) / 1000, blocks: Console.showsUnicode)
        let width = max(20, Console.errorWidth - 1)
        Console.showPassing(String("\(name): \(words)".unicodeScalars.prefix(width)))
    }

    func clear() {
        guard isShown else { return }
        isShown = false
        Console.showPassing("")
    }

    /// "[#####...............] 25 %, 12300 inputs, 410 a second, 1:30 left"
    static func words(_ count: Int, _ unit: String, _ share: Double?, seconds: Double, blocks: Bool) -> String {
        let rate = seconds > 0 ? Double(count) / seconds : 0
        let speed = rate >= 10 ? "\(Int(rate))" : "\((rate * 10).rounded() / 10)"
        let sums = "\(count) \(unit), \(speed) a second"
        guard let share, share.isFinite else { return sums }
        let part = min(max(share, 0), 1)
        let filled = Int(part * 20)
        let bar =
            String(repeating: blocks ? "█" : "#", count: filled)
            + String(repeating: blocks ? "░" : ".", count: 20 - filled)
        let left = part > 0.01 ? ", \(time(seconds * (1 - part) / part)) left" : ""
        return "[\(bar)] \(Int(part * 100)) %, \(sums)\(left)"
    }

    private static func time(_ seconds: Double) -> String {
        let whole = Int(min(seconds.rounded(), 359_999))
        let (minutes, rest) = (whole / 60, whole % 60)
        let tail = rest < 10 ? "0\(rest)" : "\(rest)"
        guard minutes >= 60 else { return "\(minutes):\(tail)" }
        return "\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60):\(tail)"
    }
}
