/// The bytes of an attachment by the hex SHA-256 of the envelope; nil where they are no longer kept.
typealias DeliveryContent = (_ sha256: String) throws -> [UInt8]?

/// A job that has ended, with all that is to be told of it.
package struct FinishedJob: Sendable {
    package let target: String
    package let job: DeliveryJob
    package let outcome: DeliveryOutcome
    package let facts: AttemptFacts
}

/// What brings messages to one target: over HTTP, or into a folder. It never blocks on the network.
protocol JobRunner: AnyObject {
    /// Messages under way.
    var active: Int { get }
    /// How many more messages may begin now.
    var room: Int { get }
    /// How many messages it would be good to have at hand: about so many it can take within a moment.
    var appetite: Int { get }
    /// Milliseconds until there may be room without any answer from the network; nil where none is awaited.
    var waitMilliseconds: Int64? { get }
    /// nil while the target is asked.
    var pause: TargetPause? { get }
    /// It was found to be down, and has taken nothing since.
    var isProbing: Bool { get }

    /// So long the target may still be at work on what was sent to it unheard.
    var lookupDelayMilliseconds: Int64 { get }

    /// Keeps to a pause of an earlier run.
    func resume(_ pause: TargetPause)
    /// Begins a job. It may end at once.
    func begin(_ job: DeliveryJob, content: DeliveryContent) throws
    /// The jobs that have ended since the last call.
    func takeFinished() -> [FinishedJob]
    /// nil where the message would end without a request.
    func preview(_ job: DeliveryJob, content: DeliveryContent) throws -> RequestPreview?
}
