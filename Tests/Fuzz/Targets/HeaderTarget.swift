/// One header field: the input's first byte chooses the field, the rest is its value.
extension FuzzTarget {
    static let header = FuzzTarget(name: "header") { bytes in
        guard let first = bytes.first else { return }
        let name = fieldNames[Int(first) % fieldNames.count]
        Reading.mail(Array("\(name): ".utf8) + bytes.dropFirst() + Array("\n\ntext\n".utf8))
    }

    private static let fieldNames = [
        "From", "To", "Reply-To", "Date", "Subject", "Message-ID", "References", "Content-Type", "Content-Disposition",
        "Content-Transfer-Encoding", "Authentication-Results", "Received", "Auto-Submitted", "List-Id", "Content-ID",
        "X-Failed-Recipients",
    ]
}
