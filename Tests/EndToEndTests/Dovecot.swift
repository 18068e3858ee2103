import Foundation
import Glibc
import Testing

/// A Dovecot of Debian's on free ports of the loopback, run by an ordinary user, with mailboxes in a desk's folder.
///
/// Each user's password is `secret`; the token `good` is taken for `oauth`. It ends with this value.
final class Dovecot {
    let imap: Int
    let imaps: Int
    let pop3: Int
    let pop3s: Int
    private let desk: Desk
    private let server: Child
    private let tokens: Child
    private let owner: (user: uid_t, group: gid_t, name: String)

    private static let program = ["/usr/sbin/dovecot", "/usr/bin/dovecot"].first { path in
        FileManager.default.isExecutableFile(atPath: path)
    }

    /// - Returns: nil, with a word, where there is no Dovecot.
    static func start(in desk: Desk) throws -> Dovecot? {
        guard let program, let made = try Dovecot(program, desk) else {
            print("skipped: no Dovecot, openssl or python3 here, or it does not start")
            return nil
        }
        return made
    }

    private init?(_ program: String, _ desk: Desk) throws {
        self.desk = desk
        owner = Self.ordinaryUser()
        let ports = Self.freePorts(5)
        (imap, imaps, pop3, pop3s) = (ports[0], ports[1], ports[2], ports[3])
        guard try Self.makeCertificates(in: desk) else { return nil }
        try desk.write(Self.introspection, to: "tokens.py")
        tokens = try Child(["python3", "tokens.py", String(ports[4])], folder: desk.folder)
        for path in ["mail", "run"] {
            let folder = desk.folder.appending(path: path)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try desk.write(Self.configuration(desk.folder.path() + "/", ports, owner), to: "dovecot.conf")
        try desk.write(
            """
            introspection_mode = post
            introspection_url = http://127.0.0.1:\(ports[4])/
            username_attribute = email
            active_attribute = active
            active_value = true
            """,
            to: "oauth2.conf"
        )
        try Self.give(desk.folder, to: owner)
        let words = [program, "-F", "-c", desk.folder.appending(path: "dovecot.conf").path()]
        server = try Child(
            ["python3", "-c", Self.launcher, String(owner.user), String(owner.group)] + words,
            errors: desk.folder.appending(path: "dovecot.err")
        )
        guard Self.answers(imap), Self.answers(ports[4]) else {
            let words = (try? String(contentsOf: desk.folder.appending(path: "dovecot.err"), encoding: .utf8)) ?? ""
            print("Dovecot says: \(words)")
            server.send(SIGKILL)
            tokens.send(SIGKILL)
            server.wait()
            tokens.wait()
            return nil
        }
    }

    deinit {
        // Its own processes end with it.
        server.send(SIGTERM)
        server.wait()
        tokens.send(SIGKILL)
        tokens.wait()
    }

    // MARK: Mailboxes

    /// Puts mails into a user's inbox, or into a folder of it: `.Support`.
    func deliver(_ numbers: some Sequence<Int>, to user: String, folder: String = "", text: (Int) -> String) throws {
        let box = desk.folder.appending(path: "mail/\(user)/\(folder)")
        for part in ["new", "cur", "tmp"] {
            let path = box.appending(path: part)
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        }
        for number in numbers {
            let name = "17673\(String(format: "%05d", number)).M\(number)P1.host"
            try Data(text(number).utf8).write(to: box.appending(path: "new/\(name)"))
        }
        try Self.give(desk.folder.appending(path: "mail"), to: owner)
    }

    /// The names of a folder's messages, with their flags.
    func messages(of user: String, folder: String = "") -> [String] {
        ["new", "cur"].flatMap { part -> [String] in
            let path = desk.folder.appending(path: "mail/\(user)/\(folder)/\(part)").path()
            return (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        }
    }

    /// Lets the server number a user's messages anew.
    func renumber(_ user: String) throws {
        let box = desk.folder.appending(path: "mail/\(user)")
        for name in try FileManager.default.contentsOfDirectory(atPath: box.path()) where name.hasPrefix("dovecot") {
            try FileManager.default.removeItem(at: box.appending(path: name))
        }
        // The new number is the time in seconds.
        Thread.sleep(forTimeInterval: 1.1)
    }

    // MARK: Starting

    private static func ordinaryUser() -> (user: uid_t, group: gid_t, name: String) {
        guard geteuid() == 0 else {
            let name = unsafe getpwuid(geteuid()).map { unsafe String(cString: $0.pointee.pw_name) } ?? "nobody"
            return (geteuid(), getegid(), name)
        }
        return (65_534, 65_534, "nobody")
    }

    private static func give(_ path: URL, to owner: (user: uid_t, group: gid_t, name: String)) throws {
        guard geteuid() == 0 else { return }
        try Program.runTool(["chown", "-R", "\(owner.user):\(owner.group)", path.path()])
    }

    private static func freePorts(_ count: Int) -> [Int] {
        let sockets = (0..<count).map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        defer { for descriptor in sockets { close(descriptor) } }
        return sockets.map { descriptor in
            var address = loopback(0)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    _ = unsafe bind(descriptor, generic, length)
                    _ = unsafe getsockname(descriptor, generic, &length)
                }
            }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return address
    }

    private static func answers(_ port: Int) -> Bool {
        for _ in 0..<200 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = loopback(port)
            let isThere = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    unsafe connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isThere { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return false
    }

    private static func makeCertificates(in desk: Desk) throws -> Bool {
        try desk.write("subjectAltName=IP:127.0.0.1", to: "names")
        let steps = [
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test",
            "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=127.0.0.1",
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names",
        ]
        return steps.allSatisfy { step in
            let words = ["openssl"] + step.split(separator: " ").map(String.init)
            return (try? Program.runTool(words, folder: desk.folder).status) == 0
        }
    }

    /// Becomes another program of an ordinary user. A thread of these tests blocks SIGTERM, and a child would inherit that.
    private static let launcher = """
        import os, signal, sys
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(int(sys.argv[2]))
            os.setuid(int(sys.argv[1]))
        os.execv(sys.argv[3], sys.argv[3:])
        """

    /// Says whose a token is (RFC 7662).
    private static let introspection = """
        import http.server, json, sys, urllib.parse

        class Tokens(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                token = urllib.parse.parse_qs(body).get("token", [""])[0]
                answer = json.dumps({"active": token == "good", "email": "oauth"}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *words):
                pass

        http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Tokens).serve_forever()
        """

    private static func configuration(
        _ folder: String,
        _ ports: [Int],
        _ owner: (user: uid_t, group: gid_t, name: String)
    ) -> String {
        func service(_ name: String, _ port: Int, _ securePort: Int) -> String {
            """
            service \(name)-login {
              chroot =
              inet_listener \(name) {
                port = \(port)
              }
              inet_listener \(name)s {
                port = \(securePort)
                ssl = yes
              }
            }
            """
        }
        return """
            base_dir = \(folder)run
            state_dir = \(folder)run
            log_path = \(folder)dovecot.log
            default_internal_user = \(owner.name)
            default_internal_group = \(unsafe getgrgid(owner.group).map { unsafe String(cString: $0.pointee.gr_name) } ?? "nogroup")
            default_login_user = \(owner.name)
            first_valid_uid = 1
            first_valid_gid = 1
            protocols = imap pop3
            listen = 127.0.0.1
            ssl = yes
            ssl_cert = <\(folder)server.pem
            ssl_key = <\(folder)server.key
            disable_plaintext_auth = no
            auth_mechanisms = plain login xoauth2
            auth_failure_delay = 0
            mail_location = maildir:\(folder)mail/%n
            namespace inbox {
              inbox = yes
              separator = /
            }
            passdb {
              driver = oauth2
              mechanisms = xoauth2
              args = \(folder)oauth2.conf
            }
            passdb {
              driver = static
              args = password=secret
            }
            userdb {
              driver = static
              args = uid=\(owner.user) gid=\(owner.group) home=\(folder)mail/%n
            }
            service anvil {
              chroot =
            }
            \(service("imap", ports[0], ports[1]))
            \(service("pop3", ports[2], ports[3]))

            """
    }
}
