import CProcessor
import CTables

/// The trained table, used where it lies in the program's image: nothing is copied or built at start.
///
/// Layout (little endian), written by `train-language`: `GHLM`, UInt32 version, UInt32 number of sections, then for each
/// section `headerSize` bytes of UInt32: script, classes, stride, log2 of rows, the scale (Float32), groups, log2 of the
/// groups' factor, slots, and the offsets of names, biases, rows and slots from the file's start. A name is 8 bytes with
/// zeros behind; a bias a Float32; a row `stride` Int8, first those of the hashes, then those of the groups; the slots are
/// `Vocabulary`'s. A section with script `han` holds the two-bit map of Chinese variants in its rows (`HanVariants`).
@safe package struct LanguageModel: Sendable {
    package static let magic: [UInt8] = Array("GHLM".utf8)
    package static let version: UInt32 = 2
    package static let headerSize = 48

    /// One script's classifier.
    @safe final class Section: Sendable {
        let script: Script
        let names: [String]
        let biases: [Float]
        let weights: Weights
        /// Nats for a weight of 1.
        var scale: Float { weights.scale }

        fileprivate init(script: Script, names: [String], biases: [Float], weights: Weights) {
            self.script = script
            self.names = names
            self.biases = biases
            self.weights = weights
        }
    }

    /// What a classifier's sums are made of: figures and places alone, so that a copy counts no references.
    @safe struct Weights: Sendable {
        /// 0 where there is no classifier.
        var classes = 0
        /// Bytes of a row, a multiple of 8.
        var stride = 0
        /// Number of hashed rows less one; a hash is cut to a row by it.
        var mask = 0
        /// Nats for a weight of 1.
        var scale: Float = 0
        /// Rows behind the hashed ones.
        var groups = 0
        /// A group's weights are shifted left by this.
        var groupShift: Int16 = 0
        var slots = 0
        fileprivate nonisolated(unsafe) var rows: UnsafeRawPointer
        fileprivate nonisolated(unsafe) var words: UnsafeRawPointer

        /// The sum of each feature's row, and of the row of the word's group.
        ///
        /// Sixteen weights are read as eight numbers of two bytes, whose halves are summed apart; a word's features are too
        /// few for a sum of theirs to leave an Int16.
        @inline(__always)
        func sums(of features: borrowing WordFeatures) -> WordSums {
            prefetch(features)
            // Latin's, which nearly every text is written in.
            return stride == 40 ? wideSums(of: features) : narrowSums(of: features)
        }

        /// Asks for all of a word's rows before the first is read: they lie scattered in megabytes.
        @inline(__always)
        private func prefetch(_ features: borrowing WordFeatures) {
            let slot = slots > 0 ? Vocabulary.home(of: features.key, slots: slots) : 0
            unsafe cprocessor_prefetch(words + slot &* Vocabulary.slotSize)
            unsafe features.withHashes { hashes in
                for index in 0..<hashes.count {
                    unsafe cprocessor_prefetch(rows + (Int(hashes[index]) & mask) &* stride)
                }
            }
        }

        /// Of rows of 40 bytes: each is read once, since they seldom are in a near cache.
        @inline(__always)
        private func wideSums(of features: borrowing WordFeatures) -> WordSums {
            var sums = unsafe features.withHashes { hashes in
                var sums = WideSums()
                // In bounds: `mask` and `stride` were checked against the table's size when it was opened.
                for index in 0..<hashes.count {
                    unsafe sums.add(row: rows + (Int(hashes[index]) & mask) &* 40, shift: 0)
                }
                return sums
            }
            let group = group(of: features.key)
            if group != 0 { unsafe sums.add(row: rows + (mask &+ 1 &+ group) &* 40, shift: groupShift) }
            return sums.byClass
        }

        /// Of rows of any length: eight weights at a time.
        private func narrowSums(of features: borrowing WordFeatures) -> WordSums {
            var sums = WordSums()
            let group = group(of: features.key)
            let hashes = features.hashes.span
            for part in 0..<stride / 8 {
                var even = SIMD4<Int16>.zero
                var odd = SIMD4<Int16>.zero
                for index in 0..<features.count {
                    let offset = (Int(hashes[index]) & mask) &* stride &+ part &* 8
                    let weights = unsafe rows.loadUnaligned(fromByteOffset: offset, as: SIMD4<Int16>.self)
                    even = even &+ ((weights &<< 8) &>> 8)
                    odd = odd &+ (weights &>> 8)
                }
                if group != 0 {
                    let offset = (mask &+ 1 &+ group) &* stride &+ part &* 8
                    let weights = unsafe rows.loadUnaligned(fromByteOffset: offset, as: SIMD4<Int16>.self)
                    even = even &+ (((weights &<< 8) &>> 8) &<< groupShift)
                    odd = odd &+ ((weights &>> 8) &<< groupShift)
                }
                let place = part / 2 * 2
                if part % 2 == 0 {
                    sums.vectors[place].lowHalf = even
                    sums.vectors[place + 1].lowHalf = odd
                } else {
                    sums.vectors[place].highHalf = even
                    sums.vectors[place + 1].highHalf = odd
                }
            }
            return sums
        }

        /// Adds one row, for explanations.
        func add(row: Int, shift: Int16, to sums: inout ClassSums) {
            for index in 0..<classes {
                let weight = Int32(Int8(bitPattern: byte(at: row * stride + index)))
                sums.add(weight &<< Int32(shift), at: index)
            }
        }

        /// The word's group; 0 where the vocabulary lacks it.
        @inline(__always)
        func group(of key: UInt32) -> Int {
            guard slots > 0 else { return 0 }
            let check = Vocabulary.check(of: key)
            var slot = Vocabulary.home(of: key, slots: slots)
            for _ in 0..<Vocabulary.longestProbe {
                // In bounds: a slot is less than `slots`, and a byte more than the slots is in the file.
                let entry = unsafe words.loadUnaligned(fromByteOffset: slot &* Vocabulary.slotSize, as: UInt32.self)
                let group = Int(entry >> 12 & 0xFFF)
                if group == 0 { return 0 }
                if entry & 0xFFF == check { return group < groups ? group : 0 }
                slot = slot &+ 1 == slots ? 0 : slot &+ 1
            }
            return 0
        }

        func byte(at index: Int) -> UInt8 {
            guard index >= 0, index < (mask + 1 + groups) * stride else { return 0 }
            return unsafe rows.load(fromByteOffset: index, as: UInt8.self)
        }
    }

    /// The sums of rows of 40 bytes.
    private struct WideSums {
        private var firstEven = SIMD8<Int16>.zero
        private var firstOdd = SIMD8<Int16>.zero
        private var secondEven = SIMD8<Int16>.zero
        private var secondOdd = SIMD8<Int16>.zero
        private var thirdEven = SIMD4<Int16>.zero
        private var thirdOdd = SIMD4<Int16>.zero

        /// - Parameter row: 40 bytes.
        @inline(__always)
        mutating func add(row: UnsafeRawPointer, shift: Int16) {
            let first = unsafe row.loadUnaligned(as: SIMD8<Int16>.self)
            let second = unsafe row.loadUnaligned(fromByteOffset: 16, as: SIMD8<Int16>.self)
            let third = unsafe row.loadUnaligned(fromByteOffset: 32, as: SIMD4<Int16>.self)
            firstEven = firstEven &+ (((first &<< 8) &>> 8) &<< shift)
            firstOdd = firstOdd &+ ((first &>> 8) &<< shift)
            secondEven = secondEven &+ (((second &<< 8) &>> 8) &<< shift)
            secondOdd = secondOdd &+ ((second &>> 8) &<< shift)
            thirdEven = thirdEven &+ (((third &<< 8) &>> 8) &<< shift)
            thirdOdd = thirdOdd &+ ((third &>> 8) &<< shift)
        }

        var byClass: WordSums {
            var sums = WordSums()
            sums.vectors[0] = firstEven
            sums.vectors[1] = firstOdd
            sums.vectors[2] = secondEven
            sums.vectors[3] = secondOdd
            sums.vectors[4] = SIMD8(lowHalf: thirdEven, highHalf: .zero)
            sums.vectors[5] = SIMD8(lowHalf: thirdOdd, highHalf: .zero)
            return sums
        }
    }

    let sections: [Section]
    /// By script: `Script.latin` and so on.
    private let byScript: [Section?]
    /// By script as well; without classes where there is none.
    let weights: InlineArray<4, Weights>
    /// The two-bit map of Chinese variants; empty where there is none.
    let hanVariants: Weights

    /// The model that was built in.
    package static let builtIn: LanguageModel = {
        let file = unsafe ctables_language_model()
        return unsafe LanguageModel(UnsafeRawBufferPointer(start: file.bytes, count: file.count))
    }()

    /// - Parameter bytes: Must stay where they are as long as the program runs.
    package init(_ bytes: UnsafeRawBufferPointer) {
        let sections = unsafe Self.read(bytes)
        // Never read: without classes there is nothing behind it.
        let place = unsafe UnsafeRawPointer(ctables_language_model().bytes)
        let none = unsafe Weights(rows: place, words: place)
        self.sections = sections
        byScript = (0..<LanguageReader.modelled).map { number in
            sections.first { Int($0.script.rawValue) == number }
        }
        weights = InlineArray { number in
            sections.first { Int($0.script.rawValue) == number }?.weights ?? none
        }
        hanVariants = sections.first { $0.script == .han }?.weights ?? none
    }

    /// The classifier of a script that the model decides on.
    @inline(__always)
    func section(for script: Script) -> Section? {
        let number = Int(script.rawValue)
        return number < byScript.count ? byScript[number] : nil
    }

    /// Every class of every script, for tests and the manual.
    package var languages: [String] { sections.flatMap(\.names) }

    /// Opens the table; a section that doesn't fit the file is left out, and a test fails.
    private static func read(_ bytes: UnsafeRawBufferPointer) -> [Section] {
        guard bytes.count >= 12, unsafe number(bytes, 0) == 0x4D4C_4847, unsafe number(bytes, 4) == version else {
            return []
        }
        return (0..<min(16, Int(unsafe number(bytes, 8)))).compactMap { index in
            unsafe section(bytes, 12 + index * headerSize)
        }
    }

    private static func section(_ bytes: UnsafeRawBufferPointer, _ header: Int) -> Section? {
        func field(_ place: Int) -> Int { Int(unsafe number(bytes, header + place * 4)) }
        let (classes, stride, rowBits, groups, slots) = (field(1), field(2), field(3), field(5), field(7))
        let (names, biases, rows, words) = (field(8), field(9), field(10), field(11))
        guard let base = bytes.baseAddress, let script = Script(rawValue: UInt8(truncatingIfNeeded: field(0))),
            rowBits <= 20, stride % 8 == 0, stride <= ClassSums.most, classes <= stride,
            groups <= Vocabulary.mostGroups, field(6) < 8, names + classes * 8 <= bytes.count,
            biases + classes * 4 <= bytes.count, rows + (1 << rowBits + groups) * stride <= bytes.count,
            slots == 0 || words + slots * Vocabulary.slotSize + 1 <= bytes.count
        else { return nil }
        return unsafe Section(
            script: script,
            names: (0..<classes).map { unsafe text(bytes[(names + $0 * 8)..<(names + $0 * 8 + 8)]) },
            biases: (0..<classes).map { Float(bitPattern: unsafe number(bytes, biases + $0 * 4)) },
            weights: Weights(
                classes: classes,
                stride: stride,
                mask: 1 << rowBits - 1,
                scale: Float(bitPattern: unsafe number(bytes, header + 16)),
                groups: groups,
                groupShift: Int16(field(6)),
                slots: slots,
                rows: base + rows,
                words: base + words
            )
        )
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        guard offset >= 0, offset + 4 <= bytes.count else { return 0 }
        return unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
