import Foundation
import Glibc
import Testing

/// HTTPS to a server whose certificate a CA of the test has signed; Python serves, openssl signs.
struct TLSTests {
    @Test func `A certificate that nobody vouches for is refused, and one of the configured CA is taken`() throws {
        let desk = try Desk()
        guard try makeCertificates(in: desk) else {
            print("skipped: openssl is not here")
            return
        }
        try desk.write(Self.server, to: "server.py")
        let log = desk.folder.appending(path: "log")
        let server = try Child(["python3", "-u", "server.py"], output: log, folder: desk.folder)
        defer {
            server.send(SIGKILL)
            server.wait()
        }
        guard let port = waitForPort(log) else {
            print("skipped: python3 is not here")
            return
        }
        try MailMaker.fill(desk, 1...3)
        let url = "https://127.0.0.1:\(port)/tickets"
        try desk.configure(sources: MailMaker.maildirSource, target: url, options: DeliveryTests.impatient)
        let refused = try desk.gatehouse("run")
        #expect(refused.status == 75 && refused.errors.contains("certificate"))
        #expect(try desk.outbox("ready") == 3)
        let trusting = DeliveryTests.impatient + #", "ca_file": "ca.pem""#
        try desk.configure(sources: MailMaker.maildirSource, target: url, options: trusting)
        for _ in 0..<10 where try desk.outbox("sent") < 3 { try desk.gatehouse("forward", "--linger", "3") }
        #expect(try desk.outbox("sent") == 3)
    }

    @Test func `A target that asks for a certificate gets ours, and nothing without one`() throws {
        let desk = try Desk()
        guard try makeCertificates(in: desk) else {
            print("skipped: openssl is not here")
            return
        }
        let strict = Self.server.replacing("server.socket = ", with: Self.asking + "server.socket = ")
        try desk.write(strict, to: "server.py")
        let log = desk.folder.appending(path: "log")
        let server = try Child(["python3", "-u", "server.py"], output: log, folder: desk.folder)
        defer {
            server.send(SIGKILL)
            server.wait()
        }
        guard let port = waitForPort(log) else {
            print("skipped: python3 is not here")
            return
        }
        try MailMaker.fill(desk, 1...3)
        let url = "https://127.0.0.1:\(port)/tickets"
        let nameless = DeliveryTests.impatient + #", "ca_file": "ca.pem""#
        try desk.configure(sources: MailMaker.maildirSource, target: url, options: nameless)
        #expect(try desk.gatehouse("run").status == 75)
        #expect(try desk.outbox("ready") == 3)
        try desk.write("key-word\n", to: "key-word")
        _ = unsafe chmod(desk.folder.appending(path: "key-word").path(), 0o600)
        let known =
            nameless
            + #", "client_certificate": "client.pem", "client_key": "client.key", "client_key_secret": { "file": "key-word" }"#
        try desk.configure(sources: MailMaker.maildirSource, target: url, options: known)
        for _ in 0..<10 where try desk.outbox("sent") < 3 { try desk.gatehouse("forward", "--linger", "3") }
        #expect(try desk.outbox("sent") == 3)
    }

    private func makeCertificates(in desk: Desk) throws -> Bool {
        try desk.write("subjectAltName=IP:127.0.0.1", to: "names")
        let steps = [
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test",
            "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=127.0.0.1",
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names",
            "req -newkey rsa:2048 -passout pass:key-word -keyout client.key -out client.csr -subj /CN=gatehouse",
            "x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out client.pem -days 2",
        ]
        return try steps.allSatisfy { step in
            let words = ["openssl"] + step.split(separator: " ").map(String.init)
            return try Program.runTool(words, folder: desk.folder).status == 0
        }
    }

    /// The server's first line is its port.
    private func waitForPort(_ log: URL) -> Int? {
        for _ in 0..<200 {
            let text = String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self)
            if text.hasSuffix("\n"), let line = text.split(separator: "\n").first { return Int(line) }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return nil
    }

    private static let asking = """
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations("ca.pem")

        """

    private static let server = """
        import http.server, json, ssl

        class Tickets(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            count = 0

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                Tickets.count += 1
                body = json.dumps({"id": str(Tickets.count)}).encode()
                self.send_response(201)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tickets)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("server.pem", "server.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
}
