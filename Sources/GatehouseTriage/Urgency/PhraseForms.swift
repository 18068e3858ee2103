/// A phrase of the tables that stands for several: `{never|didn't} {buy|order}` is four phrases, `my {own|} card` two.
///
/// Word classes are said once, so that a form which nobody thought of is there as well.
enum PhraseForms {
    /// Phrases that one may stand for.
    private static let most = 4096

    /// - Returns: The phrases without choices; nil where a brace has no partner, or there are too many.
    static func all(_ phrase: Substring) -> [String]? {
        var forms = [""]
        var rest = phrase
        while let open = rest.firstIndex(of: "{") {
            let before = rest[..<open]
            guard !before.contains("}"), let close = rest[open...].firstIndex(of: "}") else { return nil }
            let choices = rest[rest.index(after: open)..<close]
            guard !choices.contains("{") else { return nil }
            let words = choices.split(separator: "|", omittingEmptySubsequences: false)
            guard forms.count * words.count <= most else { return nil }
            forms = forms.flatMap { form in words.map { form + before + $0 } }
            rest = rest[rest.index(after: close)...]
        }
        return rest.contains("}") ? nil : forms.map { $0 + rest }
    }
}
