import Foundation
import GatehouseCore
import Testing

struct TimeZoneTableTests {
    /// Zones with rules of every kind: north, south, half hours, no summer time, negative summer time, changes at odd hours.
    private static let names = [
        "UTC", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Apia", "America/St_Johns", "Asia/Tokyo", "Antarctica/Troll",
        "Asia/Gaza",
        "America/Nuuk", "Pacific/Chatham", "Etc/GMT-2", "Africa/Cairo",
    ]

    @Test(arguments: names)
    func `Offsets agree with the system's own reading of the same file`(name: String) throws {
        guard let zone = TimeZoneTable(name: name), let system = TimeZone(identifier: name) else {
            return print("skipped: no tz database")
        }
        for step in 0..<4000 {
            let seconds = Int64(step) * 597_001 + 86_400 * 365
            let expected = system.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
            #expect(zone.offset(at: Timestamp(seconds: seconds)) == expected, "\(name) at \(seconds)")
        }
    }

    @Test(arguments: [
        (1, 15, 12, 0, "2026-01-15T11:00:00Z"), (7, 15, 12, 0, "2026-07-15T10:00:00Z"),
        // 2026-03-29 02:30 doesn't exist, 2026-10-25 02:30 comes twice.
        (3, 29, 2, 30, "2026-03-29T01:30:00Z"), (10, 25, 2, 30, "2026-10-25T00:30:00Z"),
        (10, 25, 3, 0, "2026-10-25T02:00:00Z"),
    ])
    func `A local time becomes a moment, in gaps and overlaps too`(
        month: Int,
        day: Int,
        hour: Int,
        minute: Int,
        utc: String
    ) {
        guard let zone = TimeZoneTable(name: "Europe/Berlin") else { return print("skipped: no tz database") }
        let local = CivilTime(year: 2026, month: month, day: day, hour: hour, minute: minute)
        #expect(zone.timestamp(of: local).rfc3339 == utc)
    }

    @Test(arguments: [
        "", "..", "../passwd", "/etc/passwd", "Europe/../../x", "Europe//Berlin", "Europe/Berlin/", "a\0b", "zone.tab",
        "Europe/Nowhere",
    ])
    func `A name that is no zone opens no file`(name: String) {
        #expect(TimeZoneTable(name: name) == nil)
    }

    @Test func `Every prefix of a file and any changed byte is survived`() throws {
        guard let file = try? Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Europe/Berlin")) else {
            return print("skipped: no tz database")
        }
        let bytes = Array(file)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            _ = TimeZoneTable(name: "X", tzif: Array(bytes.prefix(length)))
        }
        for index in stride(from: 0, to: bytes.count, by: 5) {
            for byte: UInt8 in [0, 0x7F, 0xFF, 0x39] {
                var changed = bytes
                changed[index] = byte
                let zone = TimeZoneTable(name: "X", tzif: changed)
                _ = zone?.offset(at: Timestamp(seconds: 1_800_000_000))
            }
        }
    }

    @Test(
        arguments: [("JP", "Asia/Tokyo"), ("CN", "Asia/Shanghai"), ("US", nil), ("XX", nil), ("", nil)]
            as [(String, String?)]
    )
    func `A region has a zone where all its clocks agree, or its law says so`(region: String, name: String?) {
        guard TimeZoneTable(name: "Asia/Tokyo") != nil else { return print("skipped: no tz database") }
        #expect(TimeZoneTable.sole(region: region, at: Timestamp(seconds: 1_772_000_000))?.name == name)
    }
}
