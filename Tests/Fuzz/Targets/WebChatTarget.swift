import WebChatAdapter

/// Each format of web chat.
extension FuzzTarget {
    static let webChat = FuzzTarget(name: "web_chat") { Reading.everyFormat(WebChatAdapter(), $0) }
}
