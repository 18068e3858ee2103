package import GatehouseCore

/// A source whose payloads have no format of their own: JSON or a form, read by a mapping.
package struct MappedAdapter: ChannelAdapter {
    package static let formatName = "mapping"

    package let channel: Channel
    private let mapping: FieldMapping
    /// Reads what the mapping has written: web chat's adapter, or that of callbacks.
    private let reader: any ChannelAdapter

    package init(channel: Channel, mapping: FieldMapping, reader: any ChannelAdapter) {
        self.channel = channel
        self.mapping = mapping
        self.reader = reader
    }

    package var formats: [MessageFormat] {
        [MessageFormat(name: Self.formatName, summary: "the mapping of the source's configuration")]
    }

    package func recognise(head: [UInt8], name: String, headers: [String: String]) -> [FormatMatch] {
        [FormatMatch(format: Self.formatName, confidence: .certain)]
    }

    package func parse(_ input: AdapterInput, format: String, emit: (ParsedItem) throws -> Void) throws {
        let payload = try PayloadDocument(input, provider: mapping.provider, parser: "mapping/1")
        if payload.isBlank { return try emit(payload.rejectedAsEmpty()) }
        var reading = MappedReading(payload, mapping: mapping, channel: channel, reader: reader)
        try reading.emitAll(emit)
    }
}

/// One payload on its way through a mapping.
private struct MappedReading {
    private let payload: PayloadDocument
    private let mapping: FieldMapping
    private let channel: Channel
    private let reader: any ChannelAdapter
    private var form: FormDocument?
    private var error: JSONError?
    private var warnings: [String] = []
    /// What the offsets of the messages count in: the payload, or a text in it that holds JSON.
    private var base: [UInt8]

    init(_ payload: PayloadDocument, mapping: FieldMapping, channel: Channel, reader: any ChannelAdapter) {
        self.payload = payload
        self.mapping = mapping
        self.channel = channel
        self.reader = reader
        base = payload.bytes
    }

    mutating func emitAll(_ emit: (ParsedItem) throws -> Void) throws {
        guard let document = try read(emit) else { return }
        let whole = MappedPayload(document: document, headers: payload.context.headers)
        if let kind = ignoredKind(of: whole, isDocument: true) { return try emit(payload.ignored(kind)) }
        if let pointer = mapping.each {
            try emitList(whole, at: pointer, emit)
        } else if error == nil {
            if let kind = ignoredKind(of: whole) { return try emit(payload.ignored(kind)) }
            try emitMessages([whole], [item(whole, offset: nil, isFirst: true)], isList: false, emit)
        }
        if let error { try emit(payload.rejected(error)) }
    }

    // MARK: - Reading

