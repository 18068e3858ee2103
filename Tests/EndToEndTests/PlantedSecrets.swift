/// Secrets of every kind and form, none of which ever belonged to anybody: made at random for these tests.
enum PlantedSecrets {
    struct Planted: Sendable {
        let kind: String
        /// A customer's sentence.
        let sentence: String
        /// The part of it that nobody may see.
        let secret: String

        init(_ kind: String, _ secret: String, in sentence: String = "It is # and that is all") {
            (self.kind, self.secret) = (kind, secret)
            self.sentence = sentence.replacing("#", with: secret)
        }

        /// Whether it needs lines of its own.
        var hasLines: Bool { secret.contains("\n") }
    }

    /// BIP-39 in each of its languages, twelve words and twenty-four.
    static let phrases: [Planted] = [
        Planted(
            "seed_phrase",
            "cimento negrito lucidez rajada secar vereador semente palavra bloco garimpo pudim raspador"
        ),
        Planted("seed_phrase", "jabón caimán diente camino sur iris senda sueño llanto gigante leña honra"),
        Planted("seed_phrase", "おらんだ　こよい　さたん　すいか　ふうせん　たいりょく　のみもの　ちひょう　ふすま　そいとげる　にくしみ　おぎなう"),
        Planted("seed_phrase", "tabule dusno makrela vtip rande klima krajina korzet maminka vodstvo pustina cvaknout"),
        Planted("seed_phrase", "прямой драка икона толщина доска зоопарк акцент галерея вольный смола откуда гамма"),
        Planted(
            "seed_phrase",
            "gömlek rampa üçgen nevresim acemi bermuda argüman gürbüz karanlık organik menekşe dövme"
        ),
        Planted("seed_phrase", "微 爸 緣 膽 明 遠 撐 四 異 磚 丘 痛"),
        Planted("seed_phrase", "cherry pepper cream crucial aware nuclear eye owner rate also post monster"),
        Planted(
            "seed_phrase",
            "wild swim exhibit leave dismiss apart sad script nation poverty dance obscure behave right bloss"
                + "om tattoo satoshi wage scene because art load rich way"
        ),
        Planted(
            "seed_phrase",
            "bordure frotter chaton grenat retenir coude botte enzyme dossier symétrie coupure commande"
        ),
        Planted("seed_phrase", "부문 자격 결과 주인 정오 승리 경계 티셔츠 신비 방울 모습 최악"),
        Planted(
            "seed_phrase",
            "fresco mitra verticale oste premere toppa cottura cerume fendere artefice mucca rantolare"
        ),
        Planted("seed_phrase", "丘 是 何 尼 殊 惊 频 番 慰 其 武 潮"),
    ]

