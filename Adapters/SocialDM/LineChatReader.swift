import GatehouseCore

/// Puts the lines of a LINE chat together to messages.
struct LineChatReader {
    /// Words in brackets that stand where the file has no text; each is followed by nothing or by a file's name.
    private static let placeholders: Set = [
        "photo", "photos", "video", "videos", "sticker", "stickers", "file", "voice message", "audio", "album",
        "contact", "location", "gif",
        "写真", "動画", "スタンプ", "ファイル", "ボイスメッセージ", "アルバム", "連絡先", "位置情報", "画像",
        "圖片", "照片", "影片", "貼圖", "檔案", "語音訊息", "相簿", "聯絡資訊", "位置訊息", "图片", "视频", "表情贴图", "贴图", "文件",
        "语音消息", "相册", "사진", "동영상", "스티커", "파일", "음성 메시지", "앨범", "연락처", "위치 정보",
        "รูป", "รูปภาพ", "วิดีโอ", "สติกเกอร์", "สติ๊กเกอร์", "ไฟล์", "ข้อความเสียง", "foto", "stiker", "berkas", "pesan suara",
        "bild", "datei", "sprachnachricht", "fichier", "autocollant", "message vocal", "imagen", "archivo", "pegatina",
        "mensaje de voz", "imagem", "arquivo", "figurinha", "mensagem de voz", "ảnh", "hình ảnh", "nhãn dán", "tệp",
        "tin nhắn thoại",
        "фото", "видео", "стикер", "файл", "голосовое сообщение",
    ]

    private let survey: LineSurvey
    private let session: ExportSession
    private var day: CivilTime?
    private var pending: TextMessage?
    /// A text in quotes whose last one has not come yet.
    private var isQuoted = false
    private var isAfterBlank = true
    /// Of the last message of the day, in minutes.
    private var lastMinute = 0
    /// The lines before the first day.
    private var isPreamble = true
    private(set) var hasRows = false
    /// The time of the first row as it is written, in the desktop's form with what follows it.
    private var firstStart: [UInt8] = []
    /// What a cut has left of a row that has only just begun.
    private var rest: TextLine?

    init(_ survey: LineSurvey, _ session: ExportSession) {
        self.survey = survey
        self.session = session
        // Of two people the one after whom the chat is called is the other.
        guard let peer = survey.peer, !survey.senders.contains(where: { session.owner.matches(Party(name: $0)) }) else {
            return
        }
        for sender in survey.senders where sender != peer { session.owner.add(sender) }
    }

    mutating func take(_ line: TextLine, emit: (ParsedItem) throws -> Void) throws {
        let text = line.text
        defer { isAfterBlank = line.bytes.isEmpty }
        switch survey.row(text, isAfterBlank: isAfterBlank || isPreamble, notBefore: lastMinute) {
        // A date within quotes is text, unless it stands behind a blank line as every day does: then the quote was a slip.
        case .day(let date)? where !isQuoted || isAfterBlank:
            try flush(emit: emit)
            day = date.parsed(order: survey.order)?.civil
            lastMinute = 0
            isPreamble = false
        case .message(_, _, "")? where !line.isTerminated, .notice? where isBrokenOff(line):
            rest = line
            hasRows = true
        case .message(let clock, let sender, let text)?:
            try flush(emit: emit)
            if !hasRows { firstStart = Array(line.bytes.prefix { $0 != 0x09 }.prefix(24)) }
            hasRows = true
            isPreamble = false
            pending = TextMessage(sender: UnicodeText.normalised(sender), time: time(clock), text: text, line: line)
            lastMinute = clock.hour * 60 + clock.minute
            isQuoted = survey.desktop == nil && text.hasPrefix("\"") && Self.isOdd(text)
        case .notice?:
            try flush(emit: emit)
            hasRows = true
            isPreamble = false
            try emit(session.ignored("system_message", at: line.offset))
        case .day?, nil:
            // Rows begin with the time, in each language in its own way; days have blank lines before them.
            if hasRows, TextEnd.isWithinStart(line, like: firstStart) {
                rest = line
                return
            }
            guard pending != nil else {
                if !isPreamble, !line.bytes.isEmpty { try emit(session.ignored("system_message", at: line.offset)) }
                return
            }
            pending?.add(line, limit: session.limits.messageBytes)
            if isQuoted, Self.isOdd(text) { isQuoted = false }
        }
    }

