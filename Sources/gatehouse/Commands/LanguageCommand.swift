import GatehouseCore
import GatehouseLanguage

struct LanguageCommand: Command {
    static let name = "language"
    static let usage = "[--spans] [--explain] [--json] TEXT… | -"
    static let summary = "Says in which language a text is, how surely, and what else it may be."
    static let details = """
        Prints 'tag<TAB>confidence<TAB>candidates', the candidates as 'tag=confidence' with a blank between them; 'und'
        where the text holds no language. With '-' the texts are the lines of standard input, with a line for each.
        Needs no configuration, keeps no state.
        """
    static let options = [
        OptionSpecification(
            "--spans",
            nil,
            "add a column with the stretches of a mixed text: 'start-end=tag', in characters"
        ),
        OptionSpecification(
            "--explain",
            nil,
            "print under each answer which words and sequences of letters spoke for it"
        ),
        OptionSpecification.json,
        OptionSpecification("--expect", "TAGS", "languages that are likelier than others, with commas between them"),
    ]
    static let examples = [
        "gatehouse language 'wo bleibt meine Überweisung'",
        "gatehouse language --spans 'Hallo, ich sehe nur das: Your withdrawal has been suspended by our system'",
        "gatehouse language - < messages.txt",
    ]

    /// Of a line; the model reads less.
    private static let longestLine = 1 << 20
    private static let mostPieces = 8

    private let texts: [String]
    private let showsSpans: Bool
    private let explains: Bool
    private let isJSON: Bool
    private let identifier: LanguageIdentifier

    init(_ arguments: Arguments) throws {
        try arguments.expectPositional(1...(.max - 1), "TEXT (or '-' for standard input)")
        texts = arguments.positional
        showsSpans = arguments.has("--spans")
        explains = arguments.has("--explain")
        isJSON = arguments.has("--json")
        if explains, isJSON { throw UsageError("--explain and --json exclude each other") }
        let expected = try arguments.value("--expect").map { $0.split(separator: ",").map(String.init) } ?? []
        identifier = LanguageIdentifier(preferred: Set(expected))
    }

    func run() throws -> ExitCode {
        guard texts == ["-"] else {
            for text in texts { answer(UnicodeText.normalised(text)) }
            return .success
        }
        let reader = ByteReader(descriptor: 0, name: "-")
        var pending: [UInt8] = []
        while try reader.read(upTo: 1 << 16, into: &pending) > 0 { takeLines(&pending) }
        if !pending.isEmpty { answer(line: pending[...]) }
        return .success
    }

    /// Answers the whole lines at the beginning.
    private func takeLines(_ pending: inout [UInt8]) {
        var start = 0
        while let end = ByteSearch.firstIndex(of: 0x0A, in: pending, start..<pending.count) {
            answer(line: pending[start..<end])
            start = end + 1
        }
        pending.removeFirst(start)
        // What is beyond reading need not be kept; the line still gets its one answer.
        if pending.count > Self.longestLine { pending.removeSubrange(Self.longestLine / 2..<pending.count) }
    }

    private func answer(line: ArraySlice<UInt8>) {
        let isReturn = line.last == 0x0D
        answer(UnicodeText.normalised(String(decoding: isReturn ? line.dropLast() : line, as: UTF8.self)))
    }

    private func answer(_ text: String) {
        let result = identifier.analyse(text)
        // As in the envelope's `data.triage.language`.
        guard !isJSON else { return Console.printJSON { EnvelopeEncoder.write(result, to: &$0) } }
        let candidates = result.candidates.map { "\($0.tag)=\(Self.decimal($0.confidence))" }
        var columns = [result.tag, Self.decimal(result.confidence), candidates.joined(separator: " ")]
        if showsSpans {
            columns.append(result.spans.map { "\($0.start)-\($0.end)=\($0.tag)" }.joined(separator: " "))
        }
        Console.print(columns.joined(separator: "\t"))
        if explains { explain(text, result) }
    }

    private func explain(_ text: String, _ result: LanguageResult) {
        let explanation = identifier.explain(text, as: result.tag)
        Console.print("  read: \(explanation.words) words, script \(explanation.script)")
        if let rival = explanation.rival { Console.print("  against: \(rival)") }
        for piece in explanation.pieces.prefix(Self.mostPieces) {
            let sign = piece.nats < 0 ? "-" : "+"
            Console.print("  \(sign)\(Self.decimal(abs(piece.nats)))  \(UnicodeText.printable(piece.text))")
        }
    }

    /// With three decimal places.
    private static func decimal(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
