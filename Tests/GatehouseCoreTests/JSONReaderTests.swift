import Testing

@testable import GatehouseCore

/// All events of a document that is read in pieces of `chunk` bytes, and the repairs that were made.
private func read(
    _ bytes: [UInt8],
    options: JSONOptions = .tolerant,
    chunk: Int = 1 << 16
) throws(JSONError) -> (events: [JSONEvent], repairs: [JSONRepair: Int]) {
    var reader = JSONReader(ByteReader(bytes: bytes, name: "x.json"), options: options, chunkSize: chunk)
    var events: [JSONEvent] = []
    while let event = try reader.next() { events.append(event) }
    return (events, reader.repairs)
}

/// A document and what a tolerant reader makes of it.
private struct Case: Sendable, CustomTestStringConvertible {
    let document: String
    let value: JSONValue.Content
    let repairs: [JSONRepair]
    var testDescription: String { document }

    init(_ document: String, _ value: JSONValue.Content, _ repairs: JSONRepair...) {
        self.document = document
        self.value = value
        self.repairs = repairs
    }
}

/// Without offsets, which the cases don't state.
private func bare(_ value: JSONValue) -> JSONValue {
    switch value.content {
    case .array(let values): JSONValue(.array(values.map(bare)))
    case .object(let members):
        JSONValue(.object(members.map { JSONMember(key: $0.key, keyOffset: 0, value: bare($0.value)) }))
    default: JSONValue(value.content)
    }
}

private func object(_ members: (String, JSONValue.Content)...) -> JSONValue.Content {
    .object(members.map { JSONMember(key: $0.0, keyOffset: 0, value: JSONValue($0.1)) })
}

private func array(_ values: JSONValue.Content...) -> JSONValue.Content { .array(values.map { JSONValue($0) }) }

