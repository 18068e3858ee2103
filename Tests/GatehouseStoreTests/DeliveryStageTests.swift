import GatehouseCore
import Testing

@testable import GatehouseStore

struct DeliveryStageTests {
    let state = TemporaryState()

    @Test(arguments: [Store.settleSent, Store.openTickets, Store.markMessages, Store.markConversations])
    func `What is done to many rows looks at these rows alone, however many there are`(sql: String) throws {
        let store = try state.open()
        try store.makeStage()
        let steps = try store.connection.all("EXPLAIN QUERY PLAN \(sql)") { $0.text(3) }
        #expect(!steps.isEmpty)
        #expect(!steps.contains { $0.hasPrefix("SCAN outbox") || $0.hasPrefix("SCAN conversation") }, "\(steps)")
    }
}
