/// How far a source has got: its own words, kept by the store in the same commit as the messages.
package struct PositionUpdate: Sendable, Equatable {
    /// A file's name in a folder; empty for a source that has one position.
    package let item: String
    /// nil forgets the item.
    package let value: String?

    package init(item: String, value: String?) {
        self.item = item
        self.value = value
    }
}

/// One input that a source has found.
package struct SourceInput {
    package let input: AdapterInput
    /// The format, where the source knows it; nil lets the adapters look.
    package let format: String?
    /// Committed together with the last message of this input.
    package let positions: [PositionUpdate]
    /// What `acknowledge` gets once that commit is on disk.
    package let receipt: String
    /// What the input is, where the source knows it without an adapter: too large to be fetched, or read already.
    package let outcome: ParsedItem?
    /// How much of what is new in the source is handed on with it, 0…1, for who watches; nil where that can't be told.
    package let share: Double?

    package init(
        input: AdapterInput,
        format: String?,
        positions: [PositionUpdate],
        receipt: String,
        outcome: ParsedItem? = nil,
        share: Double? = nil
    ) {
        self.input = input
        self.format = format
        self.positions = positions
        self.receipt = receipt
        self.outcome = outcome
        self.share = share
    }
}

/// Something that is polled: a Maildir, an mbox, a drop folder, a mailbox on a server.
///
/// It changes nothing until `acknowledge`, and alone may mark, move or delete what was read. One thread uses it.
package protocol MessageSource {
    /// The name in the configuration; also the key of its positions and of its lock.
    var name: String { get }

    /// Finds what is new and hands it on, oldest first where that can be told.
    ///
    /// - Parameters:
    ///   - positions: What was committed for this source so far.
    ///   - accept: Takes one input. It may return before the input is committed.
    /// - Returns: Positions to commit although nothing was read (a file that is gone is forgotten).
    func poll(positions: [String: String], accept: (SourceInput) throws -> Void) throws -> [PositionUpdate]

    /// The inputs with these receipts are on disk: now they may be marked, moved or deleted.
    func acknowledge(_ receipts: [String]) throws

    /// Nothing more is read, and all of it is acknowledged: whatever was put off until now is done, and a connection
    /// ends.
    ///
    /// - Returns: Positions to commit: what needs no finishing by a later run.
    /// - Throws: `PartialPoll` with such positions where some of it could not be done.
    func close() throws -> [PositionUpdate]
}

extension MessageSource {
    package func close() throws -> [PositionUpdate] { [] }
}

/// Some inputs of a source could not be read; the others were.
package struct PartialPoll: OperatorError {
    package let forgotten: [PositionUpdate]
    package let cause: any Error

    package init(forgotten: [PositionUpdate], cause: any Error) {
        self.forgotten = forgotten
        self.cause = cause
    }

    package var description: String { "\(cause) The other inputs were read; this one is tried again by the next poll." }
    package var exitCode: ExitCode { .tryAgainLater }
}
