/// The bytes of an attachment by the hex SHA-256 of the envelope; nil where they are no longer kept.
typealias DeliveryContent = (_ sha256: String) throws -> [UInt8]?
typealias DeliverySettled = (DeliveryJob, DeliveryOutcome, AttemptFacts) throws -> Void

/// What brings messages to one target: over HTTP, or into a folder.
protocol JobRunner: AnyObject {
    func deliver(_ jobs: [DeliveryJob], content: DeliveryContent, settled: DeliverySettled) throws
    /// nil where the message would end without a request.
    func preview(_ job: DeliveryJob, content: DeliveryContent) throws -> RequestPreview?
}