    mutating func finish(emit: (ParsedItem) throws -> Void) throws {
        if isQuoted, let pending, !pending.isTerminated {
            self.pending = nil
            let detail = "the file ends within a text in quotes. It was cut, or is still being written."
            return try emit(session.rejected("text_truncated", detail, at: pending.offset, raw: pending.raw))
        }
        if let cut = pending?.cut(in: session) {
            pending = nil
            return try emit(cut)
        }
        try flush(emit: emit)
        if let rest { try emit(session.rejected(TextEnd.reason, TextEnd.detail, at: rest.offset, raw: rest.bytes)) }
    }

    /// Whether a last row ends within its sender's name: `12:05`, a tab, `Han`.
    private func isBrokenOff(_ line: TextLine) -> Bool {
        guard !line.isTerminated, let tab = line.bytes.firstIndex(of: 0x09) else { return false }
        return TextEnd.isWithinName(String(decoding: line.bytes[(tab + 1)...], as: UTF8.self))
    }

    /// An odd number of quotes opens or closes a text; doubled ones stand for one.
    private static func isOdd(_ text: String) -> Bool { text.utf8.count { $0 == UInt8(ascii: "\"") } % 2 == 1 }

    private func time(_ clock: LocalisedTime.Clock) -> SentTime? {
        guard var moment = day else { return nil }
        moment.hour = clock.hour
        moment.minute = clock.minute
        moment.second = clock.second ?? 0
        let precision = clock.second == nil ? "min" : "s"
        return SentTime(ParsedTime(civil: moment, offsetSeconds: nil, precision: precision), zone: session.zone)
    }

    private mutating func flush(emit: (ParsedItem) throws -> Void) throws {
        guard let pending else { return }
        self.pending = nil
        isQuoted = false
        var message = pending.message()
        message.conversation = survey.title.map { "line:\($0)" }
        if survey.desktop == nil { message.text = Self.unquoted(message.text) }
        if !survey.isOrderCertain { message.warnings.append("date_order_assumed:\(survey.order.rawValue)") }
        if let peer = survey.peer {
            message.others = message.sender.name == peer ? [] : [Party(name: peer)]
        } else {
            message.subject = survey.title
        }
        if message.text.hasPrefix("\u{260E}") { return try emit(call(message)) }
        if LineDesktopRows.isUnsent(message.text) {
            return try emit(session.ignored("message_unsent", at: message.offset))
        }
        readPlaceholder(in: &message)
        try emit(session.item(message))
    }

    private static func unquoted(_ text: String) -> String {
        guard text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count > 1, text.utf8.contains(0x0A) else {
            return text
        }
        let quoted = Array(text.utf8.dropFirst().dropLast())
        var bytes: [UInt8] = []
        var index = 0
        while index < quoted.count {
            bytes.append(quoted[index])
            // A doubled quote is one.
            let isDoubled =
                quoted[index] == UInt8(ascii: "\"") && index + 1 < quoted.count && quoted[index + 1] == quoted[index]
            index += isDoubled ? 2 : 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `☎ Missed call`, in any language; a call that took place says how long it was.
    private func call(_ message: consuming DirectMessage) -> ParsedItem {
        let time = LocalisedTime(message.text)
        let hasLength = time.tokens.indices.contains { index in
            index > 0 && index < time.tokens.count - 1 && time.tokens[index] == .mark(":")
        }
        // A group's call is told at its start and its end.
        let words = message.text.lowercased()
        let isEvent = ["started", "ended", "開始", "終了", "开始", "結束", "结束", "시작", "종료"].contains { words.contains($0) }
        guard !hasLength, !isEvent else { return session.ignored("call", at: message.offset) }
        message.type = .callMissed
        return session.item(message)
    }

    /// `[Photo]`, `[File] report.pdf`, `[null] https://maps…`
    private func readPlaceholder(in message: inout DirectMessage) {
        if survey.desktop != nil, Self.placeholders.contains(message.text.lowercased()) {
            message.attachments = [ExportAttachment(AttachmentInfo(status: .omitted, name: message.text))]
            message.text = ""
        }
        guard message.text.hasPrefix("["), let end = message.text.firstIndex(of: "]") else { return }
        let word = message.text[message.text.index(after: message.text.startIndex)..<end]
        let rest = String(message.text[message.text.index(after: end)...].drop { $0 == " " })
        if word == "null", rest.hasPrefix("https://") {
            // A place whose name LINE does not know.
            message.text = rest
        } else if Self.placeholders.contains(word.lowercased()), !rest.utf8.contains(0x0A) {
            message.text = ""
            message.attachments = [
                ExportAttachment(AttachmentInfo(status: .omitted, name: rest.isEmpty ? String(word) : rest))
            ]
        }
    }
}
