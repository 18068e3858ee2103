/// A piece of a date's text.
enum DateToken: Equatable {
    struct Number: Equatable {
        var value: Int
        var digits: Int
    }

    case number(Number)
    /// In lower case; abbreviations without their points.
    case word(String)
    case mark(Unicode.Scalar)

    private static let maximumCount = 64

    /// What a text consists of; white space and invisible marks are dropped. A text that is too long gives nothing.
    static func list(_ text: String) -> [DateToken] {
        var tokens: [DateToken] = []
        var isJoined = false
        for scalar in text.lowercased().unicodeScalars {
            let properties = scalar.properties
            if properties.numericType == .decimal, let digit = properties.numericValue {
                append(Int(digit), joined: isJoined, to: &tokens)
                isJoined = true
            } else if properties.isAlphabetic || properties.generalCategory == .nonspacingMark {
                append(scalar, joined: isJoined, to: &tokens)
                isJoined = true
            } else {
                let isPoint = scalar == "."
                if !properties.isWhitespace, properties.generalCategory != .format, !isPoint || !isAbbreviation(tokens)
                {
                    tokens.append(.mark(scalar))
                }
                // The point of "a.m." and "ม.ค." joins what it stands between.
                isJoined = isPoint && isJoined && isAbbreviation(tokens)
            }
            guard tokens.count <= maximumCount else { return [] }
        }
        return joinedHalves(tokens)
    }

    private static func isAbbreviation(_ tokens: [DateToken]) -> Bool {
        guard case .word(let word)? = tokens.last else { return false }
        return word.unicodeScalars.count <= 2
    }

    private static func append(_ digit: Int, joined: Bool, to tokens: inout [DateToken]) {
        if joined, case .number(let number)? = tokens.last {
            let value = min(number.value * 10 + digit, 999_999)
            tokens[tokens.count - 1] = .number(Number(value: value, digits: number.digits + 1))
        } else if joined, case .word(let word)? = tokens.last, word.utf8.allSatisfy({ $0 < 0x80 }),
            word != "t" || tokens.count == 1
        {
            // "T3" is a weekday in Vietnamese; behind a number "T" parts date and time.
            tokens[tokens.count - 1] = .word(word + String(digit))
        } else {
            tokens.append(.number(Number(value: digit, digits: 1)))
        }
    }

    private static func append(_ scalar: Unicode.Scalar, joined: Bool, to tokens: inout [DateToken]) {
        if joined, case .word(let word)? = tokens.last {
            tokens[tokens.count - 1] = .word(word + String(scalar))
        } else {
            tokens.append(.word(String(scalar)))
        }
    }

    /// "a. m." with a space is "am" too.
    private static func joinedHalves(_ tokens: [DateToken]) -> [DateToken] {
        var result: [DateToken] = []
        for token in tokens {
            if token == .word("m"), case .word(let half)? = result.last, half == "a" || half == "p" {
                result[result.count - 1] = .word(half + "m")
            } else {
                result.append(token)
            }
        }
        return result
    }
}
