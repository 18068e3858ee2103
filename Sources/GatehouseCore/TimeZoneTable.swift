/// A time zone's history and rules, from a TZif file (RFC 8536) of the system's tz database.
package struct TimeZoneTable: Sendable {
    /// The IANA name, `Europe/Berlin`.
    package let name: String
    /// Seconds since 1970 at which the offset changes, ascending.
    private let transitions: [Int64]
    /// Seconds ahead of UTC from the transition with the same index on.
    private let offsets: [Int]
    private let firstOffset: Int
    /// What holds after the last transition.
    private let rule: PosixTimeZone?

    package static let systemDirectory = "/usr/share/zoneinfo"

    /// - Returns: nil for a name that is none, and where the system has no tz database.
    package init?(name: String, directory: String = systemDirectory) {
        guard Self.isName(name), let bytes = Self.file(directory + "/" + name) else { return nil }
        self.init(name: name, tzif: bytes)
    }

    /// Reads version 1 to 4 of the format; of later versions the 64-bit data block and the footer.
    package init?(name: String, tzif bytes: [UInt8]) {
        var cursor = TZifCursor(bytes: bytes)
        guard var header = cursor.header() else { return nil }
        var timeSize = 4
        if header.version >= UInt8(ascii: "2") {
            cursor.skip(header.blockSize(timeSize: 4))
            guard let second = cursor.header() else { return nil }
            header = second
            timeSize = 8
        }
        guard header.blockSize(timeSize: timeSize) <= bytes.count, header.typeCount > 0 else { return nil }
        var transitions: [Int64] = []
        for _ in 0..<header.timeCount { transitions.append(cursor.integer(timeSize)) }
        var kinds: [Int] = []
        for _ in 0..<header.timeCount { kinds.append(Int(cursor.integer(1)) & 0xFF) }
        var types: [Int] = []
        for _ in 0..<header.typeCount {
            types.append(Int(cursor.integer(4)))
            cursor.skip(2)
        }
        cursor.skip(header.bytesAfterTypes(timeSize: timeSize))
        guard !cursor.isPastEnd, kinds.allSatisfy({ $0 < types.count }) else { return nil }
        // RFC 8536 §3.2: within ±26 hours; a file that says otherwise is not trusted.
        guard types.allSatisfy({ abs($0) <= 93_600 }), zip(transitions, transitions.dropFirst()).allSatisfy(<) else {
            return nil
        }
        self.name = name
        self.transitions = transitions
        offsets = kinds.map { types[$0] }
        firstOffset = types[0]
        rule = timeSize == 8 ? PosixTimeZone(cursor.footer()) : nil
    }

    /// Seconds ahead of UTC at a moment.
    package func offset(at moment: Timestamp) -> Int {
        let seconds = moment.seconds
        guard let last = transitions.last, seconds < last else {
            return rule?.offset(at: seconds) ?? offsets.last ?? firstOffset
        }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : offsets[low - 1]
    }

    /// The moment at which clocks show `local`.
    ///
    /// Of a time that comes twice this is the first; one that is skipped counts on with the offset before the gap.
    package func timestamp(of local: CivilTime) -> Timestamp {
        let asUTC = local.timestamp()
        let before = offset(at: Timestamp(milliseconds: asUTC.milliseconds - 86_400_000))
        let after = offset(at: Timestamp(milliseconds: asUTC.milliseconds + 86_400_000))
        let first = local.timestamp(offsetSeconds: before)
        if before == after || offset(at: first) == before { return first }
        let second = local.timestamp(offsetSeconds: after)
        return offset(at: second) == after ? second : first
    }

    /// A small file of the tz database; nil where there is none, and beyond 1 MiB.
    private static func file(_ path: String) -> [UInt8]? {
        guard let reader = try? ByteReader(path: path) else { return nil }
        var bytes: [UInt8] = []
        while bytes.count <= 1 << 20 {
            guard let count = try? reader.read(upTo: 8192, into: &bytes) else { return nil }
            if count == 0 { return bytes }
        }
        return nil
    }

    /// Letters, digits, `_`, `+`, `-` in parts between slashes; no `..`, no leading slash: it becomes a path.
    package static func isName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count) else { return false }
        return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            part.first.map { (65...90).contains($0 & 0xDF) } == true
                && part.allSatisfy {
                    (48...57).contains($0) || (65...90).contains($0 & 0xDF) || "_+-".utf8.contains($0)
                }
        }
    }
}

