import GatehouseCore

/// The rows of a chat that LINE's desktop program has saved: `21:35 Hanako Hello`, with blanks where phones write tabs.
///
/// A blank also parts the words of a name. Whose words they are is known from the title, from the account, or from how rows
/// begin again and again; where nothing tells, the first word is the name. There are no quotes around several lines.
struct LineDesktopRows {
    /// Rows that must all begin with the same words before these are taken for one name.
    private static let leastRows = 3
    private static let mostWords = 4
    private static let mostNames = 200

    /// What LINE writes where a message was taken back.
    private static let unsent: Set = [
        "メッセージの送信を取り消しました", "unsent a message", "unsent a message.", "已收回訊息", "已收回消息", "메시지를 취소했습니다",
    ]

    /// Names of more than one word, the longest first.
    private let names: [String]
    private(set) var senders: Set<String> = []

    /// - Parameters:
    ///   - known: Names that the title or the account tells.
    /// - Returns: nil where no line is a row.
    init?(_ lines: [String], known: [String]) {
        var rests: [String: [[Substring]]] = [:]
        for line in lines {
            guard let (_, rest) = Self.split(line) else { continue }
            let words = rest.split(separator: " ", maxSplits: Self.mostWords, omittingEmptySubsequences: false)
            guard words.count > 1, rests.count < Self.mostNames || rests[String(words[0])] != nil else { continue }
            rests[String(words[0]), default: []].append(words)
        }
        guard !rests.isEmpty else { return nil }
        let learnt = rests.values.filter { $0.count >= Self.leastRows }.map(Self.commonStart)
        names = (known + learnt).filter { $0.utf8.contains(0x20) }.sorted { $0.utf8.count > $1.utf8.count }
        for line in lines {
            if case .message(_, let sender, _)? = row(line), senders.count < Self.mostNames { senders.insert(sender) }
        }
    }

    /// The words with which all rows begin, each with words left behind them.
    private static func commonStart(_ rows: [[Substring]]) -> String {
        var count = 1
        while count < mostWords, rows.allSatisfy({ $0.count > count + 1 && $0[count] == rows[0][count] }) { count += 1 }
        return rows[0][..<count].joined(separator: " ")
    }

    /// What a line is that is no day; nil for what continues the line before.
    ///
    /// - Parameter minute: Of the day, of the row above: a line that goes back in time is text that begins with a time.
    func row(_ line: String, notBefore minute: Int = 0) -> LineRow? {
        guard let (clock, rest) = Self.split(line), clock.hour * 60 + clock.minute >= minute else { return nil }
        if let name = names.first(where: { rest.hasPrefix($0 + " ") }) {
            return .message(clock: clock, sender: name, text: String(rest.dropFirst(name.count + 1)))
        }
        guard let blank = rest.firstIndex(of: " ") else { return .notice }
        return .message(clock: clock, sender: String(rest[..<blank]), text: String(rest[rest.index(after: blank)...]))
    }

    /// Whether a text is LINE's and says that there was another.
    static func isUnsent(_ text: String) -> Bool { unsent.contains(text.lowercased()) }

    /// The time at the start of a line, in one word or two (`上午 09:15`, `9:15 AM`), and what follows it.
    private static func split(_ line: String) -> (LocalisedTime.Clock, Substring)? {
        // A digit, `AM` or `PM`, or a word of another script.
        guard let first = line.utf8.first,
            (0x30...0x39).contains(first) || first >= 0x80 || first | 0x20 == 0x61 || first | 0x20 == 0x70
        else { return nil }
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        if words.count == 3, let clock = LineRow.clock("\(words[0]) \(words[1])") { return (clock, words[2]) }
        guard words.count > 1, let clock = LineRow.clock(String(words[0])) else { return nil }
        return (clock, line[words[1].startIndex...])
    }
}
