import Glibc
import Synchronization

/// glibc's `iconv`, to UTF-8.
///
/// A converter is a library that glibc loads, and unloads with its last user: those that were used are kept for the next
/// text, as few as a desk's languages need.
enum Iconv {
    private static let mostIdle = 64
    private static let mostUnknown = 256
    /// Converters without a user, as addresses.
    private static let idle = Mutex<[String: Int]>([:])
    /// Names that glibc has been asked for in vain.
    private static let unknown = Mutex<Set<String>>([])

    static func knows(_ charset: String) -> Bool {
        guard let handle = unsafe open(charset) else { return false }
        unsafe close(handle, charset)
        return true
    }

    /// - Parameters:
    ///   - charset: A name made of letters, digits and `-_.:+` alone, so that no `//` option can come in.
    ///   - isLenient: Bytes that stand for nothing become U+FFFD; otherwise they make the result nil.
    /// - Returns: The text without a byte order mark; nil for a charset that iconv does not know, and where too many bytes
    ///   stand for nothing, or a long text becomes more than four times as long: no language makes that of it.
    static func decode(_ bytes: [UInt8], from charset: String, isLenient: Bool) -> String? {
        guard let handle = unsafe open(charset) else { return nil }
        defer { unsafe close(handle, charset) }
        var conversion = Conversion(isLenient: isLenient, length: bytes.count)
        // Straight into the text itself, in one piece; memory that is not written to is none.
        var room = 4 * bytes.count + 16
        var text = ""
        repeat {
            let piece = unsafe String(unsafeUninitializedCapacity: room) { target in
                unsafe conversion.run(handle, bytes, into: target)
            }
            if text.isEmpty { text = piece } else { text += piece }
            if conversion.hasFailed || text.utf8.count > max(4 * bytes.count, 1 << 20) { return nil }
            room = 64 * 1024
        } while !conversion.isDone
        if text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) { text.unicodeScalars.removeFirst() }
        return text
    }

    private static func open(_ charset: String) -> iconv_t? {
        guard !charset.isEmpty else { return nil }
        if let address = idle.withLock({ $0.removeValue(forKey: charset) }) {
            return unsafe iconv_t(bitPattern: address)
        }
        if unknown.withLock({ $0.contains(charset) }) { return nil }
        let handle = unsafe iconv_open("UTF-8", charset)
        if let handle = unsafe handle, Int(bitPattern: handle) != -1 { return unsafe handle }
        unknown.withLock { if $0.count < mostUnknown { $0.insert(charset) } }
        return nil
    }

    /// Takes a converter back, in the state in which it began.
    private static func close(_ handle: iconv_t, _ charset: String) {
        _ = unsafe iconv(handle, nil, nil, nil, nil)
        let address = Int(bitPattern: handle)
        let isKept = idle.withLock { idle in
            guard idle[charset] == nil, idle.count < mostIdle else { return false }
            idle[charset] = address
            return true
        }
        if !isKept { unsafe iconv_close(handle) }
    }
}

/// One text on its way through a converter.
private struct Conversion {
    let isLenient: Bool
    let length: Int
    private var consumed = 0
    private var broken = 0
    private(set) var isDone = false
    private(set) var hasFailed = false

    /// Of a short text more may be broken: it may have been cut.
    private static let few = 16
    /// With so many, no more than an eighth of what was read may be broken: no text is, and each costs a call.
    private static let many = 4096

    init(isLenient: Bool, length: Int) {
        self.isLenient = isLenient
        self.length = length
    }

    /// Converts until all is read or `target` is full.
    ///
    /// - Returns: How many bytes were written.
    mutating func run(_ handle: iconv_t, _ bytes: [UInt8], into target: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var output = unsafe UnsafeMutableRawPointer(target.baseAddress)?.assumingMemoryBound(to: CChar.self)
        var room = target.count
        unsafe bytes.withUnsafeBytes { input in
            let base = unsafe input.baseAddress?.assumingMemoryBound(to: CChar.self)
            while consumed < length {
                var source = unsafe UnsafeMutablePointer(mutating: base.map { unsafe $0 + consumed })
                var left = length - consumed
                let failure = unsafe iconv(handle, &source, &left, &output, &room) == -1 ? errno : 0
                consumed = length - left
                // E2BIG: the target is full. EILSEQ, EINVAL: bytes that stand for nothing, or a character that is cut.
                switch failure {
                case 0: continue
                case E2BIG: return
                case EILSEQ, EINVAL:
                    broken += 1
                    guard isLenient, broken <= max(length / 2, Self.few), broken < Self.many || broken <= consumed / 8
                    else {
                        hasFailed = true
                        return
                    }
                    guard room >= 3, let place = unsafe output else {
                        broken -= 1
                        return
                    }
                    unsafe UnsafeMutableRawPointer(place).copyMemory(from: Self.replacement, byteCount: 3)
                    unsafe output = place + 3
                    room -= 3
                    consumed += 1
                default:
                    hasFailed = true
                    return
                }
            }
        }
        guard consumed == length, !hasFailed else { return target.count - room }
        // What the converter still holds.
        isDone = unsafe iconv(handle, nil, nil, &output, &room) != -1 || errno != E2BIG
        return target.count - room
    }

    /// U+FFFD.
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
}
