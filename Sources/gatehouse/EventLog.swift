import GatehouseCore
import Glibc

/// How grave an event is, by syslog's numbers (RFC 5424 §6.2.1).
enum LogLevel: Int {
    case error = 3
    case warning = 4
    case info = 6

    var name: String {
        switch self {
        case .error: "error"
        case .warning: "warning"
        case .info: "info"
        }
    }
}

/// What happens, one line an event on standard error: never a message's words, always a name that stays.
///
/// `GATEHOUSE_LOG` says in which form: `text`, `json` (an object a line), or `journald`, whose lines begin with their
/// level (sd-daemon(3)). Without it, journald's where standard error is the journal, otherwise text.
enum EventLog {
    enum Form: String {
        case text, json, journald
    }

    static let form = chosenForm()

    private static func chosenForm() -> Form {
        if let value = unsafe getenv("GATEHOUSE_LOG"), let form = unsafe Form(rawValue: String(cString: value)) {
            return form
        }
        return isJournal ? .journald : .text
    }

    /// systemd names the journal's device and inode; a child whose standard error leads elsewhere inherits the variable.
    private static var isJournal: Bool {
        guard let value = unsafe getenv("JOURNAL_STREAM") else { return false }
        var status = stat()
        guard unsafe fstat(2, &status) == 0 else { return false }
        return unsafe String(cString: value) == "\(status.st_dev):\(status.st_ino)"
    }

    /// - Parameters:
    ///   - event: In snake case; programs look for it.
    ///   - source: The source or target that it is about.
    ///   - words: For people; text from outside in it is `UnicodeText.printable`.
    static func write(_ level: LogLevel, _ event: String, source: String? = nil, _ words: String) {
        let now = form == .json ? Timestamp.now() : Timestamp(milliseconds: 0)
        Console.complain(line(level, event, source: source, words, form: form, now: now))
    }

    static func line(
        _ level: LogLevel,
        _ event: String,
        source: String?,
        _ words: String,
        form: Form,
        now: Timestamp
    ) -> String {
        let text = "gatehouse: " + (source.map { "\($0): " } ?? "") + words
        switch form {
        case .text: return text
        case .journald:
            let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: true)
            return lines.map { "<\(level.rawValue)>" + String($0) }.joined(separator: "\n")
        case .json:
            var json = JSONWriter()
            json.object { json in
                json.member("time", now)
                json.member("level", level.name)
                json.member("event", event)
                json.member("source", source)
                json.member("message", words)
            }
            return json.text
        }
    }
}
