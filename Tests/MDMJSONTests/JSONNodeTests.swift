import MDMJSON
import MDMNumerics
import Testing

@Suite struct JSONNodeTests {
  private func error(_ text: String) -> JSONError? { error(Array(text.utf8)) }

  private func error(_ bytes: [UInt8]) -> JSONError? {
    do throws(JSONError) {
      _ = try JSONNode(parsing: bytes)
      return nil
    } catch { return error }
  }

  @Test func itReadsEveryKindOfValue() throws {
    let text = #" {"a": [1, -2.5e2, true, false, null], "b": "x\n\u00e9\ud83d\ude00\/"} "#
    let node = try JSONNode(parsing: Array(text.utf8))
    #expect(node["a"]?.elements == [.integer(1), .number(-250), .bool(true), .bool(false), .null])
    #expect(node["b"]?.text == "x\né😀/")
  }

  @Test(arguments: [
    ("", 1, 1), ("{\"a\": 1,}", 1, 9), ("[1, 2", 1, 6), ("{\"a\" 1}", 1, 6), ("[01]", 1, 2),
    ("\n [1] x", 2, 6), ("\"abc", 1, 1), ("[1.]", 1, 4), ("nul", 1, 1), ("{\"a\":1,\"a\":2}", 1, 8),
    ("\"\\x\"", 1, 2), ("\"\\ud800\"", 1, 2), ("[1e999]", 1, 2), ("NaN", 1, 1), ("'a'", 1, 1),
  ])
  func faultsHaveAPlace(_ text: String, _ line: Int, _ column: Int) throws {
    let fault = try #require(error(text))
    #expect(fault.line == line && fault.column == column)
  }

  @Test func bytesThatAreNotUTF8HaveAPlace() throws {
    let fault = try #require(error(Array("[\"é".utf8) + [0xFF, 0x22, 0x5D]))
    #expect(fault.isEncoding && fault.column == 5)
  }

  @Test func deepNestingIsRefusedWithoutOverflow() {
    #expect(error(String(repeating: "[", count: 100_000))?.reason == "nested too deeply")
    #expect(error(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == nil)
  }

  @Test func randomBytesNeverCrash() {
    let good = Array(
      #"{"image": "a.png", "box": [1, 2.5, -3e1, 4], "t": "\u00e9\n", "n": null}"#.utf8)
    var stream = RandomStream(seed: 8, purpose: "fuzz")
    for _ in 0..<20000 {
      var bytes = good
      for _ in 0..<stream.integer(in: 1...4) {
        bytes[stream.integer(below: bytes.count)] = UInt8(stream.integer(below: 256))
      }
      bytes.removeLast(stream.integer(below: 6))
      _ = error(bytes)
    }
  }

  @Test(arguments: [
    "null", "[true,false]", #"{"a":1,"b":[-2,0.5,1e+300]}"#, #""ü𝔘\\n\"\\\\""#, "[]", "{}",
    "9007199254740991",
  ])
  func compactTextReadsBack(_ text: String) throws {
    let node = try JSONNode(parsing: Array(text.utf8))
    #expect(String(decoding: node.compact, as: UTF8.self) == text)
  }

  @Test func numbersThatJSONLacksAreNull() {
    #expect(
      JSONNode.array([.number(.nan), .number(.infinity)]).compact == Array("[null,null]".utf8))
  }
}
