import GatehouseCore

/// Who gets a message and until when, by the first rule that fits.
struct Routing {
    let configuration: TriageConfiguration
    let vip: VIPList

    init(_ configuration: TriageConfiguration) {
        self.configuration = configuration
        vip = VIPList(configuration.vip)
    }

    func apply(to result: inout TriageResult, _ data: borrowing MessageData) {
        let time = data.times.receivedAt ?? data.times.sentAt
        let hour = time.map(localHour)
        for (number, route) in configuration.routes.enumerated() {
            guard fits(route, result, data.channel, hour) else { continue }
            result.queue = route.queue
            result.tags = route.tags
            result.targets = route.targets
            result.routedBy = "\(route.entry ?? number + 1): \(route.conditions)"
            if let minutes = route.dueMinutes, let time {
                result.dueBy = Timestamp(milliseconds: time.milliseconds &+ Int64(minutes) &* 60_000)
            }
            return
        }
    }

    private func fits(
        _ route: TriageConfiguration.Route,
        _ result: TriageResult,
        _ channel: Channel,
        _ hour: Int?
    ) -> Bool {
        if let level = route.level, level != result.urgency.level { return false }
        if let own = route.channel, own != channel { return false }
        if let language = route.language, result.language.tag != language,
            !result.language.tag.hasPrefix(language + "-")
        {
            return false
        }
        if let isVIP = route.isVIP, isVIP != result.isVIP { return false }
        if !route.topics.isEmpty, !result.topics.contains(where: { route.topics.contains($0.name) }) { return false }
        if let hours = route.hours {
            guard let hour else { return false }
            // 22…6 goes through midnight.
            let isIn =
                hours.from <= hours.to ? hour >= hours.from && hour < hours.to : hour >= hours.from || hour < hours.to
            if !isIn { return false }
        }
        return true
    }

    private func localHour(_ time: Timestamp) -> Int {
        let offset = configuration.zone?.offset(at: time) ?? 0
        return CivilTime(time, offsetSeconds: offset).hour
    }
}

/// Customers with a promise of faster help, by e-mail, telephone number, id or user name, or the SHA-256 of one of them.
struct VIPList {
    private var names: Set<String> = []
    private var digests: Set<String> = []

    init(_ entries: [String]) {
        for entry in entries {
            let folded = entry.lowercased()
            if folded.hasPrefix("sha256:") { digests.insert(String(folded.dropFirst(7))) } else { names.insert(folded) }
        }
    }

    /// The identity by which one of the senders is on the list.
    func contains(_ data: borrowing MessageData) -> Bool {
        guard !(names.isEmpty && digests.isEmpty) else { return false }
        let parties = [data.customer].compactMap { $0 } + data.from
        let identities = parties.flatMap { [$0.email, $0.phone, $0.id, $0.username] } + [data.callback?.phone]
        return identities.contains { identity in
            guard let folded = identity?.lowercased() else { return false }
            return names.contains(folded)
                || !digests.isEmpty && digests.contains(SHA256.hex(of: Array(folded.utf8)))
        }
    }
}
