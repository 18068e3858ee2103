import GatehouseCore

/// Which parts are the message's text, and which are attachments (the algorithm of JMAP, RFC 8621 §4.1.4).
struct BodySelection: Sendable {
    /// What to show where text is wanted; an HTML part where there is no other.
    private(set) var textBody: [Int] = []
    private(set) var htmlBody: [Int] = []
    private(set) var attachments: [Int] = []
    /// Of a mail without plain text and HTML: the text in another form that stands in its place (RFC 2046 §4.1.4). It is
    /// among the attachments too.
    private(set) var otherText: Int?

    /// - Parameter holdsWords: Whether there is anything but blanks in a part.
    init(_ tree: MIMETree, _ descriptions: [PartDescription], holdsWords: (Range<Int>) -> Bool) {
        var lists = Lists()
        visit([0], "mixed", isInAlternative: false, tree.parts, descriptions, &lists)
        textBody = lists.text
        htmlBody = lists.html
        attachments = lists.attachments
        // Which form it has can't be told, as with any other unknown text: it is shown, and kept.
        if let root = tree.parts.first, root.isMultipart, root.children.isEmpty, holdsWords(root.content) {
            attachments.append(0)
        }
        if textBody.isEmpty, htmlBody.isEmpty {
            otherText = attachments.first { isOtherText(tree.parts[$0], descriptions[$0]) }
        }
    }

    private func isOtherText(_ part: MIMEPart, _ description: PartDescription) -> Bool {
        part.contentType.value.hasPrefix("text/") && description.name == nil
            && description.disposition.value != "attachment"
            && !["text/calendar", "text/vcard", "text/x-vcard", "text/directory"].contains(part.contentType.value)
    }

    /// Which child of a related multipart the others belong to (RFC 2387 §3.2); the first text where the first child can't be
    /// it.
    private func root(of multipart: MIMEPart?, _ parts: [MIMEPart], _ descriptions: [PartDescription]) -> Int {
        guard let multipart, multipart.contentType.value == "multipart/related" else { return 0 }
        if let start = multipart.contentType.parameters["start"]?.trimmedBlanks {
            let id = start.hasPrefix("<") && start.hasSuffix(">") ? String(start.dropFirst().dropLast()) : start
            if let place = multipart.children.firstIndex(where: { descriptions[$0].contentID == id }) { return place }
        }
        return multipart.children.firstIndex { parts[$0].isMultipart || parts[$0].contentType.value.hasPrefix("text/") }
            ?? 0
    }

    private struct Lists {
        var text: [Int] = []
        var html: [Int] = []
        var attachments: [Int] = []
        var takesText = true
        var takesHTML = true
    }

    /// Its depth is that of the tree, which has a bound.
    private func visit(
        _ children: [Int],
        _ kind: String,
        isInAlternative: Bool,
        _ parts: [MIMEPart],
        _ descriptions: [PartDescription],
        _ lists: inout Lists
    ) {
        let textCount = lists.text.count
        let htmlCount = lists.html.count
        // Who puts a file among the forms of a text uses it as `mixed`, and its parts need not be the same.
        let isMixed = kind != "alternative" || children.count == 1 || children.contains { isFile(parts[$0]) }
        let root = root(of: children.first.flatMap { parts[$0].parent }.map { parts[$0] }, parts, descriptions)
        for (place, index) in children.enumerated() {
            let part = parts[index]
            if part.isMultipart, !part.children.isEmpty {
                let subtype = String(part.contentType.value.dropFirst("multipart/".count))
                let (takesText, takesHTML) = (lists.takesText, lists.takesHTML)
                visit(
                    part.children,
                    subtype,
                    isInAlternative: isInAlternative || subtype == "alternative",
                    parts,
                    descriptions,
                    &lists
                )
                (lists.takesText, lists.takesHTML) = (takesText, takesHTML)
            } else if isBody(part, descriptions[index], isFirst: place == root, kind) {
                take(index, part, kind, isInAlternative, &lists)
                if part.parent != nil, isShownFile(descriptions[index]) { lists.attachments.append(index) }
            } else if isMixed || !isOtherForm(part, descriptions[index]) {
                lists.attachments.append(index)
            }
        }
        completeAlternative(kind, textCount, htmlCount, &lists)
    }

    /// Where an alternative has only one of the two forms, it stands for both.
    private func completeAlternative(_ kind: String, _ textCount: Int, _ htmlCount: Int, _ lists: inout Lists) {
        guard kind == "alternative", lists.takesText, lists.takesHTML else { return }
        if lists.text.count == textCount, lists.html.count != htmlCount {
            lists.text += lists.html[htmlCount...]
        } else if lists.html.count == htmlCount, lists.text.count != textCount {
            lists.html += lists.text[textCount...]
        }
    }

    /// A file that is meant to be shown: it is read as text, and kept as the file it is.
    private func isShownFile(_ description: PartDescription) -> Bool {
        description.name != nil && !description.disposition.value.isEmpty
    }

    private func isFile(_ part: MIMEPart) -> Bool {
        !part.isMultipart && !part.contentType.value.hasPrefix("text/")
    }

    /// The same text in a form that no ticket system shows.
    private func isOtherForm(_ part: MIMEPart, _ description: PartDescription) -> Bool {
        description.name == nil && description.disposition.value != "attachment"
            && ["text/enriched", "text/richtext", "text/x-amp-html", "text/watch-html"].contains(part.contentType.value)
    }

    private func take(_ index: Int, _ part: MIMEPart, _ kind: String, _ isInAlternative: Bool, _ lists: inout Lists) {
        let isHTML = part.contentType.value == "text/html"
        if kind == "alternative" {
            if isHTML { lists.html.append(index) } else { lists.text.append(index) }
            return
        }
        if isInAlternative {
            if isHTML { lists.takesText = false } else { lists.takesHTML = false }
        }
        if lists.takesText { lists.text.append(index) }
        if lists.takesHTML { lists.html.append(index) }
    }

    private func isBody(_ part: MIMEPart, _ description: PartDescription, isFirst: Bool, _ kind: String) -> Bool {
        let type = part.contentType.value
        // A multipart in which no part was found is read as text: nothing is lost.
        guard type == "text/plain" || type == "text/html" || (part.isMultipart && part.parent == nil) else {
            return false
        }
        if description.disposition.value == "attachment" { return false }
        return isFirst || (kind != "related" && description.name == nil)
    }
}