    /// Private keys by their checksum: WIF, BIP-32 and its relatives, BIP-38, XRP, Nostr, Sui, age, Stellar; PEM.
    static let privateKeys: [Planted] = [
        Planted("private_key", "L1JQcNNXx4PDAaEcb6HdMwwnwVNy91CZ2AUhgmU6w3P2VLZ36DVg"),
        Planted("private_key", "5KACei6CUspXsm5R7kpxADwjNRsdDWSUpTvbd98cvc6VixGjWXf"),
        Planted("private_key", "cU6XTMh6fBKQ7uaMnHaMCopTZgJkqTmKQVpwoR3wEB9pT9sTc88E"),
        Planted(
            "private_key",
            "xprv9s21ZrQH143K3EUe93fAoUxXzrqfCNtCe2dS4pPVUdYKjLzZLGzwTy8RBh5usDuaYR85Q9YRwpTCEqfBne8oqVsRfiXR"
                + "tWGMcx9JGYHYqK2"
        ),
        Planted(
            "private_key",
            "yprvABrGsX5C9janssKontCAb3izJ7AB7Z3f2RnfkTVcfNh91puHxXLswXLe4huAwg2WEV1qAxgFLZ6Ypm4gv4MGLUf6Wpbp"
                + "gvgBW3arNiEwwdN"
        ),
        Planted(
            "private_key",
            "zprvAWgYBBk7JR8GikWi1iBYKE11koBQgLX2Jfk8JE4v423GB7XQj4pRGLuW5QjcHaRzzvf3RrPa2MNLBRfmyNWpY9bXzmh8"
                + "M4pwKLBgVdmmvbK"
        ),
        Planted(
            "private_key",
            "tprv8ZgxMBicQKsPfJuctMxJNv5Bc2uYCQBTH9Qhfgnivzn1wResxb4f78HZk31TemYxMu33bpvs7UyYNPQonFPuxNjg3iq9"
                + "vq7EG8WmSSdpKtX"
        ),
        Planted("private_key", "6PYQ91JFzBp42ryEjrH5QtjXsVYkW3DWXtcFFN9GLfD1BAWsMvmXKbyJc1"),
        Planted("private_key", "ssfXoJGoB7dGWcLxv2cLaAkhFZjwv"),
        Planted("private_key", "nsec1slmqh53lgqrm3p2s0kghktaca2lhshhpvk94d6umgdeuped27z7qwnvfg2"),
        Planted("private_key", "suiprivkey1qq3qa6lzzcu29mdp2apt3jv7e9zc5u2s20x8cqdvdv8yvdzyfmezszjnw75"),
        Planted("private_key", "AGE-SECRET-KEY-1KQ3PVFRLNUPJCZ9V04YJ79H25T8RK60CZZJCSEGUFSAFLYL34GYQTTPAMF"),
        Planted("private_key", "SC6PF4S5XVTFNFI3FCADUYXL76KDDG2HN5MFC6KIODPE2KVDN5LFBDXO"),
        Planted(
            "private_key",
            "-----BEGIN RSA PRIVATE KEY-----\ngrcO7n8aUDm+8H7CNH8GbtCPXcdRJEfjQEMAAmtuVFWUoGVoXWTEmAu41FRKhyGp\n"
                + "mgGtIZ61nPahXvbxWh2DC7fOCda7wATnF1xkPH3ssLWA7De8lxLdLmquuUuujS+f\n"
                + "opxaKEye91IYKc8QebCA6ddKHBD8q2pCQ9M2Vt6+TB7XlkjoVuj5ovWMlfDOSznB\n"
                + "W/+tXC37i7ggthGcuo/4h5auWwXygKaM7ZO2soyw0bNY5rqrSFVlufSQKNVX15qK\n"
                + "DmRR4VxwXBXxc1QbRDiiXPdjEtTus8IkaHm/ALPPjtE6vxKaMJetlrRC1tG970hQ\n"
                + "w/RlRC6zAMM3pkimwNvdc/yV9cLEUYWa/oDUCqOd+5JJ9Aw+432WFEXIBvWMfPIS\n"
                + "ffqJT5KW/PM8CECZkKyXDe2zuEMSAYHpN2EH29r2xfPIZJfuIZsB3ZLxn0lU9P6p\n"
                + "TtkYI3WIKyANqtsjz/kZPz5wOESV4ExdXtNSIm0WN8Ikjx08zEQF3S6h+vq0vxxG\n"
                + "lk2UcIYgeIKRRHi+6MdbQwmuKxIuP+h6x+z1pTcPxBtN23I7KvtsR8C1eJSqssXB\n"
                + "RbeX3bkSblzKIDESEF9nZBT69rIA2vCZ26Xu7DNiT1Ekv8XwTYI4jlKSeBD2ELC8\n"
                + "oR4L6fFPPKaV6HpTEWYMdijNup9e77mQIu9Te1lqFtyKA+wf59JWFxGzMCR5+y/x\n"
                + "G3wZ/sseGILQ5JwaE2NbzmB3K6A3LFImbQjht/nYwEMGneVyO0ef9yyGzqBDQinx\n"
                + "fSvbfY0f/H8YZpK/MiTXoMIAkkMO4kkJ\n"
                + "-----END RSA PRIVATE KEY-----"
        ),
        Planted(
            "private_key",
            "-----BEGIN EC PRIVATE KEY-----\nGNqJNsNCpCGcVkaG/qWSESAODj4ZQrbfhAh220C5Z6m3BlNTMIlXSeTe2zyqouR0\n"
                + "7N5X4hhS8vsANUDWGmoAEHj2tcntbmeNZpu2e7u0fx/9zbJJSXr6wxMwVssykGal\n"
                + "9PAuZcAFNV7HC6INn8TzzOYfS9W5CmmRkg==\n"
                + "-----END EC PRIVATE KEY-----"
        ),
        Planted(
            "private_key",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nJw0sttOdB4x4JBMtmbNq9y89eq/YyQHHwVtqpMWlN79/M2yWnIknVSfTXnMg0NV2\n"
                + "2fd9mtaPK6lf1w9MO5de3mGmNKknH/hGJaNg78R19DMAY1A5L6tNvDXhpV00uzQh\n"
                + "ZGmlv1jqKn3O7sACPL9DAf3DryT7lwg79bVkr8NIlP8tOJfQrCDdGXDXeYolSoox\n"
                + "9N1cxX0v57ZCKgJIuAgKgOrEKBtvY+IG8SuO8AsbUcneEm4M19PdwQdVrUubYdgn\n"
                + "vW7J12GKR/C6kgE/VuonJcMS0UxkCfyi6kXveSe6Dwde2yuIQ76rbU2WLpE4Nsy/\n"
                + "m7z043tHhggGxUR59hwEB2zWd3idHHoTxbEKmOHmND+9jcfBmlUn5RxsxzKZv9FG\n"
                + "6bMg/QFq6BUeLTuv\n"
                + "-----END OPENSSH PRIVATE KEY-----"
        ),
        Planted(
            "private_key",
            "-----BEGIN PRIVATE KEY-----\nSb+uho33ST+GgAyBxlV9huBaRhq1PwTpFv0UDdI80+JxOCAvFSLrmyOLPc+chOiY\n"
                + "mQCl/u7CT26GoWnqLUy0KNngyllkR/tW5LAISt6J/G56VtaAoJY3ZITZt4f5LDs4\n"
                + "rDE0kVsZxFirhTPRqDGfIJWs0tEgIZojXBQw0DXs1SRz1w2UN6W5Ju7C\n"
                + "-----END PRIVATE KEY-----"
        ),
        Planted(
            "private_key",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nNFd9OjAqwt86i5zo2xRrRMNcYqYkR5wb7pzigpFVg+nwzjJEZ+o043dEf1Ut5IPt\n"
                + "U/Y1mIC2Gj5pDKz2+pCqHZNE15bUvUGUYxAA+VGf1ZDX7K6nB1H9APfuvxZ0AfU9\n"
                + "Z1ZXecw0xdV1jAVoeCK/3pxyML7jH4UBS9kd7QdhYTZY6uDw9JQmDO5oCuNnIa5m\n"
                + "M70tWHDKARHbHZlgx8hVOsRgb0PO5kvRDYzpZ4gvd9jV42Fnp4AXYlK7MN25SZNd\n"
                + "A0zZNQPupig=\n"
                + "-----END ENCRYPTED PRIVATE KEY-----"
        ),
    ]

