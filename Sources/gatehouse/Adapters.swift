import EmailAdapter
import GatehouseCore
import GatehousePipeline
import PhoneCallbackAdapter
import SocialDMAdapter
import WebChatAdapter

/// The channels, in the order in which the help lists them. A new channel is one line here.
let allAdapters: [any ChannelAdapter] = [
    EmailAdapter(),
    SocialDMAdapter(),
    WebChatAdapter(),
    PhoneCallbackAdapter(),
]

let formatResolver = FormatResolver(adapters: allAdapters)

extension Arguments {
    /// The value of `--format`, if it is one that some adapter reads.
    func format() throws(UsageError) -> String? {
        guard let format = try value("--format") else { return nil }
        let known = formatResolver.formatNames
        guard known.contains(format) else {
            let hint = Suggestion.question(for: format, among: known)
            throw UsageError("there is no format '\(format)'.\(hint) One of: \(known.joined(separator: ", ")).")
        }
        return format
    }
}

/// A line for each format, for the help of `parse` and `ingest`.
var formatList: String {
    allAdapters.flatMap { adapter in
        adapter.formats.map { format in
            let padding = String(repeating: " ", count: max(1, 20 - format.name.count))
            return "  \(format.name)\(padding)\(format.summary)"
        }
    }.joined(separator: "\n")
}
