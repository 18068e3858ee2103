import Foundation

/// Runs the program on a terminal of its own, as a person would see it. Python makes the terminal.
enum Terminal {
    private static let script = """
        import os, pty, select, sys, struct, fcntl, termios, time
        columns, answers, words = int(sys.argv[1]), sys.argv[2].split("\\x1f") if sys.argv[2] else [], sys.argv[3:]
        child, master = pty.fork()
        if child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.execv(words[0], words)
        seen, quiet, answered = b"", 0, 0
        while True:
            ready, _, _ = select.select([master], [], [], 0.2)
            if ready:
                try:
                    data = os.read(master, 65536)
                except OSError:
                    break
                if not data:
                    break
                seen += data
                # A question is a line: the next answer follows when it stands there.
                questions = seen.count(b"?")
                while answers and answered < questions and seen.endswith(b"\\n"):
                    os.write(master, answers.pop(0).encode() + b"\\n")
                    answered = questions
                    time.sleep(0.05)
        _, status = os.waitpid(child, 0)
        sys.stdout.buffer.write(seen)
        sys.exit(os.waitstatus_to_exitcode(status))
        """

    /// - Parameter typing: One answer for each question.
    /// - Returns: All that the terminal got; nil where there is no Python to make one.
    static func run(
        _ words: [String],
        columns: Int = 100,
        typing answers: [String] = [],
        environment: [String: String] = ["TERM": "xterm", "LC_ALL": "C.UTF-8"]
    ) throws -> String? {
        guard try Program.runTool(["python3", "-c", "import pty"]).status == 0 else {
            print("skipped: python3 is not here to make a terminal")
            return nil
        }
        let tool = [
            "python3", "-c", script, "\(columns)", answers.joined(separator: "\u{1F}"), Program.path("gatehouse"),
        ]
        return try Program.runTool(tool + words, environment: environment).output
    }
}
