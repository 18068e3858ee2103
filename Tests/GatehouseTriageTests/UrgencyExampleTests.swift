import Foundation
import GatehouseCore
import Testing

/// The project's own sentences (`Tests/Benchmarks/urgency`): what a desk must see is seen, and what it must not is not.
struct UrgencyExampleTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Benchmarks/urgency")

    private static let files = names(in: ["examples", "second"])
    private static let laterFiles = names(in: ["third", "fourth", "fifth", "sixth", "seventh"])

    private static func names(in folders: [String]) -> [String] {
        folders.flatMap { folder in
            let path = root.appending(path: folder).path()
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return names.filter { $0.hasSuffix(".tsv") }.sorted().map { "\(folder)/\($0)" }
        }
    }

    @Test func `Every language of the desk has its sentences`() {
        #expect(Self.files.count == 26)
        #expect(Self.laterFiles.count == 69)
    }

    @Test(arguments: Self.files)
    func `Of a language's sentences nearly all get the level that a person gave them`(file: String) throws {
        let (count, wrong) = try mistakes(in: file)
        #expect(count >= 20)
        #expect(wrong.count * 20 <= count, "\(file): \(wrong.joined(separator: "\n"))")
    }

    /// How many were right before anything was changed for them: deploy/docs/triage.md.
    @Test(arguments: Self.laterFiles)
    func `Of the later and harder ones few are missed`(file: String) throws {
        let (count, wrong) = try mistakes(in: file)
        #expect(count >= 14)
        #expect(wrong.count * 4 <= count, "\(file): \(wrong.joined(separator: "\n"))")
    }

    private func mistakes(in file: String) throws -> (count: Int, wrong: [String]) {
        let text = try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
        var (count, wrong) = (0, [String]())
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 1)
            guard fields.count == 2 else { continue }
            count += 1
            let level = assessed(String(fields[1])).urgency.level
            let expected = UrgencyLevel(rawValue: String(fields[0])) ?? .normal
            if max(level, .normal) != max(expected, .normal) { wrong.append("\(level): \(line)") }
        }
        return (count, wrong)
    }
}
