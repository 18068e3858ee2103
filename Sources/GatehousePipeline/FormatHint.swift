import GatehouseCore

/// Says of an input that is not of the format it was called what it looks like instead.
struct FormatHint {
    private let resolver: FormatResolver
    private let input: AdapterInput
    private let format: String
    /// Only the first item can say that all of the input is something else.
    private var isFirst = true

    init(_ resolver: FormatResolver, _ input: AdapterInput, format: String) {
        self.resolver = resolver
        self.input = input
        self.format = format
    }

    /// The item, with a hint in its words where the input starts with a rejection.
    mutating func completed(_ item: ParsedItem) -> ParsedItem {
        guard isFirst else { return item }
        isFirst = false
        guard case .rejected(var rejected) = item, !rejected.detail.contains("looks like"),
            let name = lookalike(rejected.raw)
        else { return item }
        rejected.detail += " It looks like \(name): pass --format \(name)."
        return .rejected(rejected)
    }

    /// - Parameter raw: What was rejected; from a pipe that is all there is left to look at.
    private func lookalike(_ raw: [UInt8]) -> String? {
        var head = Array(raw.prefix(FormatResolver.headBytes))
        if input.place == nil, let path = input.path, let reader = try? ByteReader(path: path) {
            head = (try? reader.peek(FormatResolver.headBytes)) ?? head
        }
        let matches = FormatResolver.matches(in: resolver.adapters, head: head, input: input).map(\.match)
        guard !matches.contains(where: { $0.format == format }),
            let strongest = matches.map(\.confidence).max(), strongest > .possible
        else { return nil }
        let names = matches.filter { $0.confidence == strongest }.map(\.format)
        return names.count == 1 ? names[0] : nil
    }
}
