import MDMJSON
import Testing

@Suite struct CompletionTests {
  private func items(_ marked: String) throws -> JSONNode {
    try OpenDocument(try Client(), marked).request("completion")
  }

  @Test(arguments: [
    ("let alpha = 1\nprint(al¦)", "alpha"), ("fn f(alpha) {\n  ¦\n}\nf(1)", "alpha"),
    ("fn f(alpha) {\n  print(al¦\n}\nf(1)", "alpha"), ("fn later() 1\nfn f() { la¦ }", "later"),
    ("for alpha in [1] { ¦ }", "alpha"), ("let xs = [1] |> map(fn(alpha) al¦)", "alpha"),
    ("match 1 { alpha -> al¦ }", "alpha"), ("fn f() -> ¦", "Run"), ("print(f\"{al¦}\")\n", "pri"),
    ("pri¦", "print"), ("¦", "while"), ("let a = 1\nif a == 1 {\n  let b = [\n    pr¦\n", "print"),
    ("use exp¦", "experiments"), ("use experiments: ¦", "compare"), ("fn f(x: ¦) x", "Int"),
    ("let x: ¦", "String"),
  ])
  func names(_ marked: String, _ label: String) throws {
    let labels = try items(marked).labels
    if label == "pri" {
      #expect(labels.contains("print"))
    } else {
      #expect(labels.contains(label), "\(labels.prefix(20))")
    }
  }

  @Test(arguments: [
    ("¦\nlet alpha = 1", "alpha"), ("fn f(alpha) { alpha }\n¦", "alpha"),
    ("let a = 1\nlet alpha = ¦", "alpha"),
  ])
  func namesThatCannotBeUsedYet(_ marked: String, _ label: String) throws {
    #expect(try items(marked).labels.contains(label) == false)
  }

  @Test(arguments: [
    "print(\"a¦\")", "# pri¦", "let al¦", "fn na¦", "print(f\"text ¦ {1}\")", "1¦",
    "use experiments as ¦",
  ])
  func nothingIsProposedHere(_ marked: String) throws {
    let labels = try items(marked).labels
    #expect(labels.isEmpty || marked == "1¦", "\(labels.prefix(3))")
  }

  @Test func argumentsComeFirst() throws {
    let found = try items("fn f(alpha, beta = 1) alpha\nf(1, ¦)").elements ?? []
    let sorted = found.sorted { ($0["sortText"]?.text ?? "") < ($1["sortText"]?.text ?? "") }
    #expect(sorted.first?["label"]?.text == "beta:")
    #expect(sorted.first?["textEdit"]?["newText"]?.text == "beta: ")
    #expect(sorted.first?["detail"]?.text == "beta = 1")
    #expect(found.contains { $0["label"]?.text == "alpha:" } == false, "it is given by its place")
  }

  @Test func argumentsThatHaveAValueAreLeftOut() throws {
    let labels = try items("grpo(group: 4, ¦)").labels
    #expect(labels.contains("beta:") && !labels.contains("group:"))
  }

  @Test func thePipeGivesTheFirstArgument() throws {
    let labels = try items("fn f(alpha, beta) alpha\n1 |> f(¦)").labels
    #expect(labels.contains("beta:") && !labels.contains("alpha:"))
  }

  @Test func builtInsHaveTheirUsageAndHelp() throws {
    let item = try #require(try items("gr¦").elements?.first { $0["label"]?.text == "grpo" })
    #expect(item["detail"]?.text?.hasPrefix("grpo(group: Int = 8") == true)
    #expect(item["documentation"]?["value"]?.text?.isEmpty == false)
    #expect(item["textEdit"]?["range"]?.rangeText == "0:0-0:2")
  }

  @Test func modulesGiveTheirMembers() throws {
    let folder = try ScriptFolder(["m.mdm": "## Doubles.\npub fn double(x) x * 2\nfn hidden() 1\n"])
    let document = try OpenDocument(
      try Client(), "use \"./m.mdm\" as m\nprint(m.¦)\nm.¦\nuse \"./m.mdm\": ¦",
      uri: folder.uri("main.mdm"))
    for index in 0..<3 {
      #expect(try document.request("completion", at: index).labels == ["double"])
    }
    let item = try document.request("completion").elements?.first
    #expect(item?["detail"]?.text == "pub fn double(x)")
    #expect(item?["documentation"]?["value"]?.text == "Doubles.")
  }

  @Test func recordsGiveTheirFieldsAndTypesTheirMethods() throws {
    let fields = try items("let cfg = {rate: 1, inner: {deep: 2}}\nprint(cfg.¦)").labels
    #expect(fields.starts(with: ["rate", "inner"]) && fields.contains("get"))
    let methods = try items("let s = \"text\"\ns.¦").labels
    #expect(methods.contains("split") && !methods.contains("push"))
  }

  @Test func hiddenNamesAreProposedOnce() throws {
    let labels = try items("let alpha = 1\nfn f(alpha) { al¦ }").labels
    #expect(labels.count { $0 == "alpha" } == 1)
  }

  // MARK: Signatures

  private func signature(_ marked: String) throws -> (label: String, active: Int?)? {
    let help = try OpenDocument(try Client(), marked).request("signatureHelp")
    guard let first = help["signatures"]?.elements?.first else { return nil }
    return (first["label"]?.text ?? "", help["activeParameter"]?.integer)
  }

  @Test(arguments: [
    ("f(¦)", 0), ("f(1, ¦)", 1), ("f(1, [2, 3], ¦", 2), ("f(c: ¦", 2), ("f(1, g(2, 3), ¦)", 2),
    ("1 |> f(¦)", 1), ("1 |> f(2, _, ¦)", 2), ("f(1,\n  2,\n  ¦\n)", 2), ("print(f(1, ¦", 1),
    ("f(1, {x: ¦})", 1), ("let v = f(¦\nlet w = 1", 0), ("f(1, 2, 3, ¦)", 3),
  ])
  func theActiveParameter(_ call: String, _ active: Int) throws {
    let found = try #require(try signature("fn f(a, b: Int = 1, c = 2) a\nfn g(x, y) x\n\(call)"))
    #expect(found.label == "f(a, b: Int = 1, c = 2)" && found.active == active)
  }

  @Test func signaturesOfOtherFunctions() throws {
    #expect(try signature("grpo(¦)")?.label.hasPrefix("grpo(group: Int = 8") == true)
    #expect(try signature("print(1, 2, ¦)")?.active == 0, "the rest parameter takes them all")
    #expect(try signature("\"a b\".split(¦)")?.active == 1, "the text is the first")
    #expect(try signature("use experiments\nexperiments.compare(1, ¦)")?.active == 1)
    #expect(try signature("let r = {f: fn(u, v) u}\nr.f(1, ¦)")?.active == 1)
  }

  @Test(arguments: ["(¦)", "if (¦", "fn f(¦)", "nowhere(¦)", "map([1], fn(x) { ¦ })", "# f(¦"])
  func noSignature(_ text: String) throws { #expect(try signature(text) == nil) }
}
