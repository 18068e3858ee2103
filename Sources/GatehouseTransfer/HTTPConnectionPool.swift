import GatehouseCore

/// The connections over which we speak HTTP ourselves, one request at a time over each, and the requests on their way.
final class HTTPConnectionPool {
    typealias Ended = (exchange: HTTPExchange, result: Result<HTTPResponse, TransferError>)

    /// A connection that was idle for so long is not used again: firewalls forget such ones without a word to either side.
    static let idleMilliseconds: Int64 = 60_000

    private let poll: ReadinessPoll
    private let limit: Int
    private let userAgent: String
    private var connections: [UInt32: HTTPConnection] = [:]
    private var idle: [HTTPConnection.Place: [HTTPConnection]] = [:]
    private var connecting: [HTTPConnection] = []
    private var lastID: UInt32 = 0
    private var window = [UInt8](repeating: 0, count: 64 * 1024)
    private var ended: [Ended] = []
    /// No exchange's deadline is before this.
    private var earliestDeadline = Int64.max
    /// Exchanges on their way.
    private(set) var active = 0

    /// - Parameter limit: Connections at once.
    init(poll: ReadinessPoll, limit: Int, userAgent: String) {
        self.poll = poll
        self.limit = limit
        self.userAgent = userAgent
    }

    func takeEnded() -> [Ended] {
        defer { ended.removeAll() }
        return ended
    }

    // MARK: Beginning

    /// Sends a request over a connection that is idle, or over a new one.
    func begin(_ exchange: HTTPExchange, at place: HTTPConnection.Place) {
        let now = MonotonicClock.milliseconds()
        active += 1
        earliestDeadline = min(earliestDeadline, exchange.deadline)
        if let connection = takeIdle(at: place, now: now) {
            connection.exchange = exchange
            return send(connection)
        }
        do {
            let connection = try open(place)
            connection.exchange = exchange
            connections[connection.id] = connection
            connecting.append(connection)
            goOn(connection, nil)
        } catch {
            end(exchange, .failure(exchange.failure(error.reason, now: now)))
        }
    }

    private func takeIdle(at place: HTTPConnection.Place, now: Int64) -> HTTPConnection? {
        while let connection = idle[place]?.popLast() {
            if now &- connection.idleSince < Self.idleMilliseconds, isQuiet(connection) { return connection }
            close(connection)
        }
        return nil
    }

    /// The server has neither ended the connection nor said anything that was not asked for.
    private func isQuiet(_ connection: HTTPConnection) -> Bool {
        do { return try connection.receive(into: &window) == nil } catch { return false }
    }

    private func open(_ place: HTTPConnection.Place) throws(HTTPConnectionError) -> HTTPConnection {
        if connections.count >= limit, let crowded = idle.first(where: { !$0.value.isEmpty })?.key,
            let oldest = idle[crowded]?.removeFirst()
        {
            close(oldest)
        }
        repeat { lastID &+= 1 } while connections[lastID] != nil || lastID == ReadinessPoll.ownID
        return try HTTPConnection(place, id: lastID, userAgent: userAgent, poll: poll)
    }

    private func close(_ connection: HTTPConnection) {
        connection.exchange = nil
        connections[connection.id] = nil
    }

    // MARK: Going on

    /// For how many milliseconds, at most `milliseconds`, nothing has to be done unless a socket is ready.
    func waitMilliseconds(upTo milliseconds: Int) -> Int {
        guard ended.isEmpty else { return 0 }
        let due = connecting.reduce(earliestDeadline) { min($0, $1.dueAt ?? .max) }
        guard due != .max else { return milliseconds }
        return min(milliseconds, Int(clamping: max(0, due &- MonotonicClock.milliseconds())))
    }

    /// Waits for the network up to so many milliseconds, and lets everything go on that can.
    func turn(waitingUpTo milliseconds: Int) {
        for ready in poll.wait(milliseconds: waitMilliseconds(upTo: milliseconds)) {
            guard let connection = connections[ready.id] else { continue }
            if !connection.isOpen {
                goOn(connection, ready)
            } else if connection.exchange == nil {
                dropUnlessQuiet(connection)
            } else {
                if ready.canWrite, connection.isWatchedForRoom { send(connection) }
                if ready.canRead, connection.exchange != nil { receive(connection) }
            }
        }
        let now = MonotonicClock.milliseconds()
        for connection in connecting where (connection.dueAt ?? .max) <= now { goOn(connection, nil) }
        if earliestDeadline <= now { endOverdue(now) }
    }

    private func goOn(_ connection: HTTPConnection, _ ready: ReadinessPoll.Ready?) {
        switch connection.connect(ready) {
        case .going: return
        case .open:
            connecting.removeAll { $0 === connection }
            send(connection)
        case .failed(let reason): fail(connection, reason)
        }
    }

    /// What comes over an idle connection is its end, or belongs to TLS; anything else is nobody's.
    private func dropUnlessQuiet(_ connection: HTTPConnection) {
        guard !isQuiet(connection) else { return }
        idle[connection.place]?.removeAll { $0 === connection }
        close(connection)
    }

    private func send(_ connection: HTTPConnection) {
        do {
            try connection.exchange?.send(over: connection)
        } catch {
            // A server that has heard enough answers, and ends the connection: what it said counts.
            receive(connection)
            if connection.exchange != nil { fail(connection, error.reason) }
        }
    }

    private func receive(_ connection: HTTPConnection) {
        guard let exchange = connection.exchange else { return }
        do {
            while let count = try connection.receive(into: &window) {
                let taken = try count == 0 ? 0 : exchange.take(window, count: count)
                if count == 0 { try exchange.endOfConnection() }
                if exchange.isAnswered {
                    return finish(
                        connection,
                        exchange,
                        isReusable: exchange.allowsAnother && count > 0 && taken == count
                    )
                }
                // What is left comes with the next turn; but what TLS has taken from the socket nobody would tell of.
                if connection.place.scheme == "http", count < window.count { return }
                guard MonotonicClock.milliseconds() < exchange.deadline else { return }
            }
        } catch let error as HTTPAnswerError {
            fail(connection, error.reason)
        } catch let error as HTTPConnectionError {
            fail(connection, error.reason)
        } catch {
            fail(connection, "\(error)")
        }
    }

    // MARK: Ends

    private func finish(_ connection: HTTPConnection, _ exchange: HTTPExchange, isReusable: Bool) {
        let now = MonotonicClock.milliseconds()
        connection.exchange = nil
        if isReusable {
            connection.idleSince = now
            idle[connection.place, default: []].append(connection)
        } else {
            close(connection)
        }
        end(exchange, .success(exchange.answer(now: now)))
    }

    private func fail(_ connection: HTTPConnection, _ reason: String) {
        guard let exchange = connection.exchange else { return }
        connecting.removeAll { $0 === connection }
        close(connection)
        end(exchange, .failure(exchange.failure(reason, now: MonotonicClock.milliseconds())))
    }

    private func end(_ exchange: HTTPExchange, _ result: Result<HTTPResponse, TransferError>) {
        active -= 1
        ended.append((exchange, result))
    }

    private func endOverdue(_ now: Int64) {
        earliestDeadline = .max
        for connection in Array(connections.values) {
            guard let exchange = connection.exchange else { continue }
            if exchange.deadline <= now {
                fail(connection, "no answer within \(exchange.request.timeoutMilliseconds) ms")
            } else {
                earliestDeadline = min(earliestDeadline, exchange.deadline)
            }
        }
    }
}
