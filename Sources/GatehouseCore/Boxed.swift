/// A part of an envelope that most messages lack, in memory of its own.
///
/// A message is handed from step to step, and each copy counts the references in it: what is not there costs one look, not one
/// for every text it could have.
@propertyWrapper
package struct Boxed<Value: Sendable & Equatable>: Sendable, Equatable {
    /// Changed only while it has one owner.
    private final class Box: @unchecked Sendable {
        var value: Value?

        init(_ value: Value) { self.value = value }
    }

    private var box: Box?

    package init(wrappedValue: Value?) { box = wrappedValue.map(Box.init) }

    /// Changed where it lies if nobody else has it.
    package var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map(Box.init) }
        _modify {
            if isKnownUniquelyReferenced(&box), let own = box {
                yield &own.value
                if own.value == nil { box = nil }
            } else {
                var value = box?.value
                yield &value
                box = value.map(Box.init)
            }
        }
    }

    /// Whether there is any; to ask the value itself copies it.
    package var projectedValue: Bool { box != nil }

    package static func == (left: Self, right: Self) -> Bool {
        left.box === right.box || left.wrappedValue == right.wrappedValue
    }
}
