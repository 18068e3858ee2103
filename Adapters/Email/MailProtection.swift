import GatehouseCore

/// Whether a message is signed or encrypted, and how; its parts are kept as they are (RFC 1847, 3156, 8551).
struct MailProtection {
    private(set) var signed: Protection?
    private(set) var encrypted: Protection?

    init(tree: MIMETree, text: String) {
        for part in tree.parts { take(part.contentType) }
        guard signed == nil || encrypted == nil, text.utf8.count < 1 << 20 else { return }
        guard ByteSearch.isFound(Self.begin, in: text) else { return }
        if signed == nil, ByteSearch.isFound(Self.signedBegin, in: text) { signed = .pgp }
        if encrypted == nil, ByteSearch.isFound(Self.encryptedBegin, in: text) { encrypted = .pgp }
    }

    private static let begin = Array("BEGIN PGP ".utf8)
    private static let signedBegin = Array("-----BEGIN PGP SIGNED MESSAGE-----".utf8)
    private static let encryptedBegin = Array("-----BEGIN PGP MESSAGE-----".utf8)

    private mutating func take(_ type: ParameterizedField) {
        let parameter = { (name: String) in type.parameters[name]?.lowercased() ?? "" }
        switch type.value {
        case "multipart/signed": signed = parameter("protocol").contains("pgp") ? .pgp : .smime
        case "multipart/encrypted": encrypted = .pgp
        case "application/pkcs7-mime", "application/x-pkcs7-mime":
            if parameter("smime-type") == "signed-data" { signed = .smime } else { encrypted = .smime }
        default: break
        }
    }
}
