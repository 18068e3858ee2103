import Foundation
import Testing

/// Secrets that customers send: not one of them may be found on disk, in a log or in a ticket.
struct SecretTests {
    @Test(arguments: 0..<SecretChannel.all.count)
    func `No secret of any kind reaches the disk, a log or a ticket`(number: Int) throws {
        try plant(PlantedSecrets.proven, by: SecretChannel.all[number], masked: false)
    }

    @Test(arguments: 0..<SecretChannel.all.count)
    func `Where it is configured, no secret that only words give away reaches them`(number: Int) throws {
        try plant(PlantedSecrets.probable, by: SecretChannel.all[number], masked: true)
    }

    @Test(arguments: PlantedSecrets.proven + PlantedSecrets.probable)
    func `The search finds what it is to find, however it is wrapped`(planted: PlantedSecrets.Planted) {
        let text = Data("xx \(planted.secret) yy".utf8)
        let wrapped: [Data] = [
            text, text.base64EncodedData(), (Data("?".utf8) + text).base64EncodedData(options: .lineLength76Characters),
            Data(SecretMail.quotedPrintable(String(decoding: text, as: UTF8.self)).utf8),
            String(decoding: text, as: UTF8.self).data(using: .utf16LittleEndian)!,
            String(decoding: text, as: UTF8.self).data(using: .utf16BigEndian)!, SecretMail.zip("a.txt", text),
            SecretMail.zip("a.txt", text).base64EncodedData(),
            SecretMail.json(["a": String(decoding: text, as: UTF8.self)]),
        ]
        for (number, data) in wrapped.enumerated() {
            #expect(
                SecretSearch(Data("before ".utf8) + data + Data(" after".utf8)).found(among: [planted.secret]).count
                    == 1,
                "\(number)"
            )
        }
        #expect(SecretSearch(Data("nothing here but words".utf8)).found(among: [planted.secret]).isEmpty)
    }

    private func plant(_ planted: [PlantedSecrets.Planted], by channel: SecretChannel, masked: Bool) throws {
        let planted = planted.filter { channel.takesLines || !$0.hasLines }
        let sink = try RecordingSink()
        let desk = try Desk()
        try desk.configure(target: sink.url + "/tickets", masksProbableSecrets: masked)
        var log = ""
        // Short mails, so that no secret stands in another's neighbourhood by chance alone.
        let groups = stride(from: 0, to: planted.count, by: channel.most).map { start in
            planted[start..<min(planted.count, start + channel.most)].map(\.sentence)
        }
        for group in groups {
            let outcome = try Program.run(
                "gatehouse",
                ["ingest", "-", "--config", desk.configuration.path()] + channel.words,
                input: channel.make(group)
            )
            #expect([0, 65].contains(outcome.status), "\(channel.name): \(outcome.errors)")
            log += outcome.output + outcome.errors
        }
        for _ in 0..<60 {
            let forwarded = try desk.gatehouse("forward", "--linger", "2", "--verbose")
            log += forwarded.output + forwarded.errors
            if try desk.outbox("ready") == 0 { break }
        }
        let listed = try desk.gatehouse("list")
        log += listed.output + listed.errors
        let kept =
            try Self.contents(of: desk.state) + [("the log", Data(log.utf8))]
            + Self.contents(of: sink.folder).map { ("the ticket system's \($0.0)", $0.1) }
        for (name, data) in kept {
            let found = SecretSearch(data).found(among: planted.map(\.secret))
            #expect(found.isEmpty, "\(channel.name): \(name)")
        }
        // What is cut out must be told: without this an input that was refused would prove nothing.
        if channel.name != "broken" {
            let bodies = try sink.entries().map { "\($0.body)" }.joined()
            for kind in Set(planted.map(\.kind)) {
                #expect(bodies.contains(kind), "\(channel.name): no word of \(kind)")
            }
        }
    }

    /// Every file below a folder.
    private static func contents(of folder: URL) throws -> [(String, Data)] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
        #expect(!names.isEmpty)
        return try names.compactMap { name in
            let file = folder.appending(path: name)
            let isFolder = try file.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false
            return isFolder ? nil : (name, try Data(contentsOf: file))
        }
    }
}
