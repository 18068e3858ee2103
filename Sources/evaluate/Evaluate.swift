import Glibc

/// How often triage is right, on sets of texts that are not part of the project: `evaluate language DATA [MODEL]`,
/// `evaluate language-speed FILE`, `evaluate triage DATA [EXAMPLES]`, `evaluate triage-speed FILE [BYTES…]`, `evaluate secrets FOLDER`.
///
/// `language`: `DATA` holds `<set>/<tag>/<kind>.txt`, a text a line; `MODEL` is a table in place of
/// the one that was built in. `triage`: `DATA` holds `banking77-train.csv` (text,
/// category), `clinc-train-val.json`, and for each the level of its intents in `banking77-urgency.json` and
/// `clinc-urgency.json`; `EXAMPLES` is `Tests/Benchmarks/urgency`. The tables go to stdout, in the form in which the READMEs cite them.
@main
enum Evaluate {
    static func main() {
        let arguments = CommandLine.arguments
        switch (arguments.dropFirst().first, arguments.count) {
        case ("language", 3...4): LanguageEvaluation.run(folder: arguments[2], model: arguments.dropFirst(3).first)
        case ("language-speed", 3): LanguageEvaluation.printSpeed(file: arguments[2])
        case ("secrets", 3): SecretEvaluation.run(folder: arguments[2])
        case ("triage", 3...4):
            UrgencyEvaluation.run(folder: arguments[2], examples: arguments.dropFirst(3).first ?? "")
        case ("triage-speed", 3): TriageSpeed.run(file: arguments[2])
        case ("triage-speed", 4...): TriageSpeed.run(file: arguments[2], sizes: arguments[3...].compactMap { Int($0) })
        default:
            fail(
                "usage: evaluate language DATA [MODEL] | language-speed FILE | triage DATA [EXAMPLES] | triage-speed FILE [BYTES…]"
                    + " | secrets FOLDER",
                64
            )
        }
    }

    static func fail(_ words: String, _ code: Int32) -> Never {
        let line = Array((words + "\n").utf8)
        _ = unsafe write(2, line, line.count)
        exit(code)
    }

    /// The processor time of this process, in seconds.
    static var processorTime: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// A number with so many decimal places.
    static func decimal(_ value: Double, _ places: Int) -> String {
        let factor = places == 1 ? 10.0 : 100
        let whole = Int((value * factor).rounded())
        let rest = String(whole % Int(factor))
        return "\(whole / Int(factor))." + String(repeating: "0", count: places - rest.count) + rest
    }
}
