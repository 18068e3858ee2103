import EmailAdapter
import GatehouseCore

/// An mbox: each byte that is not white space belongs to one message, whatever pieces the file is read in.
extension FuzzTarget {
    static let mbox = FuzzTarget(name: "mbox") { bytes in
        let items = Reading.items(EmailAdapter(), "mbox", bytes)
        var last = -1
        for item in items {
            guard case .message(let held) = item else { continue }
            let place = held.message.envelope.data.raw.sourcePosition ?? ""
            guard let offset = Int(place.drop { $0 != "#" }.dropFirst()) else {
                return Promise.isKept(false, "no offset in '\(place)'")
            }
            Promise.isKept(offset > last && offset < bytes.count, "offset \(offset) after \(last)")
            last = offset
        }
        let hasText = bytes.contains { $0 != 0x0A && $0 != 0x0D }
        Promise.isKept(!hasText || last >= 0, "text, and no message")
    }
}
