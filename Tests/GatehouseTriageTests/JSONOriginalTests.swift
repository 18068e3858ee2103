import GatehouseCore
import Testing

@testable import GatehouseTriage

/// A record is read without the text that was read before, and nothing that stands beside it is passed over.
struct JSONOriginalTests {
    private static let phrase = "cherry pepper cream crucial aware nuclear eye owner rate also post monster"
    private static let words = phrase.split(separator: " ").map(String.init)
    private static let key = "AKIAIOSFODNN7EXAMPLE"
    private static let text = "Hello, my withdrawal is stuck since yesterday. Can you look into it?"

    private func kind(_ raw: String, read text: String? = text) -> SecretKind? {
        let scan = OriginalScan(SecretScanner(), includesProbable: false)
        var body = Body()
        body.text = text ?? ""
        return scan.secret(in: Array(raw.utf8), isMail: false, read: body)
    }

    private static func record(_ members: String) -> String {
        #"{"id": 3, "text": "\#(text)", \#(members), "entities": [{"type": "plain", "text": "\#(text)"}]}"#
    }

    @Test(arguments: [
        #""note": "\#(key)""#, #""note": "my key is \#(key), keep it""#, #""n": 4111111111111111"#,
        #""n": "4111 1111 1111 1111""#, #""n": "DE89 3704 0044 0532 0130 00""#, #""note": "\u0041KIAIOSFODNN7EXAMPLE""#,
        #""note": "line\n\#(key)""#, #""note": "\\#(key)""#, #""seed": "\#(phrase)""#,
        #""seed": ["\#(words.joined(separator: "\", \""))"]"#,
        #""seed": "\#(words.joined(separator: #"\n"#))""#, #""\#(key)": true"#,
    ])
    func `What stands beside the text that was read is found, escaped or not`(members: String) {
        #expect(kind(Self.record(members)) != nil)
        #expect(kind(Self.record(members), read: nil) != nil)
    }

    @Test func `A record without a secret has none, whatever was read`() {
        let plain = Self.record(#""date": "2023-11-14T22:13:57", "unix": "1700000007", "from": "Ann Example""#)
        #expect(kind(plain) == nil)
        #expect(kind(plain, read: nil) == nil)
        #expect(kind("{") == nil)
        #expect(kind(#"{"text": "\#(Self.text)"#) == nil)
    }

    @Test func `A record in UTF-16 is read as its letters, whichever byte comes first`() {
        let units = Array(#"{"text": "Hello", "note": "\#(Self.key)"}"#.utf16)
        let scan = OriginalScan(SecretScanner(), includesProbable: false)
        let little = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let big = units.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        for bytes in [little, big, [0xFF, 0xFE] + little, [0xFE, 0xFF] + big] {
            #expect(scan.secret(in: bytes, isMail: false) != nil)
        }
    }

    @Test(arguments: 1..<12)
    func `A phrase that begins before the text and ends in it is found, and one that goes on behind it`(count: Int) {
        let (first, second) = (Self.words[..<count], Self.words[count...])
        let ending = second.joined(separator: " ") + ". That was it, I think."
        let behind = #"{"all": ["\#(first.joined(separator: " "))", "\#(ending)"]}"#
        #expect(kind(behind, read: ending) == .seedPhrase)
        let beginning = "I think this is it: " + first.joined(separator: " ")
        let before = #"{"all": ["\#(beginning)", "\#(second.joined(separator: " "))"]}"#
        #expect(kind(before, read: beginning) == .seedPhrase)
    }

    @Test func `Text and secret in all places to each other give what one scan of all gives`() {
        let secrets = [Self.key, Self.phrase, "4222222222222", "NO9386011117947", "NL91ABNA0417164300"]
        for secret in secrets {
            for shift in 0..<40 {
                let gap = String(repeating: "-", count: shift) + " "
                #expect(kind(#"{"a": "\#(gap)\#(secret)", "text": "\#(Self.text)"}"#) != nil, "\(secret) \(shift)")
                #expect(
                    kind(#"{"text": "\#(Self.text)", "b": "\#(gap)\#(secret) and more"}"#) != nil,
                    "\(secret) \(shift)"
                )
                #expect(kind(#"{"a": "\#(gap) \#(Self.text)"}"#) == nil)
            }
        }
    }

    @Test func `A short word is the word that is found letter by letter`() {
        let text = Array("I am, \"a\" stuck_in 12 withdrawals: été yesterday!!   incomprehensibilities ok x".utf8)
        let span = text.span
        for place in 1..<text.count {
            guard let start = ShortWord.start(span, from: place), let short = ShortWord(span, from: start) else {
                continue
            }
            let isWithin = WordWalk.start(span, place, 0) < place
            let behind = isWithin ? WordWalk.end(span, place) : place
            #expect(WordWalk.next(span, behind) == short.start..<short.end, "\(place)")
            guard let next = ShortWord(span, behind: short.end) else { continue }
            #expect(WordWalk.next(span, short.end) == next.start..<next.end, "\(place)")
        }
    }
}
