import GatehouseCore
import Glibc

/// One peer: what it has sent, and what it is still to be told.
final class Connection {
    let descriptor: Int32
    private var reader: RequestReader
    private var output: [UInt8] = []
    private var outputStart = 0
    /// The failure that the dice gave for the request whose body is still to come.
    private var pendingFailure: Failure??
    /// An answer that waits, and when it is due (`MonotonicClock`).
    private var delayed: (answer: Answer, request: Request)?
    private(set) var dueAt: Int64?
    private(set) var isEnding = false
    /// The peer has sent all it will send.
    private var isInputOver = false

    init(descriptor: Int32, bodyLimit: Int) {
        self.descriptor = descriptor
        reader = RequestReader(bodyLimit: bodyLimit)
    }

    deinit { close(descriptor) }

    var hasOutput: Bool { outputStart < output.count }
    /// No new input is taken while answers wait: a peer that never reads can't fill our memory.
    var wantsInput: Bool { !isInputOver && !isEnding && dueAt == nil && output.count - outputStart < 1 << 20 }
    var isFinished: Bool { !hasOutput && dueAt == nil && (isEnding || isInputOver) }

    /// Takes what the peer has sent, up to a bound, so that the others get their turn.
    func receive(into scratch: inout [UInt8], service: inout TicketService) {
        let count = unsafe scratch.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count < 0 {
            if errno != EAGAIN, errno != EINTR { abandon() }
            return
        }
        if count == 0 {
            isInputOver = true
            return
        }
        reader.feed(scratch[0..<count])
        process(&service)
    }

    /// Answers all whole requests that are there, in order.
    func process(_ service: inout TicketService) {
        while !isEnding, dueAt == nil {
            do throws(BadRequest) {
                guard let request = try reader.next() else {
                    lookAtHead(&service)
                    return
                }
                let failure = pendingFailure ?? service.failure(for: request)
                pendingFailure = nil
                let answer = service.answer(request, failure: failure)
                if answer.delayMilliseconds > 0 {
                    delayed = (answer, request)
                    dueAt = MonotonicClock.milliseconds() + Int64(answer.delayMilliseconds)
                    return
                }
                put(answer, for: request)
            } catch {
                service.countBadRequest()
                var answer = Answer.refusal(error.status, error.reason)
                answer.endsConnection = true
                answer.encode(keepAlive: false, isHead: false, into: &output)
                isEnding = true
            }
        }
    }

    /// Sends the answer that was held back, and goes on with what has come since.
    func answerDelayed(_ service: inout TicketService) {
        guard let (answer, request) = delayed else { return }
        delayed = nil
        dueAt = nil
        put(answer, for: request)
        process(&service)
    }

    /// Sends as much as the peer takes now.
    func send() {
        while hasOutput {
            let count = unsafe output.withUnsafeBytes { source in
                unsafe Glibc.send(
                    descriptor,
                    source.baseAddress! + outputStart,
                    source.count - outputStart,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else { return abandon() }
            outputStart += count
        }
        output.removeAll(keepingCapacity: output.capacity <= 1 << 20)
        outputStart = 0
    }

    private func lookAtHead(_ service: inout TicketService) {
        guard let head = reader.request else { return }
        if pendingFailure == nil {
            let failure = service.failure(for: head)
            pendingFailure = .some(failure)
            if failure?.kind == .close {
                _ = service.answer(head, failure: failure)
                return abandon()
            }
        }
        if reader.takeExpectContinue() { output += Array("HTTP/1.1 100 Continue\r\n\r\n".utf8) }
    }

    private func put(_ answer: Answer, for request: Request) {
        guard !answer.isWithheld else {
            isEnding = true
            return
        }
        answer.encode(keepAlive: request.isKeptAlive, isHead: request.method == "HEAD", into: &output)
        if answer.endsConnection || !request.isKeptAlive { isEnding = true }
    }

    private func abandon() {
        output = []
        outputStart = 0
        isEnding = true
    }
}
