import Foundation
import Testing

@testable import GatehouseCore

/// Zips made by hand, so that each field can be wrong. Entries are stored; samples hold deflated ones.
struct ZipMaker {
    struct File {
        var name: [UInt8]
        var content: [UInt8]
        var method = 0
        var flags = 0
        /// What the directory declares, where that is not the truth.
        var declaredSize: Int?
        var checksum: UInt32?
        var usesZip64 = false

        init(_ name: String, _ content: String) {
            self.name = Array(name.utf8)
            self.content = Array(content.utf8)
        }
    }

    static func zip(_ files: [File], prefix: [UInt8] = [], comment: [UInt8] = []) -> [UInt8] {
        var bytes = prefix
        var directory: [UInt8] = []
        for file in files {
            let offset = bytes.count - prefix.count
            let sum = file.checksum ?? checksum(file.content)
            let size = file.declaredSize ?? file.content.count
            // Sizes before the data are zero, as where they stand behind it: nobody may trust them.
            bytes += u32(0x0403_4B50) + u16(20) + u16(file.flags | 8) + u16(file.method) + u32(0)
            bytes += u32(0) + u32(0) + u32(0) + u16(file.name.count) + u16(4) + file.name + [1, 2, 0, 0]
            bytes += file.content + u32(0x0807_4B50) + u32(Int(sum)) + u32(file.content.count) + u32(size)
            let extra = file.usesZip64 ? u16(1) + u16(16) + u64(size) + u64(file.content.count) : []
            let limit = 0xFFFF_FFFF
            directory += u32(0x0201_4B50) + u16(20) + u16(20) + u16(file.flags) + u16(file.method) + u32(0)
            directory += u32(Int(sum)) + u32(file.usesZip64 ? limit : file.content.count)
            directory += u32(file.usesZip64 ? limit : size) + u16(file.name.count) + u16(extra.count) + u16(0)
            directory += u16(0) + u16(0) + u32(0) + u32(offset) + file.name + extra
        }
        let start = bytes.count - prefix.count
        bytes += directory
        bytes += u32(0x0605_4B50) + u16(0) + u16(0) + u16(files.count) + u16(files.count) + u32(directory.count)
        return bytes + u32(start) + u16(comment.count) + comment
    }

