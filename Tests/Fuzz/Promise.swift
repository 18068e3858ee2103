import CTables
import GatehouseCore
import Glibc

/// What holds for every input, and is no trap by itself.
enum Promise {
    /// Seconds of the processor that `step` bytes may take, under instrumentation that makes all of it some ten times
    /// slower.
    static let secondsPerStep = 1.0
    static let step = 64 * 1024

    /// Ends the process where a promise is broken, so that libFuzzer keeps the input.
    static func isKept(_ holds: Bool, _ words: @autoclosure () -> String) {
        guard !holds else { return }
        print("broken promise: \(words())")
        fflush(nil)
        abort()
    }

    /// An envelope is valid UTF-8, valid JSON, and as the published schema says.
    ///
    /// To check that takes three times as long as to read a mail; so one input in four is checked, which one is told by
    /// its bytes: an input that was found is checked again.
    static func holds(for item: ParsedItem) {
        switch item {
        case .message(let held):
            let message = held.message
            for (index, bytes) in message.contents {
                isKept(message.envelope.data.attachments.indices.contains(index), "bytes of an unlisted attachment")
                isKept(
                    message.envelope.data.attachments[index].size == bytes.count,
                    "an attachment's size is not its own"
                )
            }
            guard message.raw.reduce(0, &+) & 3 == 0 else { return }
            var envelope = message.envelope
            EnvelopeIdentity.assign(
                to: &envelope,
                keys: message.keys,
                ordinal: message.ordinal,
                rawDigest: SHA256.hex(of: message.raw)
            )
            fits(envelope)
        case .rejected(let rejected):
            fits(Envelope(rejected: rejected, from: IntakeOrigin(channel: .email, source: "/email/fuzz", account: nil)))
        case .ignored(let ignored): isKept(!ignored.kind.isEmpty, "an ignored input without a word for it")
        }
    }

    private static func fits(_ envelope: Envelope) {
        let encoded = EnvelopeEncoder.encode(envelope)
        isKept(CharsetDecoder.validUTF8(encoded) != nil, "an envelope that is not UTF-8")
        do {
            let violations = schema.violations(of: try JSONDocument.parse(encoded, options: .strict))
            isKept(violations.isEmpty, "\(violations)\n\(String(decoding: encoded, as: UTF8.self))")
        } catch {
            isKept(false, "an envelope that is not JSON: \(error)")
        }
    }

    private static let schema: JSONSchema = {
        let file = unsafe ctables_envelope_schema()
        let bytes = unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
        guard let document = try? JSONDocument.parse(bytes) else { preconditionFailure("embedded schema is no JSON") }
        return JSONSchema(document: document)
    }()
}
