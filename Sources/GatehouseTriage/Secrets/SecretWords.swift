/// The words that announce a secret, found by leaps: three bytes tell how far the next such word must be away (Wu and Manber).
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

    private static let words: [Word] = [
        (passwords, SecretKind.password), (codes, .oneTimeCode), (keys, .privateKey), (accesses, .apiKey),
    ].flatMap { texts, kind in texts.map { Word(text: $0, kind: kind, bytes: $0.utf8.map { $0 | 0x20 }) } }

    /// Bytes of the shortest word.
    private static let reach = 5
    /// All of its bits are set, so that several leaps are the longest if what they share is.
    private static let longestLeap: UInt8 = 3
    private static let slots = 4096
    private static let table = SecretWords()

    /// By the hash of three bytes: how far to leap.
    private let leaps: [UInt8]
    /// By the hash of the three bytes that end a word's first five: the words.
    private let endings: [[Word]]
    /// By the hash of a word's first four bytes: a bit where one begins with them.
    private let heads: [UInt64]

    private init() {
        var leaps = [UInt8](repeating: Self.longestLeap, count: Self.slots)
        var endings = [[Word]](repeating: [], count: Self.slots)
        for word in Self.words where word.bytes.count >= Self.reach {
            for index in 2..<Self.reach {
                let slot = Self.slot(Self.three(word.bytes[index - 2], word.bytes[index - 1], word.bytes[index]))
                leaps[slot] = min(leaps[slot], UInt8(Self.reach - 1 - index))
            }
            let last = word.bytes[Self.reach - 3..<Self.reach]
            let ending = Self.three(last[Self.reach - 3], last[Self.reach - 2], last[Self.reach - 1])
            endings[Self.slot(ending)].append(word)
        }
        var heads = [UInt64](repeating: 0, count: 64)
        for word in Self.words {
            let head = Self.headSlot(word.bytes[0], word.bytes[1], word.bytes[2], word.bytes[3])
            heads[head >> 6] |= 1 << UInt64(head & 63)
        }
        (self.leaps, self.endings, self.heads) = (leaps, endings, heads)
    }

    /// Three bytes as they lie in memory.
    @inline(__always)
    private static func three(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> UInt32 {
        UInt32(first) | UInt32(second) << 8 | UInt32(third) << 16
    }

    /// - Parameter bytes: The three that count are the lowest ones.
    @inline(__always)
    private static func slot(_ bytes: UInt32) -> Int {
        Int(truncatingIfNeeded: ((bytes & 0xFF_FFFF | 0x20_2020) &* 0x9E37_79B1) >> 20)
    }

    /// How far the bytes that end at `place` and at the three places behind it that are a longest leap apart let go.
    ///
    /// None of the four waits for another, and nearly every leap is the longest.
    /// - Returns: The longest leap where all four are; else something less.
    @inline(__always)
    private static func leapOfFour(
        _ bytes: borrowing Span<UInt8>,
        _ place: Int,
        _ leaps: borrowing Span<UInt8>
    ) -> UInt8 {
        let (near, far) = (LetterBlock.load(bytes, place &- 2), LetterBlock.load(bytes, place &+ 4))
        let first = leaps[slot(UInt32(truncatingIfNeeded: near))]
        let second = leaps[slot(UInt32(truncatingIfNeeded: near >> 24))]
        let third = leaps[slot(UInt32(truncatingIfNeeded: far))]
        let fourth = leaps[slot(UInt32(truncatingIfNeeded: far >> 24))]
        return first & second & third & fourth
    }

    @inline(__always)
    private static func headSlot(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> Int {
        let word = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d) | 0x2020_2020
        return Int(truncatingIfNeeded: (word &* 0x9E37_79B1) >> 20)
    }

    /// The next of the words at or behind `start`, and where it ends.
    static func next(_ bytes: borrowing Span<UInt8>, from start: Int) -> (word: Word, end: Int)? {
        let table = table
        let leaps = table.leaps.span
        let heads = table.heads.span
        var place = start + reach - 1
        while place < bytes.count {
            while place &+ 12 <= bytes.count, leapOfFour(bytes, place, leaps) == longestLeap {
                place &+= 4 &* Int(longestLeap)
            }
            guard place < bytes.count else { return nil }
            let slot = slot(three(bytes[place &- 2], bytes[place &- 1], bytes[place]))
            let leap = leaps[slot]
            guard leap == 0 else {
                place &+= Int(leap)
                continue
            }
            let head = headSlot(bytes[place &- 4], bytes[place &- 3], bytes[place &- 2], bytes[place &- 1])
            guard heads[head >> 6] >> UInt64(head & 63) & 1 == 1 else {
                place &+= 1
                continue
            }
            for word in table.endings[slot] where matches(word, bytes, place - reach + 1) {
                return (word, place - reach + 1 + word.bytes.count)
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
