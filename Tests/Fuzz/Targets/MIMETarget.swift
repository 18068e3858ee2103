/// The whole mail parser: header, tree of parts, texts, attachments.
extension FuzzTarget {
    static let mime = FuzzTarget(name: "mime") { Reading.mail($0) }
}
