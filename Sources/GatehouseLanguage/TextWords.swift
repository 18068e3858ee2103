/// The words of a text as the classifier sees them, for the trainer.
package enum TextWords {
    /// The words of the script that the text begins with, if it is one that the model decides on.
    package static func words(of text: String) -> [[UInt32]] {
        let bytes = text.utf8.span
        var window = TextWindow()
        var scanner = WordScanner()
        var script: Script?
        var words: [[UInt32]] = []
        var place = 0
        while place < bytes.count {
            place = window.fill(bytes, from: place, limit: bytes.count)
            let scalars = window.scalars.span
            _ = scanner.scan(scalars, window.count) { piece in
                guard piece.script.isModelled, piece.script == script ?? piece.script else { return false }
                script = piece.script
                words.append((piece.start..<piece.end).map { scalars[$0] })
                return false
            }
        }
        return words
    }
}
