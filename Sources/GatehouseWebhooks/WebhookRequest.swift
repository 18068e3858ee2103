package import GatehouseCore

/// An HTTP request that brought a webhook: all that signatures and handshakes are made of.
package struct WebhookRequest: Sendable {
    package var method: String
    /// Names in lower case.
    package var headers: [String: String]
    /// What stands behind the `?` of the address, as it came.
    package var query: String
    package var body: [UInt8]

    package init(method: String = "POST", headers: [String: String] = [:], query: String = "", body: [UInt8] = []) {
        self.method = method
        self.headers = headers
        self.query = query
        self.body = body
    }

    /// The query's parameters.
    package var parameters: FormFields { FormFields(decoding: Array(query.utf8)) }

    /// A string of a JSON body, by JSON Pointer.
    func bodyText(at pointer: String) -> String? {
        JSONDocument.readPartially(body, name: "body").value?.pointer(pointer)?.text
    }
}
