import CTables
package import GatehouseCore

/// The presets that are data: the files of `deploy/presets`, embedded in the program, and a team's own.
package enum DeclaredPresets {
    /// The word for a preset that stands in the configuration itself.
    package static let ownName = "template"

    /// In the order of the table in `Sources/CTables/presets.c`.
    static let names: [String] = (0..<ctables_preset_count()).map { unsafe String(cString: ctables_preset_name($0)) }

    static func document(_ name: String) -> JSONValue? {
        guard let index = names.firstIndex(of: name) else { return nil }
        let bytes = unsafe ctables_preset(index).array
        // The build embeds the file and a test reads it: it can't be right there and wrong here.
        guard let document = try? JSONDocument.parse(bytes, options: .configuration) else {
            preconditionFailure("embedded preset is no JSON")
        }
        return document
    }

    /// All that is wrong in a team's own preset, where its form is right: the place in bytes, and the words.
    package static func problems(in template: JSONValue) -> [(offset: Int, words: String)] {
        var decoder = PresetDecoder()
        _ = decoder.decode(template, name: ownName)
        return decoder.problems
    }

    /// - Returns: nil where the target's preset is none of these.
    static func declaration(for target: TargetConfiguration) throws(TargetError) -> PresetDeclaration? {
        let document: JSONValue
        if target.preset == ownName {
            guard let template = target.template else {
                throw TargetError(target: target.name, reason: "say under 'template' what is sent")
            }
            document = template
        } else if let found = Self.document(target.preset) {
            document = found
        } else {
            return nil
        }
        var decoder = PresetDecoder()
        let declaration = decoder.decode(document, name: target.preset)
        if let problem = decoder.problems.first {
            throw TargetError(target: target.name, reason: "its template is wrong: \(problem.words)")
        }
        return declaration
    }
}
