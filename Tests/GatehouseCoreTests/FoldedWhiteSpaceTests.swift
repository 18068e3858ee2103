import Testing

@testable import GatehouseCore

struct FoldedWhiteSpaceTests {
    private static let whiteSpace: [UInt32] =
        Array(0x09...0x0D) + [0x20, 0x85, 0xA0, 0x1680] + Array(0x2000...0x200B)
        + [0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF]

    /// What the words of the fingerprint's version 1 say, scalar by scalar.
    private func reference(_ text: String) -> String {
        let parts = text.unicodeScalars.split { Self.whiteSpace.contains($0.value) }
        return parts.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
    }

    @Test func `Each scalar of the first planes is white space exactly where the list says so`() {
        for value in (UInt32(0)...0x1_0400) where !(0xD800...0xDFFF).contains(value) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a\(Character(scalar))b"
            let folded = FoldedWhiteSpace.bytes(of: text)
            #expect(folded == Array(Self.whiteSpace.contains(value) ? "a b".utf8 : text.utf8), "\(value)")
        }
    }

    @Test func `Any mixture folds as its scalars do`() {
        var random = SystemRandomNumberGenerator()
        let others: [UInt32] = [0x61, 0x00, 0x1F, 0x7F, 0xE9, 0x84, 0x200C, 0x2FFF, 0x3001, 0xFF20, 0x1F600, 0x10FFFF]
        let plain: [UInt32] = [0x20, 0x21, 0x41, 0x42, 0x43, 0x44, 0x45, 0x7E]
        for _ in 0..<5000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let pool = [Self.whiteSpace, others, plain, plain, plain].randomElement(using: &random) ?? plain
                scalars.append(Unicode.Scalar(pool.randomElement(using: &random) ?? 0x20) ?? " ")
            }
            let text = String(scalars)
            #expect(FoldedWhiteSpace.bytes(of: text) == Array(reference(text).utf8), "\(scalars.map(\.value))")
        }
    }
}
