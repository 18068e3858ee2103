import GatehouseCore

/// A dry run: everything is done as it would be, in one transaction that never comes to pass.
///
/// So it tells exactly what a real run would: which inputs are known already, which conversation each message joins.
extension Store {
    /// From here on nothing that this store does reaches the disk; all of it is gone when the store is.
    ///
    /// Others may read meanwhile; who wants to write waits for the database.
    package func beginRehearsal() throws(StoreError) {
        try connection.run("BEGIN IMMEDIATE")
        connection.isRehearsing = true
    }

    /// A state in memory, as it would be made by a first run.
    package convenience init(inMemory options: Options) throws(StoreError) {
        let key = randomBytes(32)
        let connection = try Connection(path: ":memory:", busySeconds: 0)
        try connection.execute(script: Schema.tables)
        try connection.execute(script: "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY")
        self.init(directory: "", options: options, key: key, connection: connection)
        try beginRehearsal()
    }
}
