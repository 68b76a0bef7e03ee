import Testing

@Suite struct OperatorTests {
  @Test(arguments: [
    ("a + b * c", "(a + (b * c))"), ("a - b - c", "((a - b) - c)"),
    ("a / b // c", "((a / b) // c)"),
    ("-7 % 3", "((-7) % 3)"), ("-2 ** 2", "(-(2 ** 2))"), ("2 ** -1", "(2 ** (-1))"),
    ("2 ** 3 ** 2", "(2 ** (3 ** 2))"), ("a * -b", "(a * (-b))"), ("--a", "(-(-a))"),
    ("not a == b", "(not (a == b))"), ("not a and b", "((not a) and b)"),
    ("a or b and c", "(a or (b and c))"), ("a and not b", "(a and (not b))"),
    ("a ?? b == c", "((a ?? b) == c)"), ("a ?? b + 1", "(a ?? (b + 1))"),
    ("a + 1 .. b * 2", "((a + 1)..(b * 2))"), ("a ?? 0..5", "(a ?? (0..5))"),
    ("0..10 by 2 + 1", "(0..10 by (2 + 1))"), ("0..=10", "(0..=10)"),
    ("x in 0..3 and y", "((x in (0..3)) and y)"), ("not x in xs", "(not (x in xs))"),
    ("a ~= b + 1 +- 0.1", "(a ~= (b + 1) +- 0.1)"),
    ("a ~= b +- 1% and c", "((a ~= b +- 0.01) and c)"),
    ("a.b[0](1).c", "a.b[0](1).c"), ("-a.b ** 2", "(-(a.b ** 2))"),
    ("a |> f |> g(1)", "<<a |> f()> |> g(1)>"), ("a or b |> f(c)", "<(a or b) |> f(c)>"),
    ("x |> f(1, _)", "<x |> f(1, _)>"), ("x |> f(by: _)", "<x |> f(by: _)>"),
    ("x |> .name", "<x |> <.name>()>"), ("x |> m.f(1)", "<x |> m.f(1)>"),
    ("x |> (f(1))", "<x |> f(1)()>"),
    ("x |> fn(y) y + 1 |> g", "<x |> fn(y) {<(y + 1) |> g()>}()>"),
    ("xs[1..]", "xs[(1..)]"), ("xs[..2]", "xs[(..2)]"), ("xs[..]", "xs[(..)]"),
    ("xs[..=2 by 2]", "xs[(..=2 by 2)]"), ("xs[-1]", "xs[(-1)]"),
    ("by + as + mix + budget", "(((by + as) + mix) + budget)"), ("a..by", "(a..by)"),
  ])
  func precedence(text: String, tree: String) { #expect(TreeText.of(text) == tree) }

  @Test(arguments: [
    ("a < b < c", "E0210"), ("a == not b", "E0210"), ("a not in b", "E0210"), ("a ~= b", "E0211"),
    ("a +- b", "E0211"), ("a && b", "E0204"), ("a || b", "E0204"), ("!a", "E0204"),
    ("a === b", "E0204"), ("a++", "E0204"), ("a ^ b", "E0204"), ("a ? b : c", "E0204"),
    ("a?.b", "E0204"), ("+a", "E0204"), ("[...a]", "E0204"), ("a..b..c", "E0217"), ("a..", "E0217"),
    ("x |> f() + 1", "E0215"), ("|> f()", "E0215"), (".a > 1", "E0216"), ("f(.a > 1)", "E0216"),
    ("f(.a.b)", "E0216"), ("xs[1:2]", "E0204"), ("a | b", "E0204"),
  ])
  func faults(text: String, code: String) { #expect(TreeText.codes(text) == [code]) }
}
