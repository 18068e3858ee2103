import GatehouseCore
import GatehouseSources
import GatehouseTransfer

/// What the configuration says of a mailbox on a server.
extension ConfigurationDecoder {
    /// The keys that only such a source has.
    private static let ownKeys = ["url", "user", "secret", "auth", "renew", "tls", "ca_file", "timeout_s", "folders"]

    /// - Returns: nil for another kind of source, and where it says something that can't be.
    mutating func mailbox(_ value: JSONValue, kind: Configuration.Source.Kind) -> Configuration.Mailbox? {
        guard kind.isOnServer else {
            for key in Self.ownKeys {
                if let found = value[key] {
                    complain(found, "'\(key)' is for imap and pop3; this is a \(kind.rawValue).")
                }
            }
            return nil
        }
        for key in ["path", "subfolders", "settle_seconds"] {
            if let found = value[key] { complain(found, "'\(key)' is for files; this is a mailbox on a server.") }
        }
        guard let address = address(value["url"], kind: kind), let secret = secret(value["secret"]) else { return nil }
        let login = value["auth"]?.string.flatMap(MailboxSettings.Login.init(rawValue:)) ?? .password
        let renew = value["renew"]?.array?.compactMap(\.string)
        if renew != nil, login != .xoauth2 {
            complain(value["renew"], "only a token can be renewed: it goes with \"auth\": \"xoauth2\".")
        }
        if kind == .pop3, let folders = value["folders"] {
            complain(folders, "POP3 has no folders; use \"type\": \"imap\" for them.")
        }
        let folders = value["folders"]?.array ?? []
        for folder in folders where folder.string?.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) == true {
            complain(folder, "a control character is in this folder's name.")
        }
        if let user = value["user"], user.string?.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) == true {
            complain(user, "a control character is in this user's name.")
        }
        return Configuration.Mailbox(
            address: address,
            encryption: encryption(value, address),
            user: value["user"]?.string ?? "",
            login: login,
            secret: secret,
            renewCommand: renew,
            folders: distinct(folders),
            caFile: value["ca_file"]?.string.map(whole),
            timeoutMilliseconds: Int((value["timeout_s"]?.double ?? 30) * 1000)
        )
    }

    private mutating func distinct(_ folders: [JSONValue]) -> [String] {
        var names: [String] = []
        for folder in folders {
            guard let name = folder.string else { continue }
            // INBOX alone is the same in any case (RFC 9051 §5.1).
            let own = name.lowercased() == "inbox" ? "INBOX" : name
            if names.contains(own) {
                complain(folder, "the folder '\(name)' is named twice.")
            } else {
                names.append(own)
            }
        }
        return names.isEmpty ? ["INBOX"] : names
    }

    private mutating func address(_ value: JSONValue?, kind: Configuration.Source.Kind) -> MailboxAddress? {
        let text = value?.string ?? ""
        guard let address = MailboxAddress(text) else {
            let words =
                "an address such as \(kind.rawValue)s://mail.example.org is expected: scheme, host, perhaps a port."
            complain(
                value,
                text.contains("@") ? "\(words) The user goes into 'user', the password into 'secret'." : words
            )
            return nil
        }
        guard address.scheme.rawValue.hasPrefix(kind.rawValue) else {
            complain(value, "this is a \(kind.rawValue): its address starts with \(kind.rawValue)s://.")
            return nil
        }
        return address
    }

    private mutating func encryption(_ value: JSONValue, _ address: MailboxAddress) -> MailConnection.Encryption {
        let isOff = value["tls"]?.string == "none"
        if isOff, address.scheme.isEncrypted {
            complain(value["tls"], "\(address.scheme.rawValue):// is encrypted: leave 'tls' out.")
        } else if isOff, !address.isLoopback {
            complain(value["tls"], "a password must not travel unencrypted: this is only for a server on this machine.")
        }
        return address.scheme.isEncrypted ? .implicit : isOff ? .none : .startTLS
    }

    /// `move` beside an IMAP mailbox.
    mutating func moveOnServer(
        _ folder: String,
        _ value: JSONValue,
        kind: Configuration.Source.Kind
    ) -> Configuration.AfterRead {
        guard kind == .imap else {
            complain(value["after"], "POP3 has no folders: keep or delete.")
            return .keep
        }
        let read = value["folders"]?.array?.compactMap(\.string) ?? ["INBOX"]
        if read.contains(where: { $0 == folder || $0.lowercased() == "inbox" && folder.lowercased() == "inbox" }) {
            complain(value["move_to"], "this folder is read itself: what is moved there would be read again.")
        }
        if folder.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            complain(value["move_to"], "a control character is in this folder's name.")
        }
        return .move(to: folder)
    }
}

extension Configuration.Mailbox {
    func settings(action: MailboxSettings.Action) -> MailboxSettings {
        let (secret, renewCommand) = (secret, renewCommand)
        var result = MailboxSettings(
            address: address,
            encryption: encryption,
            user: user,
            login: login,
            secret: { try secret.resolve() }
        )
        if let renewCommand {
            result.renewSecret = {
                do {
                    _ = try Subprocess.firstLine(of: renewCommand)
                } catch {
                    throw Secret.Failure(description: "the token was refused, and 'renew' did not help: \(error)")
                }
            }
        }
        result.folders = folders
        result.action = action
        result.caFile = caFile
        result.timeoutMilliseconds = timeoutMilliseconds
        return result
    }
}
