import EmailAdapter
import GatehouseCore
import Glibc

/// Reads every prefix of each FILE, and each with each of its bytes made each of the 255 others: `mutations FILE…`.
///
/// Without a sanitizer and as fast as the program for use, so that all of it can be read in a sitting. A trap ends the
/// process; what was read then stands in the last line of standard error.
@main
enum Mutations {
    static func main() {
        var all = 0
        for file in CommandLine.arguments.dropFirst() {
            guard let bytes = contents(of: file) else {
                print("\(file): can't be read")
                exit(66)
            }
            let (prefixes, changes) = (readPrefixes(bytes, file), readChanges(bytes, file))
            all += prefixes + changes
            print("\(file): \(prefixes) prefixes, \(changes) changes of one byte")
        }
        print("\(all) inputs, each became what it promises")
    }

    private static func readPrefixes(_ bytes: [UInt8], _ file: String) -> Int {
        for length in 0...bytes.count {
            if length % 256 == 0 { note("\(file): prefixes from \(length)") }
            read(Array(bytes[..<length]), isMbox: isMbox(bytes))
        }
        return bytes.count + 1
    }

    private static func readChanges(_ bytes: [UInt8], _ file: String) -> Int {
        var changed = bytes
        for index in bytes.indices {
            note("\(file): changes at \(index)")
            for byte in UInt8.min...UInt8.max where byte != bytes[index] {
                changed[index] = byte
                read(changed, isMbox: isMbox(bytes))
            }
            changed[index] = bytes[index]
        }
        return 255 * bytes.count
    }

    private static func isMbox(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "From ".utf8) }

    /// An input that has bytes becomes an envelope, or more in an mbox, and nothing of it is rejected.
    private static func read(_ bytes: [UInt8], isMbox: Bool) {
        let context = IntakeContext(source: "/email/mutations", account: nil)
        let input = AdapterInput(
            bytes: ByteReader(bytes: bytes, name: "mutation"),
            position: "mutation",
            context: context
        )
        var messages = 0
        var kept = 0
        do {
            try EmailAdapter().parse(input, format: isMbox ? "mbox" : "rfc5322") { item in
                guard case .message(let held) = item else {
                    if !bytes.isEmpty { fail("no envelope") }
                    return
                }
                messages += 1
                kept += held.message.raw.count
                // As the program prints it.
                if EnvelopeEncoder.encode(held.message.envelope).isEmpty { fail("no JSON") }
            }
        } catch {
            fail("\(error)")
        }
        guard !bytes.isEmpty else { return }
        let isRight = isMbox ? messages > 0 : messages == 1 && kept == bytes.count
        if !isRight { fail("\(messages) envelopes with \(kept) bytes") }
    }

    /// One line, written over by the next.
    private static func note(_ words: String) {
        guard isatty(2) == 0 else { return }
        _ = ftruncate(2, 0)
        _ = lseek(2, 0, SEEK_SET)
        write(words)
    }

    private static func write(_ words: String) {
        let line = Array("\(words)\n".utf8)
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
    }

    private static func fail(_ words: String) {
        write("broken promise: \(words)")
        exit(1)
    }

    private static func contents(of file: String) -> [UInt8]? {
        guard let stream = unsafe fopen(file, "r") else { return nil }
        defer { unsafe fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = unsafe fread(&chunk, 1, chunk.count, stream)
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
        }
    }
}
