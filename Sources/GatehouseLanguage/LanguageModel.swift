import CTables

/// What the rows of a text's features sum up to, by class.
struct ClassSums {
    /// For sixteen classes the even ones, then the odd ones.
    private var vectors: [SIMD8<Int32>]

    init(stride: Int) { vectors = [SIMD8<Int32>](repeating: .zero, count: (stride + 15) / 16 * 2) }

    subscript(index: Int) -> Int32 { vectors[index / 16 * 2 + index % 2][index % 16 / 2] }

    @inline(__always)
    mutating func add(_ even: SIMD8<Int16>, _ odd: SIMD8<Int16>, _ vector: Int) {
        vectors[vector * 2] &+= SIMD8<Int32>(truncatingIfNeeded: even)
        vectors[vector * 2 + 1] &+= SIMD8<Int32>(truncatingIfNeeded: odd)
    }

    /// The first class with the highest sum, and how far the next is behind it.
    func best(of count: Int) -> (class: Int, lead: Int32) {
        var (best, second) = (Int32.min, Int32.min)
        var place = 0
        for index in 0..<count {
            let sum = self[index]
            if sum > best {
                (second, best, place) = (best, sum, index)
            } else if sum > second {
                second = sum
            }
        }
        return (place, best &- second)
    }
}

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

        /// Adds the row of each feature to `sums`.
        ///
        /// Sixteen weights are read as eight numbers of two bytes, whose halves are summed apart; a word's features are too
        /// few for a sum of theirs to leave an Int16.
        @inline(__always)
        func add(_ features: WordFeatures, to sums: inout ClassSums) {
            let hashes = features.hashes.span
            let count = min(features.count, hashes.count)
            for vector in 0..<stride / 16 {
                var low = SIMD8<Int16>.zero
                var high = SIMD8<Int16>.zero
                for index in 0..<count {
                    // In bounds: `mask` and `stride` were checked against the table's size when it was opened.
                    let offset = (Int(hashes[index]) & mask) &* stride &+ vector &* 16
                    let weights = unsafe rows.loadUnaligned(fromByteOffset: offset, as: SIMD8<Int16>.self)
                    low = low &+ ((weights &<< 8) &>> 8)
                    high = high &+ (weights &>> 8)
                }
                sums.add(low, high, vector)
            }
            guard stride % 16 == 8 else { return }
            var low = SIMD4<Int16>.zero
            var high = SIMD4<Int16>.zero
            for index in 0..<count {
                let offset = (Int(hashes[index]) & mask) &* stride &+ stride &- 8
                let weights = unsafe rows.loadUnaligned(fromByteOffset: offset, as: SIMD4<Int16>.self)
                low = low &+ ((weights &<< 8) &>> 8)
                high = high &+ (weights &>> 8)
            }
            sums.add(SIMD8(lowHalf: low, highHalf: .zero), SIMD8(lowHalf: high, highHalf: .zero), stride / 16)
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
