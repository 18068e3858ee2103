import GatehouseCore

/// Who a chat is called after, in a title or a file's name of any language.
enum ChatTitle {
    /// Titles are short; a longer text is none.
    private static let maximumScalars = 512

    /// The one sender whose name stands in one of the titles as words of its own.
    ///
    /// How many senders there are doesn't matter: a chat keeps its name while more people come to it.
    ///
    /// - Returns: nil where none does, or several.
    static func sender(in titles: [String], among senders: Set<String>) -> String? {
        let texts = titles.map { Array(UnicodeText.normalised($0).unicodeScalars) }
        let named = senders.filter { name in texts.contains { holds($0, Array(name.unicodeScalars)) } }
        guard let longest = named.max(by: { $0.utf8.count < $1.utf8.count }) else { return nil }
        // "Ann" stands in "Ann Lee" too.
        let scalars = Array(longest.unicodeScalars)
        return named.allSatisfy { $0 == longest || holds(scalars, Array($0.unicodeScalars)) } ? longest : nil
    }

    private static func holds(_ text: [Unicode.Scalar], _ name: [Unicode.Scalar]) -> Bool {
        guard let first = name.first, let last = name.last, name.count > 1 || !isOfSpacedScript(first),
            text.count >= name.count, text.count <= maximumScalars
        else { return false }
        return (0...(text.count - name.count)).contains { start in
            let end = start + name.count
            guard text[start] == first, text[start..<end].elementsEqual(name) else { return false }
            return isEdge(text, start - 1, beside: first) && isEdge(text, end, beside: last)
        }
    }

    /// Whether a word may end between `text[index]` and the scalar beside it.
    private static func isEdge(_ text: [Unicode.Scalar], _ index: Int, beside scalar: Unicode.Scalar) -> Bool {
        guard text.indices.contains(index) else { return true }
        return !isOfSpacedScript(text[index]) || !isOfSpacedScript(scalar)
    }

    /// Letters and digits of scripts that part words by spaces. From Thai on words meet, or particles are joined to names.
    private static func isOfSpacedScript(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x0E00 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
}
