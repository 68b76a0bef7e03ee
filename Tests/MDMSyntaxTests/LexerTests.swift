import MDMSyntax
import Testing

@Suite struct LexerTests {
  @Test(arguments: [
    ("1_000_000", "1000000"), ("0xff", "255"), ("0b101", "5"), ("0o17", "15"), ("1e-4", "0.0001"),
    ("10k", "10000"), ("1.5M", "1500000"), ("2B", "2000000000"), ("60%", "0.6"), ("7%", "0.07"),
    ("33.3%", "0.333"), ("30s", "30.0s"), ("5min", "300.0s"), ("2h", "7200.0s"), ("1ms", "0.001s"),
    ("512MB", "512000000bytes"), ("1.5KiB", "1536bytes"),
    ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"), ("1.5", "1.5"), ("1E3", "1000.0"),
  ])
  func numbers(text: String, value: String) { #expect(TreeText.of(text) == value) }

  @Test(arguments: [
    ("9223372036854775808", "E0102"), ("-9223372036854775809", "E0102"), ("1e999", "E0102"),
    ("99999999999B", "E0102"), ("0xg", "E0103"), ("1_", "E0103"), ("5m", "E0104"),
    ("3apples", "E0104"), ("1.2345k", "E0105"), ("'a'", "E0109"), ("\"a", "E0106"),
    ("\"\"\"a", "E0106"), ("\"\\q\"", "E0111"), ("\"\\u{d800}\"", "E0111"), ("f\"{a\"", "E0107"),
    ("f\"}\"", "E0107"), ("f\"{}\"", "E0107"), ("f\"{1:zz}\"", "E0110"), ("a\u{00A0}+ b", "E0101"),
    ("\u{201C}a\u{201D}", "E0101"), ("a @ b", "E0101"), ("1 \u{2212} 2", "E0101"),
  ])
  func faults(text: String, code: String) { #expect(TreeText.codes(text).first == code) }

  @Test(arguments: [
    ("7%3", "(7 % 3)"), ("7 % 3", "(7 % 3)"), ("7 %3", "(7 % 3)"), ("60% + 1", "(0.6 + 1)"),
    ("[60%]", "[0.6]"), ("0%..100%", "(0.0..1.0)"), ("7%(3)", "(7 % 3)"), ("x%3", "(x % 3)"),
  ])
  func percentages(text: String, tree: String) { #expect(TreeText.of(text) == tree) }

  @Test(arguments: [
    (#""{x} $y""#, "\"{x} $y\""), (#""a\tb\u{41}\x42\\""#, "\"a\tbAB\\\""),
    (#"r"\d{2}""#, "\"\\d{2}\""), (#"f"a{1 + 1}b""#, "f\"a{(1 + 1)}b\""),
    (#"f"{d["k"]:>8.3f}""#, "f\"{d[\"k\"]:>8.3f}\""), (#"f"{{{x}}}""#, "f\"{{x}}\""),
    (#"f"{f"{x}"}""#, "f\"{f\"{x}\"}\""), (#"f"{ {a: 1}.a }""#, "f\"{{a: 1}.a}\""),
    (#"f"{x:,}{y:.1%}{z:k}""#, "f\"{x:,}{y:.1%}{z:k}\""), (#"f"""#, "f\"\""),
  ])
  func strings(text: String, tree: String) { #expect(TreeText.of(text) == tree) }

  @Test func tripleQuotesRemoveTheCommonIndent() {
    #expect(TreeText.of("\"\"\"\n    a\n      b\n\n    c\n    \"\"\"") == "\"a\n  b\n\nc\"")
  }

  @Test func theClosingQuotesMayStandFurtherLeft() {
    #expect(TreeText.of("\"\"\"\n    a\n  \"\"\"") == "\"  a\"")
  }

  @Test func textOnTheFirstLineIsKept() {
    #expect(TreeText.of("\"\"\"a \"quoted\" b\"\"\"") == "\"a \"quoted\" b\"")
  }

  @Test func tripleQuotesInterpolate() {
    #expect(TreeText.of("f\"\"\"\n  a {x}\n  {y} b\n  \"\"\"") == "f\"a {x}\n{y} b\"")
  }

  @Test func windowsLineEndsAreOneNewline() {
    #expect(TreeText.of("a\r\nb\r\n\"\"\"\r\n  x\r\n  y\r\n  \"\"\"") == "a; b; \"x\ny\"")
  }

  @Test func commentsAndShebangAreSkipped() {
    #expect(TreeText.of("#!/usr/bin/env mdm\n# one\na # two\n# %% cell\nb") == "a; b")
  }

  @Test func documentationStandsDirectlyAbove() {
    let tree = TreeText.parse("## Lost.\n\n## First.\n##  Second.\nfn f(x) x\nlet a = 1").tree
    #expect(tree.statements.first?.documentation == "First.\n Second.")
    #expect(tree.statements.last?.documentation == nil)
  }

  @Test func namesMayHaveLettersOfAnyScript() {
    #expect(TreeText.of("größe + 数1 + _x") == "((größe + 数1) + _x)")
  }

  @Test func tokensCoverTheirText() {
    let source = SourceText(name: "t", text: "let größe = f\"{a:>3}\" # c")
    let result = Lexer.lex(source)
    let texts = result.tokens.map { source.text(Int($0.span.start)..<Int($0.span.end)) }
    #expect(texts == ["let", "größe", "=", "f\"{a:>3}\"", ""])
    #expect(result.comments.map { source.text(Int($0.start)..<Int($0.end)) } == ["# c"])
  }
}
