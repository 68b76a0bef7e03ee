import MDMJSON
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
