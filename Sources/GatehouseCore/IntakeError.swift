/// Why an input can't be read at all. One bad message is no such error: it is handed on as `.rejected`.
package enum IntakeError: OperatorError, Equatable {
    case missing(path: String)
    case unreadable(path: String, reason: String)
    case isDirectory(path: String)
    /// Somebody else is at it just now.
    case busy(path: String, reason: String)
    case tooLarge(place: String, limit: Int)
    case unknownFormat(place: String, looksLike: String, candidates: [String])

    package var description: String {
        switch self {
        case .missing(let path):
            "no such file or folder: \(path). Check the path, or pass '-' to read standard input."
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason). The user that runs gatehouse needs read access."
        case .isDirectory(let path):
            "\(path) is a folder where a file is expected. Name a file in it, or configure the folder as a source."
        case .busy(let path, let reason):
            "\(path) is in use: \(reason). Nothing is lost; the next run tries again."
        case .tooLarge(let place, let limit):
            "\(place): longer than the limit of \(limit) bytes. Raise limits.message_bytes to take it whole."
        case .unknownFormat(let place, let looksLike, let candidates):
            "\(place): \(looksLike). Name its format with --format, one of: \(candidates.joined(separator: ", "))."
        }
    }

    package var exitCode: ExitCode {
        switch self {
        case .missing, .unreadable, .isDirectory: .noInput
        case .busy: .tryAgainLater
        case .tooLarge, .unknownFormat: .dataError
        }
    }
}
