package import CTables

extension ctables_file {
    /// A copy of the file that is embedded in the program.
    package var array: [UInt8] { unsafe Array(UnsafeBufferPointer(start: bytes, count: count)) }
}
