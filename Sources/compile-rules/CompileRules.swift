import GatehouseTriage
import Glibc

/// Makes the tables of urgency and topics of what people write: `compile-rules DATA`.
///
/// The folder `DATA` (`Sources/CTables/data`) holds `urgency/<language>.tsv`, `urgency-rules.tsv`, `topics/<language>.tsv` and
/// `topic-rules.tsv`; `urgency.bin` and `topics.bin` are written beside them. The same sources give the same bytes; lines that can't be read are named, and nothing is written.
@main
enum CompileRules {
    static func main() {
        guard CommandLine.arguments.count == 2 else { fail("usage: compile-rules DATA", 64) }
        let folder = CommandLine.arguments[1]
        guard let words = UrgencySources.words(in: folder + "/urgency"),
            let rules = UrgencySources.read(folder + "/urgency-rules.tsv"),
            let topics = UrgencySources.words(in: folder + "/topics"),
            let topicRules = UrgencySources.read(folder + "/topic-rules.tsv")
        else { fail("cannot read the tables in \(folder)", 66) }
        let compiled = [
            ("urgency.bin", UrgencyCompiler(words: words, rules: rules)),
            ("topics.bin", UrgencyCompiler(words: topics, notes: topicRules)),
        ]
        let faults = compiled.flatMap(\.1.faults)
        guard faults.isEmpty else { fail("cannot understand:\n" + faults.joined(separator: "\n"), 65) }
        for (name, compiler) in compiled { write(compiler.table, to: folder + "/" + name) }
    }

    private static func write(_ bytes: [UInt8], to path: String) {
        guard let file = unsafe fopen(path, "wb") else { fail("cannot write \(path)", 73) }
        let count = unsafe fwrite(bytes, 1, bytes.count, file)
        guard unsafe fclose(file) == 0, count == bytes.count else { fail("cannot write \(path)", 73) }
    }

    private static func fail(_ words: String, _ code: Int32) -> Never {
        let line = Array((words + "\n").utf8)
        _ = unsafe Glibc.write(2, line, line.count)
        exit(code)
    }
}
