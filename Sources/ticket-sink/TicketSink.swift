import GatehouseCore
import Glibc

/// `ticket-sink`: a small ticket endpoint for demonstrations and tests.
@main struct TicketSink {
    static let usage = """
        usage: ticket-sink [--port N] [--directory DIR] [--fail PATTERN]… [--seed N] [--body-limit BYTES] [--quiet]

        Takes envelopes by HTTP on 127.0.0.1 and gives each a ticket number.
          --port N          the port; 0, the default, takes a free one
          --directory DIR   keeps what comes in tickets.jsonl and requests.log there
          --fail PATTERN    misbehaves on purpose: 503,count=2,retry-after=1   lost,share=0.03   html   close
                            422   500,committed   slow,delay=700
          --seed N          where the dice for share= start
          --quiet           prints the address and nothing else
        """

    struct Options {
        var port: UInt16 = 0
        var directory: String?
        var failures: [Failure] = []
        var seed: UInt64 = 1
        var bodyLimit = 64 << 20
        var isQuiet = false
    }

    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.contains("--help") || arguments.contains("-h") {
            print(usage)
            exit(ExitCode.success.rawValue)
        }
        var options = Options()
        if let complaint = read(arguments, into: &options) {
            complain(complaint + "\n" + usage)
            exit(ExitCode.usage.rawValue)
        }
        signal(SIGPIPE, SIG_IGN)
        do {
            try serve(options)
        } catch {
            complain(error.description)
            exit(ExitCode.cannotCreate.rawValue)
        }
    }

    private static func serve(_ options: Options) throws(IntakeError) -> Never {
        let listener = try Listener(port: options.port)
        let origin = "http://127.0.0.1:\(listener.port)"
        let plan = FailurePlan(options.failures, seed: options.seed)
        let service = try TicketService(origin: origin, failures: plan, directory: options.directory)
        write("listening on \(origin)\n", to: STDOUT_FILENO)
        if !options.isQuiet { write("POST \(origin)/tickets   GET \(origin)/_stats\n", to: STDOUT_FILENO) }
        var server = SinkServer(listener: listener, service: service, bodyLimit: options.bodyLimit)
        try server.run()
    }

    /// - Returns: What is wrong, or nil.
    static func read(_ arguments: [String], into options: inout Options) -> String? {
        var index = 0
        while index < arguments.count {
            let name = arguments[index]
            index += 1
            if name == "--quiet" {
                options.isQuiet = true
                continue
            }
            guard index < arguments.count else { return "\(name) needs a value, or is not known" }
            let value = arguments[index]
            index += 1
            switch name {
            case "--port":
                guard let port = UInt16(value) else { return "--port takes 0 to 65535" }
                options.port = port
            case "--directory": options.directory = value
            case "--fail":
                guard let failure = Failure(value) else { return "not a failure: \(UnicodeText.printable(value))" }
                options.failures.append(failure)
            case "--seed":
                guard let seed = UInt64(value) else { return "--seed takes a number" }
                options.seed = seed
            case "--body-limit":
                guard let limit = Int(value), (1...(1 << 30)).contains(limit) else {
                    return "--body-limit takes 1 to 2^30"
                }
                options.bodyLimit = limit
            default: return "unknown option \(UnicodeText.printable(name))"
            }
        }
        return nil
    }

    private static func complain(_ text: String) { write("ticket-sink: \(text)\n", to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
