import FuzzDriver
import Glibc

/// Reads `GATEHOUSE_FUZZ_TARGET`, for libFuzzer's own words on the command line leave no room for one of ours.
private let target: FuzzTarget = {
    let name = unsafe getenv("GATEHOUSE_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let found = FuzzTarget.all.first(where: { $0.name == name }) else {
        let names = FuzzTarget.all.map(\.name).joined(separator: " ")
        print("GATEHOUSE_FUZZ_TARGET is '\(name)': one of: \(names)")
        exit(64)
    }
    return found
}()

/// libFuzzer calls this by its name.
///
/// - Returns: 0, which tells libFuzzer to keep the input where it reached something new.
@_cdecl("LLVMFuzzerTestOneInput")
func readOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let begin = processorSeconds()
    target.read(bytes)
    Promise.isKept(
        !target.hasTimeLimit
            || processorSeconds() - begin <= Promise.secondsPerStep * Double(1 + count / Promise.step),
        "\(count) bytes took \(processorSeconds() - begin) s"
    )
    return 0
}

/// Of this process: what else the machine does is not counted.
private func processorSeconds() -> Double {
    var now = timespec()
    _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}
