/// How much of bytes that should be UTF-8 is not (RFC 3629 §4), counted without making a text of them.
struct UTF8Damage {
    /// Characters beyond ASCII that are whole.
    private(set) var whole = 0
    /// Runs that stand for nothing; a decoder may show each as several U+FFFD, and never as none.
    private(set) var broken = 0

    /// So much of it is whole that it can be nothing else: in no other charset do bytes fall so by chance.
    var isSurelyUTF8: Bool { whole >= 8 && whole >= 8 * broken }

    init(_ bytes: [UInt8]) {
        let span = bytes.span
        var index = 0
        while index < span.count {
            let lead = span[index]
            index &+= 1
            guard lead >= 0x80 else { continue }
            let first = index
            let most = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3
            while index < span.count, index &- first < most, span[index] & 0xC0 == 0x80 { index &+= 1 }
            if most > 0, index &- first == most, Self.isAllowed(lead, span[first]) { whole &+= 1 } else { broken &+= 1 }
        }
    }

    /// Neither longer than need be, nor a surrogate, nor beyond U+10FFFF.
    private static func isAllowed(_ lead: UInt8, _ second: UInt8) -> Bool {
        switch lead {
        case 0xE0: second >= 0xA0
        case 0xED: second < 0xA0
        case 0xF0: second >= 0x90
        case 0xF4: second < 0x90
        default: true
        }
    }
}
