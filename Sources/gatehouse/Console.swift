import GatehouseCore
import Glibc

/// The three streams. Results go to standard output, words for people to standard error.
enum Console {
    static let isOutputTerminal = isatty(1) == 1
    static let isErrorTerminal = isatty(2) == 1

    /// Set once standard output has failed (`| head` closed it, the disk is full): `main` answers with EX_IOERR.
    nonisolated(unsafe) private static var buffer: [UInt8] = []
    nonisolated(unsafe) private(set) static var outputFailure: Int32 = 0

    /// Collects output and writes it in blocks; `flush` at the end.
    static func write(_ bytes: [UInt8]) { write(block: bytes.span) }

    static func write(block: Span<UInt8>) {
        // A block goes out as it is, and not through a copy.
        if block.count >= 1 << 16 {
            flush()
            send(block)
        } else {
            unsafe block.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
            if unsafe buffer.count >= 1 << 16 { flush() }
        }
    }

    static func print(_ line: String) {
        let isPlain = isOutputTerminal && !showsUnicode
        write(Array((isPlain ? TerminalText.ascii(line) : line).utf8))
        write([0x0A])
    }

    /// What a command that examines something has found, as one line of JSON.
    ///
    /// - Parameter place: In the file that `what` names.
    static func printFinding(
        _ level: String,
        _ what: String,
        at place: (line: Int, column: Int)? = nil,
        _ found: String
    ) {
        printJSON { json in
            json.member("level", level)
            json.member("what", what)
            json.member("line", place?.line)
            json.member("column", place?.column)
            json.member("found", found)
        }
    }

    /// An object of JSON, on a line of its own.
    static func printJSON(_ members: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        json.object(members)
        print(json.text)
    }

    /// A table as wide as the terminal; in its full width where there is none.
    static func print(_ table: TextTable) { show(table, width: isOutputTerminal ? width : nil) }

    /// A table as wide as the terminal, or as `pipeWidth` where there is none.
    static func print(_ table: TextTable, pipeWidth: Int) {
        show(table, width: isOutputTerminal ? width : pipeWidth)
    }

    private static func show(_ table: TextTable, width: Int?) {
        let isolates = isOutputTerminal && showsUnicode
        for line in table.lines(width: width, isolates: isolates) { print(line) }
    }

    static func flush() {
        unsafe send(buffer.span)
        unsafe buffer.removeAll(keepingCapacity: true)
    }

    private static func send(_ bytes: Span<UInt8>) {
        guard unsafe outputFailure == 0 else { return }
        let failure = writeAll(bytes, to: 1)
        unsafe outputFailure = failure
    }

    /// One line on standard error.
    static func complain(_ line: String) {
        flush()
        let isPlain = isErrorTerminal && !showsUnicode
        _ = writeAll(Array(((isPlain ? TerminalText.ascii(line) : line) + "\n").utf8).span, to: 2)
    }

    /// A line of a terminal's standard error that the next one replaces.
    static func showPassing(_ line: String) { _ = writeAll(Array("\r\u{1B}[K\(line)".utf8).span, to: 2) }

    /// - Returns: 0, or the `errno` that stopped it.
    private static func writeAll(_ bytes: Span<UInt8>, to descriptor: Int32) -> Int32 {
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress! + start, $0.count - start)
            }
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            start += written
        }
        return 0
    }

    /// Whether the locale's charset has more than ASCII: the first of LC_ALL, LC_CTYPE and LANG that is set says so.
    static let showsUnicode: Bool = {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = unsafe getenv(name) else { continue }
            let locale = unsafe String(cString: value).lowercased()
            if !locale.isEmpty { return locale.contains("utf-8") || locale.contains("utf8") }
        }
        return false
    }()

    /// The terminal's width in columns; 80 where it can't be told.
    static var width: Int { columns(of: 1) }
    static var errorWidth: Int { columns(of: 2) }

    private static func columns(of descriptor: Int32) -> Int {
        var size = winsize()
        if unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return 80
    }
}
