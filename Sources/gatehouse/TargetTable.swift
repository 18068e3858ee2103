import GatehouseStore

extension TextTable {
    /// What went to each target, and how long it took.
    init(_ targets: [Activity.Target]) {
        self.init(
            ["TARGET"] + OutboxState.allCases.map { $0.rawValue.uppercased() } + ["HALF WITHIN", "95 % WITHIN"],
            flexible: 0
        )
        for target in targets {
            let counts = OutboxState.allCases.map { String(target.states[$0] ?? 0) }
            add([target.name] + counts + [target.medianSeconds, target.slowSeconds].map(TimeWords.text))
        }
    }
}
