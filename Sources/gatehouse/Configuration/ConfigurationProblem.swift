import GatehouseCore

/// One thing that is wrong in the configuration, and where.
struct ConfigurationProblem: Equatable {
    enum Severity: String { case error, warning }

    var severity: Severity
    var line: Int
    var column: Int
    var words: String

    func described(path: String) -> String {
        "\(path):\(line):\(column): \(severity.rawValue): \(words)"
    }
}

/// All that is wrong at once, in the order of the file.
struct ConfigurationError: OperatorError {
    let path: String
    let problems: [ConfigurationProblem]

    var description: String {
        let count = problems.count { $0.severity == .error }
        let lines = problems.map { $0.described(path: path) }
        return "the configuration has \(count == 1 ? "one error" : "\(count) errors"):\n"
            + lines.joined(separator: "\n")
    }

    var exitCode: ExitCode { .configuration }
}
