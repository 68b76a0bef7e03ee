import MDMJSON
import MDMLanguageServer
import Testing

@Suite struct OutlineTests {
  private static let text = """
    use experiments
    # A comment
    # of two lines
    param steps: Int = 3, "how many"
    let cfg = {
      rate: 1,
      inner: {deep: 2},
    }
    fn outer(a) {
      let local = 1
      fn inner(b) b
      inner(local)
    }
    test "it adds" {
      assert 1 + 1 == 2
    }
    """

  private func outline(_ symbols: JSONNode) -> [String] {
    (symbols.elements ?? []).flatMap { symbol in
      [symbol["name"]?.text ?? ""]
        + outline(symbol["children"] ?? .null).map { "\(symbol["name"]?.text ?? "").\($0)" }
    }
  }

  private func request(_ method: String, _ capabilities: String = Client.capabilities) throws
    -> JSONNode
  {
    let document = try OpenDocument(try Client(capabilities), Self.text)
    return try document.client.request(
      "textDocument/\(method)", #"{"textDocument": {"uri": "\#(document.uri)"}}"#)
  }

  @Test func declarationsNest() throws {
    #expect(
      outline(try request("documentSymbol")) == [
        "experiments", "steps", "cfg", "cfg.rate", "cfg.inner", "cfg.inner.deep", "outer",
        "outer.inner",
        "it adds",
      ])
  }

  @Test func everyNameLiesInItsRange() throws {
    func check(_ symbols: JSONNode) throws {
      for symbol in symbols.elements ?? [] {
        let (whole, name) = (try #require(symbol["range"]), try #require(symbol["selectionRange"]))
        func place(_ range: JSONNode, _ end: String) -> Int {
          (range[end]?["line"]?.integer ?? 0) * 1000 + (range[end]?["character"]?.integer ?? 0)
        }
        #expect(place(whole, "start") <= place(name, "start"))
        #expect(place(name, "end") <= place(whole, "end"))
        try check(symbol["children"] ?? .null)
      }
    }
    try check(try request("documentSymbol"))
  }

  @Test func clientsWithoutNestingGetAList() throws {
    let list = try request("documentSymbol", "{}").elements ?? []
    #expect(list.count == 9)
    #expect(list.last { $0["name"]?.text == "inner" }?["containerName"]?.text == "outer")
    #expect(list.allSatisfy { $0["location"]?["uri"] != nil })
  }

  @Test func blocksRecordsAndCommentsFold() throws {
    let lines = (try request("foldingRange").elements ?? []).map {
      "\($0["startLine"]?.integer ?? -1)-\($0["endLine"]?.integer ?? -1)\($0["kind"]?.text.map { " " + $0 } ?? "")"
    }
    #expect(lines.sorted() == ["1-2 comment", "13-14", "4-6", "8-11"])
  }

  @Test func formattingIsOfferedWithAFormatter() throws {
    var environment = LanguageServer.Environment(version: "test")
    environment.format = { source in source.text(0..<source.bytes.count) + "# end\n" }
    let document = try OpenDocument(try Client(environment: environment), "print(1)\n")
    let params =
      #"{"textDocument": {"uri": "\#(document.uri)"}, "options": {"tabSize": 2, "insertSpaces": true}}"#
    let edits = try document.client.request("textDocument/formatting", params)
    #expect(edits.elements?.first?["newText"]?.text == "print(1)\n# end\n")
    #expect(edits.elements?.first?["range"]?.rangeText == "0:0-1:0")
  }

  @Test func formattingIsUnknownWithoutOne() throws {
    let document = try OpenDocument(try Client(), "print(1)\n")
    let answer = try document.client.answer(
      "textDocument/formatting", #"{"textDocument": {"uri": "\#(document.uri)"}}"#)
    #expect(answer["error"]?["code"]?.integer == -32601)
  }
}
