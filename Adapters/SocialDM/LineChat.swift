import GatehouseCore

/// A chat that LINE sent as a text file, in any of its languages.
///
/// A title (`[LINE] Chat history with X`), when it was saved, then days (`2024.01.02 Tuesday`, `2024/1/2週二`, `Tue, 1/2/2024`) and
/// under each the messages: time, tab, sender, tab, text. Text of several lines stands in double quotes. No ids, no zone, whole
/// minutes. The desktop program writes blanks instead of tabs, and mostly no title (`LineDesktopRows`).
struct LineChat: ExportFormat {
    /// As much of the start as decides on the order of day and month, and on who takes part.
    private static let surveySize = 1 << 20

    let format = MessageFormat(name: "line", summary: "LINE chat sent as text: [LINE] Chat ….txt")
    let provider = "line"
    let isText = true

    func confidence(in shape: DocumentShape) -> Confidence? {
        let lines = shape.lines(12)
        guard let first = lines.first else { return nil }
        let hasMessage =
            LineDesktopRows(lines, known: []) != nil
            || lines.contains { line in
                if case .message? = LineRow(line, isAfterBlank: true) { true } else { false }
            }
        if first.hasPrefix("[LINE]") || hasMessage && ExportSession.lastComponent(shape.name).hasPrefix("[line]") {
            return .certain
        }
        let hasDay = lines.contains { line in
            if case .day? = LineRow(line, isAfterBlank: false) { true } else { false }
        }
        return hasDay && hasMessage ? .likely : nil
    }

    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws {
        let head = try session.input.bytes.peek(Self.surveySize)
        let file = ExportSession.lastComponent(session.input.place?.name ?? session.input.path ?? "")
        let survey = try LineSurvey(head, file: file, account: session.input.context.account)
        var chat = LineChatReader(survey, session)
        var lines = TextLines(session.input.bytes, limit: session.limits.messageBytes)
        while let line = try lines.next() { try chat.take(line, emit: emit) }
        try chat.finish(emit: emit)
        guard !chat.hasRows else { return }
        try emit(
            session.rejected(
                "not_line",
                "there is no line with a time, a sender and a text in it.",
                raw: session.brokenBytes
            )
        )
    }
}

/// What one line of the file is.
enum LineRow {
    case day(LocalisedTime)
    case message(clock: LocalisedTime.Clock, sender: String, text: String)
    /// A line that nobody wrote: who joined, what was unsent.
    case notice

    /// - Parameter isAfterBlank: A date whose weekday is not known heads a day only behind a blank line.
    /// - Returns: nil for what continues the line before.
    init?(_ line: String, isAfterBlank: Bool) {
        let fields = line.utf8.split(separator: 0x09, maxSplits: 2, omittingEmptySubsequences: false).map {
            String(decoding: Array($0), as: UTF8.self)
        }
        if fields.count > 1 {
            guard let clock = Self.clock(fields[0]) else { return nil }
            let isNotice = fields.count == 2 || fields[1].isEmpty
            self = isNotice ? .notice : .message(clock: clock, sender: fields[1], text: fields[2])
            return
        }
        guard line.utf8.count <= 64, let day = Self.day(line, isAfterBlank: isAfterBlank) else { return nil }
        self = .day(day)
    }

    /// A time of day and nothing else.
    static func clock(_ field: String) -> LocalisedTime.Clock? {
        guard field.utf8.count <= 32 else { return nil }
        let time = LocalisedTime(field)
        guard let clock = time.clock(), clock.range == time.tokens.indices else { return nil }
        return clock
    }

    private static func day(_ line: String, isAfterBlank: Bool) -> LocalisedTime? {
        let time = LocalisedTime(line)
        var words: [String] = []
        for token in time.tokens {
            switch token {
            case .word(let word): words.append(word)
            case .mark(let mark): guard "./-,()（）、日年月".unicodeScalars.contains(mark) else { return nil }
            case .number: break
            }
        }
        guard time.clock() == nil, words.count <= 5, time.parsed() != nil else { return nil }
        let isWeekday = words.contains { !WeekdayNames.days($0).isEmpty }
        return isWeekday || isAfterBlank ? time : nil
    }
}

/// What the start of the file says of the whole.
struct LineSurvey {
    private(set) var title: String?
    private(set) var senders: Set<String> = []
    private(set) var order = LocalisedTime.Order.dayFirst
    private(set) var isOrderCertain = true
    /// How rows are read where blanks part them.
    private(set) var desktop: LineDesktopRows?

    /// - Parameters:
    ///   - file: The file's name, which may tell the title.
    ///   - account: A name under which somebody may write.
    init(_ head: [UInt8], file: String, account: String?) throws {
        var lines = TextLines(ByteReader(bytes: head, name: file), limit: 1 << 16)
        var texts: [String] = []
        var days: [LocalisedTime] = []
        var isAfterBlank = true
        var isFirst = true
        var firstLine = ""
        while let line = try lines.next() {
            let text = line.text
            if isFirst {
                firstLine = text
                title = LineTitle.name(text) ?? LineTitle.name(ofFile: file)
            }
            if senders.isEmpty { texts.append(text) } else { texts = [] }
            switch LineRow(text, isAfterBlank: isAfterBlank) {
            case .day(let day)?: days.append(day)
            case .message(_, let sender, _)?: if senders.count < 1000 { senders.insert(sender) }
            case .notice?, nil: break
            }
            isAfterBlank = line.bytes.isEmpty || isFirst
            isFirst = false
        }
        decideOrder(days)
        guard senders.isEmpty else {
            // A title whose words are not known still has the name in it.
            if let whole = title, LineTitle.isWhole(whole, firstLine: firstLine, file: file),
                let name = ChatTitle.sender(in: [whole], among: senders)
            {
                title = name
            }
            return
        }
        desktop = LineDesktopRows(texts, known: [title, account].compactMap(\.self))
        senders = desktop?.senders ?? []
    }

