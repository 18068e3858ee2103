extension HTTPURL {
    /// What `reference`, as a `Location` field has it, means seen from here (RFC 3986 §5.2); nil for what is no http address.
    func resolving(_ reference: String) -> HTTPURL? {
        let bytes = Array(reference.utf8)
        let isAbsolute = bytes.prefix { !"/?#".utf8.contains($0) }.contains(UInt8(ascii: ":"))
        guard !isAbsolute else { return HTTPURL(reference) }
        if bytes.starts(with: "//".utf8) { return HTTPURL("\(scheme):\(reference)") }
        let server = "\(scheme)://\(authority)"
        let base = Array(requestTarget.utf8)
        let path = base.prefix { $0 != UInt8(ascii: "?") }
        switch bytes.first {
        case nil, UInt8(ascii: "#"): return HTTPURL(server + String(decoding: base, as: UTF8.self))
        case UInt8(ascii: "?"): return HTTPURL(server + String(decoding: path, as: UTF8.self) + reference)
        case UInt8(ascii: "/"): return HTTPURL(server + Self.withoutDots(bytes))
        default:
            let folder = path[...(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
            return HTTPURL(server + Self.withoutDots(folder + bytes))
        }
    }

    /// §5.2.4: `/a/../b/./c` is `/b/c`. Query and fragment stay as they are.
    private static func withoutDots(_ target: [UInt8]) -> String {
        let path = target.prefix { !"?#".utf8.contains($0) }
        var pieces: [ArraySlice<UInt8>] = []
        let all = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, piece) in all.enumerated() {
            let isDot = piece.elementsEqual(".".utf8)
            let isUp = piece.elementsEqual("..".utf8)
            if isUp { _ = pieces.popLast() }
            if !isDot, !isUp { pieces.append(piece) } else if index == all.count - 1 { pieces.append([]) }
        }
        let result = [UInt8](pieces.map { [UInt8(ascii: "/")] + $0 }.joined()) + target[path.endIndex...]
        return String(decoding: result, as: UTF8.self)
    }
}
