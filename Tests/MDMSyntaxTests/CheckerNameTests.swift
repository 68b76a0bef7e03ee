import MDMSyntax
import Testing

@Suite struct CheckerNameTests {
  /// What "did you mean" says is a change that mends the text.
  @Test(arguments: [
    "let mean = 1\nmaen", "fn f(steps) steps\nf(stepps: 1)", "let x: Itn = 1",
    "var total = 1\ntotl = 2", "budget(stps: 1) { }",
  ])
  func suggestionsAreFixes(_ text: String) throws {
    let source = SourceText(name: "a.mdm", text: text)
    let checker = Checker(signatures: [:])
    let found = checker.check(Parser.parse(source).tree).filter { $0.severity == .error }
    let fix = try #require(found.first?.fixes.first)
    #expect(found.count == 1 && found[0].hint == "did you mean `\(fix.replacement)`?")
    var bytes = source.bytes
    bytes.replaceSubrange(Int(fix.span.start)..<Int(fix.span.end), with: fix.replacement.utf8)
    let mended = SourceText(name: "a.mdm", text: String(decoding: bytes, as: UTF8.self))
    #expect(!checker.check(Parser.parse(mended).tree).contains { $0.severity == .error })
  }

  static func codes(_ text: String) -> [String] { TreeText.check(text).map(\.code) }

  @Test(arguments: [
    "fn a() b()\nfn b() a()\na()", "var x = 1\nfn f() { x = 2 }\nf()",
    "for i, x in print { print(i, x) }", "let f = fn(x) f2(x)\nfn f2(x) x",
    "fn f(a, b = a) b\nf(1)", "match 1 { [a, ..r] if a -> r, {b, c: d} -> [b, d], _ -> 0 }",
    "try { print(1) } catch e { print(e.message) }", "let x = 1\nfn f(x) x\nf(1)",
    "fn f() { let x = 1\n fn() x }", "use stats\nprint(stats.mean)", "use stats: mean\nmean()",
    "use \"./x.mdm\" as rw\nrw.f()", "param n = 3\nprint(n)",
    "reward fn r(c, e) -> 0..1 { 1 }\nprint(r)", "while true { break }",
    "fn f(xs) { for x in xs { if x { continue }\n return x } }",
    "var i = 0\nwhile i < 3 { i += 1 }", "let r = {a: 1}\nr.a = 2\nr[\"b\"] = 3",
    "fn f() { var x = 1\n x = 2\n x }", "print(f\"{len([1]):>3}\")",
    "fn f(..rest) rest\nf(1, 2, 3)",
  ])
  func correct(text: String) { #expect(Self.codes(text).isEmpty) }

  @Test(arguments: [
    ("print(x)", "E0301"), ("fn f() { y }\nlet z = 1", "E0301"), ("f\"{x}\"", "E0301"),
    ("if true { let a = 1 }\nprint(a)", "E0301"), ("for x in [1] { }\nprint(x)", "E0301"),
    ("fn f() a\nlet a = 1", "E0302"), ("a = 1\nvar a = 2", "E0302"), ("x = 1", "E0303"),
    ("fn f() 1\nf = 2", "E0304"), ("fn f(x) { x = 1 }", "E0304"),
    ("for x in [1] { x = 2 }", "E0304"), ("let a = 1\nvar a = 2", "E0305"),
    ("fn f() 1\nfn f() 2", "E0305"), ("fn f(x) { let x = 1\n x }", "E0305"),
    ("use stats\nlet stats = 1", "E0305"), ("let [a, a] = [1, 2]", "E0305"),
    ("let x: Strng = \"a\"", "E0306"), ("fn f(a, a) 1", "E0307"), ("fn f(..a, ..b) 1", "E0307"),
    ("print({a: 1, \"a\": 2})", "E0308"), ("print({1: 1, 1: 2})", "E0308"),
    ("match 1 { {a, a: b} -> 1, _ -> 2 }", "E0308"), ("print(_)", "E0309"),
    ("let a = _ + 1", "E0309"),
    ("1 |> print(_, _)", "E0309"), ("return 1", "E0310"), ("continue", "E0310"),
    ("while true { let f = fn() { break }\n f() }", "E0310"),
    ("fn f() { defer { return 1 } }", "E0310"), ("while true { defer { break } }", "E0310"),
    ("match 1 { a | 2 -> 1 }", "E0311"),
  ])
  func faults(text: String, code: String) { #expect(Self.codes(text).first == code) }

  @Test(arguments: [
    ("let steps = 1\nprint(stesp)", "did you mean `steps`?"), ("prnt(1)", "did you mean `print`?"),
    ("print(None)", "write `none`"), ("Print(1)", "did you mean `print`?"),
    ("var total = 1\ntotl = 2", "did you mean `total`?"),
    ("let x: Integer = 1", "did you mean `Int`?"),
    ("fo = 1", "write `let fo = …`, or `var fo = …` if it changes"),
    ("let n = 1\nn = 2", "declare it with `var n = …` on line 1"),
  ])
  func hints(text: String, hint: String) { #expect(TreeText.check(text).first?.hint == hint) }

  @Test func farNamesAreNotSuggested() {
    #expect(TreeText.check("let tournament = 1\nprint(xy)").first?.hint == nil)
    #expect(SpellingSuggestion.nearest(to: "ab", among: ["cd", "ac"]) == nil)
    #expect(SpellingSuggestion.nearest(to: "lenght", among: ["length", "light"]) == "length")
  }

  @Test func theREPLMayDeclareAgainAndAssignToEarlierVariables() {
    var options = Checker.Options()
    options.allowsRedefinition = true
    options.constants = ["fixed"]
    func codes(_ text: String) -> [String] {
      TreeText.check(text, globals: ["x", "fixed"], options: options).map(\.code)
    }
    #expect(codes("let x = 1\nlet x = 2") == [])
    #expect(codes("x = 3") == [])
    #expect(codes("fixed = 3") == ["E0304"])
    #expect(codes("if true { let y = 1\nlet y = 2 }") == ["E0305"])
  }

  @Test func membersOfKnownModulesAreChecked() {
    var options = Checker.Options()
    let module = SourceText(
      name: "stats.mdm", text: "pub fn mean(xs) xs\npub let std = 1\nlet own = 2")
    options.modules = ["stats": ModuleInterface(Parser.parse(module).tree)]
    let text = "use stats\nuse stats: meen\nstats.sdt(1)"
    let found = TreeText.check(text, options: options)
    #expect(found.map(\.code) == ["E0312", "E0312"])
    #expect(found.last?.hint == "did you mean `std`?")
  }

  @Test func errorsStandInTheOrderOfTheTextAndAreTenAtMost() {
    let text = (0..<20).map { "print(x\($0)0)" }.joined(separator: "\n")
    let found = TreeText.check(text)
    #expect(found.count == 10)
    #expect(found.first?.message == "there is no `x00`")
  }

  @Test func warningsCanBeSwitchedOff() {
    let text = "fn f(x) {\n  let y = 1\n  return x\n  x\n}"
    #expect(Self.codes(text) == ["W0302", "W0303"])
    var options = Checker.Options()
    options.warns = false
    #expect(TreeText.check(text, options: options).isEmpty)
  }
}
