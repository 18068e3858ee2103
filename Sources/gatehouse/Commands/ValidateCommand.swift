import GatehouseCore

struct ValidateCommand: Command {
    static let name = "validate"
    static let usage = "[--schema NAME] [--json] FILE… | -"
    static let summary = "Says what of a JSON of ours does not fit its schema, and where."
    static let details = """
        FILE holds one JSON document, or one a line as 'gatehouse parse' prints them. Envelopes are recognised by
        "specversion", configurations by "schema". Exit code 65 where anything does not fit.
        """
    static let options = [
        OptionSpecification("--schema", "NAME", "one of: \(EmbeddedSchema.names.joined(separator: ", "))"),
        OptionSpecification("--quiet", nil, "say nothing of documents that fit"),
        OptionSpecification.json,
    ]
    static let examples = [
        "gatehouse parse Samples/email/*.eml | gatehouse validate -", "gatehouse validate deploy/gatehouse.jsonc",
    ]

    private let files: [String]
    private let schemaName: String?
    private let isQuiet: Bool
    private let isJSON: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(1...(.max - 1), "FILE (or '-' for standard input)")
        files = arguments.positional
        schemaName = try arguments.choice("--schema", of: EmbeddedSchema.names)
        isQuiet = arguments.has("--quiet")
        isJSON = arguments.has("--json")
    }

    func run() throws -> ExitCode {
        var code = ExitCode.success
        for file in files {
            let reader = try file == "-" ? ByteReader(descriptor: 0, name: "-") : ByteReader(path: file)
            let (bytes, isCut) = try reader.readAll(limit: 1 << 30)
            guard !isCut else { throw IntakeError.tooLarge(place: file, limit: 1 << 30) }
            if try !validate(bytes, file: file) { code = .dataError }
        }
        return code
    }

    private func validate(_ bytes: [UInt8], file: String) throws -> Bool {
        let lines = LineMap(bytes)
        var fits = true
        func complain(_ offset: Int, _ words: String) {
            let place = lines.position(of: offset)
            fits = false
            guard isJSON else {
                return Console.print(UnicodeText.printable("\(file):\(place.line):\(place.column): \(words)"))
            }
            Console.printFinding("error", file, at: (place.line, place.column), words)
        }
        var count = 0
        for (start, text) in Self.documents(in: bytes) {
            do {
                let document = try JSONDocument.parse(text, options: .configuration)
                count += 1
                guard let name = schemaName ?? EmbeddedSchema.name(for: document) else {
                    complain(start, "this is neither an envelope nor a configuration: name its --schema")
                    continue
                }
                for violation in EmbeddedSchema.named(name).violations(of: document) {
                    let place = violation.pointer.isEmpty ? "" : "\(violation.pointer): "
                    complain(start + violation.offset, place + violation.message)
                }
            } catch {
                complain(start + error.offset, error.words)
            }
        }
        if count == 0, fits { complain(0, "there is no JSON document in it") }
        if fits, !isQuiet {
            let words = count == 1 ? "1 document fits" : "\(count) documents fit"
            if isJSON {
                Console.printFinding("ok", file, words)
            } else {
                Console.print("\(UnicodeText.printable(file)): \(words)")
            }
        }
        return fits
    }

    /// One document, or one a line where the first line is a document by itself.
    static func documents(in bytes: [UInt8]) -> [(start: Int, text: [UInt8])] {
        let firstLine = Array(bytes.prefix { $0 != 0x0A })
        guard firstLine.count < bytes.count, (try? JSONDocument.parse(firstLine, options: .strict)) != nil else {
            return [(0, bytes)]
        }
        return bytes.split(separator: 0x0A).map { ($0.startIndex, Array($0)) }
    }
}
