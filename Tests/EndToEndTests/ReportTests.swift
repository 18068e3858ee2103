import Foundation
import Testing

/// What the team reads on Monday: the report of a desk that has delivered, as text and as a page in a real browser.
struct ReportTests {
    private func deliveredDesk() throws -> (Desk, RecordingSink) {
        let sink = try RecordingSink(failures: ["422,count=1"])
        let desk = try Desk()
        try desk.configure(sources: MailMaker.maildirSource, target: sink.url + "/tickets")
        try MailMaker.fill(desk, 1...30)
        #expect(try desk.gatehouse("run").status == 0)
        return (desk, sink)
    }

    @Test func `A report tells what came, what went and what stuck`() throws {
        let (desk, _) = try deliveredDesk()
        let text = try desk.gatehouse("report")
        #expect(text.status == 0 && text.errors.isEmpty, "\(text)")
        #expect(text.output.contains("30 messages") && text.output.contains("29 sent"))
        #expect(text.output.contains("1 dead letters") && text.output.contains("DEAD AT"))
        #expect(!text.output.contains("\u{1B}"))
        let json = try desk.gatehouse("report", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect((object?["headline"] as? [String: Int])?["dead_letters"] == 1)
        #expect((object?["hours"] as? [Any])?.count == 24)
        let status = try desk.gatehouse("status", "--json")
        #expect(status.output.contains("\"last_sent_at\":\""))
        let file = desk.folder.appending(path: "report.html")
        #expect(try desk.gatehouse("report", "--html", file.path()).status == 0)
        let page = try String(contentsOf: file, encoding: .utf8)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<dd>30</dd>"))
        #expect(!page.contains("@example"), "no customer's address")
        #expect(try desk.gatehouse("report", "--html", "-").output.hasPrefix("<!DOCTYPE html>"))
        let nowhere = try desk.gatehouse("report", "--html", "/nowhere/report.html")
        #expect(nowhere.status != 0 && nowhere.errors.contains("/nowhere/report.html"))
    }

    @Test func `A browser shows the page by day, by night, on a telephone and on paper`() throws {
        guard let browser = ["chromium", "chromium-browser", "google-chrome"].first(where: Self.isInstalled) else {
            return print("skipped: no Chromium here")
        }
        let (desk, _) = try deliveredDesk()
        let page = desk.folder.appending(path: "report.html").path()
        #expect(try desk.gatehouse("report", "--html", page).status == 0)
        let base = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(desk.folder.path())/profile",
            "--enable-logging=stderr",
        ]
        func browse(_ options: String...) throws -> Outcome {
            try Program.runTool(["timeout", "90"] + base + options + ["file://\(page)"])
        }
        let tree = try browse("--dump-dom")
        #expect(tree.output.contains("Messages by day") && tree.output.contains("<tbody>"))
        #expect(!tree.errors.contains("CONSOLE"), "\(tree.errors)")
        var pictures: Set<Data> = []
        for (name, options) in [
            ("day", "--window-size=1200,2000"), ("night", "--force-dark-mode"), ("telephone", "--window-size=500,3000"),
        ] {
            let file = desk.folder.appending(path: name + ".png")
            _ = try browse("--screenshot=\(file.path())", options)
            pictures.insert(try Data(contentsOf: file))
        }
        #expect(pictures.count == 3 && pictures.allSatisfy { $0.count > 5_000 })
        let paper = desk.folder.appending(path: "report.pdf")
        _ = try browse("--print-to-pdf=\(paper.path())")
        #expect(try Data(contentsOf: paper).starts(with: Data("%PDF".utf8)))
    }

    private static func isInstalled(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }
}
