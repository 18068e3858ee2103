/// The words that announce a secret, found by a look at four bytes at every fourth place.
struct SecretWords {
    struct Word: Sendable {
        let text: String
        let kind: SecretKind
        /// Bit 5 of each byte is set, so that either case of ASCII is found.
        let bytes: [UInt8]
    }

    private static let passwords = [
        "password", "passwort", "kennwort", "passcode", "passphrase", "contraseña", "contrasena", "mi clave",
        "la clave", "clave: ",
        "mot de passe", "senha", "пароль", "密码", "密碼",
        "パスワード", "비밀번호", "parola", "şifrem", "şifre", "mật khẩu", "كلمة المرور", "كلمة السر", "wachtwoord", "hasło",
    ]
    private static let codes = [
        "verification code", "security code", "one-time code", "one time code", "auth code", "authenticator code",
        "otp code",
        "otp is", "otp: ", "2fa code", "2fa: ", "sms code", "login code", "验证码", "驗證碼", "認証コード", "확인 코드", "인증번호",
        "인증 코드", "код подтверждения", "код из", "código de verificación", "código de verificação",
        "code de vérification",
        "bestätigungscode", "doğrulama kodu", "mã xác", "رمز التحقق", "codice di verifica",
    ]
    private static let keys = [
        "private key", "privkey", "privatekey", "secret key", "私钥", "私鑰", "秘密鍵", "개인키", "개인 키", "приватный ключ",
        "закрытый ключ", "clave privada", "chave privada", "clé privée", "privater schlüssel", "özel anahtar",
        "khóa riêng",
        "المفتاح الخاص", "chiave privata",
    ]
    private static let accesses = [
        "api key", "api-key", "api_key", "apikey", "api secret", "api_secret", "api-secret", "apisecret", "secret_key",
        "secret access key", "access token", "access_token", "api 密钥", "api密钥", "api ключ",
    ]

    static let words: [Word] = [
        (passwords, SecretKind.password), (codes, .oneTimeCode), (keys, .privateKey), (accesses, .apiKey),
    ].flatMap { texts, kind in texts.map { Word(text: $0, kind: kind, bytes: $0.utf8.map { $0 | 0x20 }) } }

    /// Bytes of the shortest word.
    private static let shortest = 5
    /// From one look to the next.
    private static let stride = 4
    private static let partSlots = 1 << 17
    private static let headSlots = 1 << 12
    private static let table = SecretWords()

    /// By the hash of four bytes: a bit where they are within the first seven of a word.
    private let parts: [UInt64]
    /// By the hash of a word's first four bytes: the words, and a bit where there are any.
    private let heads: [[Word]]
    private let headBits: [UInt64]

    /// Of the looks, one falls on the word's beginning or on one of the three bytes behind it: so the four bytes at any of
    /// these places are in the table. Where a shorter word has only three at a place, any byte may be the fourth; of one of five
    /// bytes these are the first three, with the byte before them.
    private init() {
        var parts = [UInt64](repeating: 0, count: Self.partSlots / 64)
        func add(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
            let slot = Self.slot(Self.four(a, b, c, d))
            parts[slot >> 6] |= 1 << UInt64(slot & 63)
        }
        var heads = [[Word]](repeating: [], count: Self.headSlots)
        for word in Self.words {
            let bytes = word.bytes
            for place in 0..<min(Self.stride, bytes.count - 3) {
                add(bytes[place], bytes[place + 1], bytes[place + 2], bytes[place + 3])
            }
            for other in UInt8.min...UInt8.max where bytes.count < Self.shortest + 2 {
                let last = bytes.count - 3
                add(bytes[last], bytes[last + 1], bytes[last + 2], other)
                if bytes.count == Self.shortest { add(other, bytes[0], bytes[1], bytes[2]) }
            }
            heads[Self.headSlot(Self.four(bytes[0], bytes[1], bytes[2], bytes[3]))].append(word)
        }
        var headBits = [UInt64](repeating: 0, count: Self.headSlots / 64)
        for slot in heads.indices where !heads[slot].isEmpty { headBits[slot >> 6] |= 1 << UInt64(slot & 63) }
        (self.parts, self.heads, self.headBits) = (parts, heads, headBits)
    }

