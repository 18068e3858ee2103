import GatehouseTriage
import Glibc

/// Makes the table of urgency of what people write: `compile-rules DATA`.
///
/// The folder `DATA` (`Sources/CTables/data`) holds `urgency/<language>.tsv` and `urgency-rules.tsv`; `urgency.bin` is
/// written beside them. The same sources give the same bytes; lines that can't be read are named, and nothing is written.
@main
enum CompileRules {
    static func main() {
        guard CommandLine.arguments.count == 2 else { fail("usage: compile-rules DATA", 64) }
        let folder = CommandLine.arguments[1]
        guard let words = UrgencySources.words(in: folder + "/urgency"),
            let rules = UrgencySources.read(folder + "/urgency-rules.tsv")
        else { fail("cannot read the tables in \(folder)", 66) }
        let compiled = UrgencyCompiler(words: words, rules: rules)
        guard compiled.faults.isEmpty else {
            fail("cannot understand:\n" + compiled.faults.joined(separator: "\n"), 65)
        }
        guard let file = unsafe fopen(folder + "/urgency.bin", "wb") else { fail("cannot write in \(folder)", 73) }
        let count = unsafe fwrite(compiled.table, 1, compiled.table.count, file)
        guard unsafe fclose(file) == 0, count == compiled.table.count else { fail("cannot write in \(folder)", 73) }
    }

    private static func fail(_ words: String, _ code: Int32) -> Never {
        let line = Array((words + "\n").utf8)
        _ = unsafe write(2, line, line.count)
        exit(code)
    }
}