    /// Keys of services and exchanges, by their form.
    static let keys: [Planted] = [
        Planted(
            "access_token",
            "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI4ODEyIiwic2NvcGUiOiJ3aXRoZHJhdyJ9.O2LhkTU9xZrPKy"
                + "w7zsJXSAs655mGj4N_MCnlEEpXhqUsGaClEKL3RwoFLbfTFoLiMQCxukSW08H6FB5D2MQT9X"
        ),
        Planted("access_token", "ya29.zW_T-oJ6PmPSQpSEIlcnoEmx_gwsmr_mYVJ_6WSpC9GYXDcg4BAXl_L0bkXm"),
        Planted("api_key", "AKIAOOI7IJKQ70KJ9BYJ"),
        Planted("api_key", "ASIA1FSF86Y4M6GCE12O"),
        Planted("api_key", "AIzacntk7OmAODTJZwDY3FhoM4d9bvWTcEMqDWJ"),
        Planted("api_key", "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"),
        Planted("api_key", "dop_v1_7152272ec924358a2f15c7c830a7b511159a5c39aaf82aba8b4b8aeccf7a8e38"),
        Planted("api_key", "ghp_Qc3KXFQIWxmBG8q1fIyBb1oHvaO9otvzFYdx"),
        Planted("api_key", "gho_CjbHQrt1fPMAAWa0Rlc8coMH9ofsPFnxnmOQ"),
        Planted("api_key", "ghs_m3IzOwKAUxGLFNPPkbPiARD87QbtmTXkHUzY"),
        Planted("api_key", "glpat-l71ByqubnLwVRtwnxgwg"),
        Planted("api_key", "npm_ziLIi4If58KdTSBl8xS6xU2uk46UA7YEFCvE"),
        Planted("api_key", "dckr_pat_olG0kNwQCiC33uvSQoaVXtvuqQa"),
        Planted("api_key", "hf_kSVPhHDJsWCeD9nZxbrKn2b2WRQC400sAz"),
        Planted("api_key", "xoxb-RU6kbQ2K583diqsng1xSm0PP8vd112rne063nPgN"),
        Planted("api_key", "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"),
        Planted("api_key", "key-dd6f5b76159fc568f9b74e493e2729e0"),
        Planted("api_key", "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"),
        Planted("api_key", "lin_api_RRf79nGfwfuZ9QV3QKmWfARnMhK4JmTP2ugKv2Ht"),
        Planted(
            "api_key",
            "sk-ant-9qICAAazXYhT1xZJOouhEtXSKHrK24Tp7r4MeJA9WmWKRnG7JhOi2kxhXZf0F7KkZiwoWLIDpjYbSMDRv0ZABoqkTT"
        ),
        Planted("api_key", "sk-proj-dnOmRntnkEGdC1NxSBHfFJEhnRVX7Ocnjo7ZVqT4BKMGOxSWXaC3b9LgzI4t"),
        Planted("api_key", "sk_live_zuJokxPXSUUMRtrpKnrxr8JE"),
        Planted("api_key", "rk_live_12AbbYTDBA34apmYz0cDYPxk"),
        Planted("api_key", "whsec_KEzI6kStgrlJ3bJXj0OqwLvulX9LjDi8"),
        Planted("api_key", "sq0atp-vZ1GUZIRsDzmYGgCjQpyxV"),
        Planted(
            "api_key",
            "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"
        ),
        Planted("api_key", "147491038:AA2gmrsckqcoAgEFWQYpOl8E405WO8x6bsc"),
    ]

