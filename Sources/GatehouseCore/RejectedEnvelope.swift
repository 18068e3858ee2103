/// Where an input came from, for one in which no message could be read.
package struct IntakeOrigin: Sendable, Equatable {
    package var channel: Channel
    /// CloudEvents' `source`, `/email/support-mail`.
    package var source: String
    package var account: String?

    package init(channel: Channel, source: String, account: String? = nil) {
        self.channel = channel
        self.source = source
        self.account = account
    }
}

extension Envelope {
    /// The `input.rejected` envelope of `input`, with its id: the same bytes at the same place have the same one.
    package init(rejected input: RejectedInput, from origin: IntakeOrigin) {
        var data = MessageData(channel: origin.channel, provider: input.provider)
        data.account = origin.account
        data.direction = .system
        data.body.text = UnicodeText.normalised(input.detail)
        data.warnings = ["rejected:\(input.reason)"]
        data.raw.size = input.raw.count
        data.raw.sha256 = SHA256.hex(of: input.raw)
        data.raw.sourcePosition = input.position
        self.init(source: origin.source, type: .inputRejected, data: data)
        let digest = data.raw.sha256 ?? ""
        EnvelopeIdentity.assign(to: &self, keys: [], rawDigest: "rejected:\(input.position):\(digest)")
    }
}
