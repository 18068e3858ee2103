/// Files that uuencode and yEnc put into a mail's text.
extension FuzzTarget {
    static let encodedFiles = FuzzTarget(name: "encoded_files") { bytes in
        Reading.mail(Array("From: a@example.net\n\n".utf8) + bytes)
    }
}
