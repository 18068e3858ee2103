import CTables

extension PhoneNumberTable {
    /// The table that is embedded in the program; read on first use.
    package static let world: PhoneNumberTable = {
        let file = unsafe ctables_phone_regions()
        return unsafe PhoneNumberTable(Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
    }()
}
