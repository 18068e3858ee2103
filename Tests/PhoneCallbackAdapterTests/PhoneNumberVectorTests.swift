import Foundation
import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

/// Numbers of every region, against the answers of libphonenumber where its files are at hand.
struct PhoneNumberVectorTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/channels/phone-e164")

    @Test func `Example numbers of all regions are read as libphonenumber reads them`() throws {
        guard let text = try? String(contentsOf: Self.folder.appending(path: "share_vectors.tsv"), encoding: .utf8) else {
            print("skipped: no phone-e164/share_vectors.tsv beside the project")
            return
        }
        var count = 0
        for line in text.split(separator: "\n").dropFirst() {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let reading = PhoneNumberTable.world.read(columns[0], defaultRegion: columns[1])
            let shouldBeValid = columns[5] == "1"
            #expect((reading.status == .valid) == shouldBeValid, "\(columns[0]) in \(columns[1]): \(reading)")
            if shouldBeValid { #expect(reading.e164 == columns[2], "\(columns[0]) in \(columns[1]): \(reading)") }
            count += 1
        }
        #expect(count > 1000)
    }
    @Test func `Edge`() throws {
        guard let text = try? String(contentsOf: Self.folder.appending(path: "vectors_edge.tsv"), encoding: .utf8) else { return }
        for line in text.split(separator: "\n").dropFirst() {
            let c = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let raw = (try? JSONDecoder().decode(String.self, from: Data(c[0].utf8))) ?? c[0]
            let r = PhoneNumberTable.world.read(raw, defaultRegion: c[1].isEmpty ? nil : c[1])
            let same = r.e164 == c[2] && (r.status == .valid) == (c[6] == "1")
            print(same ? "  " : "!!", c, r.e164 ?? "-", r.status, r.extension ?? "-", r.region ?? "-", r.hasOtherText)
        }
    }
}
