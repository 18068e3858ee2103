import EmailAdapter
import GatehouseCore

/// Every prefix of a mail, and the mail with each of its bytes made each other byte.
///
/// It needs no search, only inputs: `run.sh` gives it the samples, once each.
extension FuzzTarget {
    static let mutations = FuzzTarget(name: "mutations", hasTimeLimit: false) { bytes in
        let format = bytes.starts(with: "From ".utf8) ? "mbox" : "rfc5322"
        for length in 0...bytes.count { read(Array(bytes[..<length]), format) }
        var changed = bytes
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max where byte != bytes[index] {
                changed[index] = byte
                read(changed, format)
            }
            changed[index] = bytes[index]
        }
    }

    private static func read(_ bytes: [UInt8], _ format: String) {
        if format == "mbox" { Reading.items(EmailAdapter(), format, bytes) } else { Reading.mail(bytes) }
    }
}
