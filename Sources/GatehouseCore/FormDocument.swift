/// A form as a browser or a webhook sends it, in either encoding, with the files that came in it.
package struct FormDocument: Sendable {
    package let fields: FormFields
    package let files: [MultipartForm.File]
    /// Where it breaks off, if that can be known.
    package let cut: FormCut?
    package let warnings: [String]

    /// Reads `multipart/form-data` or `application/x-www-form-urlencoded`; nil where `bytes` is neither.
    ///
    /// - Parameter contentType: The HTTP header field, where there is one. The body's own shape goes before it: `curl -d`
    ///   calls everything a form.
    package init?(_ bytes: [UInt8], contentType: String? = nil, limits: Limits = Limits()) {
        if let boundary = MultipartForm.boundary(of: bytes, contentType: contentType) {
            let form = MultipartForm(bytes, boundary: boundary, maximumParts: max(limits.partCount, 1))
            (fields, files, warnings) = (FormFields(form.fields), form.files, form.warnings)
            cut = form.isCut ? .multipart(bytes.count) : nil
            return
        }
        var body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        while let last = body.last, last == 0x0A || last == 0x0D { body.removeLast() }
        guard FormFields.looksLikeForm(Array(body)) else { return nil }
        (fields, files, warnings) = (FormFields(decoding: Array(body)), [], [])
        cut = FormFields.cut(in: body)
    }

    /// The form as a JSON object: a field that came once is a string, one that came again an array of strings.
    ///
    /// Names stay as they are, brackets and all: `user[name]` is one key.
    package var json: JSONValue {
        var order: [String] = []
        var values: [String: [JSONValue]] = [:]
        for field in fields.fields {
            if values[field.name] == nil { order.append(field.name) }
            values[field.name, default: []].append(JSONValue(.string(field.value)))
        }
        let members = order.map { name in
            let all = values[name] ?? []
            return JSONMember(key: name, keyOffset: 0, value: all.count == 1 ? all[0] : JSONValue(.array(all)))
        }
        return JSONValue(.object(members))
    }

    /// The files as an envelope's attachments, and their bytes by index.
    ///
    /// - Parameter first: The index of the first one, where others stand before them.
    package func attachments(
        startingAt first: Int = 0,
        limit: Int
    ) -> (infos: [AttachmentInfo], contents: [Int: [UInt8]], warnings: [String]) {
        var infos: [AttachmentInfo] = []
        var contents: [Int: [UInt8]] = [:]
        for file in files.prefix(max(limit - first, 0)) {
            contents[first + infos.count] = file.bytes
            infos.append(AttachmentInfo(bytes: file.bytes, name: file.name, mediaType: file.mediaType))
        }
        return (infos, contents, infos.count < files.count ? ["attachments_cut"] : [])
    }
}
