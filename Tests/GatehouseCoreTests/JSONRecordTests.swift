import Testing

@testable import GatehouseCore

/// A record whose members are read when they are asked for says what `readValue` says of the same bytes.
@Suite struct JSONRecordTests {
    private static let keys: [StaticString] = ["a", "b", "c", "d", "t", "n", "id", "text", "late", "", "absent"]

    /// What both ways tell of one element.
    private struct Reading: Equatable {
        var values: [JSONValue?]
        var texts: [String?]
        var isObject: Bool
        var offset: Int
        var bytes: [UInt8]
        var repairs: [JSONRepair]
    }

    private func records(_ document: [UInt8], chunk: Int) -> (readings: [Reading], failure: JSONError?) {
        var reader = JSONReader(ByteReader(bytes: document, name: "x"), chunkSize: chunk)
        var readings: [Reading] = []
        do throws(JSONError) {
            guard try reader.enterArray() else { return ([], nil) }
            while try reader.hasNextElement() {
                let record = try reader.readRecord(deferring: "late")
                let late = record.deferred("late")
                let values = Self.keys.map { "\($0)" == "late" ? late.value : record[$0] }
                for key in Self.keys where "\(key)" != "late" {
                    #expect(record.string(key) == record[key]?.string)
                    #expect(record.has(key) == (record[key] != nil))
                }
                readings.append(
                    Reading(
                        values: values.map { $0.map(Self.withoutOffset) },
                        texts: Self.keys.map { "\($0)" == "late" ? late.value?.text : record.text($0) },
                        isObject: record.isObject,
                        offset: record.offset,
                        bytes: record.bytes,
                        repairs: reader.takeRepairs() + late.repairs
                    )
                )
            }
        } catch {
            return (readings, error)
        }
        return (readings, nil)
    }

    private func values(_ document: [UInt8]) -> (readings: [Reading], failure: JSONError?) {
        var reader = JSONReader(ByteReader(bytes: document, name: "x"), chunkSize: 1)
        var readings: [Reading] = []
        do throws(JSONError) {
            guard try reader.enterArray() else { return ([], nil) }
            while try reader.hasNextElement() {
                let value = try reader.readValue()
                readings.append(
                    Reading(
                        values: Self.keys.map { value["\($0)"].map(Self.withoutOffset) },
                        texts: Self.keys.map { value["\($0)"]?.text },
                        isObject: value.members != nil,
                        offset: value.offset,
                        bytes: reader.valueBytes,
                        repairs: reader.takeRepairs()
                    )
                )
            }
        } catch {
            return (readings, error)
        }
        return (readings, nil)
    }

    /// A deferred value that is repaired knows no place in the document.
    private static func withoutOffset(_ value: JSONValue) -> JSONValue {
        switch value.content {
        case .array(let values): JSONValue(.array(values.map(withoutOffset)))
        case .object(let members):
            JSONValue(.object(members.map { JSONMember(key: $0.key, keyOffset: 0, value: withoutOffset($0.value)) }))
        default: JSONValue(value.content)
        }
    }

    @Test(arguments: [
        #"[{"id": 9007199254740993, "text": "plain", "a": true, "b": null, "c": -1.5e3}, {}, {"": ""}]"#,
        #"[{"text": ["a", {"b": "\u00e9"}], "late": [{"type": "plain", "text": "x \"y\" \ud83d\ude00"}]}]"#,
        #"[{"a": "first", "a": "second", "aa": 1, "b" : "c" , "d":"\\\/\b\f\n\r\t"}, {"t": "é 😀 \n"}]"#,
        #"[{"t": "\x0B"}, {"t": "\ud83d"}, {"t": "\u12"}, {"t": "\q"}, {"a": 1,}, {"a": 1 "b": 2}]"#,
        #"[{"late": "\x0B", "a": 1}, {"late": [NaN], "a": 1}, {"late": {"x": "\ud83d"}, "t": ""}, {"late": 01}]"#,
        #"[{a: 1}, {"\u0061": 1}, {"a": word}, {"a": [1, {"b": tru}]}, "string", 5, [1], {"é": 1, "n": 2}]"#,
        #"[{"a": {"b": {"c": {"d": [[[[]]]]}}}}, {"a": 1}, {"a": "cut"#, #"[{"a": 1, "b": [1, 2}, {"b": 3}]"#,
    ])
    func `A record's members are those of the value`(document: String) {
        let bytes = Array(document.utf8)
        let expected = values(bytes)
        for chunk in [1, 7, 1 << 16] {
            let found = records(bytes, chunk: chunk)
            #expect(found.readings == expected.readings, "chunks of \(chunk)")
            #expect(found.failure == expected.failure)
        }
    }

    @Test func `Bytes that are no UTF-8 are repaired wherever they stand`() {
        let broken: [UInt8] = [0xFF, 0xC3, 0x28]
        for name in ["t", "late"] {
            for (open, close) in [("\"", "\""), ("[\"", "\"]"), ("{\"a\": \"", "\"}")] {
                let document = Array("[{\"\(name)\": \(open)".utf8) + broken + Array("\(close), \"a\": 1}]".utf8)
                let expected = values(document)
                #expect(expected.readings.first?.repairs == [.invalidUTF8])
                #expect(records(document, chunk: 1 << 16).readings == expected.readings)
            }
        }
    }

    @Test func `Whatever is cut from a document, both ways say the same`() {
        let text = #"[{"id": 12, "text": ["a", {"b": "\u00e9é"}], "late": [{"text": "é"}], "n": null}, {"t": "z"}]"#
        let document = Array(text.utf8)
        for end in 0...document.count {
            let cut = Array(document[..<end])
            let (found, expected) = (records(cut, chunk: 1 << 16), values(cut))
            #expect(found.readings == expected.readings, "cut at \(end)")
            #expect(found.failure == expected.failure, "cut at \(end)")
        }
    }
}
