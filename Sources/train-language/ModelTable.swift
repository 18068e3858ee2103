import GatehouseLanguage

/// Writes the layout that `LanguageModel` reads.
struct ModelTable {
    private var sections: [(header: [UInt32], pieces: [[UInt8]])] = []

    mutating func add(_ weights: QuantisedWeights, script: Script, names: [String]) {
        let slots = weights.slots.count / Vocabulary.slotSize
        let header = [
            UInt32(script.rawValue), UInt32(names.count), UInt32(weights.stride), UInt32(weights.rowBits),
            weights.scale.bitPattern, UInt32(weights.groups), UInt32(weights.groupShift), UInt32(slots),
        ]
        let labels = names.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: 8 - $0.utf8.count) }
        let biases = [UInt8](repeating: 0, count: names.count * 4)
        // A slot is read as four bytes.
        sections.append((header, [labels, biases, weights.rows, weights.slots + [0]]))
    }

    /// The map of Chinese variants, as rows of 8 bytes without classes.
    mutating func addMap(_ map: [UInt8]) {
        var bits = 0
        while 8 << bits < map.count { bits += 1 }
        let header = [UInt32(Script.han.rawValue), 0, 8, UInt32(bits), Float(1).bitPattern, 0, 0, 0]
        sections.append((header, [[], [], map + [UInt8](repeating: 0, count: 8 << bits - map.count), []]))
    }

    func bytes() -> [UInt8] {
        var head: [UInt8] = LanguageModel.magic
        append(LanguageModel.version, to: &head)
        append(UInt32(sections.count), to: &head)
        var body: [UInt8] = []
        let start = 12 + sections.count * LanguageModel.headerSize
        for section in sections {
            for number in section.header { append(number, to: &head) }
            for piece in section.pieces {
                append(UInt32(start + body.count), to: &head)
                body += piece
            }
        }
        return head + body
    }

    private func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}

/// Which Chinese characters are only simplified or only traditional, from OpenCC's `character<TAB>counterparts` tables.
enum HanMap {
    static func bytes(folder: String) -> [UInt8]? {
        let simplified = changed("\(folder)/STCharacters.txt")
        let traditional = changed("\(folder)/TSCharacters.txt")
        guard !simplified.isEmpty, !traditional.isEmpty else { return nil }
        var map = [UInt8](repeating: 0, count: Int(HanVariants.end - HanVariants.first) / 4)
        mark(simplified.subtracting(traditional), as: 1, in: &map)
        mark(traditional.subtracting(simplified), as: 2, in: &map)
        return map
    }

    /// Characters that never stand for themselves in the other writing.
    private static func changed(_ path: String) -> Set<UInt32> {
        var result: Set<UInt32> = []
        for line in FileBytes.lines(path) {
            let fields = line.unicodeScalars.split(separator: "\t")
            guard fields.count == 2, fields[0].count == 1, let character = fields[0].first else { continue }
            let counterparts = fields[1].split(separator: " ").filter { $0.count == 1 }.compactMap(\.first)
            if !counterparts.contains(character) { result.insert(character.value) }
        }
        return result
    }

    private static func mark(_ characters: Set<UInt32>, as kind: UInt8, in map: inout [UInt8]) {
        for character in characters where character >= HanVariants.first && character < HanVariants.end {
            let index = Int(character - HanVariants.first)
            map[index / 4] |= kind << UInt8(index % 4 * 2)
        }
    }
}
