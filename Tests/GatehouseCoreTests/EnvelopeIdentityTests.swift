import GatehouseCore
import Testing

struct EnvelopeIdentityTests {
    private func mail(_ text: String, subject: String? = "Withdrawal") -> Envelope {
        var data = MessageData(channel: .email, provider: "rfc5322")
        data.account = "support@example.org"
        data.from = [Party(name: "Ada", email: "Ada@Example.com")]
        data.subject = subject
        data.body.text = text
        return Envelope(source: "/email/support", type: .messageCreated, data: data)
    }

    /// The values were computed with another implementation (Python's hashlib and hmac) from the words of the comment.
    @Test func `Version 1 of the fingerprint never changes`() {
        var envelope = mail("Where is\u{A0}my\nwithdrawal?  \n")
        envelope.data.attachments = [AttachmentInfo(bytes: [1, 2, 3], name: "a.png", mediaType: nil)]
        let key = (0..<32).map { UInt8($0) }
        #expect(
            Hex.encode(EnvelopeIdentity.contentDigest(of: envelope))
                == "2dfffe7e3330a05160d7995574c708d56f3d7f28cef15a93f4fd337c9df9169a"
        )
        #expect(
            EnvelopeIdentity.fingerprint(of: envelope, key: key)
                == "fp1:6e53a6a5fd32e97dbd96559fdc7fef8a424ffb8317554a5ba509fdc74e41db7e"
        )
    }

    @Test func `The same mail by another route has the same fingerprint`() {
        let first = mail("Hello,\nmy money is gone.")
        var second = mail("  Hello,\n\nmy money\u{3000}is gone. \n\n", subject: "Withdrawal ")
        second.source = "/email/imap"
        second.data.account = "other@example.org"
        second.data.from[0].email = "ada@example.com"
        second.data.messageID = "x"
        second.data.body.html = "<p>…"
        second.data.times.receivedAt = Timestamp(milliseconds: 1)
        #expect(EnvelopeIdentity.contentDigest(of: first) == EnvelopeIdentity.contentDigest(of: second))
    }

    @Test(arguments: ["text", "subject", "sender", "attachment", "remote", "deleted", "callback", "call"])
    func `Other content has another fingerprint`(change: String) {
        var other = mail("Hello")
        switch change {
        case "text": other.data.body.text = "Hello you"
        case "subject": other.data.subject = "Deposit"
        case "sender": other.data.from[0].email = "eve@example.com"
        case "attachment": other.data.attachments = [AttachmentInfo(bytes: [1], name: nil, mediaType: nil)]
        case "remote":
            other.data.attachments = [AttachmentInfo(status: .remote)]
            other.data.attachments[0].url = "https://cdn.example/a/1.jpg?expires=5"
        case "deleted": other.type = .messageDeleted
        case "callback": other.data.callback = CallbackRequest()
        default: other.data.call = PhoneCall()
        }
        #expect(EnvelopeIdentity.contentDigest(of: other) != EnvelopeIdentity.contentDigest(of: mail("Hello")))
    }

    @Test func `A link that expires is the same file under its next signature`() {
        var (first, second) = (mail("x"), mail("x"))
        first.data.attachments = [AttachmentInfo(status: .remote)]
        second.data.attachments = first.data.attachments
        first.data.attachments[0].url = "https://cdn-1.example/v/1_2_n.jpg?oh=aa&oe=bb"
        second.data.attachments[0].url = "https://cdn-7.example/v/1_2_n.jpg?oh=cc&oe=dd"
        #expect(EnvelopeIdentity.contentDigest(of: first) == EnvelopeIdentity.contentDigest(of: second))
    }

    @Test func `The id hangs on scope, key and revision alone`() {
        let keys = [IdentityKey(.claimed, "a@b"), IdentityKey(.composite, "x")]
        var (first, second) = (mail("one"), mail("two"))
        second.source = "/email/imap"
        EnvelopeIdentity.assign(to: &first, keys: keys, rawDigest: "1")
        EnvelopeIdentity.assign(to: &second, keys: keys, rawDigest: "2")
        #expect(first.id == second.id)
        #expect(first.id == "za7i2rffsvnhigkqcpawmamp22dft4tfbg6modbxjmdltankebpq")
        #expect(first.data.dedup?.keys == ["claimed:a@b", "composite:x"])
        #expect(first.data.dedup?.method == .native)
        second.data.revision = 1
        EnvelopeIdentity.assign(to: &second, keys: keys, rawDigest: "2")
        #expect(first.id != second.id)
        second = mail("two")
        second.data.account = "other@example.org"
        EnvelopeIdentity.assign(to: &second, keys: keys, rawDigest: "2")
        #expect(first.id != second.id)
    }

    @Test func `Without a key the bytes are the key`() {
        var (first, second) = (mail("one"), mail("one"))
        EnvelopeIdentity.assign(to: &first, keys: [], rawDigest: "1")
        EnvelopeIdentity.assign(to: &second, keys: [], rawDigest: "2")
        #expect(first.id != second.id)
        #expect(first.data.dedup?.method == .content)
    }
}
