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

    private var words: [Word] = []

    static let builtIn: RoleWords = {
        let file = unsafe ctables_attachment_roles()
        return unsafe RoleWords(Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }()

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
                words.append(
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
        // The longest word says most: "proof of address" before "address".
        words.sort { $0.scalars.count > $1.scalars.count }
    }

    /// The role that a file's name tells.
    func role(ofName name: String) -> AttachmentRole? {
        let folded = Self.folded(name)
        return words.first { $0.isForName && Self.contains(folded, $0) }?.role
    }

    /// The roles that a text speaks of, without their repetitions.
    func roles(inText text: String) -> [AttachmentRole] {
        let folded = Self.folded(String(text.unicodeScalars.prefix(2000)))
        var roles: [AttachmentRole] = []
        for word in words where word.isForText && !roles.contains(word.role) && Self.contains(folded, word) {
            roles.append(word.role)
        }
        return roles
    }

    private static func contains(_ text: [UInt32], _ word: Word) -> Bool {
        let count = word.scalars.count
        guard text.count >= count else { return false }
        for start in 0...(text.count - count) where text[start] == word.scalars[0] {
            guard word.isUnspaced || start == 0 || text[start - 1] == 0x20 else { continue }
            let end = start + count
            guard word.isUnspaced || word.isBeginning || end == text.count || text[end] == 0x20 else { continue }
            if text[start..<end].elementsEqual(word.scalars) { return true }
        }
        return false
    }

    /// Lower case without accents; what separates words, also a capital or a digit in `IdFront2`, is one space.
    private static func folded(_ text: String) -> [UInt32] {
        var result: [UInt32] = []
        var wasLower = false
        var isGap = false
        for scalar in text.unicodeScalars.prefix(4000) {
            let plain = PlainLetterTable.scalars(of: String(scalar)).first { $0 != 0 } ?? 0x20
            let isUpper = scalar.value &- 0x41 < 26
            let isDigit = scalar.value &- 0x30 < 10
            if isUpper, wasLower { isGap = true }
            if !PlainLetters.isLetter(plain) || plain == 0 {
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
}