    /// What a line is; nil for what continues the line before.
    ///
    /// - Parameter minute: Of the day, of the row above.
    func row(_ line: String, isAfterBlank: Bool, notBefore minute: Int) -> LineRow? {
        if let row = LineRow(line, isAfterBlank: isAfterBlank) { return row }
        return desktop?.row(line, notBefore: minute)
    }

    /// Weekdays, days above 12 and the sequence of days decide; where they don't, the weekday before the date is how
    /// m/d is written.
    private mutating func decideOrder(_ days: [LocalisedTime]) {
        let open = days.filter { day in
            let first = day.tokens.lazy.compactMap { if case .number(let number) = $0 { number } else { nil } }.first
            return (first?.digits ?? 0) <= 2 && day.parsed(order: .dayFirst) != day.parsed(order: .monthFirst)
        }
        guard !open.isEmpty else { return }
        let (dayFirst, monthFirst) = (Self.faults(open, .dayFirst), Self.faults(open, .monthFirst))
        if dayFirst != monthFirst {
            order = dayFirst < monthFirst ? .dayFirst : .monthFirst
        } else {
            isOrderCertain = false
            if case .word? = open[0].tokens.first { order = .monthFirst }
        }
    }

    private static func faults(_ days: [LocalisedTime], _ order: LocalisedTime.Order) -> Int {
        var faults = 0
        var last: Int64?
        for day in days {
            guard let date = day.parsed(order: order)?.civil else { continue }
            let named = day.tokens.reduce(into: Set<Int>()) { set, token in
                if case .word(let word) = token { set.formUnion(WeekdayNames.days(word)) }
            }
            if !named.isEmpty, !named.contains(WeekdayNames.day(of: date)) { faults += 10 }
            let seconds = date.timestamp().seconds
            if let last, seconds < last { faults += 1 }
            last = seconds
        }
        return faults
    }

    /// The other one of a chat of two, where the title is a sender's name and there is at most one more.
    var peer: String? {
        guard let title, senders.contains(title), senders.count <= 2 else { return nil }
        return title
    }
}

/// The name of the chat in the file's first line.
enum LineTitle {
    private static let before = [
        "chat history with ", "chat history in ", "chat history of ", "chatverlauf mit ", "chatverlauf in ",
        "historique de discussion avec ", "historique de la discussion avec ", "historique des discussions avec ",
        "historial de chat con ", "historial del chat con ", "historial de chats con ", "historial de chat en ",
        "histórico de conversas com ", "histórico de conversa com ", "histórico de bate-papo com ",
        "cronologia chat con ", "cronologia della chat con ", "история чата с ", "история переписки с ",
        "riwayat obrolan dengan ", "riwayat obrolan di ", "riwayat chat dengan ", "riwayat chat di ",
        "lịch sử trò chuyện với ", "lịch sử trò chuyện trong ", "ประวัติการแชทกับ", "ประวัติการแชทใน",
        "ประวัติการสนทนากับ", "سجل الدردشة مع ", "與", "与", "和",
    ]
    private static let behind = [
        "とのトーク履歴", "のトーク履歴", "的聊天記錄", "的聊天紀錄", "的聊天记录", "的聊天", "的對話", " 님과의 대화", "님과의 대화",
        "님과의 채팅", "와의 대화", "과의 대화", "의 대화", "의 채팅", " ile sohbet geçmişi",
    ]

    /// - Returns: nil for a line that is no title; a title in a language that is not known as it stands.
    static func name(_ line: String) -> String? {
        guard line.hasPrefix("[LINE]") else { return nil }
        var title = trimmed(line.dropFirst(6))
        let lowered = title.lowercased()
        if let start = before.first(where: { lowered.hasPrefix($0) && $0.utf8.count < lowered.utf8.count }) {
            title = String(title.dropFirst(start.count))
        }
        if let end = behind.first(where: { title.hasSuffix($0) && $0.utf8.count < title.utf8.count }) {
            title = String(title.dropLast(end.count))
        }
        title = trimmed(title[...])
        return title.isEmpty ? nil : UnicodeText.normalised(title)
    }

    /// Whether a title is all that stands behind `[LINE]`, for none of the words around the name was known.
    static func isWhole(_ title: String, firstLine: String, file: String) -> Bool {
        let stem = file.lowercased().hasSuffix(".txt") ? String(file.dropLast(4)) : file
        return [firstLine, stem].contains { line in
            line.hasPrefix("[LINE]") && UnicodeText.normalised(trimmed(line.dropFirst(6))) == title
        }
    }

    /// The desktop program puts the title into the file's name alone.
    static func name(ofFile file: String) -> String? {
        file.lowercased().hasSuffix(".txt") ? name(String(file.dropLast(4))) : name(file)
    }

    private static func trimmed(_ text: Substring) -> String {
        var view = text.unicodeScalars.drop { $0.properties.isWhitespace }
        while let last = view.last, last.properties.isWhitespace { view = view.dropLast() }
        return String(view)
    }
}
