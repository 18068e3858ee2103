import GatehouseCore
import GatehouseTriage
import Glibc

/// False alarms on texts that hold no secret: `FOLDER` has files and folders of texts; each file counts as one, or, where it
/// is named `*.txt`, `*.csv` or `*.json`, each of its lines.
enum SecretEvaluation {
    static func run(folder: String) {
        var (texts, bytes) = (0, 0)
        var redactions: [String: Int] = [:]
        var flags: [String: Int] = [:]
        let redactor = SecretRedactor(key: nil)
        let start = Evaluate.processorTime
        var time = 0.0
        func look(_ text: [UInt8], _ name: String) {
            let text = String(decoding: text, as: UTF8.self)
            texts += 1
            bytes += text.utf8.count
            let begin = Evaluate.processorTime
            let found = redactor.found(in: text)
            time += Evaluate.processorTime - begin
            for redaction in found.redactions {
                redactions[redaction.kind, default: 0] += 1
                print("\(name): \(redaction.kind)")
            }
            for flag in found.flags { flags[flag.name, default: 0] += 1 }
        }
        var folders = [folder]
        while let next = folders.popLast() {
            for name in EvaluationFiles.names(in: next) {
                let path = "\(next)/\(name)"
                if !EvaluationFiles.names(in: path).isEmpty {
                    folders.append(path)
                    continue
                }
                let content = EvaluationFiles.read(path)
                guard [".txt", ".csv", ".json"].contains(where: { name.hasSuffix($0) }) else {
                    look(content, path)
                    continue
                }
                for (number, line) in content.split(separator: 0x0A).enumerated() {
                    look(Array(line), "\(path):\(number + 1)")
                }
            }
        }
        print("\(texts) texts, \(bytes) bytes, \(Evaluate.decimal(Evaluate.processorTime - start, 1)) s")
        if bytes > 0 { print("scan: \(Evaluate.decimal(time * 1e9 / Double(bytes), 2)) ns a byte") }
        print(
            "removed: \(redactions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
        )
        print("flagged: \(flags.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
    }
}
