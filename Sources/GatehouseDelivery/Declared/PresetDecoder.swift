import GatehouseCore
import GatehouseTransfer

/// Reads a preset's declaration, and says all that is wrong in it.
///
/// Its form is the schema's business (`$defs/preset_template` in `deploy/schema/config.schema.json`); here stands what a
/// schema can't say: placeholders, pointers, and what belongs together.
struct PresetDecoder {
    private(set) var problems: [(offset: Int, words: String)] = []
    private var known: Set<String> = MessageValues.names
    private var knownOfFiles: Set<String> = MessageValues.fileNames

    mutating func decode(_ document: JSONValue, name: String) -> PresetDeclaration {
        var result = PresetDeclaration(name: name)
        result.options = options(document["options"])
        known.formUnion(result.options.map { "option.\($0.name)" })
        collectTakenNames(document)
        result.dropped = strings(document["drop"])
        result.needsQueue = document.pointer("/needs/queue")?.bool ?? false
        result.needsUser = document.pointer("/needs/user")?.bool ?? false
        result.needsSecret = document.pointer("/needs/secret")?.bool ?? false
        if let bytes = document["attachment_bytes"]?.int64 { result.attachmentBytes = Int(clamping: bytes) }
        if let bytes = document["text_bytes"]?.int64 { result.textBytes = Int(clamping: bytes) }
        result.extensionsOption = document["extensions_option"]?.string
        if let seconds = document["lookup_delay_s"]?.double {
            result.lookupDelayMilliseconds = Int64(min(max(seconds, 0), 86_400) * 1000)
        }
        for member in document["priorities"]?.members ?? [] {
            result.priorities[member.key] = member.value.text
        }
        result.headers = headers(document["headers"], known: known)
        result.proofs = (document["auth"]?.array ?? []).compactMap { proof($0) }
        result.login = document["login"].map { exchange($0, known: MessageValues.proofNames.union(known)) }
        result.page = document["page"].flatMap { template($0, known) }
        result.ticket = document["ticket"].flatMap { template($0, known) }
        result.exceptions = (document["answers"]?.array ?? []).map { exception($0) }
        for stage in PresetDeclaration.StageName.allCases {
            if let value = document[stage.rawValue] { result.stages[stage] = self.stage(value) }
        }
        if document["complete"]?.string == "add" { result.stages[.complete] = result.stages[.add] }
        checkTicket(document, result)
        return result
    }

    /// A conversation's messages find their ticket only if its making says what it is called.
    private mutating func checkTicket(_ document: JSONValue, _ result: PresetDeclaration) {
        guard let open = result.stages[.open] else { return }
        let takesTicket = open.steps.contains { $0.takes.contains { $0.name == "ticket" } } || result.ticket != nil
        if !takesTicket, result.stages[.add] != nil {
            let words = "nothing in 'open' takes 'ticket' from an answer, so no message can be added to it."
            complain(document["add"], words)
        }
        for find in document.pointer("/open/find").map({ $0.array ?? [$0] }) ?? []
        where find.pointer("/take/ticket") == nil && result.ticket == nil {
            complain(find, "say where an entry has the ticket: \"take\": { \"ticket\": \"/id\" }.")
        }
    }

    // MARK: Parts

    private mutating func options(_ value: JSONValue?) -> [PresetDeclaration.Option] {
        (value?.members ?? []).map { member in
            PresetDeclaration.Option(
                name: member.key,
                defaultValue: member.value["default"]?.string,
                isRequired: member.value["required"]?.bool ?? false
            )
        }
    }

    private mutating func proof(_ value: JSONValue) -> PresetDeclaration.Proof? {
        let known = MessageValues.proofNames.union(self.known)
        let place: PresetDeclaration.Proof.Place
        var text = value["value"]
        if let basic = value["basic"] {
            place = .basic
            text = basic
        } else if let header = value["header"], let name = header.string {
            checkHeaderName(header)
            place = .header(name)
        } else {
            place = .parameter(value["parameter"]?.string ?? "")
        }
        guard let text, let template = template(text, known) else { return nil }
        return PresetDeclaration.Proof(condition: condition(value, known), place: place, value: template)
    }