private let repaired: [Case] = [
    Case("\u{FEFF}[1]", array(.number("1")), .byteOrderMark),
    Case("window.YTD.direct_messages.part0 = [ 1 ]", array(.number("1")), .assignmentPrefix),
    Case("\u{FEFF}\nwindow.__THAR_CONFIG = {}", object(), .byteOrderMark, .assignmentPrefix),
    Case("var x=[1];\n", array(.number("1")), .assignmentPrefix, .trailingSemicolon),
    Case(#"["a\x0Bb"]"#, array(.string("a\u{B}b")), .hexEscape),
    Case(#"["\xe9\x4G"]"#, array(.string("é\\x4G")), .hexEscape, .unknownEscape),
    Case(#"["C:\Users\q\'"]"#, array(.string("C:\\Users\\q'")), .unknownEscape),
    Case(#"["\u12"]"#, array(.string("\\u12")), .unknownEscape),
    Case(#"["\ud83d!\ude00"]"#, array(.string("\u{FFFD}!\u{FFFD}")), .loneSurrogate),
    Case("[\"a\nb\u{1}\"]", array(.string("a\nb\u{1}")), .controlCharacter),
    Case("[1,2,]", array(.number("1"), .number("2")), .extraComma),
    Case("[,1,,2]", array(.number("1"), .number("2")), .extraComma),
    Case(#"{"a":1,}"#, object(("a", .number("1"))), .extraComma),
    Case(
        "[NaN,-Infinity,+1,.5,01,5.]",
        array(
            .number("NaN"),
            .number("-Infinity"),
            .number("+1"),
            .number(".5"),
            .number("01"),
            .number("5.")
        ),
        .looseNumber
    ),
    Case(
        #"{"document_id": video_files/sticker (2).webm}"#,
        object(("document_id", .string("video_files/sticker (2).webm"))),
        .unquotedValue
    ),
    Case(
        "{\"a\": files/x, (1).webm,\n\"b\": 2 }",
        object(("a", .string("files/x, (1).webm")), ("b", .number("2"))),
        .unquotedValue
    ),
    Case(
        "{\"a\": tgs (3).tgs, \"b\":[1 2 3, \"4\"]}",
        object(("a", .string("tgs (3).tgs")), ("b", array(.string("1 2 3"), .string("4")))),
        .unquotedValue
    ),
    Case("{a:1, b_2 : null}", object(("a", .number("1")), ("b_2", .null)), .unquotedKey),
]

private let exact: [Case] = [
    Case("null", .null), Case(" true\n", .bool(true)), Case("false", .bool(false)), Case(#""x""#, .string("x")),
    Case("-0.5e+10", .number("-0.5e+10")), Case("1e400", .number("1e400")),
    Case("1063077198536556545", .number("1063077198536556545")),
    Case("[]", array()), Case("{}", object()), Case("[[],{}]", array(array(), object())),
    Case(#"{"a":1,"a":2}"#, object(("a", .number("1")), ("a", .number("2")))),
    Case(#"["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"]"#, array(.string("\"\\/\u{8}\u{C}\n\r\té😀"))),
    Case(#"["日本語","","😀"]"#, array(.string("日本語"), .string(""), .string("😀"))),
    Case(#"{"":{"b":[true , false,null ]}}"#, object(("", object(("b", array(.bool(true), .bool(false), .null)))))),
]

@Suite struct JSONReaderTests {
    @Test(arguments: repaired)
    private func `A departure that real exports hold is read and named`(_ example: Case) throws {
        var reader = JSONReader(bytes: Array(example.document.utf8))
        let value = try reader.readValue()
        #expect(try reader.next() == nil)
        #expect(bare(value).content == example.value)
        #expect(Set(reader.repairs.keys) == Set(example.repairs))
    }

    @Test(arguments: repaired)
    private func `A strict reader refuses every departure`(_ example: Case) {
        // RFC 8259 §8.1 lets a reader ignore the mark, and §8.2 allows lone surrogates.
        guard example.repairs != [.byteOrderMark], example.repairs != [.loneSurrogate] else { return }
        #expect(throws: JSONError.self) { try JSONDocument.parse(Array(example.document.utf8), options: .strict) }
    }

    @Test(arguments: exact)
    private func `A document that is JSON needs no repair`(_ example: Case) throws {
        let bytes = Array(example.document.utf8)
        #expect(bare(try JSONDocument.parse(bytes)).content == example.value)
        #expect(bare(try JSONDocument.parse(bytes, options: .strict)).content == example.value)
        #expect(try read(bytes).repairs.isEmpty)
    }

    @Test(arguments: repaired + exact)
    private func `Pieces of any size give the same events`(_ example: Case) throws {
        let bytes = Array(example.document.utf8)
        let whole = try read(bytes)
        for chunk in 1...max(bytes.count, 1) {
            let pieces = try read(bytes, chunk: chunk)
            #expect(pieces.events == whole.events)
            #expect(pieces.repairs == whole.repairs)
        }
    }

    @Test(arguments: repaired + exact)
    private func `Every prefix ends in a value or an error, never in a trap`(_ example: Case) {
        let bytes = Array(example.document.utf8)
        for length in 0..<bytes.count {
            let prefix = Array(bytes.prefix(length))
            for options in [JSONOptions.tolerant, .strict, .configuration] {
                _ = try? read(prefix, options: options, chunk: 3)
                _ = try? JSONDocument.parse(prefix, options: options)
                var reader = JSONReader(ByteReader(bytes: prefix, name: "p"), options: options, chunkSize: 1)
                _ = try? reader.skipValue()
            }
        }
    }

    @Test func `Invalid UTF-8 becomes the replacement character`() throws {
        let bytes: [UInt8] = Array("[\"a".utf8) + [0xFF, 0xC3] + Array("b\"]".utf8)
        let (events, repairs) = try read(bytes)
        #expect(events == [.beginArray, .string("a\u{FFFD}\u{FFFD}b"), .endArray])
        #expect(repairs == [.invalidUTF8: 1])
        #expect(throws: JSONError.self) { try read(bytes, options: .strict) }
    }

    @Test func `Documents that follow one another are read one by one`() throws {
        let (events, repairs) = try read(Array("{\"a\":1}\n{\"a\":2}[3] 4".utf8))
        #expect(
            events == [
                .beginObject, .key("a"), .number("1"), .endObject, .beginObject, .key("a"), .number("2"), .endObject,
                .beginArray, .number("3"), .endArray, .number("4"),
            ]
        )
        #expect(repairs == [.concatenatedDocuments: 3])
        #expect(throws: JSONError.self) { try JSONDocument.parse(Array("{} {}".utf8)) }
    }

    @Test func `A configuration may hold comments and trailing commas, nothing else`() throws {
        let text = "// first\n{ /* a * / */ \"a\": 1, // one\n \"b\": [true,],\n}\n// end"
        let value = try JSONDocument.parse(Array(text.utf8), options: .configuration)
        #expect(value["a"]?.int64 == 1)
        #expect(value["b"]?[0]?.bool == true)
        for wrong in ["{a:1}", #"{"a":NaN}"#, #"{"a":"\x41"}"#, #"{"a":1};"#, "[,]", "/* open", "[1]/", "a = {}"] {
            #expect(throws: JSONError.self) { try JSONDocument.parse(Array(wrong.utf8), options: .configuration) }
        }
    }

    @Test(arguments: [1, 7, 4096])
    func `Deep nesting is cut at the limit and passed over`(chunk: Int) throws {
        let deep = String(repeating: "[", count: 5000) + "1" + String(repeating: "]", count: 5000)
        let bytes = Array("{\"a\":\(deep),\"b\":2}".utf8)
        var reader = JSONReader(ByteReader(bytes: bytes, name: "x"), chunkSize: chunk)
        let value = try reader.readValue()
        #expect(value["b"]?.int64 == 2)
        #expect(reader.repairs == [.depthCut: 1])
        #expect(throws: JSONError.self) { try JSONDocument.parse(bytes, options: .strict) }
        let endless = [UInt8](repeating: UInt8(ascii: "["), count: 2 << 20)
        #expect(throws: JSONError.self) { try JSONDocument.parse(endless) }
    }

    @Test(arguments: [1, 5, 64])
    func `A long string is cut at the limit, between two characters`(chunk: Int) throws {
        var options = JSONOptions.tolerant
        options.maximumStringBytes = 10
        let bytes = Array("[\"éééééééé\\n\",\"after\"]".utf8)
        let (events, repairs) = try read(bytes, options: options, chunk: chunk)
        #expect(events == [.beginArray, .string("ééééé"), .string("after"), .endArray])
        #expect(repairs == [.stringCut: 1])
    }

    @Test(arguments: [1, 16, 1000])
    func `A value that is too large is passed over, and reading goes on`(chunk: Int) throws {
        var options = JSONOptions.tolerant
        options.maximumValueBytes = 100
        let large = "[\"" + String(repeating: "x", count: 300) + "\", [{}]]"
        let bytes = Array("[1,\n \(large), {\"b\":2}]".utf8)
        var reader = JSONReader(ByteReader(bytes: bytes, name: "x"), options: options, chunkSize: chunk)
        #expect(try reader.enterArray())
        #expect(try reader.readValue().int64 == 1)
        do {
            _ = try reader.readValue()
            Issue.record("the value was built")
        } catch {
            #expect(error.isRecoverable)
            #expect((error.line, error.column) == (2, 2))
        }
        #expect(try reader.readValue()["b"]?.int64 == 2)
        #expect(try !reader.hasNextElement())
    }

    @Test(arguments: [1, 2, 9, 1 << 16])
    func `The bytes of a value are at hand after it was read`(chunk: Int) throws {
        let bytes = Array("{ \"list\" : [ {\"a\" : \"é\"} , 12 , \"x\" ] }".utf8)
        var reader = JSONReader(ByteReader(bytes: bytes, name: "x"), chunkSize: chunk)
        #expect(try reader.enterObject())
        #expect(try reader.nextKey() == "list")
        #expect(try reader.enterArray())
        var pieces: [String] = []
        var offsets: [Int] = []
        while try reader.hasNextElement() {
            offsets.append(try reader.readValue().offset)
            pieces.append(String(decoding: reader.valueBytes, as: UTF8.self))
        }
        #expect(pieces == ["{\"a\" : \"é\"}", "12", "\"x\""])
        #expect(offsets == [13, 28, 33])
        #expect(try reader.nextKey() == nil)
    }

    @Test(arguments: [1, 3, 100])
    func `An error names line and column`(chunk: Int) {
        let cases: [(String, Int, Int)] = [
            ("{\n \"é\": ]", 2, 7), ("[1\n2]", 2, 1), ("[\"a\": 1]", 1, 5), ("{\"a\" 1}", 1, 6), ("{\n\n\"a\":1", 3, 6),
            ("oops", 1, 1),
        ]
        for (text, line, column) in cases {
            do {
                _ = try read(Array(text.utf8), chunk: chunk)
                Issue.record("\(text) was read")
            } catch {
                #expect((error.line, error.column) == (line, column), "\(error)")
                #expect(error.description.hasPrefix("x.json:\(line):\(column): "))
            }
        }
    }

    @Test func `UTF-16 is named as what it is`() {
        for bytes: [UInt8] in [[0xFF, 0xFE, 0x5B, 0], [0xFE, 0xFF, 0, 0x5B], [0, 0x5B, 0, 0x5D]] {
            do {
                _ = try JSONDocument.parse(bytes)
                Issue.record("read")
            } catch {
                #expect(error.reason == .wideEncoding)
            }
        }
        #expect(throws: JSONError.self) { try JSONDocument.parse([]) }
        #expect(throws: JSONError.self) { try JSONDocument.parse(Array("\u{FEFF} \n".utf8)) }
    }

    @Test(arguments: [1, 4, 1000])
    func `Behind a broken element the next line of the same indentation is read`(chunk: Int) throws {
        let text =
            "{\"list\": [\n  {\"a\": 1},\n  {\"a\": !\n   {} },\n  {\"a\": 3}, {\"a\": ?},\n  {\"a\": 4\n ],\n \"b\": 5}"
        var reader = JSONReader(ByteReader(bytes: Array(text.utf8), name: "x"), chunkSize: chunk)
        #expect(try reader.enterObject())
        #expect(try reader.nextKey() == "list")
        #expect(try reader.enterArray())
        var found: [String] = []
        var skipped = 0
        while try reader.hasNextElement() {
            do throws(JSONError) {
                found.append(try reader.readValue()["a"]?.text ?? "")
            } catch {
                let passed = try #require(try reader.recover(depth: 2, indentation: reader.valueIndentation))
                found.append("broken")
                skipped += passed.count
            }
        }
        #expect(found == ["1", "broken", "3", "?", "broken"])
        #expect(skipped > 0)
        #expect(try reader.nextKey() == "b")
        #expect(try reader.readValue().int64 == 5)
        #expect(try reader.nextKey() == nil)
    }

    @Test func `Random changes to a document never trap the reader`() {
        var seed = UInt64(7)
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let alphabet = Array("\"\\{}[]:,;/*=ux0 1e-+\n\u{1}é\u{FEFF}tfn".utf8) + [0xFF, 0xF0, 0x80, 0]
        let base = repaired.map { Array($0.document.utf8) }
        for round in 0..<20_000 {
            var bytes = base[round % base.count]
            for _ in 0...random(4) {
                let place = random(bytes.count + 1)
                if random(2) == 0, place < bytes.count {
                    bytes[place] = alphabet[random(alphabet.count)]
                } else {
                    bytes.insert(alphabet[random(alphabet.count)], at: place)
                }
            }
            let whole = try? read(bytes)
            let pieces = try? read(bytes, chunk: 1 + random(5))
            #expect(whole?.events == pieces?.events)
            _ = try? JSONDocument.parse(bytes, options: .configuration)
        }
    }
}
