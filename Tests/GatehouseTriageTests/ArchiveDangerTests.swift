import GatehouseCore
import Testing

@testable import GatehouseTriage

/// A zip of stored entries, each of which may declare another size than it has.
private func zip(_ entries: [(name: String, content: [UInt8], declared: Int?)]) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    func checksum(_ bytes: [UInt8]) -> Int {
        var sum: UInt32 = ~0
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return Int(~sum)
    }
    var (body, directory): ([UInt8], [UInt8]) = ([], [])
    for entry in entries {
        let name = Array(entry.name.utf8)
        let sizes =
            number(checksum(entry.content), 4) + number(entry.content.count, 4)
            + number(entry.declared ?? entry.content.count, 4)
        let method = number(entry.declared == nil ? 0 : 8, 2)
        directory += [0x50, 0x4B, 1, 2, 20, 0, 20, 0, 0, 0] + method + number(0, 4) + sizes + number(name.count, 2)
        directory += number(0, 12) + number(body.count, 4) + name
        body +=
            [0x50, 0x4B, 3, 4, 20, 0, 0, 0] + method + number(0, 4) + sizes + number(name.count, 2) + number(0, 2)
            + name
        body += entry.content
    }
    let ends = number(entries.count, 2) + number(entries.count, 2) + number(directory.count, 4) + number(body.count, 4)
    return body + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + ends + [0, 0]
}

private func reasons(_ name: String, _ content: [UInt8]) -> [String] {
    var file = AttachmentInfo(status: .stored)
    file.name = name
    return AttachmentDangers.find([file], [0: content]).compactMap(\.reason)
}

@Suite struct ArchiveDangerTests {
    private let bomb = zip([("a.txt", Array(repeating: 0x30, count: 64), 1 << 30)])

    @Test func `A zip that unpacks to a thousand times its size is a bomb, also in another zip`() {
        #expect(reasons("a.zip", bomb) == ["a.zip: unpacks to 1024 MiB from 0 KiB"])
        let outer = zip([("inner.zip", bomb, nil), ("note.txt", Array("hello".utf8), nil)])
        #expect(reasons("b.zip", outer).map { $0.contains("unpacks to 1024 MiB") } == [true])
        #expect(reasons("c.zip", zip([("x/outer.zip", outer, nil)])).count == 1)
    }

    @Test func `A program in an archive in an archive is named`() {
        let inner = zip([("setup.exe", Array("MZ".utf8), nil)])
        #expect(
            reasons("all.zip", zip([("photos.zip", inner, nil)])) == ["all.zip: a program in the archive (setup.exe)"]
        )
    }

    @Test func `An archive of papers is harmless, and so is one that is cut`() {
        let papers = zip([("a.pdf", Array("%PDF-1.4".utf8), nil), ("b/c.zip", zip([("d.txt", [0x61], nil)]), nil)])
        #expect(reasons("papers.zip", papers) == [])
        #expect(reasons("cut.zip", Array(papers.dropLast(10))) == [])
    }

    @Test(arguments: [
        ("a.html", "<p>hi</p><SCRIPT>x</SCRIPT>", 1), ("a.svg", "<svg><script>x</script></svg>", 1),
        ("a.html", "<p>hello there</p>", 0), ("a.txt", "<script>in a text</script>", 0),
    ])
    func `A web page with a script is flagged`(name: String, content: String, count: Int) {
        #expect(reasons(name, Array(content.utf8)).count == count)
    }
}
