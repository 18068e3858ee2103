import CTables
import GatehouseCore

/// What an attachment shows.
enum AttachmentRole: String, CaseIterable, Sendable {
    case idDocument = "id_document"
    case selfie
    case addressProof = "address_proof"
    case financialProof = "financial_proof"
    case screenshot, invoice
    case transactionProof = "transaction_proof"
    case policeReport = "police_report"
    case contract
    /// A signature's logo, or a picture of an advertisement.
    case decoration
    /// Told by the type alone.
    case photo, voice, video, document, archive

    /// Shows who somebody is, where they live or what they own.
    var isSensitive: Bool {
        switch self {
        case .idDocument, .selfie, .addressProof, .financialProof, .policeReport, .contract: true
        default: false
        }
    }
}

/// The words of `Sources/CTables/data/attachment-roles.tsv`.
struct RoleWords: Sendable {
    private struct Word: Sendable {
        var role: AttachmentRole
        /// Folded, with one space between its parts.
        var scalars: [UInt32]
        var isBeginning: Bool
        /// Chinese, Japanese and Korean write no spaces: found anywhere.
        var isUnspaced: Bool
        var isForName: Bool
        var isForText: Bool
    }

    /// By their first letter.
    private var words: [UInt32: [Word]] = [:]

    static let builtIn = unsafe RoleWords(ctables_attachment_roles().array)

    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: 0x0A) where line.first != 0x23 {
            let fields = line.split(separator: 0x09)
            guard fields.count == 3, let role = AttachmentRole(rawValue: String(decoding: fields[0], as: UTF8.self))
            else { continue }
            let place = String(decoding: fields[1], as: UTF8.self)
            for word in fields[2].split(separator: 0x2C) {
                let text = String(decoding: word.drop { $0 == 0x20 }, as: UTF8.self)
                let scalars = Self.folded(text)
                guard let first = scalars.first else { continue }
                words[first, default: []].append(
                    Word(
                        role: role,
                        scalars: scalars,
                        isBeginning: text.hasSuffix("*"),
                        isUnspaced: PlainLetters.isCharacterWord(first),
                        isForName: place != "text",
                        isForText: place != "name"
                    )
                )
            }
        }
    }

    /// The role that a file's name tells. The longest word says most: "proof of address" before "address".
    func role(ofName name: String) -> AttachmentRole? {
        found(in: Self.folded(name)) { $0.isForName }.first
    }

    /// The roles that a text speaks of, the longest words' first.
    func roles(inText text: String) -> [AttachmentRole] {
        found(in: Self.folded(text)) { $0.isForText }
    }

    private func found(in text: [UInt32], _ counts: (Word) -> Bool) -> [AttachmentRole] {
        var longest: [AttachmentRole: Int] = [:]
        for start in text.indices {
            let isWordStart = start == 0 || text[start - 1] == 0x20
            // No word of the others begins within one.
            guard isWordStart || PlainLetters.isCharacterWord(text[start]) else { continue }
            for word in words[text[start]] ?? [] where (isWordStart || word.isUnspaced) && counts(word) {
                guard Self.stands(word, in: text, at: start) else { continue }
                longest[word.role] = max(longest[word.role] ?? 0, word.scalars.count)
            }
        }
        return longest.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map(\.key)
    }

    private static func stands(_ word: Word, in text: [UInt32], at start: Int) -> Bool {
        let end = start + word.scalars.count
        guard end <= text.count, word.isUnspaced || word.isBeginning || end == text.count || text[end] == 0x20 else {
            return false
        }
        return text[start..<end].elementsEqual(word.scalars)
    }

    /// Lower case without accents; what separates words, also a capital or a digit in `IdFront2`, is one space.
    private static func folded(_ text: String) -> [UInt32] {
        var result: [UInt32] = []
        var wasLower = false
        var isGap = false
        for scalar in text.unicodeScalars.prefix(2000) {
            let plain = plain(scalar)
            let isUpper = scalar.value &- 0x41 < 26
            let isDigit = scalar.value &- 0x30 < 10
            if isUpper, wasLower { isGap = true }
            if !PlainLetters.isLetter(plain) {
                // Inside of "driver's" the mark vanishes.
                if plain != 0x27 { isGap = true }
            } else {
                if isDigit != (result.last.map { $0 &- 0x30 < 10 } ?? isDigit) { isGap = true }
                if isGap, !result.isEmpty { result.append(0x20) }
                isGap = false
                result.append(plain)
            }
            wasLower = scalar.value &- 0x61 < 26
        }
        return result
    }

    private static func plain(_ scalar: Unicode.Scalar) -> UInt32 {
        if scalar.isASCII { return scalar.value &- 0x41 < 26 ? scalar.value | 0x20 : max(scalar.value, 1) }
        return PlainLetterTable.scalars(of: String(scalar)).first { $0 != 0 } ?? 0x20
    }
}
