import GatehouseCore

/// Whether a message is signed or encrypted, and how; its parts are kept as they are (RFC 1847, 3156, 8551).
struct MailProtection {
    private(set) var signed: Protection?
    private(set) var encrypted: Protection?

    init(tree: MIMETree, text: String) {
        for part in tree.parts { take(part.contentType) }
        if signed == nil, text.utf8.count < 1 << 20, holds("-----BEGIN PGP SIGNED MESSAGE-----", text) { signed = .pgp }
        if encrypted == nil, text.utf8.count < 1 << 20, holds("-----BEGIN PGP MESSAGE-----", text) { encrypted = .pgp }
    }

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

    private func holds(_ line: String, _ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return ByteSearch.firstIndex(of: Array(line.utf8), in: bytes, 0..<bytes.count) != nil
    }
}
