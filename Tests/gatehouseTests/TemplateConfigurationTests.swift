import Testing

@testable import GatehouseCore
@testable import GatehouseDelivery
@testable import gatehouse

@Suite struct TemplateConfigurationTests {
    /// The complaints about a configuration with this template, as they are shown.
    private func complaints(_ template: String) -> [String] {
        let text = """
            { "schema": 1, "state_dir": "state", "sources": [],
              "targets": [{ "name": "desk", "preset": "template", "url": "https://desk.example",
                "template": \(template) }] }
            """
        return ConfigurationLoader.check(Array(text.utf8), path: "c.jsonc").problems
            .map { $0.described(path: "c.jsonc") }
    }

    @Test func `A template that is right has no complaint`() {
        let right = """
            { "open": { "steps": [{ "path": "/t", "body": { "s": "{subject}" }, "take": { "ticket": "/id" } }] },
              "add": { "steps": [{ "path": "/t/{ticket}", "body": "{body}" }] } }
            """
        #expect(complaints(right) == [])
    }

    @Test(arguments: [
        (
            #"{ "open": { "steps": [{ "path": "/t", "body": { "s": "{subjct}" } }] } }"#,
            "c.jsonc:3:70: error: there is no placeholder 'subjct'. Did you mean 'subject'?"
        ),
        (
            #"{ "open": { "steps": [{ "path": "/t", "body": "{subject" }] } }"#,
            "c.jsonc:3:63: error: a '{' is not closed; a brace that is meant as such is written '{{'."
        ),
        (
            #"{ "open": { "steps": [{ "path": "/t", "take": { "ticket": "id" } }] } }"#,
            "c.jsonc:3:75: error: a JSON Pointer starts with '/', such as /ticket/id; header:NAME and body are others."
        ),
        (
            #"{ "open": { "steps": [{ "path": "/t", "take": { "account": "/id" } }] } }"#,
            "c.jsonc:3:65: error: 'account' is a placeholder already: take it by another name."
        ),
        (
            #"{ "open": { "steps": [{ "path": "/t", "as": "octets" }] } }"#,
            "c.jsonc:3:61: error: the bytes of which file? Say \"each\": \"files\"."
        ),
        (
            #"{ "open": { "steps": [{ "path": "/t" }] }, "add": { "steps": [{ "path": "/t" }] } }"#,
            "c.jsonc:3:67: error: nothing in 'open' takes 'ticket' from an answer, so no message can be added to it."
        ),
        (
            #"{ "open": { "steps": [{ "path": "/t", "headers": { "a b": "x" } }] } }"#,
            "c.jsonc:3:68: error: 'a b' is no name of a header field."
        ),
    ])
    func `What is wrong in a template is said with its place`(template: String, words: String) {
        #expect(complaints(template).filter { $0.contains("error") } == [words])
    }

    @Test func `A template has its preset, and the preset its template`() {
        func check(_ target: String) -> Bool {
            let text = #"{ "schema": 1, "state_dir": "s", "sources": [], "targets": [\#(target)] }"#
            return ConfigurationLoader.check(Array(text.utf8), path: "c").configuration != nil
        }
        let template = #""template": { "open": { "steps": [{ "path": "" }] } }"#
        #expect(check(#"{ "name": "d", "preset": "template", "url": "https://x.example", \#(template) }"#))
        #expect(!check(#"{ "name": "d", "preset": "template", "url": "https://x.example" }"#))
        #expect(!check(#"{ "name": "d", "preset": "zammad", "url": "https://x.example", \#(template) }"#))
    }

    @Test(arguments: DeclaredPresets.names) func `A preset fits the schema that templates are checked by`(name: String)
        throws
    {
        let definitions = try #require(EmbeddedSchema.configuration.document["$defs"])
        let reference = JSONValue(.string("#/$defs/preset"))
        let schema = JSONSchema(
            document: JSONValue(
                .object([
                    JSONMember(key: "$ref", keyOffset: 0, value: reference),
                    JSONMember(key: "$defs", keyOffset: 0, value: definitions),
                ])
            )
        )
        let preset = try #require(DeclaredPresets.document(name))
        #expect(schema.violations(of: preset).map(\.message) == [])
        let presets = definitions.pointer("/target/properties/preset/enum")?.array?.compactMap(\.string) ?? []
        #expect(Set(presets) == Set(PresetList.names))
    }
}