    /// IIN and Luhn; country, length and the remainder by 97.
    static let numbers: [Planted] = [
        Planted("card_number", "4539990315802649"),
        Planted("card_number", "5412250286050689"),
        Planted("card_number", "371417293822588"),
        Planted("card_number", "6011055267871968"),
        Planted("card_number", "3528852939443983"),
        Planted("card_number", "6212376435042051"),
        Planted("card_number", "2221726455083591"),
        Planted("card_number", "30565284722234"),
        Planted("card_number", "4716 2333 9028 4770"),
        Planted("card_number", "5533-0097-1230-2971"),
        Planted("iban", "DE54031653963004232220"),
        Planted("iban", "GB92NWBK13770703731415"),
        Planted("iban", "FR0323485231119323981213659"),
        Planted("iban", "ES6187475714609584702149"),
        Planted("iban", "TR676151302632783511566773"),
        Planted("iban", "SA6072467709194573166845"),
        Planted("iban", "BR1385609713823427531131810C1"),
        Planted("iban", "NL28 INGB 1004 0924 94"),
    ]

    /// Known by the words around them, and removed where that is configured.
    static let told: [Planted] = [
        Planted(
            "private_key",
            "b233cd7997c576ac8bc0d9c8ac575566ab7e3f68719640380c0ab16760b9d08c",
            in: "My private key is 0x#"
        ),
        Planted(
            "private_key",
            "e1d5dad84b5ab6f428e7d1c87b00c018d7354324ff71800142c8a60d9f72533e",
            in: "приватный ключ: #"
        ),
        Planted("private_key", "f1954113e6a6678a98121a400cbcfc0c45b49a7db1c4504475ffcac794e685c6", in: "私钥：#"),
        Planted(
            "private_key",
            "01b9015bcdefadb46d41592add47251146c14d7e4453188668228a073c5291fc",
            in: "llave / clave privada #"
        ),
        Planted("api_key", "DxgEICm3Vwe3s1laFjTgeGMfOmUbNGQpqadwDOX72ICaLyPPxiOpx9IO92Wl0puW", in: "API secret = #"),
        Planted(
            "api_key",
            "gfAk2XusYHpRbttNoN8qBfvLw3ZoIx8Dj4y7wPolwxLDI8ZJujfP7DFGGx4X6gYl",
            in: "binance api key: #"
        ),
        Planted("api_key", "hecf7RBBREdwOw6Ncbx8Kr8GoQObFkspdbO6O8Pm", in: "api_secret: #"),
        Planted(
            "api_key",
            "6iMiZLIW/78pZ97Y99ECPHiYyO09Pduwhn1+HPV2C+P10JRC+Q//81yZQZdQQQ9fMhwhFGsePdaFs6AwihxvvA==",
            in: "kraken private API key #"
        ),
        Planted("password", "Zk7!1i93NV0x", in: "my password is #"),
        Planted("password", "Qx9#uLX6vzHc", in: "Passwort: #"),
        Planted("password", "Wq4$THVnjdd", in: "mi contraseña es #"),
        Planted("password", "Rt5!Bev6KDD", in: "mot de passe : #"),
        Planted("password", "Lp3@T6tpwl6", in: "senha: #"),
        Planted("password", "Gh8!CGkYAti", in: "пароль: #"),
        Planted("password", "Bn2#Wove5MQ", in: "şifrem: #"),
        Planted("password", "Vc6!1emfCwJ", in: "mật khẩu: #"),
        Planted("password", "Mj1!If4S9Sn", in: "密码是#"),
        Planted("password", "Ks4!2u0SwN2", in: "密碼：#"),
        Planted("password", "Ty8!eu9vxJG", in: "パスワードは#"),
        Planted("password", "Fd5!d7fdEGB", in: "비밀번호는 #"),
        Planted("password", "Hs7!NA7xvAo", in: "كلمة المرور: #"),
        Planted("one_time_code", "91674972", in: "the verification code is #"),
        Planted("one_time_code", "33052629", in: "验证码：#"),
        Planted("one_time_code", "12561657", in: "驗證碼 #"),
        Planted("one_time_code", "50818210", in: "認証コード：#"),
        Planted("one_time_code", "05485717", in: "인증번호 #"),
        Planted("one_time_code", "89495687", in: "код подтверждения #"),
        Planted("one_time_code", "49958757", in: "Bestätigungscode: #"),
        Planted("one_time_code", "43029871", in: "código de verificación #"),
        Planted("one_time_code", "68713143", in: "code de vérification #"),
        Planted("one_time_code", "84496283", in: "código de verificação: #"),
        Planted("one_time_code", "69080967", in: "doğrulama kodu #"),
        Planted("one_time_code", "67061552", in: "mã xác nhận: #"),
        Planted("one_time_code", "98638787", in: "رمز التحقق #"),
        Planted("one_time_code", "70431978", in: "my 2FA code #"),
    ]

    /// Phrases of which one word is another one of the list.
    static var mistyped: [Planted] {
        phrases.map { phrase in
            let mark: Character = phrase.secret.contains("\u{3000}") ? "\u{3000}" : " "
            var words = phrase.secret.split(separator: mark)
            words[3] = words[4]
            return Planted("seed_phrase", words.joined(separator: String(mark)))
        }
    }

    static let proven = phrases + privateKeys + keys + numbers
    static let probable = told + mistyped
}
