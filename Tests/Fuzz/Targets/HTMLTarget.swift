import GatehouseCore

/// HTML to readable text.
extension FuzzTarget {
    static let html = FuzzTarget(name: "html") { bytes in
        let source = CharsetDecoder.decode(bytes, label: nil, isHTML: true).text
        let text = HTMLText.text(of: source)
        // Entities and list marks grow; nothing else does.
        Promise.isKept(text.utf8.count <= 64 + 16 * source.utf8.count, "\(text.utf8.count) bytes of text")
    }
}