extension TimeZoneTable {
    /// The zone of a region whose clocks all show the same, as `zone.tab` of the tz database has it.
    ///
    /// - Parameters:
    ///   - region: ISO 3166, two letters.
    ///   - moment: When; half a year later is looked at too.
    /// - Returns: nil for a region with several times, and for one that is not listed.
    package static func sole(region: String, at moment: Timestamp) -> TimeZoneTable? {
        let region = region.uppercased()
        if let names = legalTime[region] { return names.lazy.compactMap { TimeZoneTable(name: $0) }.first }
        var sole: TimeZoneTable?
        let halfYear = Timestamp(milliseconds: moment.milliseconds &+ 182 * 86_400_000)
        for name in namesByRegion[region] ?? [] {
            guard let zone = TimeZoneTable(name: name) else { return nil }
            guard let known = sole else {
                sole = zone
                continue
            }
            for time in [moment, halfYear] where known.offset(at: time) != zone.offset(at: time) { return nil }
        }
        return sole
    }

    /// Regions with one time by law, of which the tz database knows another that parts of the people keep.
    private static let legalTime = ["CN": ["Asia/Shanghai"], "UA": ["Europe/Kyiv", "Europe/Kiev"]]

    /// `zone.tab`, read on first use: region, coordinates, name, separated by tabs.
    private static let namesByRegion: [String: [String]] = {
        guard let bytes = file(systemDirectory + "/zone.tab") else { return [:] }
        var names: [String: [String]] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
            let columns = line.split(separator: UInt8(ascii: "\t"))
            guard columns.count >= 3 else { continue }
            names[String(decoding: columns[0], as: UTF8.self), default: []].append(
                String(decoding: columns[2], as: UTF8.self)
            )
        }
        return names
    }()
}

/// Big-endian numbers of a TZif file; past the end it yields zeros and says so.
private struct TZifCursor {
    struct Header {
        let version: UInt8
        /// In the file's order: UT/local, standard/wall, leap, time, type, character counts.
        let counts: [Int]

        var timeCount: Int { counts[3] }
        var typeCount: Int { counts[4] }

        func bytesAfterTypes(timeSize: Int) -> Int { counts[5] + counts[2] * (timeSize + 4) + counts[1] + counts[0] }
        func blockSize(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + bytesAfterTypes(timeSize: timeSize)
        }
    }

    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isPastEnd: Bool { position > bytes.count }

    mutating func skip(_ count: Int) { position += count }

    mutating func integer(_ size: Int) -> Int64 {
        var value: Int64 = 0
        for index in position..<position + size {
            value = value << 8 | Int64(index < bytes.count ? bytes[index] : 0)
        }
        position += size
        let unused = Int64(64 - size * 8)
        return (value << unused) >> unused
    }

    /// `TZif`, a version, 15 unused bytes, six counts.
    mutating func header() -> Header? {
        guard position + 44 <= bytes.count, bytes[position...].starts(with: Array("TZif".utf8)) else { return nil }
        let version = bytes[position + 4]
        position += 20
        var counts: [Int] = []
        for _ in 0..<6 {
            let count = Int(integer(4))
            guard (0...bytes.count).contains(count) else { return nil }
            counts.append(count)
        }
        return Header(version: version, counts: counts)
    }

    /// The text between two line feeds at the end.
    mutating func footer() -> [UInt8] {
        guard position < bytes.count, bytes[position] == 0x0A else { return [] }
        return Array(bytes[(position + 1)...].prefix { $0 != 0x0A })
    }
}