    static func u16(_ value: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    static func u32(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    static func u64(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = .max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~sum
    }
}

@Suite struct ZipArchiveTests {
    private static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Samples/social_dm").standardizedFileURL

    private func archive(_ bytes: [UInt8], limits: Limits = Limits()) throws -> ZipArchive {
        try ZipArchive(bytes: bytes, name: "x.zip", limits: limits)
    }

    private func content(_ file: ZipMaker.File, limits: Limits = Limits()) throws -> [UInt8]? {
        let archive = try archive(ZipMaker.zip([file]), limits: limits)
        return try archive.content(of: archive.entries[0], limit: 1 << 30)
    }

    /// What reading the only entry throws.
    private func failure(_ change: (inout ZipMaker.File) -> Void, limits: Limits = Limits()) -> ZipError? {
        var file = ZipMaker.File("a.json", "{\"a\": 1}")
        change(&file)
        do {
            _ = try content(file, limits: limits)
            return nil
        } catch {
            return error as? ZipError
        }
    }

    @Test func `Entries are found by the central directory and proved by their checksum`() throws {
        let files = [ZipMaker.File("a/b.json", "{}"), ZipMaker.File("c.txt", "hello"), ZipMaker.File("d/", "")]
        let archive = try archive(ZipMaker.zip(files))
        #expect(archive.entries.map(\.name) == ["a/b.json", "c.txt", "d/"])
        #expect(archive.entries[2].isFolder)
        let entry = try #require(archive.entry(named: "c.txt"))
        #expect(try archive.content(of: entry, limit: 5) == Array("hello".utf8))
        #expect(try archive.content(of: entry, limit: 4) == nil)
        #expect(archive.entry(named: "d/") == nil)
    }

    @Test func `Deflated entries whose sizes stand behind the data are read`() throws {
        for name in ["whatsapp-ios-download.zip", "slack-download.zip"] {
            let archive = try ZipArchive(path: Self.samples.appendingPathComponent(name).path)
            for entry in archive.entries {
                let content = try archive.content(of: entry, limit: 1 << 20)
                #expect(content?.count == entry.size)
            }
            #expect(archive.entries.contains { $0.method == 8 })
        }
    }

    @Test func `What stands before the archive, a comment behind it and zip64 fields do not matter`() throws {
        var file = ZipMaker.File("a.json", "{}")
        file.usesZip64 = true
        let comment = Array("PK\u{5}\u{6} is how an end starts, and this is none".utf8)
        let archive = try archive(ZipMaker.zip([file], prefix: Array("#!/bin/sh\n".utf8), comment: comment))
        #expect(try archive.content(of: archive.entries[0], limit: 9) == Array("{}".utf8))
    }

    @Test func `Names are UTF-8 or of the old code page, with slashes`() throws {
        var file = ZipMaker.File("", "x")
        func name(_ bytes: [UInt8]) throws -> String {
            file.name = bytes
            return try archive(ZipMaker.zip([file])).entries[0].name
        }
        #expect(try name(Array("チャネル/2026.json".utf8)) == "チャネル/2026.json")
        #expect(try name([0x81, 0x2E, 0x74]) == "ü.t")
        #expect(try name(Array("a\\b.json".utf8)) == "a/b.json")
    }

    @Test func `What can't be read is refused by a word of its own`() {
        #expect(failure { $0.flags = 1 } == .encrypted)
        #expect(failure { $0.method = 9 } == .method(9))
        #expect(failure { $0.checksum = 1 }?.word == "zip_damaged")
        #expect(failure { $0.declaredSize = 3 }?.word == "zip_damaged")
        #expect(failure { $0.declaredSize = 300 }?.word == "zip_damaged")
        #expect(failure { $0.method = 8 }?.word == "zip_damaged")
        #expect(failure { $0.declaredSize = 1 << 30 }?.word == "zip_bomb")
        for error in [ZipError.encrypted, .method(9), .truncated, .split, .bomb("x"), .damaged("x")] {
            #expect(!error.words.isEmpty)
        }
    }

    @Test func `All entries together are bounded, also where one is read again and again`() throws {
        var limits = Limits()
        limits.zipBytes = 100
        let archive = try archive(ZipMaker.zip([ZipMaker.File("a", String(repeating: "x", count: 40))]), limits: limits)
        for _ in 0..<2 { _ = try archive.content(of: archive.entries[0], limit: 1000) }
        #expect(throws: ZipError.self) { try archive.content(of: archive.entries[0], limit: 1000) }
    }

    @Test func `A zip that is cut gives the entries before the cut, and changed bytes never trap`() throws {
        let file = Self.samples.appendingPathComponent("slack-download.zip")
        let whole = [UInt8](try Data(contentsOf: file))
        let entries = try archive(whole).entries
        for length in stride(from: 0, to: whole.count - 22, by: 7) {
            guard let cut = try? archive(Array(whole.prefix(length))) else {
                #expect(length < 200, "cut at \(length)")
                continue
            }
            #expect(cut.isCut)
            #expect(cut.entries.map(\.name) == entries.prefix(cut.entries.count).map(\.name))
            for entry in cut.entries.dropLast() {
                #expect(try cut.content(of: entry, limit: 1 << 20)?.count == entry.size)
            }
        }
        var seed: UInt64 = 42
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        for round in 0..<2000 {
            var changed = whole
            for _ in 0...random(4) {
                // Half of them in the directory, where the structure is.
                let place = round % 2 == 0 ? random(changed.count) : changed.count - 1 - random(250)
                changed[place] = [0, 0xFF, 0x7F, 0x80, UInt8(random(256))][random(5)]
            }
            guard let archive = try? archive(changed) else { continue }
            for entry in archive.entries { _ = try? archive.content(of: entry, limit: 1 << 20) }
        }
    }
}
