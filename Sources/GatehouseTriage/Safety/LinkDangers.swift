import GatehouseCore

/// Links that want to be taken for others.
struct LinkDangers {
    private struct Brand {
        var domain: String
        var skeleton: [UInt8]
    }

    private let brands: [Brand]
    /// Those whose name is long enough to be imitated.
    private let imitable: [Brand]

    /// False where no name and no host can be meant for a brand.
    var knowsBrands: Bool { !imitable.isEmpty }

    private static let mostLinks = 100
    private static let htmlLimit = 256 * 1024

    init(_ domains: [String]) {
        brands = domains.map { domain in
            let folded = LinkText.registrable(domain.lowercased())
            return Brand(domain: folded, skeleton: HostNames.skeleton(folded.prefix { $0 != "." }))
        }
        imitable = brands.filter { $0.skeleton.count > 2 }
    }

    func isOwn(_ host: String) -> Bool {
        brands.contains { host == $0.domain || host.hasSuffix("." + $0.domain) }
    }

    /// Whether a word looks like a brand's name, alone or with an office glued to it.
    func isBrandWord(_ word: String) -> Bool {
        let skeleton = HostNames.skeleton(word[...])
        return imitable.contains { skeleton.starts(with: $0.skeleton) }
    }

    /// Dangers of the links in the text, and in the HTML of those whose words name another host than they lead to.
    func find(_ links: [LinkText], html: String?, isList: Bool) -> [SafetyFlag] {
        var flags: [SafetyFlag] = []
        for link in links.prefix(Self.mostLinks) { judge(link, &flags) }
        if let html {
            for (words, target) in Self.anchors(in: html) {
                judge(target, &flags)
                // Lists count their readers' clicks by hosts of their own.
                guard !isList, let shown = LinkText(Array(words.utf8)[...]), isPlausible(shown.host) else { continue }
                let (left, right) = (LinkText.registrable(shown.host), LinkText.registrable(target.host))
                if left != right {
                    add("phishing_link", "the words say \(safe(left)), the link leads to \(safe(right))", &flags)
                }
            }
        }
        return flags
    }

    private func judge(_ link: LinkText, _ flags: inout [SafetyFlag]) {
        if link.hasCredentials {
            add("phishing_link", "a name or password stands before the host \(safe(link.host))", &flags)
        }
        // Nearly every host ends here: it is plain, and there is no brand that it could be meant for.
        guard knowsBrands || HostNames.mayMixScripts(link.host), !isOwn(link.host) else { return }
        let labels = link.host.split(separator: ".")
        if let mixed = labels.first(where: HostNames.mixesScripts) {
            add("phishing_link", "\(safe(link.host)) mixes scripts in “\(HostNames.text(mixed))”", &flags)
        }
        for brand in imitable {
            for label in labels.dropLast() where imitates(label, brand.skeleton) {
                add("lookalike_domain", "\(safe(link.host)) looks like \(brand.domain)", &flags)
                break
            }
        }
    }

    /// The same look, the brand with words around it, or one letter beside it where it is long enough.
    private func imitates(_ label: Substring, _ brand: [UInt8]) -> Bool {
        let skeleton = HostNames.skeleton(label)
        if skeleton == brand { return true }
        if brand.count >= 4, ByteSearch.firstIndex(of: brand, in: skeleton, 0..<skeleton.count) != nil { return true }
        return brand.count >= 5 && HostNames.isOneEditAway(skeleton, brand)
    }

    private func isPlausible(_ host: String) -> Bool {
        guard host.utf8.contains(0x2E), host.utf8.allSatisfy({ LinkText.mayStandInHost($0) }) else { return false }
        let last = LinkText.labels(of: host).last.map(String.init) ?? ""
        // A point with a mark above it is another character.
        return LinkText.bareDomains.contains(last) && (host.utf8.allSatisfy { $0 < 0x80 } || host.contains("."))
    }

