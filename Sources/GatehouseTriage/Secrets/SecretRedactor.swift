package import GatehouseCore

/// Takes secrets out of a message: out of every text of its envelope, out of text attachments, and out of its original.
///
/// What a checksum or a format proves is replaced by words that say what it was; what only the words around it give away is
/// flagged, and replaced where so configured. An original that held any is kept as a rendering of what is left.
package struct SecretRedactor: Sendable {
    /// What became of a message.
    package struct Outcome: Sendable {
        package var result = SafetyResult()
        /// Whether the original holds no more what came.
        package var replacesOriginal = false
        /// 64 hex digits, keyed, of the bytes as they came; nil without a key.
        package var originalDigest: String?
    }

    let scanner = SecretScanner()
    let key: [UInt8]?
    let masksProbable: Bool

    /// - Parameters:
    ///   - key: Of the digests by which the same secret is found again; nil for none.
    ///   - masksProbable: Whether what is only likely to be a secret is replaced too.
    package init(key: [UInt8]?, masksProbable: Bool = false) {
        self.key = key
        self.masksProbable = masksProbable
    }

    /// Call it once the fingerprint of the content is taken.
    package func redact(_ message: inout ParsedMessage) -> Outcome {
        var tally = RedactionTally(key: key)
        redactTexts(&message.envelope.data, &tally)
        redactAttachments(&message, &tally)
        if !tally.hasRemoved,
            let kind = originalScan.secret(
                in: message.raw,
                isMail: message.envelope.data.channel == .email,
                read: message.envelope.data.body
            )
        {
            tally.noteOriginal(kind)
        }
        var outcome = Outcome(result: tally.result)
        guard tally.hasRemoved else { return outcome }
        outcome.replacesOriginal = true
        outcome.originalDigest = keyedDigest(of: message.raw)
        message.envelope.data.raw.size = message.envelope.data.raw.size ?? message.raw.count
        message.envelope.data.raw.sha256 = outcome.originalDigest
        message.envelope.data.warnings.append("original_redacted")
        message.raw = RedactedOriginal.rendering(of: message.envelope)
        return outcome
    }

    /// Takes what a scan of the bytes finds out of an input in which no message could be read.
    ///
    /// - Returns: Whether it held any.
    package func redact(_ input: inout RejectedInput) -> Bool {
        let detail = redacted(input.detail)
        let kind = originalScan.secret(in: input.raw, isMail: true)
        guard kind != nil || detail != input.detail else { return false }
        input.detail = detail
        guard let kind else { return true }
        var words =
            "\(kind.replacement) This input could not be read as a message, and held a secret: nothing of it is kept.\n"
        // Two inputs that differ in their secrets alone are two.
        if let digest = keyedDigest(of: input.raw) { words += "Keyed digest: \(digest)\n" }
        input.raw = Array(words.utf8)
        return true
    }

    /// The text without what is proven, for a log.
    package func redacted(_ text: String) -> String {
        var tally = RedactionTally(key: nil)
        return redacted(text, at: "", &tally) ?? text
    }

    /// What a text holds, for those who count it.
    package func found(in text: String) -> SafetyResult {
        var tally = RedactionTally(key: key)
        _ = redacted(text, at: "text", &tally)
        return tally.result
    }

    var originalScan: OriginalScan { OriginalScan(scanner, includesProbable: masksProbable) }

    private func keyedDigest(of bytes: [UInt8]) -> String? {
        key.map { Hex.encode(HMAC.sha256(key: $0, Array("original:".utf8) + SHA256.digest(of: bytes))) }
    }

    // MARK: Texts

    /// nil where nothing had to be replaced.
    func redacted(_ text: String, at place: String, _ tally: inout RedactionTally) -> String? {
        guard text.utf8.count >= 4, Self.mayHold(text.utf8.span) else { return nil }
        return redacted(text, scanner.all(in: text.utf8.span), at: place, &tally)
    }

    /// False for a short text of letters and blanks, as names are: what is shorter than any key is known by digits or signs.
    private static func mayHold(_ text: borrowing Span<UInt8>) -> Bool {
        guard text.count < KeyTokens.shortest else { return true }
        for index in text.indices where text[index] < 0x80 {
            if text[index] != 0x20, (text[index] | 0x20) &- 0x61 >= 26 { return true }
        }
        return false
    }

    private func redacted(
        _ text: String,
        _ findings: [SecretFinding],
        at place: String,
        _ tally: inout RedactionTally
    ) -> String? {
        guard !findings.isEmpty else { return nil }
        let bytes = text.utf8.span
        var result: [UInt8] = []
        var copied = 0
        for finding in findings {
            let secret = finding.range.map { bytes[$0] }
            let isRemoved = finding.isProven || masksProbable
            tally.note(finding, secret, at: place, isRemoved: isRemoved)
            guard isRemoved else { continue }
            for index in copied..<finding.range.lowerBound { result.append(bytes[index]) }
            result += Array(finding.kind.replacement.utf8)
            copied = finding.range.upperBound
        }
        guard copied > 0 else { return nil }
        for index in copied..<bytes.count { result.append(bytes[index]) }
        return String(decoding: result, as: UTF8.self)
    }

    private func redact(_ text: inout String?, at place: String, _ tally: inout RedactionTally) {
        if let old = text, let new = redacted(old, at: place, &tally) { text = new }
    }

    private func redactTexts(_ data: inout MessageData, _ tally: inout RedactionTally) {
        redact(&data.subject, at: "subject", &tally)
        redactBody(&data.body, &tally)
        if data.$callback {
            redact(&data.callback!.topic, at: "callback", &tally)
            redact(&data.callback!.phoneRaw, at: "callback", &tally)
            for index in data.callback!.windows.indices {
                redact(&data.callback!.windows[index].text, at: "callback", &tally)
            }
        }
        if data.$call { redact(&data.call!.transcript, at: "transcript", &tally) }
        if data.$mail, data.mail?.bounce != nil { redact(&data.mail!.bounce!.diagnosis, at: "bounce", &tally) }
        // The customer mostly is who wrote.
        let isWriter = data.customer?.name == (data.from.isEmpty ? nil : data.from[0].name)
        redactNames(&data.from, &tally)
        redactNames(&data.to, &tally)
        redactNames(&data.cc, &tally)
        redactNames(&data.bcc, &tally)
        redactNames(&data.replyTo, &tally)
        if isWriter {
            if tally.hasRemoved { data.customer?.name = data.from.first?.name }
        } else if data.customer != nil {
            redact(&data.customer!.name, at: "name", &tally)
        }
        for (index, warning) in data.warnings.enumerated() {
            if let new = redacted(warning, at: "warnings", &tally) { data.warnings[index] = new }
        }
    }

    private func redactNames(_ people: inout [Party], _ tally: inout RedactionTally) {
        // Found first and put in place afterwards: people who are shared with other messages are else copied to be looked at.
        var changed: [(index: Int, name: String)] = []
        for index in people.indices {
            guard let name = people[index].name, let new = redacted(name, at: "name", &tally) else { continue }
            changed.append((index, new))
        }
        for (index, name) in changed { people[index].name = name }
    }

    /// The parts into which a body is split are read on their own; where a secret was split with them, they are given up.
    private func redactBody(_ body: inout Body, _ tally: inout RedactionTally) {
        let findings = scanner.all(in: body.text.utf8.span)
        let count = findings.isEmpty ? 0 : proven(in: body.text)
        if count > 0 {
            let parts = [body.strippedText, body.strippedQuote, body.strippedSignature]
            let partCount = parts.reduce(0) { $0 + ($1.map(proven) ?? 0) }
            if partCount < count, parts.contains(where: { $0 != nil }) {
                body.strippedText = nil
                body.strippedQuote = nil
                body.strippedSignature = nil
            }
        }
        if let text = redacted(body.text, findings, at: "body", &tally) { body.text = text }
        let whole = findings.isEmpty ? body.text : nil
        redact(&body.strippedText, of: whole, &tally)
        redact(&body.strippedQuote, of: whole, &tally)
        redact(&body.strippedSignature, of: whole, &tally)
        // What was rendered from it has been read in the text, and only its source is left to read.
        let isRendered = body.format == .html && count == 0 && !(masksProbable && !findings.isEmpty)
        if let html = body.html {
            if isRendered {
                redact(&body.html, at: "html", &tally)
            } else if let new = redactedHTML(html, at: "html", &tally) {
                body.html = new
            }
        }
    }

    /// - Parameter whole: The text of which it is a part, where that holds nothing.
    private func redact(_ part: inout String?, of whole: String?, _ tally: inout RedactionTally) {
        guard let old = part else { return }
        if let whole, !mayHold(old, of: whole) { return }
        redact(&part, at: "body", &tally)
    }

    /// Whether a part holds what the whole doesn't, where its lines meet.
    private func mayHold(_ part: String, of whole: String) -> Bool {
        let bytes = part.utf8.span
        for seam in UnreadStretches.seams(of: bytes, in: whole.utf8.span) {
            if !scanner.all(in: bytes.extracting(seam)).isEmpty { return true }
        }
        return false
    }

    private func proven(in text: String) -> Int { scanner.proven(in: text.utf8.span).count }

    // MARK: HTML

    /// Markup may stand within a secret: what the text shows and the source hides is read from the text, which then replaces it.
    func redactedHTML(_ html: String, at place: String, _ tally: inout RedactionTally) -> String? {
        let source = redacted(html, at: place, &tally)
        if source == nil, !MarkupScan.mayHide(html, scanner) { return nil }
        let text = HTMLText.text(of: source ?? html)
        guard let clean = redacted(text, at: place, &tally) else { return source }
        return "<pre>\(HTMLEscape.text(clean, quotes: false))</pre>"
    }
}
