import Testing

@testable import GatehouseCore

@Suite struct JSONValueTests {
    private let value: JSONValue

    init() throws {
        let text = #"{"a":{"b":[10,"x",1063077198536556545,1.5,"7",true,null]},"a":2,"m~n":1,"/":2,"":3}"#
        value = try JSONDocument.parse(Array(text.utf8))
    }

    @Test func `Members and elements are reached by name and number`() {
        #expect(value["a"]?["b"]?[0]?.int64 == 10)
        #expect(value["a"]?["b"]?[1]?.string == "x")
        #expect(value["a"]?["b"]?[2]?.text == "1063077198536556545")
        #expect(value["a"]?["b"]?[2]?.int64 == 1_063_077_198_536_556_545)
        #expect(value["a"]?["b"]?[3]?.double == 1.5)
        #expect(value["a"]?["b"]?[4]?.int64 == nil)
        #expect(value["a"]?["b"]?[4]?.text == "7")
        #expect(value["a"]?["b"]?[5]?.bool == true)
        #expect(value["a"]?["b"]?[6]?.isNull == true)
        #expect(value["a"]?["b"]?[7] == nil)
        #expect(value["a"]?["b"]?[-1] == nil)
        #expect(value["x"] == nil)
        #expect(value[0] == nil)
    }

    @Test func `Equal keys are kept and named`() {
        #expect(value.members?.count == 5)
        #expect(value.repeatedMembers.map(\.key) == ["a"])
    }

    @Test(arguments: [
        ("/a/b/0", "10"), ("/a/b/3", "1.5"), ("/m~0n", "1"), ("/~1", "2"), ("/", "3"),
        ("/a/b/00", nil), ("/a/b/-", nil), ("/a/c", nil), ("a", nil), ("/a/b/0/0", nil),
        ("/a/b/99999999999999999999", nil),
    ])
    func `A JSON Pointer leads to its value`(pointer: String, text: String?) {
        #expect(value.pointer(pointer)?.text == text)
    }

    @Test func `The empty pointer is the whole`() { #expect(value.pointer("") == value) }

    @Test(arguments: ["1e400", "-1e400"])
    func `A number that no Double can hold is not one`(text: String) throws {
        #expect(try JSONDocument.parse(Array(text.utf8)).double == nil)
    }

    @Test func `Offsets become lines and columns`() {
        let map = LineMap(Array("a\né€x\n".utf8))
        #expect(map.position(of: 0) == (1, 1))
        #expect(map.position(of: 1) == (1, 2))
        #expect(map.position(of: 2) == (2, 1))
        #expect(map.position(of: 4) == (2, 2))
        #expect(map.position(of: 7) == (2, 3))
        #expect(map.position(of: 9) == (3, 1))
        #expect(map.position(of: 99) == (3, 1))
        #expect(map.position(of: -1) == (1, 1))
    }
}
