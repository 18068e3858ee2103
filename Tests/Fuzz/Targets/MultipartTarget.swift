import GatehouseCore

/// A form with files (`multipart/form-data`), its boundary told by its first line.
extension FuzzTarget {
    static let multipart = FuzzTarget(name: "multipart") { bytes in
        guard let form = FormDocument(bytes, contentType: nil) else { return }
        let content = form.files.reduce(0) { $0 + $1.bytes.count }
        Promise.isKept(content <= bytes.count, "\(content) bytes of files out of \(bytes.count)")
        let encoded = form.json.content
        Promise.isKept(encoded == form.json.content, "not the same twice")
        let (infos, contents, warnings) = form.attachments(limit: 3)
        Promise.isKept(infos.count == min(form.files.count, 3) && contents.count == infos.count, "a file is lost")
        Promise.isKept(warnings.isEmpty == (form.files.count <= 3), "\(form.files.count) files, \(warnings)")
    }
}
