/// Why a zip, or an entry of it, is not read.
package enum ZipError: Error, Equatable {
    /// The file itself could not be read: another try may succeed.
    case input(IntakeError)
    /// No end of a central directory: cut, or no zip.
    case truncated
    /// Structures that contradict one another.
    case damaged(String)
    case encrypted
    case split
    case method(Int)
    case bomb(String)

    /// The reason of a rejection.
    package var word: String {
        switch self {
        case .input: "unreadable"
        case .truncated: "zip_truncated"
        case .damaged: "zip_damaged"
        case .encrypted: "zip_encrypted"
        case .split: "zip_split"
        case .method: "zip_method"
        case .bomb: "zip_bomb"
        }
    }

    /// What is wrong and what to do, in a sentence.
    package var words: String {
        switch self {
        case .input(let error): "\(error)"
        case .truncated: "the zip has no end: the download was cut. Download it again."
        case .damaged(let what): "the zip is damaged: \(what). Download it again."
        case .encrypted: "it is encrypted. Unpack it with its password, and give the folder."
        case .split: "it is one part of a split archive. Join the parts, or unpack them and give the folder."
        case .method(let method):
            "it is packed by method \(method), and only stored and deflated entries are read. Unpack it and give the folder."
        case .bomb(let what):
            "it unpacks to far more than it is: \(what). Raise limits.zip_ratio or limits.zip_bytes if that is right."
        }
    }
}
