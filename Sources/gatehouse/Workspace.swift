import EmailAdapter
import GatehouseCore
import GatehouseDelivery
import GatehousePipeline
import GatehouseSources
import GatehouseStore
import GatehouseTriage

/// What a command works with, made from the configuration.
struct Workspace {
    let configuration: Configuration

    init(_ arguments: Arguments) throws {
        configuration = try ConfigurationLoader.load(arguments.value("--config"))
    }

    func openStore(create: Bool = true) throws -> Store {
        var options = Store.Options()
        options.redeliverySeconds = configuration.redeliverySeconds
        return try Store(directory: configuration.stateDirectory, create: create, options: options)
    }

    var triage: Triage { Triage(configuration: triageConfiguration) }

    var triageConfiguration: TriageConfiguration {
        var result = TriageConfiguration()
        if let minimum = configuration.languageConfidence { result.minimumLanguageConfidence = minimum }
        if let languages = configuration.expectedLanguages { result.languages = Set(languages) }
        if let preference = configuration.languagePreference { result.languagePreference = preference }
        result.routes = configuration.queues.flatMap(\.routes)
        return result
    }

    /// - Parameter since: Messages sent before it are kept and open no ticket.
    func planner(since: Timestamp?) -> TargetPlanner {
        var policy = configuration.policy
        policy.since = since
        return TargetPlanner(targets: configuration.targets.map(\.name), policy: policy)
    }

    func source(_ settings: Configuration.Source) -> any MessageSource {
        switch settings.kind {
        case .maildir:
            MaildirSource(
                name: settings.name,
                path: settings.path,
                context: settings.context,
                afterCommit: maildirAction(settings.after)
            )
        case .mbox: MboxSource(name: settings.name, path: settings.path, context: settings.context)
        case .folder:
            DropFolder(
                name: settings.name,
                path: settings.path,
                format: settings.format,
                context: settings.context,
                settleSeconds: settings.settleSeconds,
                afterCommit: folderAction(settings.after)
            )
        }
    }

    private func maildirAction(_ action: Configuration.AfterRead) -> AfterCommit {
        switch action {
        case .keep: .keep
        case .seen: .seen
        case .delete: .delete
        case .move(let folder): .move(folder: folder)
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

extension Configuration.QueueRule {
    /// Each combination of its lists is a line of the routing table; an empty list fits everything.
    fileprivate var routes: [TriageConfiguration.Route] {
        let levels: [UrgencyLevel?] = urgency.isEmpty ? [nil] : urgency
        let tags: [String?] = languages.isEmpty ? [nil] : languages
        let gates: [Channel?] = channels.isEmpty ? [nil] : channels
        return levels.flatMap { level in
            tags.flatMap { tag in
                gates.map { TriageConfiguration.Route(level: level, language: tag, channel: $0, queue: queue) }
            }
        }
    }
}
