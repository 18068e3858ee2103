import Foundation
import GatehouseCore
import GatehouseStore
import Testing

@testable import gatehouse

struct ReportPageTests {
    private func figures(zone: String? = nil, change: (inout Activity, inout Workload) -> Void) -> ReportFigures {
        var activity = Activity()
        var workload = Workload()
        change(&activity, &workload)
        let until = Timestamp(milliseconds: 1_773_576_000_000)  // 2026-03-15T12:00:00Z
        let since = Timestamp(milliseconds: until.milliseconds - 7 * 86_400_000)
        return ReportFigures(
            activity,
            workload,
            since: since,
            until: until,
            zone: zone.flatMap { TimeZoneTable(name: $0) }
        )
    }

    private func quarter(_ hoursAgo: Int64, _ urgency: UrgencyLevel, _ count: Int) -> Workload.Quarter {
        let start = 1_773_576_000_000 - hoursAgo * 3_600_000
        return Workload.Quarter(start: Timestamp(milliseconds: start), urgency: urgency, count: count)
    }

    @Test func `Words from outside are shown, not obeyed`() {
        let page = ReportPage(
            figures: figures { activity, workload in
                activity.byChannel = [.init(name: "<script>alert(1)</script>", count: 3)]
                workload.refusals = [.init(target: "t\"x", reason: "no </td> & \u{1B}[31m", count: 1)]
            }
        ).html
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(page.contains("t&quot;x") && page.contains("no &lt;/td&gt; &amp;"))
        #expect(!page.utf8.contains(0x1B))
    }

    @Test func `The page loads nothing and runs nothing`() {
        let page = ReportPage(figures: figures { activity, _ in activity.messages = 1 }).html
        for word in ["http:", "https:", "//", "<script", "<link", "<img", "@import", "url(", "onload"] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test func `Every day of the span has a column, in the team's zone`() {
        let figures = figures(zone: "Asia/Tokyo") { _, workload in
            // 2026-03-14T16:00Z is one o'clock on the 15th in Tokyo.
            workload.quarters = [self.quarter(100, .low, 1), self.quarter(20, .critical, 2)]
        }
        #expect(figures.days.map(\.label) == (8...15).map { $0 < 10 ? "2026-03-0\($0)" : "2026-03-\($0)" })
        #expect(figures.days.last?.counts == [0, 0, 0, 2])
        #expect(figures.hours[1].counts == [0, 0, 0, 2])
        #expect(figures.hours.count == 24)
    }

    @Test func `A chart's figures stand in a table, too`() {
        let page = ReportPage(figures: figures { _, workload in workload.quarters = [self.quarter(1, .high, 41)] }).html
        let charts = page.components(separatedBy: "<svg").count - 1
        #expect(charts == 2)
        #expect(page.components(separatedBy: "<details>").count - 1 == charts)
        #expect(page.contains("<td class=\"n\">41</td>"))
    }

    @Test func `A span of years is drawn as its last 400 days`() {
        let until = Timestamp(milliseconds: 1_773_576_000_000)
        let figures = ReportFigures(
            Activity(),
            {
                var workload = Workload()
                workload.quarters = [self.quarter(24 * 365 * 9, .low, 1), self.quarter(1, .low, 1)]
                return workload
            }(),
            since: Timestamp(milliseconds: 0),
            until: until,
            zone: nil
        )
        #expect(figures.days.count <= 402 && figures.days.last?.label == "2026-03-15")
    }

    /// WCAG 2.2, 1.4.3 and 1.4.11.
    @Test(arguments: ["light", "dark"]) func `Text and bars stand out from their ground`(_ theme: String) throws {
        let colours = try Self.colours(theme)
        for ground in ["ground", "panel"] {
            let below = try #require(colours[ground])
            for text in ["text", "soft"] {
                let ratio = Self.contrast(try #require(colours[text]), below)
                #expect(ratio >= 4.5, "\(text) on \(ground): \(ratio)")
            }
            for mark in ["bar", "critical", "high", "normal", "low"] {
                let ratio = Self.contrast(try #require(colours[mark]), below)
                #expect(ratio >= 3, "\(mark) on \(ground): \(ratio)")
            }
        }
    }

    private static func colours(_ theme: String) throws -> [String: [Double]] {
        let blocks = ReportStyle.sheet.components(separatedBy: ":root {")
        let block = try #require(blocks.count == 3 ? blocks[theme == "light" ? 1 : 2] : nil)
        var colours: [String: [Double]] = [:]
        for declaration in block.prefix(while: { $0 != "}" }).split(separator: ";") {
            let parts = declaration.split(separator: ":").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            guard parts.count == 2, let value = Int(parts[1].dropFirst(), radix: 16) else { continue }
            colours[String(parts[0].dropFirst(2))] = [value >> 16, value >> 8 & 255, value & 255].map {
                Double($0) / 255
            }
        }
        return colours
    }

    private static func contrast(_ first: [Double], _ second: [Double]) -> Double {
        func luminance(_ colour: [Double]) -> Double {
            let linear = colour.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        }
        let values = [luminance(first), luminance(second)].sorted()
        return (values[1] + 0.05) / (values[0] + 0.05)
    }
}