    /// Four bytes as they lie in memory.
    @inline(__always)
    private static func four(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> UInt32 {
        UInt32(a) | UInt32(b) << 8 | UInt32(c) << 16 | UInt32(d) << 24
    }

    @inline(__always)
    private static func hash(_ bytes: UInt32) -> UInt32 { (bytes | 0x2020_2020) &* 0x9E37_79B1 }

    @inline(__always)
    private static func slot(_ bytes: UInt32) -> Int { Int(truncatingIfNeeded: hash(bytes) >> 15) }

    @inline(__always)
    private static func headSlot(_ bytes: UInt32) -> Int { Int(truncatingIfNeeded: hash(bytes) >> 20) }

    /// The lowest bit tells whether a word may have the four bytes.
    @inline(__always)
    private static func mayBePart(_ bytes: UInt32, _ parts: borrowing Span<UInt64>) -> UInt64 {
        let slot = slot(bytes)
        return parts[slot >> 6] >> UInt64(slot & 63)
    }

    /// The next of the words at or behind `start`, and where it ends.
    static func next(_ bytes: borrowing Span<UInt8>, from start: Int) -> (word: Word, end: Int)? {
        let table = table
        let parts = table.parts.span
        var place = start
        while place &+ 16 <= bytes.count {
            // Four looks, none of which waits for another.
            let (near, far) = unsafe (
                LetterBlock.loadUnchecked(bytes, place), LetterBlock.loadUnchecked(bytes, place &+ 8)
            )
            let looks =
                mayBePart(UInt32(truncatingIfNeeded: near), parts)
                | mayBePart(UInt32(truncatingIfNeeded: near >> 32), parts)
                | mayBePart(UInt32(truncatingIfNeeded: far), parts)
                | mayBePart(UInt32(truncatingIfNeeded: far >> 32), parts)
            if looks & 1 != 0, let found = table.word(bytes, aroundLooksFrom: place, start) { return found }
            place &+= 16
        }
        return table.word(bytes, in: max(start, place &- 3)..<bytes.count)
    }

    /// The first of the words that one of the four looks from `place` on has seen a part of, none of which begins before `start`.
    @inline(never)
    private func word(
        _ bytes: borrowing Span<UInt8>,
        aroundLooksFrom place: Int,
        _ start: Int
    ) -> (word: Word, end: Int)? {
        var look = place
        while look < place &+ 16 {
            // It began up to three bytes before the look, or as a short one behind it.
            let range = max(start, look &- 3)..<min(look &+ 2, bytes.count)
            let part = Self.four(bytes[look], bytes[look &+ 1], bytes[look &+ 2], bytes[look &+ 3])
            if Self.mayBePart(part, parts.span) & 1 != 0, mayBegin(bytes, in: range),
                let found = word(bytes, in: range)
            {
                return found
            }
            look &+= Self.stride
        }
        return nil
    }

    /// False where no word begins at one of five places.
    @inline(__always)
    private func mayBegin(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> Bool {
        guard range.lowerBound &+ 8 <= bytes.count else { return true }
        var block = LetterBlock.load(bytes, range.lowerBound)
        let bits = headBits.span
        var found: UInt64 = 0
        for _ in 0..<5 {
            let slot = Self.headSlot(UInt32(truncatingIfNeeded: block))
            found |= bits[slot >> 6] >> UInt64(slot & 63)
            block >>= 8
        }
        return found & 1 != 0
    }

    /// The first of the words that begin in a range.
    @inline(__always)
    private func word(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> (word: Word, end: Int)? {
        var place = range.lowerBound
        while place < range.upperBound, place &+ Self.shortest <= bytes.count {
            let slot = Self.headSlot(Self.four(bytes[place], bytes[place &+ 1], bytes[place &+ 2], bytes[place &+ 3]))
            if headBits[slot >> 6] >> UInt64(slot & 63) & 1 == 1 {
                for word in heads[slot] where Self.matches(word, bytes, place) {
                    return (word, place + word.bytes.count)
                }
            }
            place &+= 1
        }
        return nil
    }

    private static func matches(_ word: Word, _ bytes: borrowing Span<UInt8>, _ start: Int) -> Bool {
        guard start >= 0, start + word.bytes.count <= bytes.count else { return false }
        for index in word.bytes.indices where bytes[start + index] | 0x20 != word.bytes[index] { return false }
        return true
    }
}
