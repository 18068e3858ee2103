/// Bytes to and from a server, in order.
package protocol ByteStream: AnyObject {
    /// Returns once all of it is on its way.
    func send(_ bytes: [UInt8]) throws(StreamError)

    /// Waits for bytes and appends them to `buffer`, at most 64 KiB of them.
    ///
    /// - Returns: How many were appended; 0 only where the server has ended the connection.
    func receive(into buffer: inout [UInt8]) throws(StreamError) -> Int

    /// A new exchange begins: what the server may take its time for is counted anew.
    func beginExchange()
}

/// Why nothing can be sent or received any more, in words.
package struct StreamError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
