/// Memory that can be written to a file as whole blocks, past the page cache.
@safe final class BlockBuffer {
    /// Of places, lengths and addresses; no disk in use has larger blocks.
    static let block = 4096

    private var storage: UnsafeMutableRawBufferPointer
    private var capacity: Int { unsafe storage.count }
    /// Where what was written ends. What was never written on the way there holds anything until `zero`.
    private(set) var count = 0

    init() { unsafe storage = UnsafeMutableRawBufferPointer(start: nil, count: 0) }

    deinit { unsafe storage.deallocate() }

    /// Takes everything out, and keeps the memory for the next use.
    func removeAll() { count = 0 }

    func write(_ bytes: [UInt8], at place: Int) {
        let end = place + bytes.count
        if end > capacity { grow(to: end) }
        unsafe bytes.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(rebasing: storage[place..<end]).copyMemory(from: source)
        }
        count = max(count, end)
    }

    func zero(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if range.upperBound > capacity { grow(to: range.upperBound) }
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: storage[range])
        _ = unsafe target.initializeMemory(as: UInt8.self, repeating: 0)
    }

    /// All of it, filled up with zeros to whole blocks.
    func withBlocks<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let end = Self.roundedUp(count)
        zero(count..<end)
        return try unsafe body(UnsafeRawBufferPointer(rebasing: storage[..<end]))
    }

    static func roundedUp(_ count: Int) -> Int { (count + block - 1) / block * block }

    private func grow(to count: Int) {
        let size = Self.roundedUp(max(count, capacity + capacity / 2, 1 << 20))
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: Self.block)
        unsafe larger.copyMemory(from: UnsafeRawBufferPointer(storage))
        unsafe storage.deallocate()
        unsafe storage = larger
    }
}
