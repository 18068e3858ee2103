import Foundation
import Testing

@testable import GatehouseCore

private func json(_ text: String) throws -> JSONValue { try JSONDocument.parse(Array(text.utf8), options: .strict) }

@Suite struct JSONSchemaTests {
    /// Schema, value, and the keywords that complain.
    static let cases: [(String, String, [String])] = [
        (#"{"type":"string"}"#, #""a""#, []), (#"{"type":"string"}"#, "1", ["type"]),
        (#"{"type":"integer"}"#, "1.0", []), (#"{"type":"integer"}"#, "1.5", ["type"]),
        (#"{"type":["string","null"]}"#, "null", []), (#"{"type":"integer"}"#, "9223372036854775807", []),
        (#"{"required":["a","b"]}"#, #"{"a":1}"#, ["required"]),
        (
            #"{"properties":{"a":{"type":"string"}},"additionalProperties":false}"#, #"{"a":1,"b":2}"#,
            ["type", "additionalProperties"]
        ),
        (#"{"additionalProperties":{"type":"boolean"}}"#, #"{"a":true,"b":2}"#, ["type"]),
        (#"{"propertyNames":{"pattern":"^[a-z]+$"}}"#, #"{"a":1,"B":2}"#, ["pattern"]),
        (#"{"items":{"minimum":1,"maximum":3}}"#, "[0,1,2,3,4]", ["minimum", "maximum"]),
        (#"{"exclusiveMinimum":0}"#, "0", ["exclusiveMinimum"]),
        (#"{"minItems":1}"#, "[]", ["minItems"]), (#"{"maxItems":1}"#, "[1,2]", ["maxItems"]),
        (#"{"uniqueItems":true}"#, #"[1,{"a":1},{"a":1}]"#, ["uniqueItems"]),
        (#"{"minLength":2,"maxLength":3}"#, #""é""#, ["minLength"]), (#"{"maxLength":1}"#, #""😀""#, []),
        (#"{"enum":["a",1,null]}"#, "1.0", []), (#"{"enum":["a",1]}"#, #""b""#, ["enum"]),
        (#"{"const":{"a":1,"b":[2]}}"#, #"{"b":[2],"a":1}"#, []), (#"{"const":"1.0"}"#, #""1""#, ["const"]),
        (##"{"$ref":"#/$defs/x","$defs":{"x":{"type":"null"}}}"##, "1", ["type"]),
        (##"{"$ref":"#/$defs/y"}"##, "1", ["$ref"]), (##"{"$ref":"#"}"##, "1", ["$ref"]),
        (#"{"anyOf":[{"type":"string"},{"type":"number","minimum":5}]}"#, "1", ["minimum"]),
        (#"{"anyOf":[{"type":"string"},{"type":"number"}]}"#, "1", []),
        (#"{"oneOf":[{"type":"number"},{"minimum":0}]}"#, "1", ["oneOf"]),
        (#"{"allOf":[{"minimum":5},{"type":"string"}]}"#, "1", ["minimum", "type"]),
        (#"{"not":{"type":"null"}}"#, "null", ["not"]),
        (
            #"{"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}"#,
            #"{"a":1}"#, ["required"]
        ),
        (#"{"if":{"required":["a"]},"then":{"required":["b"]}}"#, "{}", []),
        (#"{"format":"date-time"}"#, #""2026-01-02T03:04:05.678Z""#, []),
        (#"{"format":"date-time"}"#, #""2026-01-02T03:04:05+01:00""#, []),
        (#"{"format":"date-time"}"#, #""2026-02-30T03:04:05Z""#, ["format"]),
        (#"{"format":"date-time"}"#, #""2026-01-02 03:04:05Z""#, ["format"]),
        (#"{"format":"uri"}"#, #""https://example.org/a?b=%20#c""#, []), (#"{"format":"uri"}"#, #""/a""#, ["format"]),
        (#"{"format":"uri-reference"}"#, #""/email/support-mail""#, []),
        (#"{"format":"uri-reference"}"#, #""a b""#, ["format"]),
        (#"{"properties":{"a":false}}"#, #"{"a":1}"#, ["false"]), ("true", "1", []),
        ("{}", #"{"a":1,"a":2}"#, ["repeated"]),
    ]

    @Test(arguments: cases)
    func `A value is held against its schema`(schema: String, value: String, keywords: [String]) throws {
        let found = JSONSchema(document: try json(schema)).violations(of: try json(value))
        #expect(found.map(\.keyword) == keywords, "\(found)")
    }

    @Test func `A violation names the place and what was meant`() throws {
        let schema = JSONSchema(
            document: try json(
                #"{"properties":{"sources":{"items":{"properties":{"format":{"enum":["maildir","mbox"]}},"additionalProperties":false}}}}"#
            )
        )
        let text = "{\"sources\": [\n  {\"format\": \"maildr\", \"fromat\": 1}]}"
        let found = schema.violations(of: try json(text))
        #expect(found.map(\.pointer) == ["/sources/0/format", "/sources/0/fromat"])
        #expect(
            found.map(\.message) == [
                "'maildr' is none of: 'maildir', 'mbox'. Did you mean 'maildir'?",
                "unknown key 'fromat'. Did you mean 'format'?",
            ]
        )
        let map = LineMap(Array(text.utf8))
        #expect(map.position(of: found[0].offset) == (2, 14))
        #expect(map.position(of: found[1].offset) == (2, 24))
    }

    @Test(arguments: [
        ("pol", "poll"), ("verison", "version"), ("Ingest", "ingest"), ("doktor", "doctor"), ("xyzzy", nil), ("", nil),
    ])
    func `The nearest word is suggested`(word: String, nearest: String?) {
        #expect(Suggestion.nearest(to: word, among: ["poll", "version", "ingest", "doctor"]) == nearest)
    }

    // MARK: - The schemas of the project

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../deploy/schema").standardizedFileURL

    private func schema(_ name: String) throws -> JSONSchema {
        let bytes = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent(name)))
        return JSONSchema(document: try JSONDocument.parse(bytes, name: name, options: .strict))
    }

    @Test func `Every schema in deploy is JSON and uses only what is checked`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".schema.json")
        }
        #expect(!names.isEmpty)
        for name in names {
            let schema = try schema(name)
            #expect(schema.unsupportedKeywords == [], "\(name)")
            #expect(schema.document["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
        }
    }

    @Test func `The envelope's schema names every word that the code has`() throws {
        let document = try schema("envelope.schema.json").document
        func words(_ pointer: String) -> [String]? { document.pointer(pointer)?.array?.compactMap(\.string) }
        #expect(words("/properties/type/enum") == EventType.allCases.map(\.rawValue))
        let data = "/$defs/data/properties"
        #expect(words(data + "/channel/enum") == Channel.allCases.map(\.rawValue))
        #expect(words(data + "/direction/enum") == Direction.allCases.map(\.rawValue))
        #expect(words(data + "/automated/enum") == Automation.allCases.map(\.rawValue))
        #expect(words("/$defs/party/properties/role/enum") == Role.allCases.map(\.rawValue))
        #expect(words("/$defs/body/properties/format/enum") == BodyFormat.allCases.map(\.rawValue))
        #expect(words("/$defs/attachment/properties/status/enum") == AttachmentStatus.allCases.map(\.rawValue))
        #expect(words("/$defs/callback/properties/phone_status/enum") == PhoneStatus.allCases.map(\.rawValue))
        #expect(words("/$defs/times/properties/precision/enum") == TimePrecision.allCases.map(\.rawValue))
        #expect(words("/$defs/verification/properties/status/enum") == VerificationStatus.allCases.map(\.rawValue))
        #expect(words("/$defs/urgency/properties/level/enum") == UrgencyLevel.allCases.map(\.rawValue))
        #expect(words("/$defs/dedup/properties/method/enum") == DedupMethod.allCases.map(\.rawValue))
    }

    private static let envelope = #"""
        {"specversion":"1.0","id":"abc234","source":"/email/x","type":"message.created","time":"2026-01-02T03:04:05.678Z",
        "datacontenttype":"application/json","dataschema":"urn:gatehouse:envelope:1","data":{"channel":"email",
        "provider":"rfc5322","direction":"inbound","from":[{"email":"a@example.org","role":"customer"}],
        "body":{"text":"Hi"},"attachments":[{"status":"missing","name":"a.png"}],"times":{"precision":"s","zone":"assumed:Europe/Berlin"},
        "raw":{"parser":"email/1"},"warnings":["charset_guessed:gb18030"]}}
        """#

    @Test(arguments: [
        ("", "", nil), (#""text":"Hi""#, #""text":null"#, "/data/body/text"),
        (#""channel":"email""#, #""channel":"fax""#, "/data/channel"),
        (#""name":"a.png""#, #""nme":"a.png""#, "/data/attachments/0/nme"),
        ("missing", "stored", "/data/attachments/0"),
        ("message.created", "callback.requested", "/data"), ("assumed:Europe", "near Europe", "/data/times/zone"),
        ("03:04:05.678Z", "03:04", "/time"),
    ])
    func `An envelope is judged by its schema`(old: String, new: String, pointer: String?) throws {
        let text = old.isEmpty ? Self.envelope : Self.envelope.replacingOccurrences(of: old, with: new)
        let found = try schema("envelope.schema.json").violations(of: try json(text))
        #expect(Set(found.map(\.pointer)) == Set(pointer.map { [$0] } ?? []), "\(found)")
    }
}
