import MDMJSON
import Testing

@Suite struct SynchronisationTests {
  private func change(_ document: OpenDocument, _ changes: String) throws {
    try document.client.notify(
      "textDocument/didChange",
      #"{"textDocument": {"uri": "\#(document.uri)", "version": 2}, "contentChanges": [\#(changes)]}"#
    )
  }

  private func edit(_ range: (Int, Int, Int, Int), _ text: String) -> String {
    #"{"range": {"start": {"line": \#(range.0), "character": \#(range.1)}, "end": {"line": \#(range.2), "character": \#(range.3)}}, "text": \#(JSONNode.quoted(text))}"#
  }

  @Test func aWholeTextReplacesTheOther() throws {
    let document = try OpenDocument(try Client(), "nowhere")
    #expect(document.codes == ["E0301"])
    try change(document, #"{"text": "print(1)"}"#)
    #expect(document.codes == [])
  }

  @Test func changesApplyInTheirOrder() throws {
    let document = try OpenDocument(try Client(), "let a = 1\nprint(b)\n")
    try change(document, edit((1, 6, 1, 7), "c") + "," + edit((1, 6, 1, 7), "a"))
    #expect(document.codes == [])
  }

  /// `𝔘` is two units of UTF-16, and four of UTF-8.
  @Test(arguments: [(#"["utf-16"]"#, 13), (#"["utf-8"]"#, 15)])
  func charactersAreCountedAsAgreed(_ encodings: String, _ character: Int) throws {
    let client = try Client(#"{"general": {"positionEncodings": \#(encodings)}}"#)
    let document = try OpenDocument(client, "print(\"𝔘\", b)\n")
    let start = try #require(document.diagnostics.first?["range"]).rangeText
    #expect(start == "0:\(character - 1)-0:\(character)")
    try change(document, edit((0, character - 1, 0, character), "1"))
    #expect(document.codes == [])
  }

  @Test func linesEndInThreeWays() throws {
    let document = try OpenDocument(try Client(), "let a = 1\r\nlet b = 2\r\nprint(c)")
    #expect(document.diagnostics.first?["range"]?.rangeText == "2:6-2:7")
    try change(document, edit((2, 6, 2, 7), "a"))
    #expect(document.codes == [])
  }

  @Test func placesBehindTheEndAreTheEnd() throws {
    let document = try OpenDocument(try Client(), "print(1)")
    try change(document, edit((0, 99, 7, 7), "\nb"))
    #expect(document.diagnostics.first?["range"]?.rangeText == "1:0-1:1")
  }

  @Test func aChangeThatIsNoneIsReportedAndPassedOver() throws {
    let document = try OpenDocument(try Client(), "print(1)")
    try change(document, edit((0, 5, 0, 1), "x"))
    #expect(document.client.received.last?["method"]?.text == "window/logMessage")
    #expect(
      try document.client.request("textDocument/documentSymbol", params(document)) == .array([]))
  }

  private func params(_ document: OpenDocument) -> String {
    #"{"textDocument": {"uri": "\#(document.uri)"}}"#
  }

  @Test func aClosedDocumentLosesItsDiagnostics() throws {
    let document = try OpenDocument(try Client(), "nowhere")
    #expect(document.codes == ["E0301"])
    try document.client.notify("textDocument/didClose", params(document))
    #expect(document.codes == [])
    #expect(
      try document.client.error("textDocument/documentSymbol", params(document)).contains(
        "not open"))
  }

  @Test func onlyTheLastOfSeveralChangesIsTold() throws {
    let client = try Client()
    let document = try OpenDocument(client, "print(1)")
    let before = client.received.count
    let notification =
      #"{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": "\#(document.uri)", "version": 2}, "contentChanges": [{"text": "TEXT"}]}}"#
    try client.send(
      notification.replacing("TEXT", with: "a"), notification.replacing("TEXT", with: "b"),
      notification.replacing("TEXT", with: "print(2)\\nc"))
    #expect(client.received.count == before + 1)
    #expect(document.diagnostics.first?["range"]?.rangeText == "1:0-1:1")
  }

  @Test func aTextThatIsTooLongIsNotChecked() throws {
    let document = try OpenDocument(
      try Client(), String(repeating: "nowhere\n", count: 600_000) + "¦")
    #expect(document.diagnostics.first?["message"]?.text?.contains("not checked") == true)
    #expect(try document.request("completion") == .null)
    #expect(try document.request("hover") == .null)
  }
}
