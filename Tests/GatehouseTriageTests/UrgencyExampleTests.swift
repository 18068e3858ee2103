import Foundation
import GatehouseCore
import Testing

/// The project's own sentences (`Tests/Benchmarks/urgency`): what a desk must see is seen, and what it must not is not.
struct UrgencyExampleTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Benchmarks/urgency")

    private static let files: [String] = ["examples", "second"].flatMap { folder in
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path())) ?? []
        return names.sorted().map { "\(folder)/\($0)" }
    }

    @Test func `Every language of the desk has its sentences`() {
        #expect(Self.files.count == 26)
    }

    @Test(arguments: Self.files)
    func `Of a language's sentences nearly all get the level that a person gave them`(file: String) throws {
        let text = try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
        var (count, wrong) = (0, [String]())
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "\t", maxSplits: 1)
            guard fields.count == 2 else { continue }
            count += 1
            let level = assessed(String(fields[1])).urgency.level
            if max(level, .normal).rawValue != fields[0] { wrong.append("\(level): \(line)") }
        }
        #expect(count >= 20)
        #expect(wrong.count * 20 <= count, "\(file): \(wrong.joined(separator: "\n"))")
    }
}
