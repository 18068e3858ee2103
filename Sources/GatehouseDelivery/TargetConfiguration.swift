package import GatehouseCore
import GatehouseTransfer

/// One ticket system as the configuration names it.
package struct TargetConfiguration: Sendable {
    package var name: String
    /// One of `PresetList.names`.
    package var preset: String
    /// The API's address; what the preset adds to it stands in the preset.
    package var url: String
    package var user: String?
    /// Gives the password or token. It is asked for when the first request goes out, and again after a 401.
    package var secret: (@Sendable () throws -> String)?
    /// The queue for messages whose triage names none.
    package var queue: String?
    /// The preset's own settings, such as `external_id_field`.
    package var options: [String: String] = [:]
    /// Of `template`: the preset itself.
    package var template: JSONValue?
    /// Messages under way at once; fewer while the target is slow or overloaded.
    package var concurrency = 4
    /// Requests a second; nil without bound.
    package var ratePerSecond: Double?
    /// Of an archive: its folder.
    package var path: String?
    package var timeoutMilliseconds = 30_000
    /// PEM certificates to trust instead of the system's.
    package var caFile: String?
    /// PEM: our own certificate, and its key where that is in a file of its own.
    package var clientCertificate: String?
    package var clientKey: String?
    package var clientKeySecret: (@Sendable () throws -> String)?
    /// An address, or `none`; nil takes the environment's.
    package var proxy: String?
    package var proxyUser: String?
    package var proxySecret: (@Sendable () throws -> String)?
    /// The ticket system's word for a level; levels not named here take the preset's word.
    package var priorities: [UrgencyLevel: String] = [:]
    /// Bytes of one attachment; larger ones are left out and named in the text. nil takes the preset's bound.
    package var attachmentLimit: Int?
    /// Bytes of all attachments of one message together.
    package var attachmentsLimit = 32 << 20
    package var retry = RetryBounds()

    package init(name: String, preset: String, url: String) {
        self.name = name
        self.preset = preset
        self.url = url
    }
}

extension TargetConfiguration {
    /// - Throws: `TargetError` if the proxy is no address, before any secret is asked for; else what a secret's place says.
    func transport() throws -> TransportSettings {
        var result = TransportSettings(caFile: caFile)
        result.proxy = try proxySettings()
        if let clientCertificate {
            result.identity = TransportSettings.Identity(
                certificateFile: clientCertificate,
                keyFile: clientKey,
                keyPassword: try clientKeySecret?()
            )
        }
        guard case .server(let address, let user, _) = result.proxy else { return result }
        result.proxy = .server(address, user: user, password: try proxySecret?())
        return result
    }

    /// Without the password.
    func proxySettings() throws(TargetError) -> TransportSettings.Proxy {
        guard let proxy else { return .environment }
        guard proxy != "none" else { return .none }
        guard let address = ProxyAddress(proxy) else {
            throw TargetError(
                target: name,
                reason: "proxy is no http, https, socks5 or socks5h address: \(UnicodeText.printable(proxy)). "
                    + "Write user and secret in 'proxy_user' and 'proxy_secret', not in the address."
            )
        }
        return .server(address, user: proxyUser, password: nil)
    }
}

/// How long a message waits before it is tried again.
package struct RetryBounds: Sendable, Equatable {
    package var minimumMilliseconds: Int64 = 5_000
    package var maximumMilliseconds: Int64 = 900_000
    /// What may have been done unheard is not looked up sooner: the target may still be at it.
    package var lookupDelayMilliseconds: Int64 = 5_000
    /// After so many equal server errors in a row a message is set aside, so that it can't block or repeat for ever.
    package var serverErrorLimit = 8

    package init() {}

    /// Doubles with each attempt between the bounds; the later half of the span is random, so that what failed
    /// together does not come back together.
    func delay(afterAttempts attempts: Int) -> Int64 {
        let minimum = max(1, minimumMilliseconds)
        let doublings = Int64(min(max(attempts, 0), 30))
        let (grown, overflowed) = minimum.multipliedReportingOverflow(by: 1 << doublings)
        let ceiling = max(minimum, min(overflowed ? .max : grown, maximumMilliseconds))
        var generator = SystemRandomNumberGenerator()
        return Int64.random(in: ceiling - ceiling / 2...ceiling, using: &generator)
    }
}

/// A target that can't be used as it is configured.
package struct TargetError: OperatorError, Equatable {
    package let target: String
    package let reason: String

    package init(target: String, reason: String) {
        self.target = target
        self.reason = reason
    }

    package var description: String { "target \(target): \(reason)" }
    package var exitCode: ExitCode { .configuration }
}
