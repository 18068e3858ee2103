import Foundation
import GatehouseCore
import GatehouseWebhooks
import Testing

@testable import gatehouse

struct WebhookConfigurationTests {
    static let hook = #""name": "h", "type": "webhook""#
    static let secret = #""secret": { "env": "S" }"#

    static func hook(_ members: String) -> String { ConfigurationTests.source("\(hook), \(members)") }
    static func signature(_ members: String) -> String { hook(#""signature": { \#(secret), \#(members) }"#) }
    static func mapping(_ members: String) -> String {
        hook(#""channel": "web_chat", "mapping": { "text": "/t", \#(members) }"#)
    }

    static let wrong = [
        WrongConfiguration("a path", hook(#""path": ▸"x""#), "'path' has no meaning for a webhook"),
        WrongConfiguration(
            "no path for a folder",
            ConfigurationTests.top("\"sources\": [\n▸{ \"name\": \"f\", \"type\": \"folder\" }]"),
            "the key 'path' is missing"
        ),
        WrongConfiguration("e-mail", hook(#""channel": ▸"email""#), "e-mail comes by Maildir"),
        WrongConfiguration(
            "a signature for a folder",
            ConfigurationTests.source(ConfigurationTests.folder + #", "signature": ▸{ "scheme": "meta", \#(secret) }"#),
            "'signature' is for a webhook"
        ),
        WrongConfiguration("a misspelt scheme", signature(#""scheme": ▸"slak""#), "Did you mean 'slack'?"),
        WrongConfiguration("no secret", hook(#""signature": ▸{ "scheme": "meta" }"#), "the key 'secret' is missing"),
        WrongConfiguration(
            "a secret in plain text",
            hook(#""signature": { "scheme": "meta", "secret": ▸"hunter2" }"#),
            "must be an object"
        ),
        WrongConfiguration(
            "Twilio without address",
            hook(#""signature": ▸{ "scheme": "twilio", \#(secret) }"#),
            "say it as 'url'"
        ),
        WrongConfiguration(
            "a header of nothing",
            hook(#""signature": ▸{ "scheme": "hmac", \#(secret) }"#),
            "in which header"
        ),
        WrongConfiguration("a known algorithm", signature(#""scheme": "meta", "algorithm": ▸"sha1""#), "knows its own"),
        WrongConfiguration(
            "an unknown place",
            signature(#""scheme": "hmac", "header": "X", "signed": ▸"{time}.{body}""#),
            "{timestamp}"
        ),
        WrongConfiguration(
            "a signature over nothing",
            signature(#""scheme": "hmac", "header": "X", "signed": ▸"{timestamp}""#),
            "without {body}"
        ),
        WrongConfiguration(
            "a time that is not signed",
            signature(#""scheme": "hmac", "header": "X", "timestamp_header": ▸"T""#),
            "the time is not signed"
        ),
        WrongConfiguration(
            "a token nowhere",
            hook(#""signature": ▸{ "scheme": "token", \#(secret) }"#),
            "say where the token stands"
        ),
        WrongConfiguration(
            "a verify token for Slack",
            signature(#""scheme": "slack", "verify_token": ▸{ "env": "V" }"#),
            "'verify_token' is for"
        ),
        WrongConfiguration("a mapping to nothing", hook(#""mapping": ▸{ "text": "/t" }"#), "say what it maps to"),
        WrongConfiguration(
            "a mapping and a format",
            hook(#""channel": "web_chat", "format": ▸"chatwoot", "mapping": { "text": "/t" }"#),
            "takes the place of a format"
        ),
        WrongConfiguration("a misspelt field", mapping(#"▸"conversation": "/c""#), "Did you mean 'conversation_id'?"),
        WrongConfiguration("a word for a pointer", mapping(#""id": ▸"id""#), "is no JSON Pointer"),
        WrongConfiguration(
            "a unit that is none",
            mapping(#""sent_at": { "at": "/t", "unit": ▸"sec" }"#),
            "is none of: 's'"
        ),
        WrongConfiguration("a role that is none", mapping(#""from": { "role": { "value": ▸"boss" } }"#), "is no role"),
    ]

    @Test(arguments: wrong)
    func `What is wrong with a webhook is named with line and column`(wrong: WrongConfiguration) {
        let (configuration, problems) = ConfigurationTests.check(wrong.text)
        #expect(configuration == nil)
        #expect(
            problems.contains { $0.hasPrefix("f:\(wrong.place): error: ") && $0.contains(wrong.words) },
            "\(problems)"
        )
    }

    @Test func `Every key arrives where it belongs`() throws {
        let (found, problems) = ConfigurationTests.check(
            #"""
            { "schema": 1, "state_dir": "/s", "targets": [{ \#(ConfigurationTests.desk) }], "sources": [
              { "name": "a", "type": "webhook", "channel": "web_chat", "account": "page", "format": "chatwoot",
                "signature": { "scheme": "hmac", "secret": { "file": "a" }, "previous_secret": { "env": "B" }, "required": false,
                  "tolerance_s": 60, "header": "X-Sig", "algorithm": "sha512", "encoding": "base64", "prefix": "v2=",
                  "signed": "{id}.{timestamp}.{body}", "timestamp_header": "X-Time", "id_header": "X-Id" } },
              { "name": "b", "type": "webhook", "signature": { "scheme": "meta", "secret": { "env": "S" }, "verify_token": { "env": "V" } } },
              { "name": "c", "type": "webhook", "signature": { "scheme": "twilio", "secret": { "env": "S" }, "url": "https://a.example/t" } },
              { "name": "d", "type": "webhook", "signature": { "scheme": "token", "secret": { "env": "S" }, "pointer": "/key" } },
              { "name": "e", "type": "folder", "path": "/in", "channel": "social_dm", "since": "all", "mapping": { "text": "/t" } } ] }
            """#
        )
        #expect(problems.isEmpty, "\(problems)")
        let sources = try #require(found?.sources)
        let first = try #require(sources[0].signature)
        #expect(sources[0].kind == .webhook)
        #expect(first.secret == .file("/etc/gatehouse/a"))
        #expect(first.previousSecret == .environment("B"))
        #expect(!first.isRequired)
        #expect(first.recipe.header == "x-sig")
        #expect(first.recipe.proof == .hmac(.sha512, .base64))
        #expect(first.recipe.prefix == "v2=")
        #expect(first.recipe.signed == SignedContent("{id}.{timestamp}.{body}"))
        #expect(first.recipe.timestampHeader == "x-time")
        #expect(first.recipe.idHeader == "x-id")
        #expect(first.recipe.toleranceSeconds == 60)
        #expect(sources[1].signature?.verifyToken == .environment("V"))
        #expect(sources[1].signature?.isRequired == true)
        #expect(sources[2].signature?.recipe.url == "https://a.example/t")
        #expect(sources[3].signature?.recipe.pointer == "/key")
        #expect(sources[4].mapping?.fields.count == 1)
    }

    @Test func `The schema knows the same schemes, and the same fields of a mapping, as the program`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../deploy/schema/config.schema.json"
        )
        let schema = try JSONDocument.parse([UInt8](Data(contentsOf: file)))
        let schemes = schema.pointer("/$defs/signature/properties/scheme/enum")?.array?.compactMap(\.string)
        #expect(schemes == SignatureRecipe.all.map(\.scheme))
        let properties = try #require(schema.pointer("/$defs/mapping/properties"))
        for field in FieldMapping.Field.allCases {
            let path = field.rawValue.split(separator: ".").map(String.init)
            let top = try #require(properties[path[0]], "\(field.rawValue)")
            if path.count == 2 { #expect(top["properties"]?[path[1]] != nil, "\(field.rawValue)") }
        }
    }
}
