import CCurl

/// libcurl, which is loaded with the first connection, so that a command that makes none does not pay for it.
enum CurlLibrary {
    /// Why there is no libcurl; nil where it is loaded and ready.
    static let complaint: String? = {
        guard let words = unsafe ccurl_load() else { return nil }
        return "libcurl can't be used: \(unsafe String(cString: words))"
    }()
}
