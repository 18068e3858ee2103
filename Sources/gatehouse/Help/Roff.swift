/// Text for man(7).
enum Roff {
    /// A dot or quote at a line's start is a request of roff's, and a bare hyphen is not the ASCII one.
    static func escaped(_ text: String) -> String {
        let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
    }

    /// Lines that stay as they are.
    static func literal(_ text: String) -> [String] {
        [".PP", ".nf"]
            + text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) } + [".fi"]
    }
}
