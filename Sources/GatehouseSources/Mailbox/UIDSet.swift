/// UIDs as IMAP commands name them: `5:104,107`.
enum UIDSet {
    /// Bytes of one command's set: RFC 7162 §4 advises servers to take 8,192 in a line, older ones take 1,000.
    static let textLimit = 800

    /// - Parameter uids: In ascending order.
    /// - Returns: As few sets as fit the limit, in their order.
    static func texts(_ uids: [UInt32]) -> [String] {
        var texts: [String] = []
        var text = ""
        var index = 0
        while index < uids.count {
            var end = index
            while end + 1 < uids.count, uids[end + 1] == uids[end] &+ 1, uids[end + 1] != 0 { end += 1 }
            let piece = end == index ? "\(uids[index])" : "\(uids[index]):\(uids[end])"
            if !text.isEmpty, text.utf8.count + piece.utf8.count >= textLimit {
                texts.append(text)
                text = ""
            }
            text += text.isEmpty ? piece : ",\(piece)"
            index = end + 1
        }
        return text.isEmpty ? texts : texts + [text]
    }
}
