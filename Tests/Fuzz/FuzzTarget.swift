import GatehouseCore

/// One reader under fuzzing. A new one is a file in `Targets` and a line in `all`.
struct FuzzTarget: Sendable {
    /// The word for `make fuzz TARGET=`; also the name of its folder in `corpus` and of its file in `dictionaries`.
    let name: String
    /// False for a target that reads an input many times over.
    var hasTimeLimit = true
    /// Reads one input. What must never happen ends the process; `Promise` holds the checks that are not traps.
    let read: @Sendable ([UInt8]) -> Void

    /// All targets, in the order in which `make fuzz` runs them.
    static let all: [FuzzTarget] = [
        .mime, .header, .html, .charset, .mbox, .tnef, .encodedFiles, .json, .forms, .multipart, .zip, .webChat,
        .socialDM,
        .textExports, .mailbox, .answer, .mutations,
    ]
}
