import GatehouseCore

/// One kind of export: how it is recognised, and how its messages are read.
protocol ExportFormat: Sendable {
    var format: MessageFormat { get }
    /// `data.provider` of its envelopes.
    var provider: String { get }
    /// Whether its documents are texts or tables, which come in UTF-16 too.
    var isText: Bool { get }

    /// How sure this format is that a document of this shape is its own; nil if it is not.
    func confidence(in shape: DocumentShape) -> Confidence?

    /// Hands on the document's messages, in its order.
    ///
    /// What can't be read becomes `.rejected`; only what `emit` throws, and an input that fails while it is read, is thrown.
    func read(_ session: ExportSession, emit: (ParsedItem) throws -> Void) throws
}

extension ExportFormat {
    var isText: Bool { false }
}

enum JSONShape {
    /// White space of JSON, and the bytes of a byte order mark.
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte) || byte == 0xEF || byte == 0xBB || byte == 0xBF
    }
}

/// What the start of a document shows of its structure.
struct DocumentShape {
    static let headSize = 64 << 10
    private static let maximumDepth = 8
    private static let maximumPaths = 2000

    /// Where keys stand: `.messages[].sender_name`, `[].dmConversation`.
    private(set) var paths: Set<String> = []
    /// The name before ` = `, as in `window.YTD.direct_messages.part0`.
    let assignment: String?
    /// The file's path in lower case.
    let name: String
    let head: [UInt8]

    init(head: [UInt8], name: String) {
        self.head = UTF16Document.isMarked(head) ? UTF16Document.utf8(head) : head
        self.name = name.lowercased()
        assignment = Self.assignment(self.head)
        collectPaths()
    }

    func has(_ path: String) -> Bool { paths.contains(path) }

    /// Whether the head holds these bytes anywhere.
    func mentions(_ text: String) -> Bool {
        let needle = Array(text.utf8)
        guard let first = needle.first, head.count >= needle.count else { return false }
        for start in 0...(head.count - needle.count) where head[start] == first {
            if head[start..<start + needle.count].elementsEqual(needle) { return true }
        }
        return false
    }

    private static func assignment(_ head: [UInt8]) -> String? {
        let start = head.drop(while: JSONShape.isBlank).prefix(512)
        guard let equals = start.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = start[..<equals].filter { !JSONShape.isBlank($0) }
        let isName = name.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || "_.$".utf8.contains(byte)
        }
        return isName && !name.isEmpty ? String(decoding: name, as: UTF8.self) : nil
    }

    private struct Level {
        let path: String
        let isArray: Bool
        var key = ""

        var valuePath: String { isArray ? path + "[]" : path + "." + key }
    }

    /// Walks the head as far as it goes; that it is cut somewhere is no matter.
    private mutating func collectPaths() {
        var reader = JSONReader(bytes: head)
        var levels: [Level] = []
        do throws(JSONError) {
            while paths.count < Self.maximumPaths, let event = try reader.next() {
                switch event {
                case .beginObject, .beginArray:
                    let path = levels.last?.valuePath ?? ""
                    levels.append(Level(path: path, isArray: event == .beginArray))
                case .endObject, .endArray: levels.removeLast()
                case .key(let key):
                    levels[levels.count - 1].key = key.utf8.count <= 64 ? key : "…"
                    if levels.count <= Self.maximumDepth { paths.insert(levels[levels.count - 1].valuePath) }
                default: break
                }
                if levels.count > 64 { return }
            }
        } catch {
            return
        }
    }
}
