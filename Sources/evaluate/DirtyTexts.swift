import GatehouseLanguage

/// What customers do to their texts: each kind of dirt should cost next to nothing.
enum DirtyTexts {
    private static let perLanguage = 100

    private static let kinds: [(name: String, soil: @Sendable (String, inout Dice) -> String)] = [
        ("clean", { text, _ in text }),
        ("capitals", { text, _ in text.uppercased() }),
        ("no diacritics", { text, _ in withoutDiacritics(text) }),
        ("typos", { text, dice in typos(text, &dice) }),
        (
            "links, hashes, handles, emoji, tickers",
            { text, dice in junk(&dice) + " " + text + " " + junk(&dice) + " " + junk(&dice) }
        ),
        ("code", { text, dice in text + "\n```\n" + code(&dice) + "\n```" }),
        ("a quoted English error message", { text, dice in text + " \"" + message(&dice) + "\"" }),
    ]

    static func evaluate(_ set: LanguageEvaluation.TextSet, _ identifier: LanguageIdentifier) {
        print("\n\(set.name), \(perLanguage) texts a language:\n\n| dirt | accuracy |\n|---|---|")
        for (name, soil) in kinds {
            var dice = Dice(seed: 1)
            var soiled = set
            soiled.texts = set.texts.map { tag, lines in
                (tag, lines.prefix(perLanguage).map { soil($0, &dice) })
            }
            let accuracy = LanguageEvaluation.score(soiled, identifier).accuracy()
            print("| \(name) | \(Evaluate.decimal(accuracy, 1)) |")
        }
    }

    private static func withoutDiacritics(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "đ": result.append("d")
            case "ł": result.append("l")
            case "ı": result.append("i")
            case "ø": result.append("o")
            case "ß": result.append(contentsOf: "ss".unicodeScalars)
            case "\u{C0}"..."\u{233}", "\u{1E00}"..."\u{1EFF}":
                result.append(plainLetters[String(scalar)] ?? scalar)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Letters with marks, single ones and Vietnamese pairs; canonically equal Strings are equal.
    private static let plainLetters: [String: Unicode.Scalar] = {
        let single =
            Array("\u{300}\u{301}\u{302}\u{303}\u{304}\u{306}\u{307}\u{308}\u{309}\u{30A}\u{30B}\u{30C}".unicodeScalars)
            + Array("\u{31B}\u{323}\u{326}\u{327}\u{328}".unicodeScalars)
        let first = ["\u{302}", "\u{306}", "\u{31B}", "\u{323}"] as [Unicode.Scalar]
        let marks = single.map { [$0] } + first.flatMap { mark in single.map { [mark, $0] } }
        var table: [String: Unicode.Scalar] = [:]
        for base in "aeiouycdgklnrstzjhwAEIOUYCDGKLNRSTZJHW".unicodeScalars {
            for mark in marks { table[String(String.UnicodeScalarView([base] + mark))] = base }
        }
        return table
    }()

    /// About one word in five loses, doubles or exchanges a letter.
    private static func typos(_ text: String, _ dice: inout Dice) -> String {
        text.split(separator: " ").map { word in
            var letters = Array(word)
            guard letters.count > 3, dice.below(5) == 0 else { return String(word) }
            let place = 1 + dice.below(letters.count - 2)
            switch dice.below(3) {
            case 0: letters.remove(at: place)
            case 1: letters.insert(letters[place], at: place)
            default: letters.swapAt(place, place - 1)
            }
            return String(letters)
        }.joined(separator: " ")
    }

    private static func junk(_ dice: inout Dice) -> String {
        switch dice.below(8) {
        case 0: "https://example.com/tx/\(dice.hex(12))?lang=en&from=mail"
        case 1: "0x" + dice.hex(40)
        case 2: dice.hex(64)
        case 3: "@support_\(dice.hex(3))"
        case 4: "👍😡🙏"
        case 5: "someone.\(dice.hex(4))@example.org"
        case 6: "BTC/USDT #\(dice.below(900_000) + 100_000)"
        default: "bc1q\(dice.hex(12))ar0srrr7xfkvy5l643lydnw9re59gtz"
        }
    }

    private static func code(_ dice: inout Dice) -> String {
        [
            "GET /api/v3/account HTTP/1.1\nX-API-Key: \(dice.hex(16))",
            "{\"code\": -2015, \"msg\": \"Invalid API-key\"}",
            "const client = new Client({ key, secret });\nawait client.withdraw(amount);",
            "Traceback (most recent call last):\n  File \"bot.py\", line 12, in <module>\nKeyError: 'result'",
        ][dice.below(4)]
    }

    private static func message(_ dice: inout Dice) -> String {
        [
            "Something went wrong. Please try again later.", "Withdrawal suspended. Contact customer support.",
            "Your session has expired", "Invalid verification code",
        ][dice.below(4)]
    }
}

/// SplitMix64: the same throws everywhere.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ value >> 31) % UInt64(max(1, bound)))
    }

    mutating func hex(_ length: Int) -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<length).map { _ in digits[below(16)] })
    }
}
