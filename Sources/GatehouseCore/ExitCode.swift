/// What a command tells its caller, in the words of BSD's `sysexits.h`.
///
/// Postfix's pipe(8) bounces on every code but 0, 71 and 75; hence `ingest --mda` answers only 0 or 75.
package enum ExitCode: Int32, Sendable {
    case success = 0
    /// EX_USAGE: a wrong word on the command line.
    case usage = 64
    /// EX_DATAERR: some input was no message; the rest was done.
    case dataError = 65
    /// EX_NOINPUT: a file named by the user is missing or can't be read.
    case noInput = 66
    /// EX_UNAVAILABLE: a service that is needed does not answer.
    case unavailable = 69
    /// EX_SOFTWARE: our own mistake.
    case software = 70
    /// EX_OSERR: the system refused something that should work.
    case osError = 71
    /// EX_CANTCREAT: an output file can't be made.
    case cannotCreate = 73
    /// EX_IOERR: reading or writing failed.
    case ioError = 74
    /// EX_TEMPFAIL: nothing is lost, and the same command may work later.
    case tryAgainLater = 75
    /// EX_NOPERM: not allowed, or a wrong signature.
    case noPermission = 77
    /// EX_CONFIG: the configuration is wrong.
    case configuration = 78
}

/// An error whose words tell the operator what failed, where, and what to do.
package protocol OperatorError: Error, CustomStringConvertible, Sendable {
    var exitCode: ExitCode { get }
}
