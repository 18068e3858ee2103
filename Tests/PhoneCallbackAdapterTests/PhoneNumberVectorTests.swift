import Foundation
import GatehouseCore
import Testing

@testable import PhoneCallbackAdapter

/// Numbers of every region, against the answers of libphonenumber where its files are at hand.
struct PhoneNumberVectorTests {
    private static let vectors = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data/channels/phone-e164/share_vectors.tsv")

    @Test func `Example numbers of all regions are read as libphonenumber reads them`() throws {
        guard let text = try? String(contentsOf: Self.vectors, encoding: .utf8) else {
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

    @Test(
        arguments: [
            ("+49 (0) 30 123456", "DE", "+4930123456", PhoneStatus.valid), ("030/123456", "DE", "+4930123456", .valid),
            ("０３０－１２３４５６", "DE", "+4930123456", .valid), ("٠٣٠ ١٢٣٤٥٦", "DE", "+4930123456", .valid),
            ("\u{200E}+49\u{202F}171\u{00A0}1234567", "DE", "+491711234567", .valid),
            ("0171 1234567\n", "DE", "+491711234567", .valid),
            ("8 (916) 123-45-67", "RU", "+79161234567", .valid),
            ("8~10 44 20 7946 0958", "RU", "+442079460958", .valid),
            ("+39 06 698 12345", "IT", "+390669812345", .valid), ("06 1234 5678", "IT", "+390612345678", .valid),
            ("011 44 20 7946 0958", "US", "+442079460958", .valid),
            ("0 11 15-2345-6789", "AR", "+5491123456789", .valid),
            ("0xx11 96123-4567", "BR", "+5511961234567", .valid),
            ("0 15 11 96123-4567", "BR", "+5511961234567", .valid),
            ("tel:020-7946-0958;phone-context=+44", "DE", "+442079460958", .valid),
            ("whatsapp:+14155552671", nil, "+14155552671", .valid),
            ("sip:+4930123456@pbx.example;user=phone", nil, "+4930123456", .valid),
            ("+800 1234 5678", nil, "+80012345678", .valid), ("+883 5100 1234 5678", nil, "+883510012345678", .valid),
            ("3651234", "BS", "+12423651234", .valid),
            // A calling code without its plus sign, not an area code.
            ("491712345678", "DE", "+491712345678", .valid), ("98912 345 6789", "IR", "+989123456789", .valid),
            ("9198765432", "IN", "+919198765432", .valid),
            // Words beside the number.
            ("0171 1234567 (abends)", "DE", "+491711234567", .valid),
            ("030 1234 56 oder 0171 1234567", "DE", "+4930123456", .valid),
            ("mobil: 0171-1234567", "DE", "+491711234567", .valid),
            ("Zimmer 12, Tel. 0171 1234567", "DE", "+491711234567", .valid),
            ("电话：138 1234 5678（下午）", "CN", "+8613812345678", .valid),
            // Slips that are put right, and say so.
            ("044 55 1234 5678", "MX", "+525512345678", .possible),
            ("+52 1 55 1234 5678", "MX", "+525512345678", .possible),
            ("0049 171 1234567", "US", "+491711234567", .possible),
        ] as [(String, String?, String, PhoneStatus)]
    )
    func `A number is found in what people write`(text: String, region: String?, e164: String, status: PhoneStatus) {
        let reading = PhoneNumberTable.world.read(text, defaultRegion: region)
        #expect(reading.e164 == e164)
        #expect(reading.status == status)
    }

    @Test(
        arguments: [
            ("", "DE", PhoneStatus.unparsed), ("+", "DE", .unparsed), ("anonymous", "DE", .unparsed),
            ("4.91712E+11", "DE", .unparsed), ("4,91712e+11", "DE", .unparsed), ("1-800-FLOWERS", "US", .unparsed),
            ("01712345678", nil, .unparsed), ("112", "DE", .invalid), ("911", "US", .invalid), ("110", "CN", .invalid),
            ("116117", "DE", .invalid), ("12", "DE", .invalid), ("+49112", nil, .invalid),
            ("+999123456789", "DE", .invalid),
            ("+1 555 1234", "US", .invalid), ("00000000", "DE", .invalid), ("+++++", "DE", .unparsed),
            (String(repeating: "9", count: 5000), "DE", .invalid),
            (String(repeating: "+1", count: 2000), "US", .unparsed),
        ] as [(String, String?, PhoneStatus)]
    )
    func `What nobody can call back gives no number`(text: String, region: String?, status: PhoneStatus) {
        let reading = PhoneNumberTable.world.read(text, defaultRegion: region)
        #expect(reading.e164 == nil)
        #expect(reading.status == status)
    }

    @Test(arguments: [
        ("+44 20 7946 0958 ext. 123", "123"), ("020 7946 0958 x123", "123"), ("tel:+44-20-7946-0958;ext=12", "12"),
        ("+44 20 7946 0958,,4321#", "4321"), ("020 7946 0958 #7", "7"), ("020 7946 0958 (ext 9)", "9"),
        ("+44 20 7946 0958 доб. 15", "15"), ("+44 20 7946 0958 内線５", "5"),
    ])
    func `An extension is kept apart from the number`(text: String, number: String) {
        let reading = PhoneNumberTable.world.read(text, defaultRegion: "GB")
        #expect(reading.e164 == "+442079460958")
        #expect(reading.extension == number)
        #expect(!reading.hasOtherText)
    }

    @Test func `The table has every region and no line that is not understood`() {
        #expect(PhoneNumberTable.world.regions.count == 254)
    }

    @Test func `Random texts are survived`() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("0123456789+()-/.x#;,~ extａ٣\u{202F}\u{200E}").map(String.init)
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? ""
            }.joined()
            let reading = PhoneNumberTable.world.read(
                text,
                defaultRegion: ["DE", "US", "BR", "AR", "IT", "XX"].randomElement()
            )
            if let e164 = reading.e164 {
                #expect(e164.utf8.count <= 16 && e164.utf8.first == UInt8(ascii: "+"), "\(text)")
            }
        }
    }
}
