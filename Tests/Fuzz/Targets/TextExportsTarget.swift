import GatehouseCore
import SocialDMAdapter

/// Chats that people save as text (WhatsApp, LINE, Signal), and tables (LinkedIn, Reddit).
extension FuzzTarget {
    static let textExports = FuzzTarget(name: "text_exports") { bytes in
        let adapter = SocialDMAdapter()
        for format in ["whatsapp", "line", "signal-text", "linkedin", "reddit"] {
            Reading.items(adapter, format, bytes)
        }
    }
}
