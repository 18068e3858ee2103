import Foundation
import GatehouseCore
import Testing

@testable import GatehouseTriage

struct UrgencyTableTests {
    private static let data = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/CTables/data").path

    @Test func `Every line of the tables is understood, and urgency.bin is what they compile to`() throws {
        let words = try #require(UrgencySources.words(in: Self.data + "/urgency"))
        let rules = try #require(UrgencySources.read(Self.data + "/urgency-rules.tsv"))
        let compiled = UrgencyCompiler(words: words, rules: rules)
        #expect(compiled.faults.isEmpty, "\(compiled.faults)")
        #expect(compiled.table == UrgencySources.read(Self.data + "/urgency.bin"), "run `make rules`")
    }

    @Test func `Every line of the topics is understood, and topics.bin is what they compile to`() throws {
        let words = try #require(UrgencySources.words(in: Self.data + "/topics"))
        let notes = try #require(UrgencySources.read(Self.data + "/topic-rules.tsv"))
        let compiled = UrgencyCompiler(words: words, notes: notes)
        #expect(compiled.faults.isEmpty, "\(compiled.faults)")
        #expect(compiled.table == UrgencySources.read(Self.data + "/topics.bin"), "run `make rules`")
        let rules = Set(TriageRules.builtIn.rules.map(\.name))
        #expect(Set(TopicTables.builtIn.rules.keys).isSubset(of: rules))
    }

    @Test(arguments: [
        "no tab", "X\t", "X\ta", "@language", "@language en\n@language en", "@language en\nX\t,",
        "@language en\nX\ta {b|c", "@language en\nX\ta b}", "@language en\nX\t{a|{b|c}}",
        "@language en\nX\t" + String(repeating: "{a|b|c|d|e|f|g|h} ", count: 5),
    ])
    func `A line that is no row of the tables is a fault`(words: String) {
        #expect(!UrgencyCompiler(words: Array(words.utf8), rules: []).faults.isEmpty)
    }

    @Test func `A phrase with choices stands for each of them`() {
        #expect(
            PhraseForms.all("my {own|} {a|b} card") == ["my own a card", "my own b card", "my  a card", "my  b card"]
        )
        #expect(PhraseForms.all("plain") == ["plain"])
        func table(_ row: String) -> [UInt8] {
            UrgencyCompiler(words: Array("@language en\n\(row)".utf8), rules: []).table
        }
        // The digest of the sources differs, and nothing else.
        let digest = 12 + UrgencyTable.Part.allCases.count * 8 + 8
        #expect(table("X\t{a|b} c").dropFirst(digest) == table("X\ta c, b c").dropFirst(digest))
    }

    @Test(arguments: [
        "a\tcritical\t80\t3", "a\tgrave\t80\t3\tX", "a\thigh\t80\t0\tX", "a\thigh\t80\t3\tY", "a\thigh\t101\t3\tX",
    ])
    func `A line that is no rule is a fault`(rule: String) {
        #expect(UrgencyCompiler(words: Array("@language en\nX\tx".utf8), rules: Array(rule.utf8)).faults == [rule])
    }

    @Test func `The compiled letters are what Unicode says of each scalar`() {
        let letters = TriageRules.builtIn.table.letters
        for value in UInt32(0x80)...0x3_2000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(Character(scalar))
            let expected = PlainLetterTable.scalars(of: text)
            let read = letters.read(text.utf8.span, 0)
            #expect([read.scalar] == expected && read.length == text.utf8.count, "U+\(String(value, radix: 16))")
        }
    }

    @Test func `Bytes that are no table are refused`() {
        for count in 0..<64 {
            let bytes = [UInt8](repeating: 0x47, count: count)
            unsafe bytes.withUnsafeBytes { #expect(unsafe UrgencyTable($0) == nil) }
        }
    }

    @Test func `The beginning and the end of a long text are read, and not what lies between`() {
        let padding = String(repeating: "We met at the station. ", count: 1000)
        let theft = "Someone stole my card. "
        #expect(assessed(theft + padding).urgency.level == .critical)
        #expect(assessed(padding + theft).urgency.level == .critical)
        #expect(assessed(padding + theft + padding).urgency.level == .normal)
    }
}
