import MDMSyntax
import Testing

@Suite struct RendererTests {
  static func source(_ text: String) -> SourceText { SourceText(name: "demo.mdm", text: text) }

  static func render(
    _ text: String, _ start: Int, _ end: Int, hint: String? = nil, width: Int = 160
  ) -> [Substring] {
    let diagnostic = Diagnostic(
      code: "E0301", "there is no `x`", at: (source(text), Span(start, end)), hint: hint)
    return DiagnosticRenderer(maximumWidth: width).render(diagnostic).split(separator: "\n")
  }

  @Test func oneLine() {
    let text = String(repeating: "\n", count: 13) + "let run = train(p, r, step: 500)"
    let diagnostic = Diagnostic(
      code: "E0352", "`train` has no argument named `step`",
      at: (Self.source(text), Span(35, 39)), hint: "did you mean `steps`?", notes: ["a note"])
    let expected = """
      error[E0352]: `train` has no argument named `step`
        --> demo.mdm:14:23
         |
      14 | let run = train(p, r, step: 500)
         |                       ^^^^
         = hint: did you mean `steps`?
         = note: a note

      """
    #expect(DiagnosticRenderer().render(diagnostic) == expected)
  }

  @Test func severalLines() {
    let text = "let x = foo(\n  1,\n)\n"
    let expected = """
      error[E0301]: there is no `x`
       --> demo.mdm:1:9
        |
      1 |   let x = foo(
        |  _________^
      2 | |   1,
      3 | | )
        | |_^
      """
    #expect(Self.render(text, 8, 19).joined(separator: "\n") == expected)
  }

  @Test func manyLinesAreShortened() {
    let text = "[\n" + (1..<12).map { "  \($0),\n" }.joined() + "]"
    let expected = """
      error[E0301]: there is no `x`
        --> demo.mdm:1:1
         |
       1 |   [
         |  _^
       2 | |   1,
       3 | |   2,
      ...  |
      11 | |   10,
      12 | |   11,
      13 | | ]
         | |_^
      """
    #expect(Self.render(text, 0, text.utf8.count).joined(separator: "\n") == expected)
  }

  @Test func tabsAreBlanksAndWideCharactersTakeTwoColumns() {
    let lines = Self.render("\t数 = x", 7, 8)
    #expect(lines.suffix(2) == ["1 |     数 = x", "  |          ^"])
  }

  @Test func combiningMarksTakeNoColumn() {
    let lines = Self.render("e\u{301} = x", 6, 7)
    #expect(lines.last == "  |     ^")
  }

  @Test func longLinesAreCutAroundTheCulprit() {
    let text = String(repeating: "a", count: 300) + " x " + String(repeating: "b", count: 300)
    let lines = Self.render(text, 301, 302, width: 30)
    let before = String(repeating: "a", count: 9) + " x " + String(repeating: "b", count: 18)
    #expect(lines.suffix(2) == ["1 | …\(before)…", "  |            ^"])
  }

  @Test func anEmptySpanIsStillMarked() {
    #expect(Self.render("let x", 5, 5).last == "  |      ^")
  }

  @Test func theEndOfTheTextCanBeMarked() {
    #expect(Self.render("a\n", 2, 2).contains(" --> demo.mdm:2:1"))
  }

  @Test func hintsOfSeveralLinesAreAligned() {
    #expect(
      Self.render("a", 0, 1, hint: "one\ntwo").suffix(2) == ["  = hint: one", "          two"])
  }

  @Test func controlCharactersAreNotWritten() {
    #expect(Self.render("a \u{1B}[31m", 0, 1).joined().contains("\u{1B}") == false)
  }

  @Test func tracesShowTheInnermostEightFrames() {
    let source = Self.source("a\nb")
    let frames = (0..<10).map {
      Diagnostic.Frame(function: "f\($0)", source: source, span: Span(2, 3))
    }
    let text = DiagnosticRenderer().render(Diagnostic(code: "E1", "m", trace: frames))
    let lines = text.split(separator: "\n")
    #expect(lines.count == 11)
    #expect(lines[1] == " = trace: innermost call last")
    #expect(lines[2] == "          … 2 calls more")
    #expect(lines.last == "          `f9` at demo.mdm:2:1")
  }

  @Test func coloursStandAroundTheSameText() {
    let diagnostic = Diagnostic(
      .warning, code: "W0301", "m", at: (Self.source("abc"), Span(1, 2)), hint: "h")
    let plain = DiagnosticRenderer().render(diagnostic)
    let coloured = DiagnosticRenderer(colour: true).render(diagnostic)
    #expect(coloured.contains("\u{1B}[1;33mwarning[W0301]\u{1B}[0m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func jsonHasPlacesAndEscapes() {
    var diagnostic = Diagnostic(
      code: "E0301", "no \"x\"", at: (Self.source("a\nbc"), Span(2, 4)), hint: "a\tb")
    diagnostic.fixes = [Diagnostic.Fix("write `d`", Span(2, 3), "d")]
    let expected =
      #"{"severity": "error", "code": "E0301", "message": "no \"x\"", "file": "demo.mdm", "#
      + #""range": {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 3}}, "#
      + #""hint": "a\tb", "notes": [], "fixes": [{"title": "write `d`", "#
      + #""range": {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 2}}, "#
      + #""replacement": "d"}], "trace": []}"#
    #expect(DiagnosticRenderer().json(diagnostic) == expected)
    let placeless = Diagnostic(code: "E0801", "m")
    #expect(
      DiagnosticRenderer().json(placeless)
        == #"{"severity": "error", "code": "E0801", "message": "m", "notes": [], "#
        + #""fixes": [], "trace": []}"#)
  }

  @Test func annotationsEscapeWhatEndsThem() {
    let source = SourceText(name: "a,b:c.mdm", text: "x\nyz\n")
    let diagnostic = Diagnostic(
      .warning, code: "W0301", "100%: a,\nb", at: (source, Span(2, 4)), hint: "h", notes: ["n"])
    let renderer = DiagnosticRenderer()
    #expect(
      renderer.render(diagnostic, as: .github)
        == "::warning file=a%2Cb%3Ac.mdm,line=2,endLine=2,col=1,endColumn=3,title=W0301"
        + "::100%25: a,%0Ab%0Ahint: h%0Anote: n\n")
    let long = Diagnostic(code: "E0202", "m", at: (source, Span(0, 4)))
    #expect(
      renderer.render(long, as: .github)
        == "::error file=a%2Cb%3Ac.mdm,line=1,endLine=2,title=E0202::m\n")
    #expect(
      renderer.render(Diagnostic(code: "E0801", "m"), as: .github) == "::error title=E0801::m\n")
  }

  @Test func theExplanationCanBeNamed() {
    let text = DiagnosticRenderer(namesExplanation: true).render(Diagnostic(code: "E0301", "m"))
    #expect(text == "error[E0301]: m\n = help: mdm explain E0301\n")
  }
}
