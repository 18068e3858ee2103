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

/// A line for each format, for the help of `parse` and `ingest`.
var formatList: String {
    allAdapters.flatMap { adapter in
        adapter.formats.map { format in
            let padding = String(repeating: " ", count: max(1, 20 - format.name.count))
            return "  \(format.name)\(padding)\(format.summary)"
        }
    }.joined(separator: "\n")
}
