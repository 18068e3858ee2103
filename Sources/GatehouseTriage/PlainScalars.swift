@_spi(_Unicode) import Swift

/// Letters as the tables and the messages are compared: without accents, with one form of each Arabic letter.
///
/// Customers leave accents out, so "transferencia não" and "transferencia nao" must be one. Input is case folded.
struct PlainScalars: Sendable {
    /// For each scalar below the end its plain letter; 0 for one that vanishes.
    private var latin: [UInt32]
    private var extended: [UInt32]

    static let shared = PlainScalars()

    private init() {
        latin = (0..<0x250).map { $0 < 0xC0 ? $0 : Self.base(of: $0) }
        extended = (0x1E00..<0x1F00).map { Self.base(of: $0) }
    }

    @inline(__always)
    func plain(_ scalar: UInt32) -> UInt32 {
        if scalar < 0xC0 { return scalar }
        if scalar < 0x250 { return latin[Int(scalar)] }
        if scalar < 0x300 { return scalar }
        return other(scalar)
    }

    private func other(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x300..<0x370: 0
        case 0x451: 0x435  // ё
        case 0x622, 0x623, 0x625, 0x671: 0x627  // alef with hamza, madda, wasla
        case 0x649, 0x6CC: 0x64A  // alef maksura, Persian yeh
        case 0x629: 0x647  // teh marbuta
        case 0x6A9: 0x643
        case 0x640, 0x64B...0x65F, 0x670: 0  // tatweel, vowel signs
        case 0x1E00..<0x1F00: extended[Int(scalar - 0x1E00)]
        default: scalar
        }
    }

    private static func base(of scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xDF: return 0x73
        case 0xE6: return 0x61
        case 0xF8: return 0x6F
        case 0x111: return 0x64
        case 0x131: return 0x69
        case 0x142: return 0x6C
        case 0x153: return 0x6F
        default:
            guard let value = Unicode.Scalar(scalar) else { return scalar }
            return String(Character(value))._nfd.first { _ in true }?.value ?? scalar
        }
    }
}
