import Testing

@Suite struct StatementTests {
  @Test(arguments: [
    ("let x = 1", "let x = 1"), ("var x: Int | None = none", "var x: Int|None = none"),
    ("let [a, ..b] = xs", "let [a, ..b] = xs"), ("let {a, b: c} = r", "let {a: a, b: c} = r"),
    ("x += 1", "x += 1"), ("r.a[0] = 2", "r.a[0] = 2"), ("x ??= 1", "x ??= 1"),
    (
      "fn f(a, steps: Int = 100, ..rest) -> Run { a }",
      "fn f(a, steps: Int = 100, ..rest) -> Run {a}"
    ),
    ("fn f(x) x + 1", "fn f(x) {(x + 1)}"), ("fn(x) ({a: x})", "fn(x) {{a: x}}"),
    ("fn(x) { a: x }", "errors E0227"), ("let f = fn() none", "let f = fn() {none}"),
    ("reward fn r(c, e) -> 0..1 { 1 }", "reward r(c, e) {1} in 0..1"),
    ("reward fn r(c, e) -> -1..1 { 1 }", "reward r(c, e) {1} in (-1)..1"),
    ("param n: Int = 3, \"help\"", "param n = 3 help"), ("param n = 3", "param n = 3 -"),
    ("use stats", "use stats as - []"), ("use stats as s", "use stats as s []"),
    ("use \"./x.mdm\" as x", "use path ./x.mdm as x []"),
    ("use stats: mean, std", "use stats as - [\"mean\", \"std\"]"),
    ("for x in xs { x }", "for x in xs {x}"), ("for k, v in r { k }", "for k, v in r {k}"),
    ("while a < b { a += 1 }", "while (a < b) {a += 1}"),
    ("test \"t\" { assert a, \"m\" }", "test t {assert a, \"m\"}"),
    ("expect a == b", "expect (a == b)"),
    ("assert across seeds(5): f(seed) > 0", "assert across 5 (f(seed) > 0)"),
    ("defer { close(f) }", "defer {close(f)}"),
    ("budget(steps: 2k, time: 5min) { run() }", "budget(steps: 2000, time: 300.0s) {run()}"),
    ("let r = budget(steps: 2) { run() }", "let r = {budget(steps: 2) {run()}}"),
    ("budget(1)", "budget(1)"), ("test(1)", "test(1)"), ("param + 1", "(param + 1)"),
    ("use(1)", "use(1)"), ("reward = 1", "reward = 1"), ("mix = 1", "mix = 1"),
    ("catch(1)", "catch(1)"),
    ("mix {coco: 20%, \"a b\": 0.8}", "mix{coco: 0.2, \"a b\": 0.8}"),
    ("if mix { a }", "if mix {a}"),
    ("pub fn f() 1", "fn f() {1}"), ("pub let a = 1", "pub let a = 1"),
  ])
  func statements(text: String, tree: String) { #expect(TreeText.of(text) == tree) }

  @Test(arguments: [
    ("if a { 1 } else if b { 2 } else { 3 }", "if a {1} else if b {2} else {3}"),
    ("let x = if a { 1 } else { 2 }", "let x = if a {1} else {2}"),
    ("if r == ({a: 1}) { 1 }", "if (r == {a: 1}) {1}"), ("{}", "{}"), ("{a: 1}", "{a: 1}"),
    (
      "{..cfg, lr: 1, \"b c\": 2, 3: 4, true: 5, in: 6}",
      "{..cfg, lr: 1, \"b c\": 2, 3: 4, true: 5, in: 6}"
    ),
    ("try { a } catch e { b }", "try {a} catch e {b}"),
    ("try { a } catch { b }", "try {a} catch - {b}"),
    ("x ?? return 0", "(x ?? return 0)"), ("x ?? error(\"e\")", "(x ?? error(\"e\"))"),
    ("for x in xs { y ?? continue }", "for x in xs {(y ?? continue)}"),
    ("f(1, ..xs, lr: 1, ..cfg, match: 2)", "f(1, ..xs, lr: 1, ..cfg, match: 2)"),
    ("[..a, 0..3, b]", "[..a, (0..3), b]"), ("r.if.match", "r.if.match"),
    ("match x { 1 -> a, 2..5 -> b\n_ -> c }", "match x {1 -> a, 2..5 -> b, _ -> c}"),
    ("match x { -1 | 2 if y > 0 -> { a\nb } }", "match x {-1|2 if (y > 0) -> {a; b}}"),
    ("match x { [a, ..] -> 1, [.., b] -> 2 }", "match x {[a, ..] -> 1, [.., b] -> 2}"),
    (
      "match x { {s: \"a\" | \"b\", ..} -> 1, none -> 2 }",
      "match x {{s: \"a\"|\"b\"} -> 1, none -> 2}"
    ),
    ("match x { a -> ({b: a}) }", "match x {a -> {b: a}}"),
    ("match (x) { 5min -> 1 }", "match x {300.0s -> 1}"),
    ("f(fn(x) x |> g, 1)", "f(fn(x) {<x |> g()>}, 1)"),
  ])
  func expressions(text: String, tree: String) { #expect(TreeText.of(text) == tree) }

  @Test(arguments: [
    ("f(lr = 1)", "E0207"), ("if a = 1 { b }", "E0206"), ("while a = 1 { b }", "E0206"),
    ("assert a = 1", "E0206"), ("if a { b } elif c { d }", "E0205"), ("def f(x) { x }", "E0205"),
    ("function f(x) { x }", "E0205"), ("f(lambda x: x)", "E0205"), ("f(x => x)", "E0205"),
    ("import stats", "E0205"), ("const a = 1", "E0205"), ("let mut a = 1", "E0205"),
    ("[x for x in xs]", "E0205"), ("// comment", "E0205"), ("rb\"a\"", "E0205"),
    ("f(a: 1, 2)", "E0209"), ("if a == {b: 1} { c }", "E0212"), ("if a: b", "E0212"),
    ("if a then b", "E0212"), ("{ let a = 1 }", "E0212"), ("a = b = c", "E0213"),
    ("f() = 1", "E0213"),
    ("f(x) { 1 }", "E0212"), ("{a}", "E0219"), ("{a = 1}", "E0219"), ("{1.5: 2}", "E0219"),
    ("mix {..a}", "E0220"), ("f(*xs)", "E0220"), ("let if = 1", "E0221"), ("fn f(in) 1", "E0221"),
    ("if a { use stats }", "E0222"), ("fn f() { param x = 1 }", "E0222"), ("let x", "E0223"),
    ("param x: Int", "E0223"), ("use \"./x.mdm\"", "E0223"), ("reward fn r(c, e) { 1 }", "E0223"),
    ("let f = fn g(x) x", "E0224"), ("let x = for a in b { }", "E0224"), ("fn f(x): x", "E0224"),
    ("fn f(x) = x", "E0224"), ("for (a, b) in c { }", "E0225"), ("let a, b = c", "E0225"),
    ("match x { f(a) -> 1 }", "E0225"), ("match x { }", "E0226"), ("try { a }", "E0226"),
    ("match x { 1 => 2 }", "E0226"), ("match x { else -> 2 }", "E0226"), ("1 if a else 2", "E0227"),
    ("print x", "E0227"), ("a, b", "E0227"), ("(a, b)", "E0201"), ("()", "E0201"),
    ("[1 2]", "E0201"), ("f(1 2)", "E0201"), ("a.", "E0201"), ("x := 1", "E0204"),
    ("fn f(x: Int?) x", "E0204"), ("fn f(x: List[Int]) x", "E0201"), ("fn f(_) 1", "E0221"),
  ])
  func faults(text: String, code: String) { #expect(TreeText.codes(text) == [code]) }

  @Test func aRecordInTheShortFormOfAFunctionGetsAHint() {
    let hint = TreeText.parse("let f = fn(x) {a: x}").diagnostics.first?.hint
    #expect(hint == "the `{` begins a block; a record in its place has parentheses: fn(x) ({a: x})")
    #expect(TreeText.parse("let f = fn(x) ({a: x})").diagnostics.isEmpty)
  }
}
