import GatehouseCore
package import GatehouseDelivery
package import GatehouseStore

/// Forwarding without sending: each message that is due is leased, shown, and settled as if the target had taken it, so
/// that the next one of its conversation comes up too. The store must be one that rehearses.
package struct ForwardRehearsal {
    /// Stands where the ticket's id would, which only the target can give.
    static let unknownTicket = "TICKET"

    private let store: Store
    private let engine: DeliveryEngine

    package init(store: Store, engine: DeliveryEngine) {
        self.store = store
        self.engine = engine
    }

    package func run(target: String, show: (_ id: String, _ request: RequestPreview?) throws -> Void) throws {
        _ = try store.releaseDue(now: .now())
        while true {
            let jobs = try store.lease(
                target: target,
                limit: 32,
                now: .now(),
                seconds: Forwarder.leaseSeconds
            )
            guard !jobs.isEmpty else { return }
            for job in jobs {
                let request = try? engine.preview(DeliveryJob(leased: job), to: target, content: { try store.blob($0) })
                try show(job.messageID, request)
            }
            let settled = jobs.map { job in
                Settlement(
                    rowID: job.rowID,
                    outcome: .sent(ticket: job.ticket ?? Self.unknownTicket, url: nil, lookedUp: false)
                )
            }
            try store.settle(settled, now: .now())
        }
    }
}
