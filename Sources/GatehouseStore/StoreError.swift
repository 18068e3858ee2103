package import GatehouseCore
import Glibc

/// Why the state can't be used; the words say what to do.
package enum StoreError: OperatorError {
    /// There is no state where one is expected.
    case missing(directory: String)
    /// A file or folder of the state can't be made or read.
    case file(path: String, action: String, code: Int32)
    /// The key is gone, too short, or another one than the state was made with.
    case key(path: String, reason: String)
    /// The state was written by another version of the program.
    case schema(path: String, found: Int, expected: Int)
    /// SQLite's extended code, its message, and the statement.
    case database(code: Int32, message: String, sql: String, path: String)

    package var description: String {
        switch self {
        case .missing(let directory):
            "no state in \(directory). The first poll or ingest makes it; or set state_dir to where the state is."
        case .file(let path, let action, ENOSPC), .file(let path, let action, EDQUOT):
            "cannot \(action) \(path): the disk is full. Nothing was stored and nothing is lost; make room and run the command again."
        case .file(let path, let action, let code):
            "cannot \(action) \(path): \(systemMessage(code)). The user that runs gatehouse must own the state directory."
        case .key(let path, let reason):
            "\(path): \(reason). Restore the key from the same backup as the database: without it, "
                + "messages that come again would not be known."
        case .schema(let path, 0, _):
            "\(path) is a database, but not one of gatehouse's. Set state_dir to another directory."
        case .schema(let path, let found, let expected) where found > expected:
            "\(path) has schema \(found), and this program knows up to \(expected). Run the newer gatehouse that wrote it."
        case .schema(let path, let found, let expected):
            "\(path) has schema \(found), and this program needs \(expected). "
                + "Keep a copy, and open it with the version of gatehouse that wrote it to empty its outbox."
        case .database(let code, let message, let sql, let path):
            "\(path): \(message) (SQLite \(code)\(sql.isEmpty ? "" : ", in: \(Self.shortened(sql))")). \(Self.advice(code))"
        }
    }

    package var exitCode: ExitCode {
        switch self {
        case .missing, .schema, .key: .configuration
        // Room comes back, and the caller still holds the input.
        case .file(_, _, let code): [ENOSPC, EDQUOT, EIO].contains(code) ? .tryAgainLater : .cannotCreate
        case .database(let code, _, _, _):
            switch ResultCode(rawValue: code & 0xFF) {
            // Room, rights and locks come back, and the caller still holds the input.
            case .busy, .locked, .full, .readOnly, .cannotOpen, .outOfMemory, .ioError: .tryAgainLater
            case .corrupt, .notADatabase: .ioError
            case nil: .software
            }
        }
    }

    /// True where the file is a database, but not one of ours: SQLITE_ERROR when a statement is prepared.
    var isMissingTable: Bool {
        if case .database(let code, _, _, _) = self { code == 1 } else { false }
    }

    /// SQLite's primary result codes that mean something to an operator.
    private enum ResultCode: Int32 {
        case busy = 5
        case locked = 6
        case outOfMemory = 7
        case readOnly = 8
        case ioError = 10
        case corrupt = 11
        case full = 13
        case cannotOpen = 14
        case notADatabase = 26
    }

    private static func advice(_ code: Int32) -> String {
        switch ResultCode(rawValue: code & 0xFF) {
        case .busy, .locked: "Another gatehouse held the state for too long. Nothing was stored; run the command again."
        case .full: "The disk is full. Nothing was stored and nothing is lost; make room and run the command again."
        case .readOnly:
            "The state is read-only for this user. Nothing was stored; make the directory and its files writable."
        case .cannotOpen: "The directory and its files must be readable and writable for the user that runs gatehouse."
        case .ioError: "Reading or writing failed. Nothing was stored; look at the disk and the system's log."
        case .outOfMemory: "There was not enough memory. Nothing was stored; run the command again."
        case .corrupt, .notADatabase:
            "The file is damaged. Stop all runs, keep a copy, and restore the directory from a backup "
                + "('sqlite3 gatehouse.sqlite3 .recover' may save what is newer)."
        case nil: "This is a mistake in gatehouse; please report it with this line."
        }
    }

    private static func shortened(_ sql: String) -> String {
        let words = sql.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        return words.count > 120 ? "\(words.prefix(120))…" : words
    }
}
