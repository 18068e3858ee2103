import GatehouseCore
import GatehouseTransfer

/// A request's body in the shape that the declaration says.
struct RequestBody {
    /// nil where there is no body.
    private(set) var contentType: String?
    private(set) var bytes: [UInt8] = []

    /// - Parameter file: For `octets`: the index of the file whose bytes are the body.
    init(_ shape: PresetDeclaration.BodyShape, _ body: BodyValue?, _ files: [OutgoingFile], file: Int?) {
        switch shape {
        case .octets:
            guard let file, files.indices.contains(file) else { return }
            contentType = files[file].mediaType
            bytes = files[file].bytes
        case .json: writeJSON(body, files)
        case .multipart: writeMultipart(body?.fields(listMark: "") ?? [], files)
        case .jsonOrMultipart:
            let fields = body?.fields(listMark: "[]") ?? []
            let hasFiles = fields.contains { if case .file = $0 { true } else { false } }
            if hasFiles { writeMultipart(fields, files) } else { writeJSON(body, files) }
        case .form:
            let pairs = (body?.fields(listMark: "") ?? []).compactMap { field -> String? in
                guard case .text(let name, let text) = field else { return nil }
                return "\(HTTPURL.encode(name))=\(HTTPURL.encode(text))"
            }
            contentType = "application/x-www-form-urlencoded"
            bytes = Array(pairs.joined(separator: "&").utf8)
        case .mail:
            contentType = "message/rfc822"
            bytes = MailBody.encode(body?.fields(listMark: "") ?? [], files)
        }
    }

    private mutating func writeJSON(_ body: BodyValue?, _ files: [OutgoingFile]) {
        guard let body else { return }
        contentType = "application/json"
        bytes = body.json(files)
    }

    private mutating func writeMultipart(_ fields: [BodyValue.Field], _ files: [OutgoingFile]) {
        var form = MultipartForm()
        for field in fields {
            switch field {
            case .text(let name, let text): form.add(name, text)
            case .file(let name, let index): form.add(name, file: files[index])
            }
        }
        form.end()
        contentType = form.contentType
        bytes = form.body
    }
}
