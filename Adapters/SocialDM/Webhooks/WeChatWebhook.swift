import GatehouseCore

/// WeChat Official Accounts and mini programs
/// (https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html).
///
/// `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName>…</FromUserName><CreateTime>1348831860</CreateTime>
/// <MsgType><![CDATA[text]]></MsgType><Content>…</Content><MsgId>1234567890123456</MsgId></xml>`; mini programs may send the same
/// members as JSON. Media are kept for three days.
struct WeChatWebhook: WebhookFormat {
    let format = MessageFormat(name: "wechat-webhook", summary: "WeChat message (XML)")
    let provider = "wechat"

    private static let mediaSeconds: Int64 = 3 * 86_400

    func confidence(in body: WebhookBody, headers: [String: String]) -> Confidence? {
        let fields = Fields(body)
        guard fields["ToUserName"] != nil else { return nil }
        let isMessage = fields["FromUserName"] != nil && fields["MsgType"] != nil
        if isMessage || fields["Encrypt"] != nil { return .certain }
        return .likely
    }

    /// The members of either form.
    private struct Fields {
        let body: WebhookBody

        init(_ body: WebhookBody) { self.body = body }

        subscript(name: String) -> String? {
            switch body {
            case .xml(let document): document[name]
            case .json(let value): value.given(name)
            case .form: nil
            }
        }

        /// With its white space, as the person typed it.
        func text(_ name: String) -> String {
            switch body {
            case .xml(let document): document.fields.first { $0.name == name }?.value ?? ""
            case .json(let value): value[name]?.text ?? ""
            case .form: ""
            }
        }
    }

    func read(_ body: WebhookBody, into payload: WebhookPayload) throws {
        if payload.isCut { return }
        let fields = Fields(body)
        if fields["Encrypt"] != nil, fields["MsgType"] == nil {
            let detail =
                "The message is encrypted ('Encrypt'). Choose plain or compatible mode in the account's settings."
            return payload.reject("encrypted_payload", detail)
        }
        guard let type = fields["MsgType"], let sender = fields["FromUserName"] else {
            let detail = "'MsgType' or 'FromUserName' is missing, which every message of WeChat has."
            return payload.reject("no_message_fields", detail)
        }
        if type == "event" { return payload.ignore("event_" + (fields["Event"] ?? "unknown")) }
        var message = WebhookMessage(sender: Party(webhook: sender), key: fields["MsgId"].map { "wechat:\($0)" })
        message.account = fields["ToUserName"]
        message.recipient = Party(webhook: fields["ToUserName"])
        message.conversation = "wechat:\(sender)"
        message.setTime(fields["CreateTime"].map { JSONValue(.string($0)) })
        fill(&message, from: fields, type: type)
        payload.add(message)
    }

    private func fill(_ message: inout WebhookMessage, from fields: Fields, type: String) {
        switch type {
        case "text": message.text = fields.text("Content")
        case "image", "video", "shortvideo", "file": message.attachments = [file(fields, type, message.time)]
        case "voice":
            message.text = fields["Recognition"] ?? ""
            if !message.text.isEmpty { message.warnings.append("text_recognised") }
            message.attachments = [file(fields, type, message.time)]
        case "location":
            let place = [fields["Location_X"], fields["Location_Y"]].compactMap(\.self)
            let point = place.count == 2 ? "geo:\(place[0]),\(place[1])" : nil
            message.text = [fields["Label"], point].compactMap(\.self).joined(separator: "\n")
        case "link", "miniprogrampage":
            let words = [fields["Title"], fields["Description"], fields["Url"] ?? fields["PagePath"]]
            message.text = words.compactMap(\.self).joined(separator: "\n")
        default:
            message.text = fields["Content"] ?? ""
            message.warnings.append("unsupported_content:\(ExportSession.word(type))")
        }
    }

    private func file(_ fields: Fields, _ type: String, _ time: PayloadTime?) -> AttachmentInfo {
        let id = fields["MediaId"]
        // The picture's own link has no stated end.
        let url = fields["PicUrl"]
        let end = time.map { Timestamp(milliseconds: $0.timestamp.milliseconds &+ Self.mediaSeconds * 1000) }
        return .remoteFile(
            url: url,
            id: id,
            name: fields["FileName"] ?? (url == nil ? id.map { "\(type)-\($0)" } : nil) ?? type,
            mediaType: nil,
            expiresAt: url == nil ? end : nil
        )
    }
}
