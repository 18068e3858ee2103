/// The grammar of numbers, RFC 8259 §6.
enum JSONNumber {
    enum Kind { case exact, loose, none }

    static func kind(of bytes: Span<UInt8>) -> Kind {
        var index = 0
        func digits() -> Int {
            let start = index
            while index < bytes.count, bytes[index] &- 48 < 10 { index &+= 1 }
            return index - start
        }
        var isLoose = false
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            isLoose = bytes[index] == UInt8(ascii: "+")
            index += 1
        }
        let start = index
        let whole = digits()
        if whole > 1, bytes[start] == UInt8(ascii: "0") { isLoose = true }
        var fraction = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            fraction = digits()
            if whole == 0 || fraction == 0 { isLoose = true }
        }
        guard whole + fraction > 0 else { return isNotFinite(bytes, from: start) ? .loose : .none }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
                index += 1
            }
            guard digits() > 0 else { return .none }
        }
        guard index == bytes.count else { return .none }
        return isLoose ? .loose : .exact
    }

    /// `NaN` and `Infinity`, as JavaScript and Python write them.
    private static func isNotFinite(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        let rest = (start..<bytes.count).map { bytes[$0] }
        return rest.elementsEqual("NaN".utf8) || rest.elementsEqual("Infinity".utf8)
    }
}
