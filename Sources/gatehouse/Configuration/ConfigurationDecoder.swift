import EmailAdapter
import GatehouseCore
import GatehouseDelivery
import GatehousePipeline
import Glibc

/// Turns a document that fits the schema into a `Configuration`, and checks what a schema can't say.
struct ConfigurationDecoder {
    private(set) var problems: [(offset: Int, severity: ConfigurationProblem.Severity, words: String)] = []
    private let path: String
    private let folder: String

    init(path: String) {
        self.path = path
        let pieces = path.split(separator: "/", omittingEmptySubsequences: false)
        folder = pieces.count > 1 ? pieces.dropLast().joined(separator: "/") + "/" : ""
    }

    mutating func decode(_ document: JSONValue) -> Configuration {
        var result = Configuration(path: path, stateDirectory: whole(document["state_dir"]?.string ?? ""))
        result.region = document.pointer("/defaults/region")?.string
        result.timeZone = timeZone(document.pointer("/defaults/time_zone"))
        decodePolicy(document["policy"], into: &result)
        result.triage = TriageDecoding.settings(
            document["triage"],
            region: result.region,
            timeZone: result.timeZone,
            targets: (document["targets"]?.array ?? []).compactMap { $0["name"]?.string }
        ) { complain($0, $1) }
        result.limits = limits(document["limits"])
        result.metricsPath = document["metrics"]?.string.map(whole)
        result.keepBytesDays = document.pointer("/retention/keep_bytes_days")?.int64.map { Int($0) }
        result.mail = MailConfiguration.settings(document["mail"]) { complain($0, $1) }
        result.loopBreaker = MailConfiguration.loopBreaker(document.pointer("/policy/loop_breaker"))
        for value in document["sources"]?.array ?? [] { result.sources.append(source(value, defaults: result)) }
        for value in document["targets"]?.array ?? [] { result.targets.append(target(value)) }
        reportUnheardControl(document, result)
        reportEqualNames(document["sources"], "source")
        reportEqualNames(document["targets"], "target")
        if result.targets.isEmpty {
            warn(document.offset, "no target is configured: messages are kept, and none is sent.")
        }
        return result
    }

    // MARK: Parts

    private mutating func source(_ value: JSONValue, defaults: Configuration) -> Configuration.Source {
        let name = value["name"]?.string ?? ""
        let kind = Configuration.Source.Kind(rawValue: value["type"]?.string ?? "") ?? .folder
        let channel = value["channel"]?.string.flatMap(Channel.init(rawValue:)) ?? (kind.holdsMail ? .email : nil)
        var context = IntakeContext(
            source: "/\((channel ?? .email).rawValue)/\(name)",
            account: value["account"]?.string
        )
        if channel == nil { context.source = "/\(kind.rawValue)/\(name)" }
        context.defaultRegion = value["region"]?.string ?? defaults.region
        context.timeZone = value["time_zone"] == nil ? defaults.timeZone : timeZone(value["time_zone"])
        context.limits = defaults.limits
        context.mail = defaults.mail
        if let servers = MailConfiguration.servers(value) { context.mail.trustedServers = servers }
        if kind.holdsMail, channel != .email {
            complain(value["channel"], "a \(kind.rawValue) holds e-mail: leave 'channel' out, or say \"email\".")
        }
        if kind.holdsMail, let format = value["format"] {
            complain(format, "'format' is for folders; a \(kind.rawValue) holds e-mail.")
        }
        if kind == .folder, channel == nil || channel == .socialDM, value["since"] == nil {
            let words =
                "exports of direct messages may go back years: say \"since\": \"2026-01-31\" to open tickets only for messages"
                + " from then on, or \"since\": \"all\"."
            if channel == .socialDM { complain(value, words) } else { warn(value.offset, words) }
        }
        return Configuration.Source(
            name: name,
            kind: kind,
            path: whole(value["path"]?.string ?? ""),
            channel: channel,
            format: value["format"]?.string,
            after: afterRead(value, kind: kind),
            subfolders: subfolders(value["subfolders"], kind: kind),
            settleSeconds: value["settle_seconds"]?.int64.map { Int($0) } ?? 5,
            since: since(value["since"]),
            context: context,
            mailbox: mailbox(value, kind: kind),
            signature: signature(value, kind: kind),
            mapping: mapping(value, kind: kind, channel: channel)
        )
    }

