import GatehouseCore
import Glibc

/// Runs a program for its first line of output. No shell is between, so nothing needs quoting.
enum Subprocess {
    static func firstLine(of words: [String]) throws -> String {
        guard let program = words.first else { throw Secret.Failure(description: "the secret's command is empty.") }
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else {
            throw Secret.Failure(description: "no pipe for \(program): \(systemMessage(errno)).")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let child: pid_t
        do {
            defer { close(ends[1]) }
            child = try spawn(words, output: ends[1])
        }
        let (bytes, _) = try ByteReader(descriptor: ends[0], name: program).readAll(limit: 64 * 1024)
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else {
            throw Secret.Failure(
                description: "\(program), which should print a secret, failed (wait status \(status))."
            )
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func spawn(_ words: [String], output: Int32) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
        var child: pid_t = 0
        let failure = unsafe posix_spawnp(&child, words[0], &actions, nil, &arguments, environ)
        guard failure == 0 else {
            throw Secret.Failure(description: "cannot run \(words[0]): \(systemMessage(failure)).")
        }
        return child
    }
}