    private func safe(_ host: String) -> String { host.split(separator: ".").joined(separator: "[.]") }

    private func add(_ name: String, _ reason: String, _ flags: inout [SafetyFlag]) {
        let flag = SafetyFlag(name: name, reason: reason)
        if flags.count < 10, !flags.contains(flag) { flags.append(flag) }
    }

    /// Of each `<a href="…">words</a>` the words and the target, where both may be hosts.
    private static func anchors(in html: String) -> [(words: String, target: LinkText)] {
        let all = html.utf8.span
        let bytes = all.extracting(0..<min(all.count, htmlLimit))
        var found: [(words: String, target: LinkText)] = []
        var place = 0
        while found.count < mostLinks,
            let start = ByteSearch.firstIndex(of: 0x3C, in: bytes, place..<max(place, bytes.count - 2))
        {
            place = start + 1
            guard bytes[start + 1] | 0x20 == 0x61, bytes[start + 2] <= 0x20,
                let close = ByteSearch.firstIndex(of: 0x3E, in: bytes, start..<min(bytes.count, start + 4096))
            else { continue }
            place = close + 1
            // The words of most links name no host.
            guard let words = visible(bytes, (close + 1)..<min(bytes.count, close + 400)),
                let target = target(bytes, in: start..<close)
            else { continue }
            found.append((words, target))
        }
        return found
    }

    private static func target(_ bytes: borrowing Span<UInt8>, in element: Range<Int>) -> LinkText? {
        var folded: [UInt8] = []
        folded.reserveCapacity(element.count)
        for index in element {
            let byte = bytes[index]
            folded.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
        }
        guard let name = ByteSearch.firstIndex(of: Array("href".utf8), in: folded, 0..<folded.count) else { return nil }
        var index = name + 4
        while index < folded.count,
            folded[index] <= 0x20 || folded[index] == 0x3D || folded[index] == 0x22 || folded[index] == 0x27
        {
            index += 1
        }
        let value = folded[index...].prefix { $0 != 0x22 && $0 != 0x27 && $0 > 0x20 }
        guard value.starts(with: Array("http".utf8)) else { return nil }
        return LinkText(value)
    }

    /// The first word of a link's text, without elements in it; nil where it has no point in it and so names no host.
    private static func visible(_ html: borrowing Span<UInt8>, _ range: Range<Int>) -> String? {
        var (count, hasPoint, isInside) = (0, false, false)
        var index = range.lowerBound
        while index < range.upperBound, count < 200 {
            if isInside {
                index = (ByteSearch.firstIndex(of: 0x3E, in: html, index..<range.upperBound) ?? range.upperBound) + 1
                isInside = false
                continue
            }
            let byte = html[index]
            if byte == 0x3C {
                // `</a`
                if index + 2 < range.upperBound, html[index + 1] == 0x2F, html[index + 2] | 0x20 == 0x61 { break }
                isInside = true
            } else if byte > 0x20 {
                count += 1
                hasPoint = hasPoint || byte == 0x2E
            } else if count > 0 {
                break
            }
            index += 1
        }
        return hasPoint ? text(html, range.lowerBound..<min(index, range.upperBound), count) : nil
    }

    /// The `count` bytes that stand outside of elements and are no space.
    private static func text(_ html: borrowing Span<UInt8>, _ range: Range<Int>, _ count: Int) -> String {
        var words: [UInt8] = []
        words.reserveCapacity(count)
        var isInside = false
        for index in range {
            let byte = html[index]
            if isInside || byte == 0x3C { isInside = byte != 0x3E } else if byte > 0x20 { words.append(byte) }
        }
        return String(decoding: words, as: UTF8.self)
    }
}

extension HostNames {
    static func text(_ label: Substring) -> String {
        var text = ""
        for scalar in scalars(label) { if let scalar = Unicode.Scalar(scalar) { text.unicodeScalars.append(scalar) } }
        return text
    }
}
