import GatehouseCore
import Testing

@testable import GatehouseTriage

struct AttachmentRoleTests {
    /// The head of a PNG of this size, and nothing of the picture.
    private static func png(_ width: Int, _ height: Int) -> [UInt8] {
        func big(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + big(width)
            + big(height) + [8, 6, 0, 0, 0]
    }

    /// The heads of a JPEG: an APP1 segment, then the frame.
    private static func jpeg(_ width: Int, _ height: Int) -> [UInt8] {
        let frame: [UInt8] = [
            0xFF, 0xC2, 0, 17, 8, UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255), 3,
        ]
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, 8, 0xFF, 0xC0, 1, 2, 3, 4] + frame + [UInt8](repeating: 0, count: 20)
    }

    private static let gif: [UInt8] = Array("GIF89a".utf8) + [0x40, 0x01, 0xF0, 0x00, 0]
    private static let webp: [UInt8] =
        Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0]
        + [0x7F, 0x02, 0, 0xDF, 0x01, 0]
    private static let lossless: [UInt8] =
        Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBPVP8L".utf8) + [9, 0, 0, 0, 0x2F, 0x7F, 0xC2, 0x77, 0x00]
    private static let heic: [UInt8] =
        [0, 0, 0, 24] + Array("ftypheic".utf8) + [UInt8](repeating: 0, count: 40)
        + [0, 0, 0, 20] + Array("ispe".utf8) + [0, 0, 0, 0, 0, 0, 0x0F, 0xC0, 0, 0, 0x0B, 0xD0]

    @Test(arguments: [
        (Self.png(1170, 2532), ImageSize(width: 1170, height: 2532)), (Self.jpeg(4032, 3024), ImageSize(width: 4032, height: 3024)),
        (Self.gif, ImageSize(width: 320, height: 240)), (Self.webp, ImageSize(width: 640, height: 480)),
        (Self.lossless, ImageSize(width: 640, height: 480)), (Self.heic, ImageSize(width: 4032, height: 3024)),
    ])
    func `The size is read from the first bytes of each form`(bytes: [UInt8], size: ImageSize) {
        #expect(ImageSize(bytes) == size)
        for count in 0..<min(bytes.count, 20) { #expect(ImageSize(Array(bytes.prefix(count))) == nil) }
    }

    private func read(
        _ name: String?,
        _ type: String,
        _ bytes: [UInt8],
        text: String = "",
        declared: String? = nil
    ) throws -> AttachmentInfo {
        var data = MessageData(channel: .email, provider: "test")
        data.body.text = text
        var file = AttachmentInfo(bytes: bytes, name: name, mediaType: declared ?? type)
        file.detectedType = type
        data.attachments = [file]
        AttachmentReader.read(&data, [0: bytes])
        return try #require(data.attachments.first)
    }

    @Test(arguments: [
        ("passport.jpg", "image/jpeg", "", "id_document"), ("Reisepass_vorne.pdf", "application/pdf", "", "id_document"),
        ("ID-Front2.png", "image/png", "", "id_document"), ("身份证正面.jpg", "image/jpeg", "", "id_document"),
        ("водительское_удостоверение.jpg", "image/jpeg", "", "id_document"),
        ("IMG_0021.jpg", "image/jpeg", "Hier ist mein Personalausweis", "id_document"),
        ("IMG_0021.jpg", "image/jpeg", "جواز السفر مرفق", "id_document"),
        ("selfie-with-id.jpg", "image/jpeg", "", "selfie"), ("utility_bill.pdf", "application/pdf", "", "address_proof"),
        ("Kontoauszug 2025-11.pdf", "application/pdf", "", "financial_proof"),
        ("comprobante de domicilio.pdf", "application/pdf", "", "address_proof"),
        ("scan.pdf", "application/pdf", "Ci-joint mon bulletin de paie", "financial_proof"),
        ("Screenshot_20251122.png", "image/png", "", "screenshot"), ("截图1.png", "image/png", "", "screenshot"),
        ("invoice-77.pdf", "application/pdf", "", "invoice"), ("note.ogg", "audio/ogg", "", "voice"),
        ("film.mp4", "video/mp4", "", "video"), ("IMG_1.jpg", "image/jpeg", "Look at this", "photo"),
        ("letter.pdf", "application/pdf", "", "document"), ("all.zip", "application/zip", "", "archive"),
    ])
    func `The role comes from the name, the words around it, and the type`(
        name: String,
        type: String,
        text: String,
        role: String
    ) throws {
        let bytes = type == "image/png" ? Self.png(900, 700) : Self.jpeg(900, 700)
        let file = try read(name, type, bytes, text: text)
        #expect(file.role == role)
        #expect(file.isSensitive == ["id_document", "selfie", "address_proof", "financial_proof"].contains(role))
    }

    @Test(arguments: [
        (1170, 2532, "image/png", "screenshot"), (720, 1600, "image/jpeg", "screenshot"),
        (1920, 1080, "image/png", "screenshot"), (4032, 3024, "image/jpeg", "photo"), (120, 40, "image/png", "decoration"),
        (1, 1, "image/png", "decoration"), (600, 30, "image/png", "decoration"),
    ])
    func `The form of a picture tells a screen, a photograph and a logo`(
        width: Int,
        height: Int,
        type: String,
        role: String
    ) throws {
        let bytes = type == "image/png" ? Self.png(width, height) : Self.jpeg(width, height)
        let file = try read("x", type, bytes, text: "hello")
        #expect(file.role == role)
        #expect(file.width == width && file.height == height)
    }

    @Test func `Empty, damaged and locked files are said to be so`() throws {
        #expect(try read("a.png", "image/png", []).notes == ["empty"])
        #expect(try read("a.png", "image/png", Array(Self.png(10, 10).prefix(15))).notes == ["unreadable"])
        #expect(try read("a.jpg", "application/octet-stream", [1, 2, 3], declared: "image/jpeg").notes == ["unreadable"])
        #expect(try read("a.pdf", "application/pdf", Array("%PDF-1.7\n1 0 obj".utf8)).notes == ["unreadable"])
        #expect(try read("a.pdf", "application/pdf", Array("%PDF-1.7\ntrailer\n%%EOF\n".utf8)).notes == [])
        let locked = Array("%PDF-1.7\ntrailer << /Encrypt 5 0 R >>\n%%EOF\n".utf8)
        #expect(try read("a.pdf", "application/pdf", locked).notes == ["encrypted"])
    }
}