    private mutating func afterRead(_ value: JSONValue, kind: Configuration.Source.Kind) -> Configuration.AfterRead {
        let word = value["after"]?.string ?? "keep"
        if word != "move", let folder = value["move_to"] {
            complain(folder, "'move_to' has a meaning only beside \"after\": \"move\".")
        }
        switch word {
        case "seen":
            if kind != .maildir, kind != .imap {
                complain(value["after"], "only mails in a Maildir or in an IMAP mailbox can be marked as seen.")
            }
            return .seen
        case "delete":
            return .delete
        case "move":
            guard let folder = value["move_to"]?.string else {
                complain(value["after"], "say where to: \"move_to\": \"PATH\".")
                return .keep
            }
            if kind.isOnServer { return moveOnServer(folder, value, kind: kind) }
            if kind == .folder, isRead(whole(folder), below: whole(value["path"]?.string ?? "")) {
                complain(value["move_to"], "this lies inside 'path': what is moved there would be read again.")
            }
            if kind != .folder, whole(folder) == whole(value["path"]?.string ?? "") {
                complain(value["move_to"], "this is 'path' itself.")
            }
            return .move(to: whole(folder))
        default: return .keep
        }
    }

    private mutating func subfolders(_ value: JSONValue?, kind: Configuration.Source.Kind) -> MaildirSubfolders {
        guard let value else { return .none }
        if kind != .maildir { complain(value, "only a Maildir has subfolders.") }
        let names = value.array?.compactMap(\.string) ?? []
        for name in value.array ?? [] where name.string?.contains("/") == true || name.string?.hasPrefix(".") == true {
            complain(name, "a subfolder is named without its first dot, and as it lies beside the others: Billing.VIP.")
        }
        return names.isEmpty ? value.bool == true ? .all : .none : .named(names)
    }

    private mutating func target(_ value: JSONValue) -> Configuration.Target {
        let options = Dictionary(value["options"]?.members?.map { ($0.key, $0.value.string ?? "") } ?? []) { first, _ in
            first
        }
        let priorities = value["priorities"]?.members?.compactMap { member in
            UrgencyLevel(rawValue: member.key).map { ($0, member.value.string ?? "") }
        }
        let url = value["url"]?.string ?? ""
        if url.utf8.contains(UInt8(ascii: "@")), url.split(separator: "/").dropFirst().first?.contains("@") == true {
            complain(value["url"], "a URL with a password in it ends up in logs: use 'user' and 'secret'.")
        }
        if url.hasPrefix("http://"), !isLoopback(url), value["secret"] != nil {
            warn(
                value["url"]?.offset ?? 0,
                "the secret travels unencrypted over http. Use https where the target is not this machine."
            )
        }
        problems += (value["template"].map(DeclaredPresets.problems) ?? []).map { ($0.offset, .error, $0.words) }
        reportHalves(value)
        return Configuration.Target(
            name: value["name"]?.string ?? "",
            preset: value["preset"]?.string ?? "",
            url: url,
            user: value["user"]?.string,
            secret: secret(value["secret"]),
            queue: value["queue"]?.string,
            options: options,
            template: value["template"],
            priorities: Dictionary(priorities ?? []) { first, _ in first },
            path: value["path"]?.string.map(whole),
            condition: condition(value["when"]),
            ratePerSecond: value["rate_per_s"]?.double,
            concurrency: value["concurrency"]?.int64.map { Int($0) } ?? 4,
            timeoutMilliseconds: Int((value["timeout_s"]?.double ?? 30) * 1000),
            attachmentBytes: value["attachment_bytes"]?.int64.map { Int($0) },
            retryMinimumMilliseconds: value.pointer("/retry/min_s")?.double.map { Int64($0 * 1000) },
            retryMaximumMilliseconds: value.pointer("/retry/max_s")?.double.map { Int64($0 * 1000) },
            lookupDelayMilliseconds: value.pointer("/retry/lookup_delay_s")?.double.map { Int64($0 * 1000) },
            serverErrorLimit: value.pointer("/retry/server_error_limit")?.int64.map { Int($0) },
            caFile: value["ca_file"]?.string.map(whole),
            clientCertificate: value["client_certificate"]?.string.map(whole),
            clientKey: value["client_key"]?.string.map(whole),
            clientKeySecret: secret(value["client_key_secret"]),
            proxy: value["proxy"]?.string,
            proxyUser: value["proxy_user"]?.string,
            proxySecret: secret(value["proxy_secret"])
        )
    }

    /// Keys of a target that mean nothing without another one.
    private mutating func reportHalves(_ value: JSONValue) {
        let needs = [
            ("client_key", "client_certificate"), ("client_key_secret", "client_certificate"), ("proxy_user", "proxy"),
            ("proxy_secret", "proxy_user"),
        ]
        for (name, other) in needs where value[name] != nil && value[other] == nil {
            complain(value[name], "'\(name)' has a meaning only beside '\(other)'.")
        }
    }

