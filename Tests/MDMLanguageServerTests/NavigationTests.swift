import MDMJSON
import MDMLanguageServer
import Testing

@Suite struct NavigationTests {
  /// Where the definition of the name at the first mark is.
  private func definition(_ marked: String) throws -> String? {
    try OpenDocument(try Client(), marked).request("definition")["range"]?.rangeText
  }

  @Test(arguments: [
    ("let a = 1\nprint(¦a)", "0:4-0:5"), ("fn f(a) { ¦a }\nf(1)", "0:5-0:6"),
    ("¦f()\nfn f() 1", "1:3-1:4"), ("for i, x in [] { print(¦x) }", "0:7-0:8"),
    ("match 1 { n if n¦ > 0 -> n, _ -> 0 }", "0:10-0:11"),
    ("match ({a: 1}) { {a: b} -> ¦b, _ -> 0 }", "0:21-0:22"),
    ("match [1] { [x, ..more] -> ¦more, _ -> 0 }", "0:18-0:22"),
    ("try { 1 } catch e { print(e¦) }", "0:16-0:17"), ("param n = 3\nprint(f\"{¦n}\")", "0:6-0:7"),
    ("fn f(a, b = 1) a + b\nf(1, ¦b: 2)", "0:8-0:9"),
    ("let r = {a: {b: 1}}\nprint(r.a.¦b)", "0:13-0:14"),
    ("let a = 1\nfn f() {\n  let a = 2\n  ¦a\n}\nf()", "2:6-2:7"),
    ("var a = 1\n¦a = 2\nprint(a)", "0:4-0:5"),
    ("let a = 1\nlet b = {¦a: a}\nprint(b)", "1:9-1:10"),
  ])
  func definitions(_ marked: String, _ range: String) throws {
    #expect(try definition(marked) == range)
  }

  @Test(arguments: ["¦print(1)", "nowhere¦", "¦ ", "1 ¦+ 2"]) func nothingIsDeclared(_ text: String)
    throws
  {
    #expect(try OpenDocument(try Client(), text).request("definition") == .null)
  }

  static let module = "## Doubles.\npub fn double(x, by: Int = 2) x * by\npub let limit = 3\n"

  @Test func definitionsLieInOtherFiles() throws {
    let folder = try ScriptFolder(["m.mdm": Self.module])
    let document = try OpenDocument(
      try Client(),
      """
      use "./¦m.mdm" as m
      use "./m.mdm": limit
      print(m.¦double(1, ¦by: 3), ¦limit)
      """, uri: folder.uri("main.mdm"))
    let places = try (0..<4).map { index in
      let found = try document.request("definition", at: index)
      #expect(found["uri"]?.text == folder.uri("m.mdm"))
      return found["range"]?.rangeText
    }
    #expect(places == ["0:0-0:0", "1:7-1:13", "1:17-1:19", "2:8-2:13"])
  }

  @Test func pathsAreEscapedInURIs() throws {
    let folder = try ScriptFolder(["a ü#1.mdm": "pub fn f() 1\n"])
    let document = try OpenDocument(
      try Client(), "use \"./a ü#1.mdm\" as m\nm.¦f()", uri: folder.uri("main%20file.mdm"))
    #expect(document.codes == [])
    let found = try document.request("definition")
    #expect(found["uri"]?.text == "file://\(folder.path)/a%20%C3%BC%231.mdm")
  }

  @Test func aTextWithoutAFileIsServedToo() throws {
    let document = try OpenDocument(
      try Client(), "let a = 1\nprint(¦a, b)", uri: "untitled:Untitled-1")
    #expect(document.codes == ["E0301"])
    #expect(try document.request("definition")["uri"]?.text == "untitled:Untitled-1")
  }

