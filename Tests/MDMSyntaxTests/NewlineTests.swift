import MDMSyntax
import Testing

@Suite struct NewlineTests {
  @Test(arguments: [
    ("a\nb", "a; b"), ("a\n-b", "a; (-b)"), ("a +\nb", "(a + b)"),
    ("a\n  |> f()\n  .g", "<a |> f().g()>"),
    ("a\n  .b\n  .c()", "a.b.c()"), ("f(a\n, b\n)", "f(a, b)"), ("[\n1,\n2,\n]", "[1, 2]"),
    ("{\na: 1,\nb\n: 2}", "{a: 1, b: 2}"), ("(a\n+ b)", "(a + b)"), ("(a\n- b)", "(a - b)"),
    ("f\n(a)", "f; a"), ("xs\n[0]", "xs; [0]"), ("let a =\n  1", "let a = 1"),
    ("return\na", "return; a"),
    ("x = a and\n not b", "x = (a and (not b))"), ("f(fn(x) {\na\n-b\n})", "f(fn(x) {a; (-b)})"),
    ("f(fn(mix, seed)\n  train(mix), n: 1)", "f(fn(mix, seed) {train(mix)}, n: 1)"),
    ("use stats: mean,\n  std", "use stats as - [\"mean\", \"std\"]"),
    ("a # c\n  # d\n  |> f", "<a |> f()>"),
    ("\n\n", ""), ("if a { b }\nc", "if a {b}; c"),
  ])
  func statements(text: String, tree: String) { #expect(TreeText.of(text) == tree) }

  @Test(arguments: [
    ("if a\n{ b }", "E0212"), ("if a { b }\nelse { c }", "E0214"),
    ("try { a }\ncatch e { b }", "E0214"), ("fn f(x)\n  x", "E0224"), ("a b", "E0227"),
    ("a; b", "E0208"),
    (".a", "E0216"),
  ])
  func faults(text: String, code: String) { #expect(TreeText.codes(text).first == code) }

  @Test(arguments: [
    ("let a = 1", Completeness.complete), ("", .complete), ("fn f(x) {", .incomplete(depth: 1)),
    ("f([1, {", .incomplete(depth: 3)), ("a +", .incomplete(depth: 1)),
    ("a |>", .incomplete(depth: 1)),
    ("[1,", .incomplete(depth: 1)), ("x = ", .incomplete(depth: 1)),
    ("\"\"\"abc", .incomplete(depth: 0)),
    ("f\"\"\"abc {x}", .incomplete(depth: 0)), ("\"abc", .invalid), ("f(1))", .invalid),
    ("let", .invalid),
    ("|> f()", .complete), ("fn f(x) {\n  x\n}", .complete), ("(]", .invalid),
    ("{a: 1}", .complete),
    ("f\"\"\"abc {x", .incomplete(depth: 0)), ("if a { b } else {", .incomplete(depth: 1)),
    ("x.in", .complete), ("x.or", .complete), ("x in", .incomplete(depth: 1)),
  ])
  func completeness(text: String, expected: Completeness) {
    #expect(Parser.completeness(of: text) == expected)
  }

  @Test func aChunkMayBeginWithAPipe() {
    let source = SourceText(name: "repl[1]", text: "|> f(1)\n|> g")
    let result = Parser.parse(source, options: Parser.Options(lastValueName: "_"))
    #expect(result.diagnostics.isEmpty)
    #expect(result.tree.statements.map(TreeText.statement) == ["<<_ |> f(1)> |> g()>"])
  }
}
