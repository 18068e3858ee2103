/// Keys of services that are known by how they begin and how long they are, as their makers document them.
struct KeyFormat: Sendable {
    let prefix: [UInt8]
    let letters: ByteClass
    /// Of what follows the prefix.
    let lengths: ClosedRange<Int>
    let kind: SecretKind

    private init(
        _ prefix: StaticString,
        _ letters: ByteClass,
        _ lengths: ClosedRange<Int>,
        _ kind: SecretKind = .apiKey
    ) {
        self.prefix = Array(prefix.description.utf8)
        self.letters = letters
        self.lengths = lengths
        self.kind = kind
    }

    private static let open = 4096

    static let all: [KeyFormat] = [
        // Cloud providers
        KeyFormat("AKIA", .upperOrDigit, 16...16),
        KeyFormat("ASIA", .upperOrDigit, 16...16),
        KeyFormat("ABIA", .upperOrDigit, 16...16),
        KeyFormat("ACCA", .upperOrDigit, 16...16),
        KeyFormat("AIza", .urlSafe, 35...35),
        KeyFormat("GOCSPX-", .urlSafe, 28...28),
        KeyFormat("ya29.", .urlSafe, 30...open, .accessToken),
        KeyFormat("AccountKey=", .base64, 88...88),
        KeyFormat("dop_v1_", .hex, 64...64),
        KeyFormat("doo_v1_", .hex, 64...64),
        KeyFormat("dor_v1_", .hex, 64...64),
        // Code hosts and package registries
        KeyFormat("ghp_", .alphanumeric, 36...36),
        KeyFormat("gho_", .alphanumeric, 36...36),
        KeyFormat("ghu_", .alphanumeric, 36...36),
        KeyFormat("ghs_", .alphanumeric, 36...36),
        KeyFormat("ghr_", .alphanumeric, 36...80),
        KeyFormat("github_pat_", .urlSafe, 82...82),
        KeyFormat("glpat-", .urlSafe, 20...60),
        KeyFormat("npm_", .alphanumeric, 36...36),
        KeyFormat("pypi-AgEI", .urlSafe, 50...open),
        KeyFormat("dckr_pat_", .urlSafe, 27...27),
        KeyFormat("hf_", .alphanumeric, 34...37),
        // Services
        KeyFormat("xoxb-", .urlSafe, 20...250),
        KeyFormat("xoxp-", .urlSafe, 20...250),
        KeyFormat("xoxa-", .urlSafe, 20...250),
        KeyFormat("xoxr-", .urlSafe, 20...250),
        KeyFormat("xoxs-", .urlSafe, 20...250),
        KeyFormat("xapp-", .urlSafe, 20...250),
        KeyFormat("SG.", .dotted, 66...66),
        KeyFormat("key-", .hex, 32...32),
        KeyFormat("SK", .hex, 32...32),
        KeyFormat("shpat_", .hex, 32...32),
        KeyFormat("shpss_", .hex, 32...32),
        KeyFormat("shpca_", .hex, 32...32),
        KeyFormat("shppa_", .hex, 32...32),
        KeyFormat("PMAK-", .urlSafe, 59...59),
        KeyFormat("lin_api_", .alphanumeric, 40...40),
        KeyFormat("glsa_", .urlSafe, 41...41),
        KeyFormat("NRAK-", .alphanumeric, 27...27),
        KeyFormat("sk-ant-", .urlSafe, 60...200),
        KeyFormat("sk-proj-", .urlSafe, 40...200),
        // Payments and exchanges
        KeyFormat("sk_live_", .alphanumeric, 16...250),
        KeyFormat("rk_live_", .alphanumeric, 16...250),
        KeyFormat("sk_test_", .alphanumeric, 16...250),
        KeyFormat("rk_test_", .alphanumeric, 16...250),
        KeyFormat("whsec_", .base64, 32...80),
        KeyFormat("sq0atp-", .urlSafe, 22...22),
        KeyFormat("sq0csp-", .urlSafe, 43...43),
    ]

    /// By the prefix's first byte.
    static let byFirst: [[KeyFormat]] = {
        var result = [[KeyFormat]](repeating: [], count: 256)
        for format in all { result[Int(format.prefix[0])].append(format) }
        return result
    }()

    /// Where the key ends that begins at `start`; nil if there is none.
    func end(_ bytes: borrowing Span<UInt8>, _ start: Int, _ limit: Int) -> Int? {
        guard prefix.count < limit - start else { return nil }
        for index in prefix.indices where bytes[start + index] != prefix[index] { return nil }
        var index = start + prefix.count
        while index < limit, letters.has(bytes[index]) { index += 1 }
        // A full stop behind it ends the sentence.
        while index > start, bytes[index - 1] == UInt8(ascii: ".") { index -= 1 }
        return lengths.contains(index - start - prefix.count) ? index : nil
    }
}
