import GatehouseCore
import Glibc

/// Reads and checks the configuration file.
///
/// Its form is checked against the published schema, so that editors, `gatehouse check` and every other command say
/// the same; what a schema can't say is checked after that.
enum ConfigurationLoader {
    static let defaultPaths = ["gatehouse.jsonc", "/etc/gatehouse/gatehouse.jsonc"]

    /// - Parameter path: As given on the command line; nil looks in `$GATEHOUSE_CONFIG` and the usual places.
    static func load(_ path: String?) throws -> Configuration {
        let found = try locate(path)
        let (configuration, problems) = try check(found)
        guard let configuration else { throw ConfigurationError(path: found, problems: problems) }
        return configuration
    }

    /// - Returns: The configuration, or nil where it has an error; and all that is to be said of it.
    static func check(_ path: String) throws -> (configuration: Configuration?, problems: [ConfigurationProblem]) {
        let (bytes, isCut) = try ByteReader(path: path).readAll(limit: 4 << 20)
        guard !isCut else { throw IntakeError.tooLarge(place: path, limit: 4 << 20) }
        return check(bytes, path: path)
    }

    static func check(
        _ bytes: [UInt8],
        path: String
    ) -> (configuration: Configuration?, problems: [ConfigurationProblem]) {
        let document: JSONValue
        do {
            document = try JSONDocument.parse(bytes, options: .configuration)
        } catch {
            let problem = ConfigurationProblem(
                severity: .error,
                line: error.line,
                column: error.column,
                words: error.words
            )
            return (nil, [problem])
        }
        let lines = LineMap(bytes)
        if let problem = foreignVersion(document, lines) { return (nil, [problem]) }
        var found: [(offset: Int, severity: ConfigurationProblem.Severity, words: String)] = []
        for (offset, words) in doubleKeys(in: document) { found.append((offset, .error, words)) }
        for violation in schema.violations(of: document) where violation.keyword != "repeated" {
            found.append((violation.offset, .error, violation.message))
        }
        var configuration: Configuration?
        if found.isEmpty {
            var decoder = ConfigurationDecoder(path: path)
            configuration = decoder.decode(document)
            found += decoder.problems
        }
        let problems = found.sorted { $0.offset < $1.offset }.map { offset, severity, words in
            let place = lines.position(of: offset)
            return ConfigurationProblem(severity: severity, line: place.line, column: place.column, words: words)
        }
        return (problems.contains { $0.severity == .error } ? nil : configuration, problems)
    }

    /// The version of the file's form that this program reads.
    private static let version: Int64 = 1

    /// A file of another version is not looked at any further: what it means is for another program to say.
    private static func foreignVersion(_ document: JSONValue, _ lines: LineMap) -> ConfigurationProblem? {
        guard let value = document["schema"], let number = value.int64, number != version else { return nil }
        let words =
            number > version
            ? "this file is of version \(number), and this gatehouse (\(Gatehouse.version)) reads version \(version):"
                + " install the newer gatehouse that it was written for."
            : "there is no version \(number): write \"schema\": \(version)."
        let place = lines.position(of: value.offset)
        return ConfigurationProblem(severity: .error, line: place.line, column: place.column, words: words)
    }

    static func locate(_ path: String?) throws -> String {
        if let path { return path }
        if let named = unsafe getenv("GATEHOUSE_CONFIG") { return unsafe String(cString: named) }
        for candidate in defaultPaths where unsafe access(candidate, F_OK) == 0 { return candidate }
        throw UsageError(
            "no configuration: name one with --config FILE or $GATEHOUSE_CONFIG; looked for \(defaultPaths.joined(separator: " and "))."
        )
    }

    static var schema: JSONSchema { EmbeddedSchema.configuration }

    /// Equal keys in one object: a reader would obey only one of them.
    private static func doubleKeys(in document: JSONValue) -> [(Int, String)] {
        var found: [(Int, String)] = []
        var waiting = [document]
        while let value = waiting.popLast() {
            switch value.content {
            case .array(let elements): waiting += elements
            case .object(let members):
                var seen: Set<String> = []
                for member in members {
                    if !seen.insert(member.key).inserted {
                        found.append((member.keyOffset, "'\(member.key)' stands here a second time. Keep one of them."))
                    }
                    waiting.append(member.value)
                }
            default: continue
            }
        }
        return found
    }
}
