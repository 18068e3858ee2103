import Foundation
import GatehouseCore
import Glibc
import Testing

@testable import gatehouse

/// One after the other: the environment is the whole process's.
@Suite(.serialized)
struct SecretTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-secret-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func file(_ text: String, mode: mode_t = 0o600, named name: String = "secret") throws -> String {
        let path = folder.appending(path: name).path()
        try Data(text.utf8).write(to: URL(filePath: path))
        unsafe chmod(path, mode)
        return path
    }

    private func failure(_ secret: Secret) -> String {
        let error = #expect(throws: (any Error).self) { try secret.resolve() }
        return error.map { "\($0)" } ?? ""
    }

    @Test(arguments: ["s3cret", "s3cret\n", "s3cret\r\n", "s3cret\nsecond line\n"])
    func `The first line of a file is the secret`(text: String) throws {
        #expect(try Secret.file(file(text)).resolve() == "s3cret")
    }

    @Test(arguments: [mode_t(0o644), 0o640, 0o604, 0o620])
    func `A file that others may read is refused, with the command that helps`(mode: mode_t) throws {
        let path = try file("s3cret", mode: mode)
        let words = failure(.file(path))
        #expect(words == "others may read the secret in \(path). Say: chmod 600 \(path)")
        #expect(!words.contains("s3cret"))
    }

    @Test func `A file that is missing, empty or far too long is no secret`() throws {
        #expect(failure(.file("\(folder.path())/nothing")).contains("no such file"))
        #expect(failure(.file(try file("\n"))).contains("the secret is empty: file "))
        #expect(failure(.file(try file(String(repeating: "x", count: 70_000)))).contains("longer than 64 KiB"))
    }

    @Test func `A credential is read from systemd's folder, which others may read`() throws {
        _ = try file("from systemd\n", mode: 0o444, named: "rt-password")
        unsafe unsetenv("CREDENTIALS_DIRECTORY")
        #expect(failure(.credential("rt-password")).contains("LoadCredential="))
        unsafe setenv("CREDENTIALS_DIRECTORY", folder.path(), 1)
        defer { unsafe unsetenv("CREDENTIALS_DIRECTORY") }
        #expect(try Secret.credential("rt-password").resolve() == "from systemd")
        #expect(failure(.credential("other")).contains("no such file"))
    }

    @Test func `A variable of the environment is a secret, and its absence is named`() throws {
        unsafe setenv("GATEHOUSE_TEST_SECRET", "from the environment", 1)
        defer { unsafe unsetenv("GATEHOUSE_TEST_SECRET") }
        #expect(try Secret.environment("GATEHOUSE_TEST_SECRET").resolve() == "from the environment")
        #expect(failure(.environment("GATEHOUSE_NO_SUCH")).contains("no variable 'GATEHOUSE_NO_SUCH'"))
    }

    @Test func `A command's first line is the secret, without a shell between`() throws {
        #expect(try Secret.command(["printf", "%s\nmore", "a b;$HOME"]).resolve() == "a b;$HOME")
        #expect(failure(.command(["false"])).contains("false, which should print a secret, failed"))
        #expect(failure(.command(["true"])).contains("the secret is empty: command true"))
        #expect(failure(.command(["gatehouse-no-such-program"])).contains("cannot run gatehouse-no-such-program"))
        #expect(failure(.command([])).contains("empty"))
    }

    @Test func `What is said of a secret is where it lies`() {
        #expect(Secret.command(["pass", "show", "rt"]).place == "command pass")
        #expect(Secret.credential("rt").place == "systemd credential rt")
    }
}