    private func condition(_ value: JSONValue?) -> TargetCondition? {
        guard let value else { return nil }
        var result = TargetCondition()
        result.urgency = value["urgency"]?.string.flatMap(UrgencyLevel.init(rawValue:))
        result.channels = (value["channels"]?.array ?? []).compactMap { $0.string.flatMap(Channel.init(rawValue:)) }
        result.topics = (value["topics"]?.array ?? []).compactMap(\.string)
        return result
    }

    func secret(_ value: JSONValue?) -> Secret? {
        guard let member = value?.members?.first else { return nil }
        switch member.key {
        case "file": return .file(whole(member.value.string ?? ""))
        case "credential": return .credential(member.value.string ?? "")
        case "env": return .environment(member.value.string ?? "")
        default: return .command(member.value.array?.compactMap(\.string) ?? [])
        }
    }

    private func decodePolicy(_ value: JSONValue?, into result: inout Configuration) {
        if let days = value?["chat_idle_days"]?.int64 { result.policy.chatIdleSeconds = days * 86_400 }
        result.policy.sendsOutbound = value?["outbound"]?.string == "ticket"
        if let hours = value?["redelivery_hours"]?.int64 { result.redeliverySeconds = hours * 3600 }
    }

    private func limits(_ value: JSONValue?) -> Limits {
        var result = Limits()
        func set(_ key: String, _ target: WritableKeyPath<Limits, Int>) {
            if let number = value?[key]?.int64 { result[keyPath: target] = Int(number) }
        }
        set("message_bytes", \.messageBytes)
        set("header_bytes", \.headerBytes)
        set("header_count", \.headerCount)
        set("address_count", \.addressCount)
        set("mime_depth", \.mimeDepth)
        set("part_count", \.partCount)
        set("attachment_count", \.attachmentCount)
        set("text_bytes", \.textBytes)
        set("json_depth", \.jsonDepth)
        set("json_string_bytes", \.jsonStringBytes)
        set("zip_ratio", \.zipRatio)
        set("zip_bytes", \.zipBytes)
        return result
    }

    // MARK: Checks

    /// Whether a drop folder at `root` reads what lies in `folder`; hidden folders are not read.
    private func isRead(_ folder: String, below root: String) -> Bool {
        func steps(_ path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
        let (inner, outer) = (steps(folder), steps(root))
        return inner.starts(with: outer) && !inner.dropFirst(outer.count).contains { $0.hasPrefix(".") }
    }

    private mutating func since(_ value: JSONValue?) -> Timestamp? {
        guard let value, let text = value.string, text != "all" else { return nil }
        guard let parsed = ParsedTime(iso8601: text) else {
            complain(value, "'\(text)' is no date: write it as 2026-01-31, or \"all\".")
            return nil
        }
        return parsed.timestamp()
    }

    private mutating func timeZone(_ value: JSONValue?) -> String? {
        guard let value, let name = value.string else { return nil }
        if TimeZoneTable(name: name) == nil {
            complain(
                value,
                "unknown time zone '\(name)': an IANA name such as Europe/Berlin is expected, and the package tzdata."
            )
        }
        return name
    }

    /// Control fields that nobody could ever use, since no server vouches for their senders.
    private mutating func reportUnheardControl(_ document: JSONValue, _ configuration: Configuration) {
        let control = configuration.mail.control
        guard !control.trustedSenders.isEmpty, control.needsAuthentication,
            configuration.mail.trustedServers.isEmpty,
            configuration.sources.allSatisfy({ $0.context.mail.trustedServers.isEmpty })
        else { return }
        warn(
            document.pointer("/mail/control")?.offset ?? 0,
            "no 'trusted_authserv_ids' are named, so no server vouches for these senders and their fields are not"
                + " obeyed. Name your mail server's id, or say \"authenticated\": false if nobody else can write to this"
                + " mailbox."
        )
    }

    private mutating func reportEqualNames(_ value: JSONValue?, _ kind: String) {
        var seen: Set<String> = []
        for entry in value?.array ?? [] {
            guard let name = entry["name"]?.string, !seen.insert(name).inserted else { continue }
            complain(entry["name"], "a second \(kind) is called '\(name)': their positions and results would mix.")
        }
    }

    mutating func complain(_ value: JSONValue?, _ words: String) {
        problems.append((value?.offset ?? 0, .error, words))
    }
    mutating func warn(_ offset: Int, _ words: String) { problems.append((offset, .warning, words)) }

    /// A path in the file counts from the file's own folder.
    func whole(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }

    private func isLoopback(_ url: String) -> Bool {
        ["http://127.", "http://localhost", "http://[::1]"].contains { url.hasPrefix($0) }
    }
}