    private mutating func exception(_ value: JSONValue) -> PresetDeclaration.Exception {
        PresetDeclaration.Exception(
            statuses: value["status"]?.array?.compactMap { $0.int64.map { Int(clamping: $0) } }
                ?? [value["status"]?.int64.map { Int(clamping: $0) } ?? 0],
            pointer: value["at"].flatMap { pointer($0) },
            text: value["holds"]?.string?.lowercased(),
            stage: value["when"]?.string.flatMap(PresetDeclaration.StageName.init),
            meaning: value["means"]?.string.flatMap(PresetDeclaration.Exception.Meaning.init) ?? .refused
        )
    }

    private mutating func stage(_ value: JSONValue) -> PresetDeclaration.Stage {
        PresetDeclaration.Stage(
            condition: condition(value, known),
            lookups: (value["find"].map { $0.array ?? [$0] } ?? []).map { lookup($0) },
            steps: (value["steps"]?.array ?? []).map { exchange($0, known: known) }
        )
    }

    private mutating func lookup(_ value: JSONValue) -> PresetDeclaration.Lookup {
        let known = self.known.union(["page", "offset"])
        let items = value["in"].flatMap { pointer($0) } ?? ""
        var request = exchange(value, known: known, defaultMethod: .get)
        request.isHarmless = true
        return PresetDeclaration.Lookup(
            condition: condition(value, known),
            request: request,
            items: items.hasSuffix("?") ? String(items.dropLast()) : items,
            mayLackItems: items.hasSuffix("?"),
            wanted: wanted(value["where"], known),
            emptyList: value["or_empty"].flatMap { pointer($0) },
            takes: takes(value["take"]),
            pageSize: value["page_size"]?.int64.map { Int(clamping: $0) },
            firstPage: value["first_page"]?.int64.map { Int(clamping: $0) } ?? 1,
            next: value["next"].flatMap { pointer($0) },
            pagesEnough: value["pages"]?.int64.map { Int(clamping: $0) },
            time: value["time"].flatMap { pointer($0) }
        )
    }

    private mutating func exchange(
        _ value: JSONValue,
        known: Set<String>,
        defaultMethod: HTTPMethod = .post
    ) -> PresetDeclaration.Exchange {
        let isForEachFile = value["each"]?.string == "files"
        let known = isForEachFile ? known.union(knownOfFiles.map { "file.\($0)" }) : known
        var result = PresetDeclaration.Exchange(
            method: value["method"]?.string.flatMap(HTTPMethod.init(rawValue:)) ?? defaultMethod,
            path: value["path"].flatMap { template($0, known) } ?? PresetDecoder.nowhere
        )
        result.headers = headers(value["headers"], known: known)
        result.shape = value["as"]?.string.flatMap(PresetDeclaration.BodyShape.init) ?? .json
        result.body = value["body"].flatMap { body($0, known) }
        result.takes = takes(value["take"])
        result.items = value["in"].flatMap { pointer($0) }
        result.wanted = wanted(value["where"], known)
        result.condition = condition(value, known)
        result.isForEachFile = isForEachFile
        result.isHarmless = value["harmless"]?.bool ?? (result.method == .get)
        if result.shape == .octets, !isForEachFile {
            complain(value["as"], "the bytes of which file? Say \"each\": \"files\".")
        }
        return result
    }

    private mutating func wanted(
        _ value: JSONValue?,
        _ known: Set<String>
    ) -> [(pointer: String, text: TextTemplate)] {
        (value?.members ?? []).compactMap { member in
            if !member.key.isEmpty, !member.key.hasPrefix("/") {
                problems.append((member.keyOffset, "a JSON Pointer starts with '/', such as /external_id."))
            }
            return template(member.value, known).map { (member.key, $0) }
        }
    }

    private static let nowhere = TextTemplate.empty

    private mutating func takes(_ value: JSONValue?) -> [PresetDeclaration.Take] {
        (value?.members ?? []).map { member in
            let isOptional = member.key.hasSuffix("?")
            let text = member.value.string ?? ""
            let place: PresetDeclaration.Place
            if text == "body" {
                place = .body
            } else if text.hasPrefix("header:") {
                place = .header(String(text.dropFirst(7)))
            } else {
                place = .pointer(pointer(member.value) ?? "")
            }
            let name = isOptional ? String(member.key.dropLast()) : member.key
            return PresetDeclaration.Take(name: name, place: place, isOptional: isOptional)
        }
    }

