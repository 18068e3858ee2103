import EmailAdapter
import GatehouseCore
import GatehouseDelivery
import GatehousePipeline
import GatehouseSources
import GatehouseStore
import GatehouseTriage
import GatehouseWebhooks
import PhoneCallbackAdapter
import WebChatAdapter

/// What a command works with, made from the configuration.
struct Workspace {
    let configuration: Configuration

    init(configuration: Configuration) { self.configuration = configuration }

    init(_ arguments: Arguments) throws {
        configuration = try ConfigurationLoader.load(arguments.value("--config"))
    }

    func openStore(create: Bool = true) throws -> Store {
        let store = try Store(directory: configuration.stateDirectory, create: create, options: storeOptions)
        if let lost = store.restored {
            EventLog.write(
                .warning,
                "state_restored",
                "\(configuration.stateDirectory) is older than what was last written to it (at least"
                    + " \(lost.messages) messages and \(lost.tries) tries to deliver are missing): it was restored from a"
                    + " backup. What waits, and what comes in again, is looked up at its target before it is sent."
            )
        }
        return store
    }

    var storeOptions: Store.Options {
        var options = Store.Options()
        options.redeliverySeconds = configuration.redeliverySeconds
        options.loopBreaker = configuration.loopBreaker
        options.followsNamedTickets = !configuration.mail.ticketTokens.isEmpty
        return options
    }

    var triage: Triage { Triage(configuration: configuration.triage) }

    /// - Parameter since: Messages sent before it are kept and open no ticket.
    func planner(since: Timestamp?) -> TargetPlanner {
        var policy = configuration.policy
        policy.since = since
        let conditions = configuration.targets.compactMap { target in target.condition.map { (target.name, $0) } }
        return TargetPlanner(
            targets: configuration.targets.map(\.name),
            policy: policy,
            conditions: Dictionary(conditions) { first, _ in first }
        )
    }

    /// The configured source of this name.
    func sourceSettings(_ name: String) throws(UsageError) -> Configuration.Source {
        if let found = configuration.sources.first(where: { $0.name == name }) { return found }
        let known = configuration.sources.map(\.name)
        throw UsageError("no source is called '\(name)'.\(Suggestion.question(for: name, among: known))")
    }

    /// The adapters that a source's inputs may be for: all of them, or the one that its mapping makes.
    func resolver(for settings: Configuration.Source?) -> FormatResolver {
        guard let mapping = settings?.mapping, let channel = settings?.channel else { return formatResolver }
        let reader: any ChannelAdapter = channel == .phoneCallback ? PhoneCallbackAdapter() : WebChatAdapter()
        return FormatResolver(adapters: [MappedAdapter(channel: channel, mapping: mapping, reader: reader)])
    }

    /// The format that the configuration names.
    func format(_ settings: Configuration.Source) -> String? {
        settings.mapping == nil ? settings.format : MappedAdapter.formatName
    }

    /// - Precondition: The source is one that is polled, not a webhook.
    func source(_ settings: Configuration.Source) -> any MessageSource {
        if let mailbox = Self.mailboxSource(settings) { return mailbox }
        switch settings.kind {
        case .maildir:
            return MaildirSource(
                name: settings.name,
                path: settings.path,
                context: settings.context,
                afterCommit: mailAction(settings.after),
                subfolders: settings.subfolders
            )
        case .mbox:
            return MboxSource(
                name: settings.name,
                path: settings.path,
                context: settings.context,
                afterCommit: mailAction(settings.after)
            )
        case .folder, .webhook, .imap, .pop3:
            return DropFolder(
                name: settings.name,
                path: settings.path,
                format: format(settings),
                context: settings.context,
                settleSeconds: settings.settleSeconds,
                afterCommit: folderAction(settings.after)
            )
        }
    }

    /// nil for a source that is no mailbox on a server.
    static func mailboxSource(_ settings: Configuration.Source) -> (any MailboxSource)? {
        guard let mailbox = settings.mailbox else { return nil }
        let how = mailbox.settings(action: mailboxAction(settings.after))
        return settings.kind == .pop3
            ? POP3Source(name: settings.name, settings: how, context: settings.context)
            : IMAPSource(name: settings.name, settings: how, context: settings.context)
    }

    private func mailAction(_ action: Configuration.AfterRead) -> AfterCommit {
        switch action {
        case .keep: .keep
        case .seen: .seen
        case .delete: .delete
        case .move(let target): .move(to: target)
        }
    }

    private static func mailboxAction(_ action: Configuration.AfterRead) -> MailboxSettings.Action {
        switch action {
        case .keep: .keep
        case .seen: .seen
        case .delete: .delete
        case .move(let folder): .move(to: folder)
        }
    }

    private func folderAction(_ action: Configuration.AfterRead) -> FolderAction {
        switch action {
        case .keep, .seen: .keep
        case .delete: .delete
        case .move(let folder): .move(to: folder)
        }
    }
}
