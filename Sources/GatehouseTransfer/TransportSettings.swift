import CCurl
import Glibc

/// How a server is reached: whom we trust, who we are to its TLS, and by which proxy.
package struct TransportSettings: Sendable, Equatable {
    /// A certificate of our own, for servers that ask for one (RFC 8446 §4.4.2).
    package struct Identity: Sendable, Equatable {
        /// PEM; it may hold the key, too.
        package var certificateFile: String
        package var keyFile: String?
        package var keyPassword: String?

        package init(certificateFile: String, keyFile: String? = nil, keyPassword: String? = nil) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.keyPassword = keyPassword
        }
    }

    package enum Proxy: Sendable, Equatable {
        /// `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, as `curl` reads them.
        case environment
        case none
        case server(ProxyAddress, user: String?, password: String?)
    }

    /// PEM certificates to trust instead of the system's.
    package var caFile: String?
    package var identity: Identity?
    package var proxy = Proxy.environment

    package init(caFile: String? = nil) { self.caFile = caFile }

    /// A request to this address may go to a proxy that hands it on. To a server behind TLS or SOCKS a proxy only opens a way.
    func mayHandOn(_ url: HTTPURL) -> Bool {
        guard url.scheme == "http" else { return false }
        switch proxy {
        case .none: return false
        case .environment: return Self.environmentHasProxy
        case .server(let address, _, _): return !address.text.lowercased().hasPrefix("socks")
        }
    }

    /// The names under which libcurl looks for a proxy for http.
    private static let environmentHasProxy = ["http_proxy", "all_proxy", "ALL_PROXY"].contains { name in
        guard let value = unsafe getenv(name) else { return false }
        return unsafe value.pointee != 0
    }

    /// Tells libcurl all of it.
    func configure(_ handle: UnsafeMutableRawPointer) -> [CURLcode] {
        var codes: [CURLcode] = []
        if let path = caFile { unsafe codes.append(ccurl_set_ca_file(handle, path)) }
        if let identity {
            unsafe codes.append(ccurl_set_client_certificate(handle, identity.certificateFile))
            if let path = identity.keyFile { unsafe codes.append(ccurl_set_client_key(handle, path)) }
            if let word = identity.keyPassword { unsafe codes.append(ccurl_set_client_key_password(handle, word)) }
        }
        switch proxy {
        case .environment: break
        case .none: unsafe codes.append(ccurl_set_proxy(handle, ""))
        case .server(let address, let user, let password):
            unsafe codes.append(ccurl_set_proxy(handle, address.text))
            if let user { unsafe codes.append(ccurl_set_proxy_user(handle, user, password ?? "")) }
        }
        return codes
    }

    /// What no log may show.
    package var confidential: [String] {
        var words = [identity?.keyPassword]
        if case .server(_, _, let password) = proxy { words.append(password) }
        return words.compactMap { $0 }
    }
}

/// The address of a proxy: `http://`, `https://`, `socks5://` or `socks5h://`, without user and password.
package struct ProxyAddress: Sendable, Equatable {
    package let text: String

    package init?(_ text: String) {
        let schemes = ["http", "https", "socks5", "socks5h"]
        guard let mark = text.firstIndex(of: ":") else { return nil }
        guard schemes.contains(text[..<mark].lowercased()) else { return nil }
        // The rest obeys the rules of any other address.
        guard let address = HTTPURL("http" + text[mark...]), !address.host.isEmpty else { return nil }
        self.text = text
    }
}
