import Foundation
import GatehouseCore
import Testing

@testable import WebChatAdapter

struct SchemaTests {
    private func schema() throws -> JSONSchema {
        let path = Sample.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "deploy/schema/generic-chat.schema.json")
        return JSONSchema(document: try JSONDocument.parse(Array(try Data(contentsOf: path))))
    }

    @Test func `The schema uses only what the program checks`() throws {
        #expect(try schema().unsupportedKeywords.isEmpty)
    }

    @Test(arguments: Sample.names.filter { $0.hasPrefix("generic") && $0.hasSuffix(".json") })
    func `A sample of the generic format fits its schema`(name: String) throws {
        let value = try JSONDocument.parse(Sample.bytes(name))
        #expect(try schema().violations(of: value).map { "\($0.pointer): \($0.message)" } == [])
    }

    @Test(arguments: [
        #"{"messages":7}"#, #"{"messages":[{"text":{}}]}"#, #"{"text":[]}"#, #""x""#, #"{"format":"x","text":"a"}"#,
    ])
    func `What the adapter rejects the schema rejects`(text: String) throws {
        #expect(try !schema().violations(of: try JSONDocument.parse(Array(text.utf8))).isEmpty)
        #expect(try !read(text, as: "generic-chat").rejected.isEmpty)
    }
}
