import CTables

/// The trained table, used where it lies in the program's image: nothing is copied or built at start.
///
/// Layout (little endian), written by `train-language`: `GHLM`, UInt32 version, UInt32 number of sections, then for
/// each section 32 bytes: UInt32 script, classes, stride, log2 of rows, Float32 scale, UInt32 offsets of names,
/// biases and rows from the file's start. A name is 8 bytes with zeros behind; a bias a Float32; a row `stride` Int8.
/// A section with script `han` holds the two-bit map of Chinese variants in its rows (`HanVariants`).
@safe package struct LanguageModel: Sendable {
    package static let magic: [UInt8] = Array("GHLM".utf8)
    package static let version: UInt32 = 1

    /// One script's classifier.
    @safe struct Section: Sendable {
        var script: Script
        var names: [String]
        var biases: [Float]
        /// Bytes of a row, a multiple of 8.
        var stride: Int
        /// Number of rows less one; a hash is cut to a row by it.
        var mask: Int
        var scale: Float
        fileprivate nonisolated(unsafe) let rows: UnsafeRawPointer

        /// Adds the row of each feature to `sums` (`stride` / 8 vectors).
        @inline(__always)
        func add(_ features: [UInt32], to sums: inout [SIMD8<Int32>]) {
            for vector in 0..<stride / 8 {
                var sum = sums[vector]
                for feature in features {
                    // In bounds: `mask` and `stride` were checked against the table's size when it was opened.
                    let offset = (Int(feature) & mask) &* stride &+ vector &* 8
                    let weights = unsafe rows.loadUnaligned(fromByteOffset: offset, as: SIMD8<Int8>.self)
                    sum &+= SIMD8<Int32>(truncatingIfNeeded: weights)
                }
                sums[vector] = sum
            }
        }

        func byte(at index: Int) -> UInt8 {
            guard index >= 0, index < (mask + 1) * stride else { return 0 }
            return unsafe rows.load(fromByteOffset: index, as: UInt8.self)
        }
    }

    let sections: [Section]

    /// The model that was built in.
    package static let builtIn = LanguageModel()

    private init() {
        let file = unsafe ctables_language_model()
        let bytes = unsafe UnsafeRawBufferPointer(start: file.bytes, count: file.count)
        unsafe sections = Self.read(bytes)
    }

    func section(for script: Script) -> Section? { sections.first { $0.script == script } }

    /// Every class of every script, for tests and the manual.
    package var languages: [String] { sections.flatMap(\.names) }

    /// Opens the table; a section that doesn't fit the file is left out, and a test fails.
    private static func read(_ bytes: UnsafeRawBufferPointer) -> [Section] {
        func number(_ offset: Int) -> UInt32 {
            guard offset >= 0, offset + 4 <= bytes.count else { return 0 }
            return unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        guard bytes.count >= 12, number(0) == 0x4D4C_4847, number(4) == version, number(8) <= 16,
            let base = bytes.baseAddress
        else { return [] }
        var result: [Section] = []
        for index in 0..<Int(number(8)) {
            let header = 12 + index * 32
            let classes = Int(number(header + 4))
            let stride = Int(number(header + 8))
            let rowBits = number(header + 12)
            let names = Int(number(header + 20))
            let biases = Int(number(header + 24))
            let rows = Int(number(header + 28))
            guard let script = Script(rawValue: UInt8(truncatingIfNeeded: number(header))), rowBits <= 20,
                stride % 8 == 0,
                classes <= stride, stride <= 256, names + classes * 8 <= bytes.count,
                biases + classes * 4 <= bytes.count,
                rows + stride << rowBits <= bytes.count
            else { continue }
            result.append(
                unsafe Section(
                    script: script,
                    names: (0..<classes).map { unsafe text(bytes[(names + $0 * 8)..<(names + $0 * 8 + 8)]) },
                    biases: (0..<classes).map { Float(bitPattern: number(biases + $0 * 4)) },
                    stride: stride,
                    mask: 1 << Int(rowBits) - 1,
                    scale: Float(bitPattern: number(header + 16)),
                    rows: base + rows
                )
            )
        }
        return result
    }

    private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
