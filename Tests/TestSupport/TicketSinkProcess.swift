import Glibc
import Synchronization

/// The built `ticket-sink`, running on a free port of the loopback until it is let go.
///
/// Its standard input is a pipe from here: should the tests be killed, it ends as well.
package final class TicketSinkProcess {
    /// `http://127.0.0.1:PORT`.
    package let origin: String
    private let process: pid_t
    private let leash: Int32

    package struct NotStarted: Error, CustomStringConvertible {
        package let description: String
    }

    /// One at a time, so that no child inherits another's pipes before they are marked close-on-exec.
    private static let spawning = Mutex(())

    /// - Parameter arguments: As for the program: `--fail 503,count=2`.
    package init(_ arguments: [String] = []) throws {
        let (process, leash, output) = try Self.spawning.withLock { _ in try Self.spawn(arguments) }
        self.process = process
        self.leash = leash
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        close(output)
        origin = String(decoding: line.drop { $0 != UInt8(ascii: "h") }, as: UTF8.self)
        guard origin.hasPrefix("http://") else { throw NotStarted(description: "ticket-sink said nothing") }
    }

    deinit {
        close(leash)
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    private static func spawn(_ arguments: [String]) throws -> (process: pid_t, leash: Int32, output: Int32) {
        let program = try built("ticket-sink")
        let (input, output) = (pipe(), pipe())
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input.reader, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output.writer, STDOUT_FILENO)
        var words = unsafe ([program, "--quiet", "--until-eof"] + arguments).map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe words.indices { unsafe free(words[index]) } }
        var process = pid_t()
        let code = unsafe posix_spawn(&process, program, &actions, nil, &words, environ)
        close(input.reader)
        close(output.writer)
        guard code == 0 else { throw NotStarted(description: "ticket-sink: error \(code)") }
        return (process, input.writer, output.reader)
    }

    private static func pipe() -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        unsafe Glibc.pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// The program beside the tests, or in this package's debug build.
    private static func built(_ name: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let tests = String(decoding: buffer.prefix(max(0, length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let folders = [tests.split(separator: "/").dropLast().joined(separator: "/"), "\(package)/.build/debug"]
        for folder in folders where unsafe access("/\(folder)/\(name)", X_OK) == 0 { return "/\(folder)/\(name)" }
        throw NotStarted(description: "\(name) is not built; run `swift build` first")
    }
}
