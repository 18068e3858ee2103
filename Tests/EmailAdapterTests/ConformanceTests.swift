import Foundation
import GatehouseCore
import Testing

@testable import EmailAdapter

/// Files of other projects with what these expect of them. They lie beside the repository, where somebody has put them
/// there: `../shared/data/email`, `expected/*.jsonl` and `suites/`.
private enum SharedSuites {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/data/email").standardized

    static var areThere: Bool {
        let found = FileManager.default.fileExists(atPath: folder.path())
        if !found { print("skipped: no shared suites at \(folder.path())") }
        return found
    }

    /// The cases of a suite: the file, and what is expected of it.
    static func cases(_ name: String) throws -> [(file: String, bytes: [UInt8], expect: [String: Any])] {
        let lines = try String(contentsOf: folder.appending(path: "expected/\(name).jsonl"), encoding: .utf8)
        return try lines.split(separator: "\n").map { line in
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let file = try #require(object["file"] as? String)
            let expect = try #require(object["expect"] as? [String: Any])
            return (file, Array(try Data(contentsOf: folder.appending(path: "suites/\(file)"))), expect)
        }
    }
}

@Suite(.enabled(if: SharedSuites.areThere)) struct `Suites of other projects` {
    @Test func `The leaves of mime4j's mails are found and decoded`() throws {
        var found = 0
        var all = 0
        for (file, bytes, expect) in try SharedSuites.cases("mime4j") {
            var leaves = Leaves()
            leaves.read(bytes)
            for wanted in expect["leaf_bin"] as? [String] ?? [] {
                all += 1
                if leaves.takeBinary(wanted) {
                    found += 1
                } else {
                    print("mime4j: \(file): no part \(wanted.prefix(8))")
                }
            }
            for wanted in expect["leaf_text"] as? [String] ?? [] {
                all += 1
                if leaves.takeText(wanted) {
                    found += 1
                } else {
                    print("mime4j: \(file): no text \(wanted.prefix(60))")
                }
            }
        }
        print("mime4j leaves: \(found) of \(all)")
        #expect(found * 100 >= all * 95)
    }

    @Test func `TNEF containers give every file on their lists, byte for byte`() throws {
        for (file, bytes, expect) in try SharedSuites.cases("tnef") {
            let parsed = Samples.parse(Samples.wrapped(bytes, "application/ms-tnef"))
            // The lists call the text `body`, the files `message`.
            var names = parsed.envelope.data.attachments.map { $0.name ?? "" }
            for wanted in (expect["list"] as? [String] ?? []).map({ $0.replacing("body.", with: "message.") }) {
                let place = names.firstIndex(of: wanted)
                #expect(place != nil, "\(file) has no \(wanted)")
                if let place { names.remove(at: place) }
            }
            let contents = parsed.contents.values
            // The expected texts were stored with LF for CRLF.
            let digests = Set(contents.flatMap { [SHA256.hex(of: $0), SHA256.hex(of: withoutCarriageReturns($0))] })
            for (name, facts) in expect["files"] as? [String: [String: Any]] ?? [:] {
                #expect(digests.contains(facts["sha256"] as? String ?? ""), "\(file): \(name)")
            }
        }
    }

    private func withoutCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in bytes.indices {
            let isBeforeLineFeed = bytes[index] == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
            if !isBeforeLineFeed { result.append(bytes[index]) }
        }
        return result
    }
}

/// The parts of a mail that hold no other parts, those of attached mails too.
private struct Leaves {
    private var binaries: [String] = []
    private var texts: [String] = []

    mutating func read(_ original: [UInt8], depth: Int = 0) {
        let message = LineEnds.readable(original)
        let limits = Limits()
        let header = HeaderBlock(of: message, in: LineEnds.start(of: message)..<message.count, limits: limits)
        let tree = MIMETree(message, header: header, limits: limits)
        for part in tree.parts where part.children.isEmpty {
            let encoding = PartDescription(of: part, in: message).transferEncoding
            let bytes = TransferDecoder.decode(message, part.content, encoding: encoding).bytes
            if part.contentType.value == "message/rfc822", depth < 8 {
                read(bytes, depth: depth + 1)
                continue
            }
            binaries.append(SHA256.hex(of: bytes))
            // The suite shows its texts as if they were UTF-8, whatever their charset.
            texts.append(words(String(decoding: bytes, as: UTF8.self)))
        }
    }

    private func words(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    mutating func takeBinary(_ digest: String) -> Bool {
        guard let place = binaries.firstIndex(of: digest) else { return false }
        binaries.remove(at: place)
        return true
    }

    mutating func takeText(_ text: String) -> Bool {
        guard let place = texts.firstIndex(of: words(text)) else { return false }
        texts.remove(at: place)
        return true
    }
}
