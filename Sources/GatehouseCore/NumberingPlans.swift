import CTables

extension PhoneNumberTable {
    /// The table that is embedded in the program; read on first use.
    package static let world = unsafe PhoneNumberTable(ctables_phone_regions().array)
}
