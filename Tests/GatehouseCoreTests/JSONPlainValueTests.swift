import Testing

@testable import GatehouseCore

/// `readValue` goes through a value at one go where all of it is at hand, and token by token where it is not: both must agree.
@Suite struct JSONPlainValueTests {
    private struct Reading: Equatable {
        var values: [JSONValue] = []
        var bytes: [[UInt8]] = []
        var repairs: [JSONRepair] = []
        var failure: JSONError?
    }

    /// The elements of an array; with a chunk of one byte nothing is ever at hand as a whole.
    private func elements(_ document: [UInt8], chunk: Int, options: JSONOptions = .tolerant) -> Reading {
        var reader = JSONReader(ByteReader(bytes: document, name: "x"), options: options, chunkSize: chunk)
        var reading = Reading()
        do throws(JSONError) {
            guard try reader.enterArray() else { return reading }
            while try reader.hasNextElement() {
                reading.values.append(try reader.readValue())
                reading.bytes.append(reader.valueBytes)
                reading.repairs += reader.takeRepairs()
            }
        } catch {
            reading.failure = error
        }
        return reading
    }

    @Test(arguments: [
        #"[{"a": 1, "b": [true, false, null, -1.5e3, "x"], "c": {"d": {}, "e": []}}, {"a": 9007199254740993}]"#,
        #"[{"t": "\u00e9\ud83d\ude00 \"q\" \\ \/ \b\f\n\r\t"}, {"passed": {"x": [1, "\q", {"y": ""}]}, "z": 0}]"#,
        #"[{"a": 01}, {"b": .5}, {"c": NaN}, {"d": 1.}, {"e": -0}, {"f": 1e400}]"#,
        #"[{"t": "\x0B"}, {"t": "\ud83d"}, {"t": "\u12"}, {"t": "a\u0001b"}, {"a": 1,}, {"a": 1 "b": 2}]"#,
        #"[{"a": word}, {b: 1}, {"c": tru}]"#, #"[{"a": 12 apples}, {"a" : 1 , "a" : 2 }, [[[]]], "s", 5]"#,
        "[{\"t\": \"a\tb\"}, {\"t\": \"line\\\nend\"}, {\"t\": \"\u{e9}\u{1f600}\"}]",
        #"[{"a": 1}, {"a": {"b": "cut"#, #"[{"a": [1, 2}, {"b": 3}]"#, #"[{"": ""}, {"k": "v"}{"x": 1}]"#,
    ])
    func `A value at one go is the value token by token`(document: String) {
        let bytes = Array(document.utf8)
        #expect(elements(bytes, chunk: 1 << 16) == elements(bytes, chunk: 1))
    }

    @Test func `Bytes that are no UTF-8 and raw control characters are repaired as ever`() {
        let bytes =
            Array("[{\"a\": \"".utf8) + [0xFF, 0xC3, 0x28, 0x01, 0x0A] + Array("\", \"".utf8) + [0x80]
            + Array("\": 1}]".utf8)
        #expect(elements(bytes, chunk: 1 << 16) == elements(bytes, chunk: 1))
        #expect(elements(bytes, chunk: 1 << 16).repairs.contains(.invalidUTF8))
    }

    @Test func `What is nested deeper than the recursion goes, or than the limit, is read as ever`() {
        for depth in [23, 24, 25, 60, 300] {
            let open = String(repeating: "{\"a\":[", count: depth)
            let bytes = Array(("[" + open + "1" + String(repeating: "]}", count: depth) + "]").utf8)
            #expect(elements(bytes, chunk: 1 << 20) == elements(bytes, chunk: 1), "\(depth)")
        }
    }

    @Test func `The limits of a value and of a string hold`() {
        var limits = Limits()
        limits.messageBytes = 40
        limits.jsonStringBytes = 8
        let options = JSONOptions(limits: limits)
        let long = #"[{"a": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}, 1]"#
        for document in [#"[{"a": "123456789"}]"#, #"[{"abcdefghij": 1}]"#, long] {
            let bytes = Array(document.utf8)
            let whole = elements(bytes, chunk: 1 << 16, options: options)
            #expect(whole.values == elements(bytes, chunk: 1, options: options).values, "\(document)")
            #expect(whole.failure?.reason == elements(bytes, chunk: 1, options: options).failure?.reason)
        }
    }

    @Test func `Whatever is cut from a document, both ways say the same`() {
        let text = #"[{"id": 12, "text": ["a", {"b": "\u00e9"}], "ok": true, "n": null, "x": -1.5}, {"y": "z"}]"#
        let document = Array(text.utf8)
        for end in 0...document.count {
            let cut = Array(document[..<end])
            #expect(elements(cut, chunk: 1 << 16) == elements(cut, chunk: 1), "cut at \(end)")
        }
    }
}
