import GatehouseCore
import Glibc

/// Where a secret lies. Its value never stands in the configuration, on the command line or in a log.
enum Secret: Equatable {
    case file(String)
    /// systemd's `LoadCredential=`: a file of this name in `$CREDENTIALS_DIRECTORY`.
    case credential(String)
    case environment(String)
    case command([String])

    struct Failure: OperatorError {
        let description: String
        var exitCode: ExitCode { .configuration }
    }

    /// Reads the secret: the first line, without its line end.
    func resolve() throws -> String {
        let text: String
        switch self {
        case .file(let path): text = try Self.read(path, mustBePrivate: true)
        case .credential(let name):
            guard let folder = unsafe getenv("CREDENTIALS_DIRECTORY") else {
                throw Failure(
                    description:
                        "no $CREDENTIALS_DIRECTORY: the credential '\(name)' exists only under systemd (LoadCredential=)."
                )
            }
            text = try Self.read("\(unsafe String(cString: folder))/\(name)", mustBePrivate: false)
        case .environment(let name):
            guard let value = unsafe getenv(name) else {
                throw Failure(
                    description: "the environment has no variable '\(name)', which the configuration names as a secret."
                )
            }
            text = unsafe String(cString: value)
        case .command(let words): text = try Subprocess.firstLine(of: words)
        }
        let line = text.utf8.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !line.isEmpty else { throw Failure(description: "the secret is empty: \(self.place).") }
        return String(decoding: line, as: UTF8.self)
    }

    /// For messages: where it lies, never what it is.
    var place: String {
        switch self {
        case .file(let path): "file \(path)"
        case .credential(let name): "systemd credential \(name)"
        case .environment(let name): "environment variable \(name)"
        case .command(let words): "command \(words.first ?? "")"
        }
    }

    private static func read(_ path: String, mustBePrivate: Bool) throws -> String {
        var status = stat()
        if mustBePrivate, unsafe stat(path, &status) == 0, status.st_mode & 0o077 != 0 {
            throw Failure(description: "others may read the secret in \(path). Say: chmod 600 \(path)")
        }
        let (bytes, isCut) = try ByteReader(path: path).readAll(limit: 64 * 1024)
        guard !isCut else { throw Failure(description: "\(path) is longer than 64 KiB: that is no secret.") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