    /// The payload as JSON; nil where it is neither JSON nor a form, which has then been said.
    private mutating func read(_ emit: (ParsedItem) throws -> Void) throws -> JSONValue? {
        let contentType = payload.context.headers["content-type"]
        let start = payload.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = payload.bytes[start...].first { $0 != 0x20 && !(0x09...0x0D).contains($0) }
        var document: JSONValue
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            let read = payload.json()
            error = read.error
            warnings += read.repairs.map { "json_repaired:\($0.rawValue)" }
            guard let value = read.value else {
                if let error { try emit(payload.rejected(error)) }
                return nil
            }
            document = value
        } else if let form = FormDocument(payload.bytes, contentType: contentType, limits: payload.context.limits) {
            if let cut = form.cut {
                try emit(payload.rejected("form_truncated", cut.detail, at: cut.offset))
                return nil
            }
            self.form = form
            warnings += form.warnings
            document = form.json
        } else {
            try emit(payload.rejected("unknown_encoding", "The input is neither JSON nor a form. Send one of the two."))
            return nil
        }
        for pointer in mapping.decoded { document = decode(document, pointer) }
        return document
    }

    /// The document with the JSON that stands in the text at `pointer` in that text's place.
    private mutating func decode(_ document: JSONValue, _ pointer: String) -> JSONValue {
        guard let text = document.pointer(pointer)?.string else { return document }
        let bytes = Array(text.utf8)
        let options = JSONOptions(limits: payload.context.limits)
        let read = JSONDocument.readPartially(bytes, name: payload.position, options: options)
        guard let value = read.value, read.error == nil else {
            warnings.append("json_undecoded:" + pointer)
            return document
        }
        if let each = mapping.each, each == pointer || each.hasPrefix(pointer + "/") { base = bytes }
        return document.replacing(pointer, with: value)
    }

    // MARK: - Messages

    private func emitList(_ whole: MappedPayload, at pointer: String, _ emit: (ParsedItem) throws -> Void) throws {
        guard let found = whole.document.pointer(pointer), !found.isNull else {
            // What stands behind a cut might have been the list.
            if error != nil { return }
            let detail = "There is nothing at '\(pointer)', where the mapping has its messages ('each')."
            return try emit(payload.rejected("mapping_found_nothing", detail))
        }
        // A cut object is no message.
        let values = found.array ?? (error == nil ? [found] : [])
        if values.isEmpty, error == nil { return try emit(payload.ignored("empty_list")) }
        var payloads: [MappedPayload] = []
        var items: [MappedDocument.Item] = []
        for value in values {
            var payload = whole
            payload.item = value
            if let kind = ignoredKind(of: payload) {
                try emit(.ignored(IgnoredInput(kind: kind, position: "\(self.payload.position)#\(value.offset)")))
            } else {
                payloads.append(payload)
                items.append(item(payload, offset: value.offset, isFirst: items.isEmpty))
            }
        }
        // All in one document: the order among equal messages tells them apart.
        try emitMessages(payloads, items, isList: true, emit)
    }

    private func ignoredKind(of payload: MappedPayload, isDocument: Bool = false) -> String? {
        mapping.ignored.first { rule in
            if isDocument, case .item = rule.condition.place { return false }
            return payload.holds(rule.condition)
        }?.kind
    }

    private func item(_ payload: MappedPayload, offset: Int?, isFirst: Bool) -> MappedDocument.Item {
        let raw = offset.map { PayloadDocument.bytes(ofValueAt: $0, in: base) } ?? self.payload.bytes
        let limit = self.payload.context.limits.attachmentCount
        let found = payload.files(mapping.attachments, limit: limit)
        var item = MappedDocument.Item(raw: raw, offset: offset, files: found.files)
        // Files that came in the form itself, whatever the mapping says of them.
        for file in isFirst ? form?.files ?? [] : [] where item.files.count < limit {
            let info = AttachmentInfo(bytes: file.bytes, name: file.name, mediaType: file.mediaType)
            item.files.append(.init(info: info, bytes: file.bytes))
        }
        if found.isCut { item.warnings.append("attachments_cut") }
        return item
    }

    private func emitMessages(
        _ payloads: [MappedPayload],
        _ items: [MappedDocument.Item],
        isList: Bool,
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        guard !items.isEmpty else { return }
        let writer = MappedDocument(mapping: mapping)
        guard channel == .phoneCallback else {
            // A mapping that repeats the document's texts in each message could make much of a little.
            let limit = max(payload.context.limits.messageBytes, 2 * payload.bytes.count)
            let written = writer.chat(payloads, items, isList: isList, limit: limit)
            try parse(written.document, "generic-chat", Array(items.prefix(written.count)), emit)
            guard let left = items.dropFirst(written.count).first else { return }
            let detail = "\(items.count - written.count) messages are left out: what is said of each is too long."
            return try emit(payload.rejected("mapping_too_long", detail, at: left.offset ?? 0))
        }
        for (payload, item) in zip(payloads, items) {
            try parse(writer.callback(payload), "generic-callback", [item], emit)
        }
    }

    /// Reads what was written, and puts back what is the payload's own.
    private func parse(
        _ document: [UInt8],
        _ format: String,
        _ items: [MappedDocument.Item],
        _ emit: (ParsedItem) throws -> Void
    ) throws {
        var context = payload.context
        // The payload kept to the limits; escaping may have made it longer.
        context.limits.messageBytes = max(context.limits.messageBytes, document.count)
        context.limits.jsonStringBytes = max(context.limits.jsonStringBytes, document.count)
        let input = AdapterInput(
            bytes: ByteReader(bytes: document, name: payload.position),
            position: payload.position,
            context: context
        )
        var index = 0
        try reader.parse(input, format: format) { found in
            let item = items[min(index, items.count - 1)]
            index += 1
            try emit(finished(found, item))
        }
    }

    private func finished(_ found: ParsedItem, _ item: MappedDocument.Item) -> ParsedItem {
        switch found {
        case .message(let held):
            var message = held.message
            message.raw = item.raw
            message.envelope.data.raw = payload.rawFacts(of: item.raw, at: item.offset)
            message.envelope.data.channel = channel
            message.envelope.data.provider = mapping.provider
            message.envelope.data.attachments = item.files.map(\.info)
            message.envelope.data.warnings += warnings + item.warnings
            message.contents = [:]
            for (index, file) in item.files.enumerated() { message.contents[index] = file.bytes }
            return .message(message)
        case .rejected(var rejected):
            rejected.raw = item.raw
            rejected.provider = mapping.provider
            rejected.position = item.offset.map { "\(payload.position)#\($0)" } ?? payload.position
            return .rejected(rejected)
        case .ignored: return found
        }
    }
}

extension JSONValue {
    /// This value with another one at `pointer`, which must lead through objects and lists that are there.
    fileprivate func replacing(_ pointer: String, with value: JSONValue) -> JSONValue {
        replacing(
            pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...],
            value
        )
    }

    private func replacing(_ steps: ArraySlice<Substring.UTF8View>, _ value: JSONValue) -> JSONValue {
        guard let step = steps.first else { return value }
        let here = "/" + String(decoding: step, as: UTF8.self)
        switch content {
        case .object(let members):
            guard let found = members.firstIndex(where: { JSONValue.pointerToken($0.key) == here }) else { return self }
            var members = members
            let next = members[found].value.replacing(steps.dropFirst(), value)
            members[found] = JSONMember(key: members[found].key, keyOffset: members[found].keyOffset, value: next)
            return JSONValue(.object(members), offset: offset)
        case .array(var values):
            guard let index = Int(String(decoding: step, as: UTF8.self)), values.indices.contains(index) else {
                return self
            }
            values[index] = values[index].replacing(steps.dropFirst(), value)
            return JSONValue(.array(values), offset: offset)
        default: return self
        }
    }
}
