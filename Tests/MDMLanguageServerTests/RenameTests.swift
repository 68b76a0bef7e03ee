import MDMJSON
import Testing

@Suite struct RenameTests {
  /// The text after renaming what stands at the mark.
  private func renamed(_ marked: String, to name: String) throws -> String {
    let document = try OpenDocument(try Client(), marked)
    let edit = try document.request("rename", #""newName": "\#(name)""#)
    return try apply(edit, document.uri, document.marked.text)
  }

  private func apply(_ edit: JSONNode, _ uri: String, _ text: String) throws -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for change in (edit["changes"]?[uri]?.elements ?? []).reversed() {
      let range = try #require(change["range"])
      let line = try #require(range["start"]?["line"]?.integer)
      let units = Array(lines[line].utf16)
      let start = try #require(range["start"]?["character"]?.integer)
      let end = try #require(range["end"]?["character"]?.integer)
      let new = Array(try #require(change["newText"]?.text).utf16)
      lines[line] = String(decoding: units[..<start] + new + units[end...], as: UTF16.self)
    }
    return lines.joined(separator: "\n")
  }

  @Test(arguments: [
    ("let ¦a = 1\nprint(a, f\"{a}\")", "let b = 1\nprint(b, f\"{b}\")"),
    ("fn f(¦a, c = 1) a + c\nf(a: 2)", "fn f(b, c = 1) b + c\nf(b: 2)"),
    (
      "let a = 1\nfn f() {\n  let ¦a = 2\n  a\n}\nf() + a",
      "let a = 1\nfn f() {\n  let b = 2\n  b\n}\nf() + a"
    ),
    ("match ({a: 1}) { {a} -> ¦a, _ -> 0 }", "match ({a: 1}) { {a: b} -> b, _ -> 0 }"),
    ("match [1] { [a] | [a, _] -> ¦a, _ -> 0 }", "match [1] { [b] | [b, _] -> b, _ -> 0 }"),
    (
      "var ¦a = 1\na += 1\nlet r = {a: a}\nprint(r.a)",
      "var b = 1\nb += 1\nlet r = {a: b}\nprint(r.a)"
    ),
    ("print(\"ä𝔘\", ¦a())\nfn a() 1", "print(\"ä𝔘\", b())\nfn b() 1"),
    ("use experiments as ¦a\na.compare(1, 2, 3)", "use experiments as b\nb.compare(1, 2, 3)"),
  ])
  func changesEveryPlace(_ marked: String, _ result: String) throws {
    #expect(try renamed(marked, to: "b") == result)
  }

  @Test(arguments: [
    ("¦print(1)", "b", "built in"), ("grpo(¦group: 1)", "b", "built in"),
    ("¦nowhere", "b", "declared nowhere"),
    ("let ¦a = 1", "let", "reserved"), ("let ¦a = 1", "a b", "no name"),
    ("let ¦a = 1", "3x", "no name"),
    ("let ¦a = 1", "_", "no name"), ("let ¦a = 1", "print", "built in"),
    ("let ¦a = 1", "", "no name"),
    ("let ¦a = 1\nlet b = 2", "b", "declared already on line 2"),
    ("fn f(¦a, b) a + b", "b", "declared already"),
    ("let ¦a = 1\nfn f(b) a + b\nf(1)", "b", "another"),
    ("let b = 1\nfn f(¦a) a + b\nf(1)", "b", "another"),
    ("let r = {¦a: 1}\nprint(r.a)", "b", "field"),
    ("use ¦experiments\nexperiments.compare(1, 2, 3)", "b", "as"),
    ("use experiments\nexperiments.¦compare(1, 2, 3)", "b", "standard library"),
    ("assert across seeds(3): ¦seed > 0", "b", "no other name"), ("1 ¦+ 1", "b", "no name"),
    ("let s = \"x\"\ns.¦split()", "b", "field or method"),
  ])
  func refusals(_ marked: String, _ name: String, _ words: String) throws {
    let document = try OpenDocument(try Client(), marked)
    #expect(
      try document.error("rename", #""newName": "\#(name)""#).contains(words))
  }

  @Test func aFileThatCannotBeReadWholeIsLeftAlone() throws {
    let document = try OpenDocument(try Client(), "let ¦a = 1\nprint(a\n")
    #expect(try document.error("rename", #""newName": "b""#).contains("syntax errors"))
  }

  @Test func preparingGivesTheName() throws {
    let document = try OpenDocument(try Client(), "let alpha = 1\nprint(al¦pha)\n¦print(1)\n ¦ ")
    let found = try document.request("prepareRename")
    #expect(found["placeholder"]?.text == "alpha" && found["range"]?.rangeText == "1:6-1:11")
    #expect(try document.error("prepareRename", at: 1).contains("built in"))
    #expect(try document.request("prepareRename", at: 2) == .null)
  }

  @Test func allFilesChangeTogether() throws {
    let module = "pub fn double(x) x * 2\n"
    let files = [
      "m.mdm": module, "a.mdm": "use \"./m.mdm\" as m\nprint(m.double(x: 1))\n",
      "b.mdm": "use \"./m.mdm\": double\nprint(double(2))\n",
    ]
    let folder = try ScriptFolder(files)
    let document = try OpenDocument(
      try Client(folder: folder.path), "pub fn ¦double(¦x) x * 2\n", uri: folder.uri("m.mdm"))
    let edit = try document.request("rename", #""newName": "twice""#)
    let results = try files.map { try apply(edit, folder.uri($0.key), $0.value) }.sorted()
    #expect(
      results == [
        "pub fn twice(x) x * 2\n", "use \"./m.mdm\" as m\nprint(m.twice(x: 1))\n",
        "use \"./m.mdm\": twice\nprint(twice(2))\n",
      ])
    let argument = try document.request("rename", at: 1, #""newName": "value""#)
    #expect(
      try apply(argument, folder.uri("a.mdm"), files["a.mdm"] ?? "")
        == "use \"./m.mdm\" as m\nprint(m.double(value: 1))\n")
  }

  @Test func aClashInAnotherFileRefusesAll() throws {
    let folder = try ScriptFolder([
      "m.mdm": "pub fn double(x) x\n",
      "b.mdm": "use \"./m.mdm\": double\nlet twice = 2\nprint(double(twice))\n",
    ])
    let document = try OpenDocument(
      try Client(folder: folder.path), "pub fn ¦double(x) x\n", uri: folder.uri("m.mdm"))
    #expect(try document.error("rename", #""newName": "twice""#).contains("declared already"))
  }
}
