import GatehouseTransfer

/// What an HTTP server answers: the input's first byte is the size of the pieces in which it comes.
///
/// However it comes, it is read the same; nothing of it is longer than its bound.
extension FuzzTarget {
    static let answer = FuzzTarget(name: "answer") { bytes in
        guard let first = bytes.first else { return }
        let answer = Array(bytes.dropFirst())
        let (whole, taken, failure) = read(answer, pieceBytes: max(1, answer.count))
        let (parts, takenOfParts, failureOfParts) = read(answer, pieceBytes: 1 + Int(first))
        Promise.isKept((failure == nil) == (failureOfParts == nil), "\(failure as Any) or \(failureOfParts as Any)")
        Promise.isKept(whole.body.count <= bodyLimit, "a body of \(whole.body.count) bytes")
        Promise.isKept(whole.head.count <= HTTPAnswerReader.headBytesLimit, "a head of \(whole.head.count) bytes")
        guard failure == nil else { return }
        Promise.isKept(whole.isDone && parts.isDone, "neither an answer nor an error")
        Promise.isKept(
            whole.status == parts.status && whole.head == parts.head && whole.body == parts.body,
            "not the same answer"
        )
        Promise.isKept(
            whole.isCut == parts.isCut && whole.allowsAnother == parts.allowsAnother
                && (whole.isCut || taken == takenOfParts),
            "not the same end"
        )
    }

    private static let bodyLimit = 4096

    /// - Returns: What was read, how many bytes of it belong to the answer, and what went wrong.
    private static func read(
        _ bytes: [UInt8],
        pieceBytes: Int
    ) -> (reader: HTTPAnswerReader, taken: Int, failure: HTTPAnswerError?) {
        var reader = HTTPAnswerReader(bodyLimit: bodyLimit)
        var start = 0
        do {
            while start < bytes.count, !reader.isDone {
                let end = min(bytes.count, start + pieceBytes)
                let taken = try reader.read(bytes, start..<end)
                Promise.isKept(taken <= end - start && (reader.isDone || taken == end - start), "\(taken) bytes taken")
                start += taken
            }
            if !reader.isDone { try reader.end() }
            return (reader, start, nil)
        } catch {
            return (reader, start, error)
        }
    }
}
