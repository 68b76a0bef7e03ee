import MDMJSON
import MDMLanguageServer
import MDMSession
import MDMSyntax
import Testing

@Suite struct DiagnosticsTests {
  @Test func theMessageHasNotesAndHint() throws {
    let document = try OpenDocument(try Client(), "fn f(steps) { steps }\nf(step: 1)\n")
    let found = try #require(document.diagnostics.first)
    #expect(found["code"]?.text == "E0352" && found["severity"]?.integer == 1)
    #expect(found["source"]?.text == "mdm" && found["range"]?.rangeText == "1:2-1:6")
    #expect(
      found["message"]?.text
        == "`f` has no argument named `step`\nf(steps)\nhint: did you mean `steps`?")
  }

  @Test func declarationsThatAMessageIsAboutAreRelated() throws {
    let document = try OpenDocument(try Client(), "let a = 1\nlet a = 2\n")
    let related = document.diagnostics.first?["relatedInformation"]?.elements?.first
    #expect(related?["location"]?["range"]?.rangeText == "0:4-0:5")
    #expect(related?["location"]?["uri"]?.text == document.uri)
  }

  @Test func whatIsUnusedIsFaded() throws {
    let document = try OpenDocument(try Client(), "fn f() {\n  let a = 1\n  2\n}\n")
    #expect(document.codes == ["W0302"])
    #expect(document.diagnostics.first?["tags"] == .array([.number(1)]))
    #expect(document.diagnostics.first?["severity"]?.integer == 2)
  }

  @Test func codesLinkToTheirExplanation() throws {
    var environment = LanguageServer.Environment(version: "test")
    environment.embeddedFile = { name, text in
      text.hasPrefix("# E0301: ") ? "/cache/\(name)" : nil
    }
    let document = try OpenDocument(try Client(environment: environment), "nowhere")
    #expect(
      document.diagnostics.first?["codeDescription"]?["href"]?.text
        == "file:///cache/explanations/E0301.md")
  }

  /// The replacement that is offered for the whole first line.
  private func fix(_ text: String, _ more: String = "") throws -> (title: String, text: String)? {
    let document = try OpenDocument(try Client(), text)
    let actions = try document.client.request(
      "textDocument/codeAction",
      #"{"textDocument": {"uri": "\#(document.uri)"}, "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 99}}, "context": {"diagnostics": []\#(more)}}"#
    )
    guard let action = actions.elements?.first,
      let edit = action["edit"]?["changes"]?[document.uri]?.elements?.first
    else { return nil }
    #expect(action["kind"]?.text == "quickfix" && action["diagnostics"]?.elements?.count == 1)
    return (
      action["title"]?.text ?? "",
      "\(edit["range"]?.rangeText ?? "") \(edit["newText"]?.text ?? "")"
    )
  }

  @Test(arguments: [
    ("prnt(1)", "0:0-0:4 print"), ("print(1, edn: 2)", "0:9-0:12 end"),
    ("print(1, end = \"\")", "0:9-0:14 end:"), ("print(1);", "0:8-0:9 "),
    ("fn f() { let a = 1\n 2 }", "0:13-0:14 _a"), ("fn f(x: Strng) x", "0:8-0:13 String"),
  ])
  func fixesAreOffered(_ text: String, _ edit: String) throws {
    #expect(try fix(text)?.text == edit)
  }

  @Test func fixesAreOnlyOfferedWhereTheyAreWanted() throws {
    #expect(try fix("print(1)\nprnt(2)") == nil, "it is on the other line")
    #expect(try fix("fn f(r) { let {a} = r\n 2 }") == nil, "`a` is the field's key")
    #expect(try fix("prnt(1)", #", "only": ["refactor"]"#) == nil)
    #expect(try fix("prnt(1)", #", "only": ["quickfix"]"#)?.title == "write `print`")
  }

  @Test func modulesAreChecked() throws {
    let folder = try ScriptFolder([
      "m.mdm": "pub fn good(x) x\n", "bad.mdm": "pub fn f() nowhere\n",
    ])
    let document = try OpenDocument(
      try Client(),
      "use \"./m.mdm\" as m\nuse \"./bad.mdm\" as bad\nprint(m.god(1), bad.f())\nuse nothing\n",
      uri: folder.uri("main.mdm"))
    #expect(Set(document.codes) == ["E0312", "E0301", "E0313"])
    let inModule = document.diagnostics.first { $0["code"]?.text == "E0301" }
    #expect(inModule?["range"]?.rangeText == "1:4-1:15", "it stands where the module is used")
    #expect(
      inModule?["relatedInformation"]?.elements?.first?["location"]?["uri"]?.text
        == folder.uri("bad.mdm"))
  }

  @Test func anUnsavedModuleCountsAsItIsInTheEditor() throws {
    let folder = try ScriptFolder(["m.mdm": "pub fn old() 1\n"])
    let client = try Client()
    let main = try OpenDocument(
      client, "use \"./m.mdm\" as m\nprint(m.new())\n", uri: folder.uri("main.mdm"))
    #expect(main.codes == ["E0312"])
    _ = try OpenDocument(client, "pub fn new() 1\n", uri: folder.uri("m.mdm"))
    #expect(main.codes == [])
  }

  @Test func aChangedFileIsReadAgain() throws {
    let folder = try ScriptFolder(["m.mdm": "pub fn old() 1\n"])
    let client = try Client()
    let main = try OpenDocument(
      client, "use \"./m.mdm\" as m\nprint(m.new())\n", uri: folder.uri("main.mdm"))
    #expect(main.codes == ["E0312"])
    try folder.write("m.mdm", "pub fn new() 1\n")
    try client.notify("workspace/didChangeWatchedFiles", #"{"changes": []}"#)
    #expect(main.codes == [])
  }

  /// The editor says what `mdm check` says, script by script.
  @Test(arguments: [
    "print(1", "let x = \nprint(x)", "nowhere + 1", "fn f(a) { let b = 1\n a }",
    "mix {coco: 60%, sat: 50%}", "match 1 { 2 -> 3 }", "let x = 0.1 + 0.2 == 0.3\nprint(x)",
    "fn f() { g() }\nfn g() 1\nprint(f())",
  ])
  func theyAreThoseOfCheck(_ text: String) throws {
    let session = Session(SessionOptions(output: { _ in }, errorOutput: { _ in }))
    let expected = session.check(SourceText(name: "/t/main.mdm", text: text)).diagnostics
    let document = try OpenDocument(try Client(), text)
    #expect(document.codes == expected.map(\.code))
  }
}