    private mutating func headers(_ value: JSONValue?, known: Set<String>) -> [(name: String, value: TextTemplate)] {
        (value?.members ?? []).compactMap { member in
            if HTTPField(member.key, "") == nil {
                problems.append((member.keyOffset, "'\(member.key)' is no name of a header field."))
            }
            return template(member.value, known).map { (member.key, $0) }
        }
    }

    private mutating func condition(_ value: JSONValue, _ known: Set<String>) -> PresetDeclaration.Condition {
        func names(_ key: String) -> [String] {
            (value[key]?.string ?? "").split(separator: "?", omittingEmptySubsequences: true).map(String.init)
        }
        for key in ["when", "unless"] {
            guard let named = value[key] else { continue }
            for name in names(key) { check(name, named, known) }
        }
        return PresetDeclaration.Condition(when: names("when"), unless: names("unless"))
    }

    private mutating func body(_ value: JSONValue, _ known: Set<String>) -> BodyTemplate? {
        switch value.content {
        case .string: return template(value, known).map { .text($0) }
        case .array(let elements): return .list(elements.compactMap { body($0, known) })
        case .object(let members):
            if members.count == 1, members[0].key == "$files" {
                let known = known.union(knownOfFiles.map { "file.\($0)" })
                return body(members[0].value, known).map { .files($0) }
            }
            return .object(
                members.compactMap { member in
                    let key = JSONValue(.string(member.key), offset: member.keyOffset)
                    guard let name = template(key, known), let inner = body(member.value, known) else { return nil }
                    return (name, inner)
                }
            )
        default: return .fixed(value)
        }
    }

    // MARK: Checks

    /// What later steps take from earlier answers may be named anywhere.
    private mutating func collectTakenNames(_ value: JSONValue) {
        var waiting = [value]
        while let next = waiting.popLast() {
            waiting += next.array ?? next.members?.map(\.value) ?? []
            for taken in next["take"]?.members ?? [] {
                let name = taken.key.hasSuffix("?") ? String(taken.key.dropLast()) : taken.key
                if next["each"]?.string == "files" {
                    knownOfFiles.insert(name)
                } else if MessageValues.names.contains(name), name != "ticket" {
                    problems.append((taken.keyOffset, "'\(name)' is a placeholder already: take it by another name."))
                } else {
                    known.insert(name)
                }
            }
        }
        // Outside `$files` a file's value stands for all of them.
        known.formUnion(knownOfFiles.subtracting(["bytes", "base64"]).map { "files.\($0)" })
    }

    private mutating func template(_ value: JSONValue, _ known: Set<String>) -> TextTemplate? {
        guard let text = value.text else { return nil }
        do throws(TemplateFault) {
            let template = try TextTemplate(text)
            for name in template.names { check(name, value, known) }
            return template
        } catch {
            complain(value, error.words)
            return nil
        }
    }

    private mutating func check(_ name: String, _ value: JSONValue, _ known: Set<String>) {
        guard !known.contains(name) else { return }
        let hint = Suggestion.question(for: name, among: known.sorted())
        complain(value, "there is no placeholder '\(UnicodeText.printable(name))'.\(hint)")
    }

    private mutating func pointer(_ value: JSONValue) -> String? {
        guard let text = value.string else { return nil }
        if !text.isEmpty, !text.hasPrefix("/") {
            complain(value, "a JSON Pointer starts with '/', such as /ticket/id; header:NAME and body are others.")
        }
        return text
    }

    private mutating func checkHeaderName(_ value: JSONValue) {
        if HTTPField(value.string ?? "", "") == nil { complain(value, "this is no name of a header field.") }
    }

    private func strings(_ value: JSONValue?) -> [String] { value?.array?.compactMap(\.string) ?? [] }

    private mutating func complain(_ value: JSONValue?, _ words: String) {
        problems.append((value?.offset ?? 0, words))
    }
}
