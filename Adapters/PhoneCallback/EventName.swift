/// The name under which an event that is no message is counted.
enum EventName {
    /// `call.voicemail_left` as `call_voicemail_left`; what is no plain word of at most 64 characters is not repeated.
    static func kind(_ event: String, prefix: String = "") -> String {
        let bytes = Array(event.utf8)
        var name = Array(prefix.utf8)
        for byte in bytes.prefix(65) {
            switch byte {
            case 97...122, 48...57: name.append(byte)
            case 65...90: name += name.isEmpty || name.last == UInt8(ascii: "_") ? [byte | 32] : [95, byte | 32]
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): name.append(UInt8(ascii: "_"))
            default: return "unknown_event"
            }
        }
        return bytes.isEmpty || bytes.count > 64 ? "unknown_event" : String(decoding: name, as: UTF8.self)
    }
}
