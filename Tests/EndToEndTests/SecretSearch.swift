import CZlib
import Foundation

/// Looks for a secret in bytes, as it is and in whatever they may be wrapped.
struct SecretSearch {
    private let haystacks: [[UInt8]]

    private static let deepest = 3

    /// The bytes, and what they hold in base 64, quoted-printable, UTF-16, JSON's escapes and zip.
    init(_ data: Data) { haystacks = Self.unwrapped([UInt8](data), depth: 0) }

    /// Which of the secrets are there. A part is as bad as the whole: four words of a phrase, sixteen characters of a key.
    func found(among secrets: [String]) -> Set<String> {
        // By the first four bytes of a piece, so that one pass looks for all of them.
        var pieces: [UInt32: [(bytes: [UInt8], secret: String)]] = [:]
        var pairs = [Bool](repeating: false, count: 1 << 16)
        for secret in secrets {
            for piece in Self.pieces(secret) where piece.count >= 4 {
                pieces[Self.head(piece, 0), default: []].append((piece, secret))
                pairs[Int(piece[0]) << 8 | Int(piece[1])] = true
            }
        }
        var found: Set<String> = []
        for hay in haystacks where hay.count >= 4 {
            for index in 0...hay.count - 4 where pairs[Int(hay[index]) << 8 | Int(hay[index + 1])] {
                for (bytes, secret) in pieces[Self.head(hay, index)] ?? [] where hay[index...].starts(with: bytes) {
                    found.insert(secret)
                }
            }
        }
        return found
    }

    private static func head(_ bytes: [UInt8], _ index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[index + $1]) }
    }

    static func pieces(_ secret: String) -> [[UInt8]] {
        var forms = [secret]
        let words = secret.split { $0 == " " || $0 == "\u{3000}" || $0 == "\n" }
        if words.count >= 12 {
            for first in 0...words.count - 4 {
                forms += [" ", "\u{3000}", "\n", ""].map { words[first..<first + 4].joined(separator: $0) }
            }
        } else {
            forms.append(secret.filter { $0 != " " && $0 != "-" })
            let letters = Array(secret)
            if letters.count >= 24, !secret.contains("\n") {
                forms += [0, letters.count / 2 - 8, letters.count - 16].map { String(letters[$0..<$0 + 16]) }
            }
            if secret.contains("\n") { forms += words.filter { $0.count > 24 }.map(String.init) }
        }
        return forms.map { Array($0.precomposedStringWithCanonicalMapping.utf8) }
    }

    private static func unwrapped(_ bytes: [UInt8], depth: Int) -> [[UInt8]] {
        guard bytes.count > 3 else { return [] }
        var found = [bytes]
        guard depth < deepest else { return found }
        var inner = zipEntries(bytes) + base64(bytes)
        inner += [quotedPrintable(bytes), jsonUnescaped(bytes), narrowed(bytes, 0), narrowed(bytes, 1)].compactMap {
            $0
        }
        for part in inner { found += unwrapped(part, depth: depth + 1) }
        return found
    }

    // MARK: Wrappings

    /// Every stretch of base 64 or its URL-safe letters; line ends belong to it, as they are or as JSON writes them.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        var values = [Int8](repeating: -1, count: 256)
        for (value, letter) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            values[Int(letter)] = Int8(value)
        }
        (values[0x2D], values[0x5F]) = (62, 63)
        var found: [[UInt8]] = []
        var digits: [UInt8] = []
        func end() {
            // What stands before the true beginning shifts it by up to three letters.
            if digits.count >= 24 {
                for shift in 0..<4 { found.append(decoded(digits[shift...])) }
            }
            digits.removeAll(keepingCapacity: true)
        }
        var index = 0
        while index < bytes.count {
            let value = values[Int(bytes[index])]
            if value >= 0 {
                digits.append(UInt8(value))
            } else if bytes[index] == 0x5C, index + 1 < bytes.count, [0x6E, 0x72].contains(bytes[index + 1]) {
                index += 1
            } else if bytes[index] != 0x0A, bytes[index] != 0x0D {
                end()
            }
            index += 1
        }
        end()
        return found
    }

    private static func decoded(_ digits: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for digit in digits {
            bits = bits << 6 | UInt32(digit)
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }

    private static func quotedPrintable(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.contains(0x3D) else { return nil }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x3D, index + 1 < bytes.count, bytes[index + 1] == 0x0A {
                index += 2
            } else if bytes[index] == 0x3D, index + 2 < bytes.count {
                if bytes[index + 1] == 0x0D, bytes[index + 2] == 0x0A {
                } else if let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16) {
                    result.append(value)
                } else {
                    result += bytes[index...index + 2]
                }
                index += 3
            } else {
                // Encoded words write a space so.
                result.append(bytes[index])
                index += 1
            }
        }
        return result == bytes ? nil : result
    }

    /// `\u00e9`, `\/` and the like as what they stand for.
    private static func jsonUnescaped(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.contains(0x5C) else { return nil }
        var units: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == 0x5C, index + 1 < bytes.count else {
                units.append(bytes[index])
                index += 1
                continue
            }
            let digits = index + 5 < bytes.count ? String(decoding: bytes[index + 2...index + 5], as: UTF8.self) : ""
            if bytes[index + 1] == 0x75, let value = UInt16(digits, radix: 16), let scalar = Unicode.Scalar(value) {
                units += Array(String(Character(scalar)).utf8)
                index += 6
            } else {
                units.append(bytes[index + 1] == 0x6E ? 0x0A : bytes[index + 1])
                index += 2
            }
        }
        return units
    }

    /// UTF-16 read as such, from an even or an odd place: only stretches of it give text.
    private static func narrowed(_ bytes: [UInt8], _ start: Int) -> [UInt8]? {
        // Where nothing has a zero for its other half there is no Latin text in UTF-16, and other scripts come with spaces.
        guard bytes.contains(0) else { return nil }
        var little: [UInt16] = []
        var index = start
        while index + 1 < bytes.count {
            little.append(UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
            index += 2
        }
        return Array(String(decoding: little, as: UTF16.self).utf8)
            + Array(String(decoding: little.map(\.byteSwapped), as: UTF16.self).utf8)
    }

    /// What every zip in the bytes holds, and the names of its entries (APPNOTE.TXT 4.3.7).
    private static func zipEntries(_ bytes: [UInt8]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        var index = 0
        while index + 30 < bytes.count {
            guard bytes[index] == 0x50, bytes[index...].starts(with: [0x50, 0x4B, 3, 4]) else {
                index += 1
                continue
            }
            let name = Int(bytes[index + 26]) | Int(bytes[index + 27]) << 8
            let start = index + 30 + name + (Int(bytes[index + 28]) | Int(bytes[index + 29]) << 8)
            if start < bytes.count {
                found.append(Array(bytes[index + 30..<index + 30 + name]))
                found.append(Deflate.inflated(bytes, from: start))
            }
            index += 4
        }
        return found.filter { !$0.isEmpty }
    }
}

