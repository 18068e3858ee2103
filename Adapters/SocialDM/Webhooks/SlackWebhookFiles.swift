import GatehouseCore

/// Files of a Slack message, which are fetched with the app's token.
enum SlackWebhookFiles {
    static func files(of content: JSONValue) -> [AttachmentInfo] {
        (content.list("files") + (content.object("file").map { [$0] } ?? [])).map(file)
    }

    private static func file(_ value: JSONValue) -> AttachmentInfo {
        let mode = value.given("mode")
        if mode == "tombstone" || mode == "hidden_by_limit" {
            return AttachmentInfo(status: .missing, name: value.given("name") ?? value.given("id"))
        }
        return .remoteFile(
            url: value.given("url_private_download") ?? value.given("url_private"),
            id: value.given("id"),
            name: value.given("name") ?? value.given("title"),
            kind: value.given("filetype"),
            mediaType: value.given("mimetype"),
            size: value.given("size")
        )
    }
}
