import Foundation
import Testing

/// `Samples/<channel>/x` beside `x.expected.json`: a new case is two files and no code.
struct SampleTests {
    /// Every sample with the envelopes that it must become.
    static func samples() throws -> [String] {
        let files = try #require(
            FileManager.default.enumerator(at: Repository.samples, includingPropertiesForKeys: nil)
        )
        let found = files.compactMap { ($0 as? URL)?.path() }.filter { $0.hasSuffix(".expected.json") }.sorted()
        return try #require(found.isEmpty ? nil : found, "no samples in \(Repository.samples.path())")
    }

    @Test(arguments: try samples())
    func `A sample becomes its expected envelopes`(expectedPath: String) throws {
        let expected = try Data(contentsOf: URL(filePath: expectedPath))
        let sample = try #require(Self.sample(of: expectedPath))
        let channel = sample.dropFirst(Repository.samples.path().count).split(separator: "/")[0]
        let outcome = try Program.runTool(
            [
                Program.path("gatehouse"), "parse", "--channel", String(channel), "--region", "DE", "--time-zone",
                "Europe/Berlin", "--now", "2026-03-15T12:00:00Z",
                String(sample.dropFirst(Repository.root.path().count)),
            ],
            folder: Repository.root
        )
        #expect([0, 65].contains(outcome.status), "\(outcome.errors)")
        let got = try outcome.lines.map { try Self.canonical(JSONSerialization.jsonObject(with: Data($0.utf8))) }
        let wanted = try #require(try JSONSerialization.jsonObject(with: expected) as? [Any]).map(Self.canonical)
        #expect(got.count == wanted.count, "\(sample)")
        for (index, (got, wanted)) in zip(got, wanted).enumerated() where got != wanted {
            Issue.record(
                "message \(index + 1) of \(sample) is\n\(got)\nand not\n\(wanted)\nTests/Conformance/expected.sh"
            )
        }
    }

    @Test func `Every sample has its expected envelopes beside it`() throws {
        let files = try #require(
            FileManager.default.enumerator(at: Repository.samples, includingPropertiesForKeys: [.isRegularFileKey])
        )
        for case let file as URL in files
        where try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
            let path = file.path()
            let isPartOfAnother =
                path.hasSuffix("/gatehouse.jsonc") || path.contains("/maildir/") || path.contains("_media/")
                || path.contains("/media/")
            guard !path.hasSuffix(".expected.json"), !path.hasSuffix("README.md"), !isPartOfAnother else { continue }
            #expect(
                FileManager.default.fileExists(atPath: path + ".expected.json") || Self.hasStemmedExpectation(path),
                "\(path)"
            )
        }
    }

    private static func hasStemmedExpectation(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: URL(filePath: path).deletingPathExtension().path() + ".expected.json")
    }

    /// `x.expected.json` lies beside `x.eml`, `x.json`, `x.js`…; `x.wav` is what belongs to `x.txt`.
    private static func sample(of expected: String) -> String? {
        let stem = URL(filePath: String(expected.dropLast(".expected.json".count)))
        let folder = stem.deletingLastPathComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        let prefix = stem.lastPathComponent + "."
        return names.first { $0.hasPrefix(prefix) && !$0.hasSuffix(".expected.json") && !$0.hasSuffix(".wav") }
            .map { folder.appending(path: $0).path() }
    }

    /// The same text for equal envelopes. The rules' version changes with every table; what the rules say is compared,
    /// their name is not.
    private static func canonical(_ envelope: Any) throws -> String {
        var object = try #require(envelope as? [String: Any])
        var data = try #require(object["data"] as? [String: Any])
        var triage = data["triage"] as? [String: Any]
        triage?["rules_version"] = nil
        data["triage"] = triage
        object["data"] = data
        let bytes = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .prettyPrinted])
        return String(decoding: bytes, as: UTF8.self)
    }
}
