import CTables
import GatehouseCore

/// The JSON Schemas of `deploy/schema`, embedded in the program as they stand there.
enum EmbeddedSchema {
    static let names = ["envelope", "config"]

    static let envelope = unsafe JSONSchema(document: load(ctables_envelope_schema()))
    static let configuration = JSONSchema(document: configurationDocument)

    /// The configuration's schema as it stands, for the reference that is made from it.
    static let configurationDocument = unsafe load(ctables_config_schema())

    /// - Parameter name: One of `names`.
    static func named(_ name: String) -> JSONSchema { name == "config" ? configuration : envelope }

    /// Which schema a document claims to follow.
    static func name(for document: JSONValue) -> String? {
        if document["specversion"] != nil { return "envelope" }
        return document["schema"] != nil || document["state_dir"] != nil ? "config" : nil
    }

    private static func load(_ file: ctables_file) -> JSONValue {
        // The build embeds the file and a test reads it: it can't be right there and wrong here.
        guard let document = unsafe try? JSONDocument.parse(file.array) else {
            preconditionFailure("embedded schema is no JSON")
        }
        return document
    }
}
