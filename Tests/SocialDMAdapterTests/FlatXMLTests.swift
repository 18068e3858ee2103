import GatehouseCore
import Testing

@testable import SocialDMAdapter

@Suite struct FlatXMLTests {
    @Test(arguments: [
        ("<xml><a>1</a></xml>", ["a=1"]),
        ("\u{FEFF}<?xml version=\"1.0\"?>\n<!-- x --><xml>\n <a><![CDATA[<b> & ]] ]]></a>\n</xml>\n", ["a=<b> & ]] "]),
        ("<xml><a>&lt;&amp;&#65;&#x42;&quot;&apos;&bogus; & b</a></xml>", ["a=<&AB\"'&bogus; & b"]),
        ("<xml><a x=\"1 > 0\" y='/'>t</a><b/><a>2</a></xml>", ["a=t", "b=", "a=2"]),
        ("<xml><Info><Type>qr</Type></Info></xml>", ["Info/Type=qr"]),
        ("<xml><a>&#0;&#xD800;&#x110000;&#;</a></xml>", ["a=\0&#xD800;&#x110000;&#;"]),
    ])
    func `Elements, references and sections are read`(text: String, fields: [String]) {
        let read = FlatXML.read(Array(text.utf8))
        #expect(read.error == nil)
        #expect(read.document.root == "xml")
        #expect(read.document.fields.map { "\($0.name)=\($0.value)" } == fields)
    }

    @Test(arguments: [
        ("<xml><a>1</a>", "xml_truncated"), ("<xml><a><![CDATA[1</a></xml>", "xml_truncated"),
        ("<xml", "xml_truncated"),
        ("<!DOCTYPE x><xml><a>1</a></xml>", "xml_doctype"), ("<xml><a>1</b></xml>", "xml_invalid"),
        ("<xml></xml><b></b>", "xml_invalid"), ("x<xml></xml>", "xml_invalid"), ("</xml>", "xml_invalid"),
        ("<xml/>", "xml_empty"), ("< >", "xml_invalid"), (String(repeating: "<a>", count: 100), "xml_too_deep"),
        ("<xml>" + String(repeating: "<a></a>", count: 10_001) + "</xml>", "xml_too_many_fields"),
    ])
    func `What is broken, deep or declares a type is refused with a reason`(text: String, reason: String) {
        #expect(FlatXML.read(Array(text.utf8)).error?.reason == reason)
    }
}
