package import GatehouseCore

/// A time in which a target is not asked: it said so, or it is down. A later run keeps to it.
package struct TargetPause: Sendable, Equatable {
    package var until: Timestamp
    /// For people; without secrets.
    package var reason: String
    /// How often in a row its breaker has opened; 0 where the target itself asked for the pause.
    package var openings: Int

    package init(until: Timestamp, reason: String, openings: Int) {
        self.until = until
        self.reason = reason
        self.openings = openings
    }
}