  @Test func theStandardLibraryIsAFileThatTheEnvironmentMakes() throws {
    var environment = LanguageServer.Environment(version: "test")
    environment.embeddedFile = { name, text in
      text.contains("compare") ? "/cache/\(name)" : nil
    }
    let document = try OpenDocument(
      try Client(environment: environment),
      "use experiments\nexperiments.¦compare([1], [2], fn(x) x)")
    #expect(
      try document.request("definition")["uri"]?.text == "file:///cache/stdlib/experiments.mdm")
    #expect(try document.request("hover").hoverText.contains("paired interval"))
  }

  @Test func referencesAreFoundInAllFiles() throws {
    let folder = try ScriptFolder([
      "m.mdm": Self.module, "a.mdm": "use \"./m.mdm\" as k\nprint(k.double(1, by: 2))\n",
      "b.mdm": "use \"./m.mdm\": double\nprint(double(2), double(3))\n",
      "other.mdm": "fn double(x) x\nprint(double(1))\n",
    ])
    let document = try OpenDocument(
      try Client(folder: folder.path),
      Marked(Self.module).text.replacing("fn double", with: "fn ¦double")
        .replacing("by: Int", with: "¦by: Int"),
      uri: folder.uri("m.mdm"))
    let all = try document.request("references", #""context": {"includeDeclaration": true}"#)
    let places = (all.elements ?? []).map {
      "\($0["uri"]?.text?.split(separator: "/").last ?? "") \($0["range"]?.rangeText ?? "")"
    }
    #expect(
      places == [
        "m.mdm 1:7-1:13", "a.mdm 1:8-1:14", "b.mdm 0:15-0:21", "b.mdm 1:6-1:12", "b.mdm 1:17-1:23",
      ])
    let arguments = try document.request(
      "references", at: 1, #""context": {"includeDeclaration": false}"#)
    #expect(arguments.elements?.count == 2, "the body and the call in a.mdm")
  }

  @Test func highlightsTellReadingFromWriting() throws {
    let document = try OpenDocument(try Client(), "var ¦n = 1\nn += 1\nprint(n)\n")
    let found = try document.request("documentHighlight").elements ?? []
    #expect(found.map { $0["kind"]?.integer } == [3, 3, 2])
    #expect(found.map { $0["range"]?.rangeText } == ["0:4-0:5", "1:0-1:1", "2:6-2:7"])
  }

  @Test(arguments: [
    (
      "## Adds.\nfn f(a, b: Int = 2) -> Int { a + b }\n¦f(1)",
      "```mdm\nfn f(a, b: Int = 2) -> Int\n```\n\nAdds."
    ),
    (
      "param n: Int = 3, \"how many\"\nprint(¦n)",
      "```mdm\nparam n: Int = 3, \"how many\"\n```\n\nhow many"
    ),
    ("let r = {a: 1}\nprint(¦r)", "```mdm\nlet r = {a: 1}  # Record\n```"),
    ("fn f(a: Int = 1) ¦a\nf()", "```mdm\na: Int = 1  # parameter\n```"),
  ])
  func hoversShowTheDeclaration(_ marked: String, _ text: String) throws {
    #expect(try OpenDocument(try Client(), marked).request("hover").hoverText == text)
  }

  @Test func hoversExplainWhatIsBuiltIn() throws {
    let document = try OpenDocument(try Client(), "¦grpo(¦group: 4)\nprint(¦pi)")
    let help = try document.request("hover").hoverText
    #expect(help.hasPrefix("```mdm\ngrpo(group: Int = 8") && help.contains("- `group`: "))
    #expect(try document.request("hover", at: 1).hoverText.contains("Completions of each prompt"))
    #expect(try document.request("hover", at: 2) != .null)
  }

  @Test func hoversExplainMethods() throws {
    let document = try OpenDocument(
      try Client(),
      "let s = \"a b\"\ns.¦split()\ns.¦nothing\nfn f(x) x.¦split()\nlet r = {a: 1}\nr.¦get(1)")
    #expect(try document.request("hover").hoverText.hasPrefix("```mdm\nsplit("))
    #expect(try document.request("hover", at: 1) == .null)
    #expect(try document.request("hover", at: 2).hoverText.contains("Of a value without a field"))
    #expect(try document.request("hover", at: 3).hoverText.contains("get("))
  }

  @Test func hoversArePlainForClientsWithoutMarkdown() throws {
    let hover = try OpenDocument(try Client("{}"), "let a = 1\nprint(¦a)").request("hover")
    #expect(hover["contents"]?["kind"]?.text == "plaintext")
    #expect(hover.hoverText == "let a = 1  # Int")
  }
}
