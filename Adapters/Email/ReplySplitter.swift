import GatehouseCore

/// Parts a reply into what is new, what is quoted, and the signature.
enum ReplySplitter {
    static func split(_ body: inout Body) {}
}
