import CZlib

/// zlib's inflate over raw deflate data (RFC 1951), and its CRC-32.
@safe final class Inflater {
    // On the heap: zlib keeps the address of the stream it was started with.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether the data's own end has been reached.
    private(set) var isFinished = false

    /// nil where zlib has no memory, or is another version than the one this was built with.
    init?() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // -15: the largest window, and no zlib header around the data.
        let code = unsafe inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            unsafe stream.deallocate()
            return nil
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Inflates `input` from `start` on, and appends at most `room` bytes to `output`.
    ///
    /// - Returns: How many bytes of `input` were used; nil where they are no deflate data.
    func inflate(_ input: [UInt8], from start: Int, into output: inout [UInt8], room: Int) -> Int? {
        guard !isFinished, start <= input.count, room > 0 else { return 0 }
        let available = min(input.count - start, Int(Int32.max))
        let wanted = min(room, Int(Int32.max))
        var used = 0
        var code = Z_OK
        output.append(addingCapacity: wanted) { (target: inout OutputSpan<UInt8>) in
            unsafe target.withUnsafeMutableBufferPointer { buffer, written in
                unsafe input.withUnsafeBufferPointer { source in
                    // zlib reads through this pointer and never writes through it.
                    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress).map {
                        unsafe $0 + start
                    }
                    unsafe stream.pointee.avail_in = UInt32(available)
                    unsafe stream.pointee.next_out = buffer.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(wanted)
                    code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                    used = available - Int(unsafe stream.pointee.avail_in)
                    written = wanted - Int(unsafe stream.pointee.avail_out)
                }
            }
        }
        isFinished = code == Z_STREAM_END
        // Z_BUF_ERROR: no progress was possible; more input, or the end of it, decides.
        return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR ? used : nil
    }

    /// The CRC-32 of ZIP (APPNOTE.TXT 4.4.7) over the bytes so far and `bytes` from `start` on.
    static func checksum(_ sum: UInt32, _ bytes: [UInt8], from start: Int) -> UInt32 {
        guard start < bytes.count else { return sum }
        let next = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe crc32_z(UInt(sum), buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start)
        }
        return UInt32(truncatingIfNeeded: next)
    }
}
