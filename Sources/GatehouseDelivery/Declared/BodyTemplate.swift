import GatehouseCore

/// A request's body with placeholders in its texts, in the shape of JSON.
///
/// `{ "$files": X }` stands for a list with one `X` for each file that goes along. A member, an element or a whole object
/// with nothing to say is left out, as everywhere in this project.
indirect enum BodyTemplate: Sendable {
    case text(TextTemplate)
    /// A number, `true`, `false` or `null` as it was written.
    case fixed(JSONValue)
    case list([BodyTemplate])
    case object([(key: TextTemplate, value: BodyTemplate)])
    case files(BodyTemplate)

    /// - Parameter file: The values of one file, by its index.
    func filled(_ values: PresetValues, files: [PresetValues]) -> BodyValue? {
        switch self {
        case .text(let template): return template.value(values).flatMap(BodyValue.init)
        case .fixed(let value): return .fixed(value)
        case .list(let elements):
            let filled = elements.compactMap { $0.filled(values, files: files) }
            return filled.isEmpty && !elements.isEmpty ? nil : .list(filled)
        case .object(let members):
            var filled: [(key: String, value: BodyValue)] = []
            for member in members {
                guard let key = member.key.text(values), let value = member.value.filled(values, files: files) else {
                    continue
                }
                filled.append((key, value))
            }
            return filled.isEmpty && !members.isEmpty ? nil : .object(filled)
        case .files(let element):
            let filled = files.compactMap { element.filled($0, files: []) }
            return filled.isEmpty ? nil : .list(filled)
        }
    }
}

/// A body with its placeholders filled in.
indirect enum BodyValue {
    case text(String)
    case number(String)
    case fixed(JSONValue)
    case bytes(file: Int)
    case base64(file: Int)
    case list([BodyValue])
    case object([(key: String, value: BodyValue)])

    init?(_ value: PresetValue) {
        switch value {
        case .text(let text): self = .text(text)
        case .number(let digits): self = .number(digits)
        case .bool(let flag): self = .fixed(JSONValue(.bool(flag)))
        case .bytes(let file): self = .bytes(file: file)
        case .base64(let file): self = .base64(file: file)
        case .list(let list):
            guard !list.isEmpty else { return nil }
            self = .list(list.map { .text($0) })
        }
    }

    /// As it stands in a form; nil for lists, objects and files.
    private var plain: String? {
        switch self {
        case .text(let text), .number(let text): text
        case .fixed(let value):
            switch value.content {
            case .bool(let flag): flag ? "true" : "false"
            case .number(let digits): digits
            default: nil
            }
        default: nil
        }
    }

    func json(_ files: [OutgoingFile]) -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer, files)
        return writer.bytes
    }

    private func write(to writer: inout JSONWriter, _ files: [OutgoingFile]) {
        switch self {
        case .text(let text): writer.string(text)
        case .number(let digits): writer.raw(Array(digits.utf8))
        case .fixed(let value): writer.value(value)
        case .bytes(let index), .base64(let index):
            writer.raw([UInt8(ascii: "\"")] + Base64.encodedBytes(files[index].bytes) + [UInt8(ascii: "\"")])
        case .list(let elements): writer.array { list in for element in elements { element.write(to: &list, files) } }
        case .object(let members):
            writer.object { object in
                for member in members {
                    object.key(member.key)
                    member.value.write(to: &object, files)
                }
            }
        }
    }

    /// A form's field: its name and its text or file.
    enum Field {
        case text(String, String)
        case file(String, Int)
    }

    /// The fields of a form: what lies inside an object is called `object[member]`.
    ///
    /// - Parameter listMark: `[]` where the system marks lists so (Rails, PHP); else a list repeats its name.
    func fields(listMark: String) -> [Field] {
        var result: [Field] = []
        collect(name: "", listMark: listMark, into: &result)
        return result
    }

    private func collect(name: String, listMark: String, into result: inout [Field]) {
        switch self {
        case .object(let members):
            for member in members {
                let inner = name.isEmpty ? member.key : "\(name)[\(member.key)]"
                member.value.collect(name: inner, listMark: listMark, into: &result)
            }
        case .list(let elements):
            for element in elements { element.collect(name: name + listMark, listMark: listMark, into: &result) }
        case .bytes(let file), .base64(let file): result.append(.file(name, file))
        default: if let plain { result.append(.text(name, plain)) }
        }
    }
}
