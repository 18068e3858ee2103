import GatehouseCore

/// What a TNEF container has of the message's text: the forms of it, and which to read.
struct TNEFText {
    /// The best form; nil where the container has none with anything in it.
    private(set) var body: Body?
    /// Each form as a file, since it may be the only one with the author's layout.
    private(set) var files: [TNEFFile] = []

    init(_ container: TNEFReader) {
        var html: String?
        var rich: String?
        if let bytes = container.html {
            html = CharsetDecoder.decode(bytes, label: container.htmlCharset, isHTML: true).text
            files.append(TNEFFile(name: "message.html", mediaType: "text/html", bytes: bytes))
        }
        if let bytes = container.richText {
            let text = TNEFRichText(bytes)
            if text.isHTML, html == nil { html = text.text } else if !text.isHTML { rich = text.text }
            files.append(TNEFFile(name: "message.rtf", mediaType: "application/rtf", bytes: bytes))
        }
        let plain = container.plainText.flatMap { $0.isEmpty ? nil : $0 }
        if let plain {
            files.append(TNEFFile(name: "message.txt", mediaType: "text/plain", bytes: Array(plain.utf8)))
        }
        if let plain = plain ?? rich {
            let shown = html.map { UnicodeText.normalised($0) }
            body = plain.trimmedBlanks.isEmpty && shown == nil ? nil : Body(text: plain, html: shown, format: .plain)
        } else if let html {
            let shown = UnicodeText.normalised(html)
            body = Body(text: HTMLText.text(of: shown), html: shown, format: .html)
        }
    }
}
