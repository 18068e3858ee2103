/// The width and height that an image's first bytes state, in pixels.
struct ImageSize: Equatable {
    var width: Int
    var height: Int

    /// Width by height, at least 1: 4/3 for either way of holding a camera.
    var ratio: Double { Double(max(width, height)) / Double(max(1, min(width, height))) }
    var isUpright: Bool { height > width }

    /// Bytes in which a HEIC's sizes are sought; they stand before the picture.
    private static let boxes = 256 * 1024
    private static let mostSegments = 4096

    /// nil where the bytes are no image of a known form, or end before they say.
    init?(_ bytes: [UInt8]) {
        let found: (Int, Int)? =
            if Self.starts(bytes, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
                Self.png(bytes)
            } else if Self.starts(bytes, [0xFF, 0xD8]) {
                Self.jpeg(bytes)
            } else if Self.starts(bytes, Array("GIF8".utf8)) {
                Self.pair(bytes, 6, 8) { Self.little($0, $1, 2) }
            } else if Self.starts(bytes, Array("RIFF".utf8)), Self.matches(bytes, 8, "WEBP") {
                Self.webp(bytes)
            } else if Self.matches(bytes, 4, "ftyp") {
                Self.heic(bytes)
            } else {
                nil
            }
        guard let (width, height) = found, width > 0, height > 0 else { return nil }
        (self.width, self.height) = (width, height)
    }

    init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    /// PNG 3, 11.2.2: IHDR is the first chunk.
    private static func png(_ bytes: [UInt8]) -> (Int, Int)? {
        guard matches(bytes, 12, "IHDR") else { return nil }
        return pair(bytes, 16, 20) { big($0, $1, 4) }
    }

    /// ITU T.81, B.2.2: the frame header behind whatever segments come before it.
    private static func jpeg(_ bytes: [UInt8]) -> (Int, Int)? {
        var place = 2
        for _ in 0..<mostSegments {
            while place < bytes.count, bytes[place] != 0xFF { place += 1 }
            while place < bytes.count, bytes[place] == 0xFF { place += 1 }
            guard place < bytes.count else { return nil }
            let marker = bytes[place]
            place += 1
            if (0xD0...0xD9).contains(marker) || marker == 0x01 || marker == 0 { continue }
            if (0xC0...0xCF).contains(marker), marker != 0xC4, marker != 0xC8, marker != 0xCC {
                return pair(bytes, place + 5, place + 3) { big($0, $1, 2) }
            }
            guard let length = big(bytes, place, 2), length >= 2 else { return nil }
            place += length
        }
        return nil
    }

    /// RFC 9649, 2: a lossy, a lossless or an extended file.
    private static func webp(_ bytes: [UInt8]) -> (Int, Int)? {
        if matches(bytes, 12, "VP8X") {
            return pair(bytes, 24, 27) { little($0, $1, 3).map { $0 + 1 } }
        }
        if matches(bytes, 12, "VP8L"), let bits = little(bytes, 21, 4) {
            return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        guard matches(bytes, 12, "VP8 ") else { return nil }
        return pair(bytes, 26, 28) { little($0, $1, 2).map { $0 & 0x3FFF } }
    }

    /// ISO/IEC 23008-12, 6.5.3: the largest `ispe`, since tiles and thumbnails have their own.
    private static func heic(_ bytes: [UInt8]) -> (Int, Int)? {
        var best: (Int, Int)?
        // Of two numbers of 32 bits: a product that doesn't fit is nobody's picture.
        var area = 0
        let end = min(bytes.count, boxes)
        var place = 4
        while place + 16 <= end {
            if bytes[place] == 0x69, matches(bytes, place, "ispe"),
                let size = pair(bytes, place + 8, place + 12, { big($0, $1, 4) }), size.0 &* size.1 > area
            {
                (best, area) = (size, size.0 &* size.1)
            }
            place += 1
        }
        return best
    }

    private static func pair(
        _ bytes: [UInt8],
        _ width: Int,
        _ height: Int,
        _ read: ([UInt8], Int) -> Int?
    ) -> (Int, Int)? {
        guard let width = read(bytes, width), let height = read(bytes, height) else { return nil }
        return (width, height)
    }

    private static func big(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int? {
        guard place >= 0, place <= bytes.count - count else { return nil }
        return (0..<count).reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }

    private static func little(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int? {
        guard place >= 0, place <= bytes.count - count else { return nil }
        return (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }

    private static func starts(_ bytes: [UInt8], _ mark: [UInt8]) -> Bool { bytes.starts(with: mark) }

    private static func matches(_ bytes: [UInt8], _ place: Int, _ mark: String) -> Bool {
        place <= bytes.count - mark.utf8.count && bytes[place...].starts(with: mark.utf8)
    }
}
