import GatehouseCore
import GatehouseWebhooks

// What a source of type "webhook" has beyond the others: a signature, and a mapping of its fields.
extension ConfigurationDecoder {
    /// Checks which keys go together, and reads `signature`.
    mutating func signature(_ value: JSONValue, kind: Configuration.Source.Kind) -> Configuration.Signature? {
        guard kind == .webhook else {
            if let signature = value["signature"] {
                complain(signature, "'signature' is for a webhook; a \(kind.rawValue) brings none.")
            }
            return nil
        }
        for key in ["path", "after", "move_to", "settle_seconds"] {
            guard let found = value[key] else { continue }
            complain(found, "'\(key)' has no meaning for a webhook: 'gatehouse ingest --source NAME' feeds it.")
        }
        if value["channel"]?.string == "email" {
            complain(value["channel"], "e-mail comes by Maildir, mbox or 'ingest --mda', not by a webhook.")
        }
        guard let settings = value["signature"] else { return nil }
        guard let recipe = recipe(settings), let secret = secret(settings["secret"]) else { return nil }
        if recipe.handshake != .meta, let token = settings["verify_token"] {
            complain(token, "'verify_token' is for the scheme \"meta\".")
        }
        return Configuration.Signature(
            recipe: recipe,
            secret: secret,
            previousSecret: self.secret(settings["previous_secret"]),
            isRequired: settings["required"]?.bool ?? true,
            verifyToken: self.secret(settings["verify_token"])
        )
    }

    /// The scheme, with what the configuration says otherwise.
    private mutating func recipe(_ settings: JSONValue) -> SignatureRecipe? {
        guard var recipe = settings["scheme"]?.string.flatMap(SignatureRecipe.named) else { return nil }
        if let header = settings["header"]?.string { recipe.header = header.lowercased() }
        if let seconds = settings["tolerance_s"]?.int64 { recipe.toleranceSeconds = seconds }
        recipe.url = settings["url"]?.string
        switch recipe.scheme {
        case "hmac": readDigest(settings, into: &recipe)
        case "token": readToken(settings, into: &recipe)
        default:
            for key in ["algorithm", "encoding", "prefix", "signed", "timestamp_header", "id_header", "pointer"] {
                guard let found = settings[key] else { continue }
                complain(
                    found,
                    "the scheme \"\(recipe.scheme)\" knows its own '\(key)': leave it out, or say \"hmac\" or \"token\"."
                )
            }
            if recipe.header.isEmpty, let header = settings["header"] {
                complain(header, "the scheme \"\(recipe.scheme)\" has its proof in no header.")
            }
        }
        let needsURL = recipe.proof == .twilio || recipe.signed.pieces.contains(.url)
        if needsURL, recipe.url == nil {
            complain(settings, "the signature covers the public address: say it as 'url', just as the vendor has it.")
        }
        return recipe
    }

    private mutating func readDigest(_ settings: JSONValue, into recipe: inout SignatureRecipe) {
        if recipe.header.isEmpty { complain(settings, "say in which header the signature stands: 'header'.") }
        let algorithm = settings["algorithm"]?.string.flatMap(HMAC.Algorithm.init(rawValue:)) ?? .sha256
        let encoding = settings["encoding"]?.string.flatMap(SignatureRecipe.Encoding.init(rawValue:)) ?? .hex
        recipe.proof = .hmac(algorithm, encoding)
        recipe.prefix = settings["prefix"]?.string ?? ""
        recipe.timestampHeader = settings["timestamp_header"]?.string?.lowercased()
        recipe.idHeader = settings["id_header"]?.string?.lowercased()
        if let pointer = settings["pointer"] { complain(pointer, "'pointer' is for the scheme \"token\".") }
        if let template = settings["signed"], let text = template.string {
            if let signed = SignedContent(text) {
                recipe.signed = signed
            } else {
                complain(template, "the places in it are {body}, {timestamp}, {id} and {url}.")
            }
        }
        let pieces = recipe.signed.pieces
        if !pieces.contains(.body) { complain(settings["signed"], "without {body} anything could be sent under it.") }
        if pieces.contains(.id), recipe.idHeader == nil {
            complain(settings["signed"], "say in which header the id stands: 'id_header'.")
        }
        if !recipe.signed.coversTime, let header = settings["timestamp_header"] {
            complain(header, "the time is not signed: put {timestamp} into 'signed', or leave this out.")
        }
        if !recipe.signed.coversTime, let tolerance = settings["tolerance_s"] {
            complain(tolerance, "no time is signed, so there is no window: leave it out.")
        }
    }

    private mutating func readToken(_ settings: JSONValue, into recipe: inout SignatureRecipe) {
        recipe.prefix = settings["prefix"]?.string ?? ""
        if let pointer = settings["pointer"], let text = pointer.string {
            recipe.pointer = text
            if !FieldMapping.isPointer(text) { complain(pointer, FieldMapping.pointerWords(text)) }
        }
        if recipe.header.isEmpty == (recipe.pointer == nil) {
            complain(
                settings,
                "say where the token stands: in a 'header', or by 'pointer' in a JSON body; one of the two."
            )
        }
        for key in ["algorithm", "encoding", "signed", "timestamp_header", "id_header"] {
            if let found = settings[key] { complain(found, "'\(key)' is for the scheme \"hmac\".") }
        }
    }

    mutating func mapping(_ value: JSONValue, kind: Configuration.Source.Kind, channel: Channel?) -> FieldMapping? {
        guard let settings = value["mapping"] else { return nil }
        guard !kind.holdsMail else {
            complain(settings, "a \(kind.rawValue) holds e-mail, which has its own fields.")
            return nil
        }
        guard let channel, channel != .email else {
            complain(settings, "say what it maps to: \"channel\" is \"social_dm\", \"web_chat\" or \"phone_callback\".")
            return nil
        }
        if let format = value["format"] {
            complain(format, "a mapping takes the place of a format: keep one of the two.")
        }
        var decoder = FieldMappingDecoder(channel: channel)
        let mapping = decoder.decode(settings)
        for problem in decoder.problems { complain(JSONValue(.null, offset: problem.offset), problem.words) }
        return mapping
    }
}