/// zlib's raw deflate data (RFC 1951), for tests of a few kilobytes.
enum Deflate {
    private static let most = 1 << 20

    /// As far as it goes, where the data ends early or is none.
    static func inflated(_ bytes: [UInt8], from start: Int) -> [UInt8] {
        var stream = unsafe z_stream()
        var input = Array(bytes[start...])
        guard unsafe inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return []
        }
        defer { unsafe inflateEnd(&stream) }
        return unsafe run(&stream, &input) { unsafe inflate(&$0, Z_FINISH) }
    }

    static func checksum(_ bytes: [UInt8]) -> Int {
        unsafe bytes.withUnsafeBufferPointer { unsafe Int(crc32(0, $0.baseAddress, UInt32($0.count))) }
    }

    static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var stream = unsafe z_stream()
        var input = bytes
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        guard unsafe deflateInit2_(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK
        else {
            return []
        }
        defer { unsafe deflateEnd(&stream) }
        return unsafe run(&stream, &input) { unsafe deflate(&$0, Z_FINISH) }
    }

    private static func run(
        _ stream: inout z_stream,
        _ input: inout [UInt8],
        _ step: (inout z_stream) -> Int32
    ) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: most)
        var written = 0
        unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe stream.next_in = source.baseAddress
                unsafe stream.avail_in = UInt32(source.count)
                unsafe stream.next_out = target.baseAddress
                unsafe stream.avail_out = UInt32(target.count)
                _ = unsafe step(&stream)
                written = target.count - Int(unsafe stream.avail_out)
            }
        }
        return Array(output.prefix(written))
    }
}
