/// A TNEF stream (winmail.dat), as the only part of a mail.
extension FuzzTarget {
    static let tnef = FuzzTarget(name: "tnef") { bytes in
        Reading.mail(head + bytes)
    }

    private static let head = Array(
        """
        From: a@example.net
        Content-Type: application/ms-tnef; name=winmail.dat
        Content-Transfer-Encoding: binary


        """.utf8
    )
}
