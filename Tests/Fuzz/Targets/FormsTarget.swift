import GatehouseCore
import PhoneCallbackAdapter

/// Web forms, and the telephone's payloads made of them.
extension FuzzTarget {
    static let forms = FuzzTarget(name: "forms") { bytes in
        let fields = FormFields(decoding: bytes)
        for field in fields.fields { Promise.isKept(fields.all(field.name).contains(field.value), "a field is lost") }
        Reading.everyFormat(PhoneCallbackAdapter(), bytes)
    }
}
