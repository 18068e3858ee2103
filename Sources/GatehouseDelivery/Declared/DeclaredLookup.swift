import GatehouseCore
import GatehouseTransfer

/// How a declared plan finds what an earlier attempt may have made.
extension DeclaredPlan {
    func lookup(_ stage: StageName) -> PresetDeclaration.Lookup? {
        declaration.stages[stage]?.lookups.first { $0.condition.holds(value) }
    }

    mutating func find(_ lookup: PresetDeclaration.Lookup, _ stage: StageName, page: Int) -> Step {
        place = .finding(stage, page: page)
        taken["page"] = String(page)
        taken["offset"] = String((page - lookup.firstPage) * (lookup.pageSize ?? 0))
        return send(lookup.request, file: nil)
    }

    mutating func found(_ answer: HTTPResponse, _ stage: StageName, _ page: Int) -> Step {
        guard let lookup = lookup(stage) else { return run(stage, step: 0, file: 0) }
        let none = lookup.mayLackItems && answer.json?.members != nil ? [JSONValue]() : nil
        guard let entries = answer.json?.pointer(lookup.items)?.array ?? none else {
            return .unclear(answer.whatCameInstead)
        }
        func isEmpty(_ entry: JSONValue) -> Bool {
            lookup.emptyList.map { entry.pointer($0)?.array?.isEmpty == true } ?? false
        }
        if let entry = entries.first(where: { isWanted($0, lookup.wanted) }) ?? entries.first(where: isEmpty) {
            for take in lookup.takes {
                guard case .pointer(let pointer) = take.place, let text = entry.pointer(pointer)?.text else {
                    if take.isOptional { continue }
                    return .unclear("an entry of its list has no \(take.name)")
                }
                taken[take.name] = text
            }
            wasThere = true
            return stage == .open ? opened() : finish()
        }
        let pages = page - lookup.firstPage + 1
        let times = lookup.time.map { time in entries.map { $0.pointer(time)?.string } } ?? []
        if times.contains(where: isOlderThanMessage) || pages >= lookup.pagesEnough ?? .max {
            return run(stage, step: 0, file: 0)
        }
        guard let following = nextPage(answer, entries.count, lookup, stage, page) else {
            return run(stage, step: 0, file: 0)
        }
        guard pages < Self.pageLimit else {
            let reason = "an earlier attempt may have arrived, and the ticket system's list is too long to look for it"
            return .done(.dead(reason: reason, status: nil, answer: ""))
        }
        return following
    }

    /// - Returns: nil where this page was the last.
    private mutating func nextPage(
        _ answer: HTTPResponse,
        _ count: Int,
        _ lookup: PresetDeclaration.Lookup,
        _ stage: StageName,
        _ page: Int
    ) -> Step? {
        if let pointer = lookup.next {
            guard let url = answer.json?.pointer(pointer)?.string.flatMap({ HTTPURL($0) }),
                url.origin == api.base.origin,
                case .send(var request, let effect) = find(lookup, stage, page: page + 1)
            else { return nil }
            request.url = url
            return .send(request, effect)
        }
        guard let pageSize = lookup.pageSize, count >= pageSize else { return nil }
        return find(lookup, stage, page: page + 1)
    }

    private func isOlderThanMessage(_ time: String?) -> Bool {
        guard let time = time.flatMap({ Timestamp(rfc3339: $0) }),
            let since = values.value("since")?.words.flatMap({ Timestamp(rfc3339: $0) })
        else { return false }
        return time.milliseconds < since.milliseconds
    }

    func isWanted(_ entry: JSONValue, _ wanted: [(pointer: String, text: TextTemplate)]) -> Bool {
        wanted.allSatisfy { pointer, template in
            guard let text = template.text(value), !text.isEmpty, let place = entry.pointer(pointer) else {
                return false
            }
            return Self.holds(place, text)
        }
    }

    /// Whether `text` stands in a value or somewhere below it. The depth is the reader's bound.
    static func holds(_ value: JSONValue, _ text: String, isCaseless: Bool = false) -> Bool {
        switch value.content {
        case .string(let string), .number(let string): (isCaseless ? string.lowercased() : string).contains(text)
        case .bool(let flag): text == (flag ? "true" : "false")
        case .array(let values): values.contains { holds($0, text, isCaseless: isCaseless) }
        case .object(let members): members.contains { holds($0.value, text, isCaseless: isCaseless) }
        case .null: false
        }
    }
}
