import MDMSyntax
import Testing

@Suite struct RecoveryTests {
  @Test func eachStatementReportsItsOwnError() {
    let text = """
      let a = 1 2
      fn f(x) {
        let = 3
        print x
        x + 1
      }
      f(lr = 1)
      let b = (1 +)
      let c = 4
      """
    #expect(TreeText.codes(text) == ["E0227", "E0201", "E0227", "E0207", "E0201"])
    #expect(TreeText.parse(text).tree.statements.count == 3)
  }

  @Test func tenErrorsAreEnough() {
    #expect(TreeText.codes(String(repeating: "a b\n", count: 50)).count == 10)
  }

  @Test func anOpenParenthesisIsReportedOnceAndThere() {
    let text = "print((1 + 2)\nlet a = 3\nlet b = [1, 2\nfor x in b { }\n"
    let found = TreeText.parse(text).diagnostics
    #expect(found.map(\.code) == ["E0202", "E0202"])
    #expect(found.compactMap { $0.place?.span.start } == [5, 32])
  }

  @Test func anOpenBraceIsReportedAtTheBrace() {
    let found = TreeText.parse("fn f(x) {\n  if x {\n    1\n}\n").diagnostics
    #expect(found.map(\.code) == ["E0202"])
    #expect(found.first?.place?.span.start == 8)
  }

  @Test func aStrayBraceDoesNotHideWhatFollows() {
    #expect(TreeText.codes("}\nlet a = 1\na b\n)") == ["E0203", "E0227", "E0203"])
  }

  @Test func errorsInsideAnInterpolationPointIntoTheString() {
    let found = TreeText.parse("let a = 1\nlet b = f\"x {1 +} y\"\nc d").diagnostics
    #expect(found.map(\.code) == ["E0201", "E0227"])
    #expect(found.first?.place?.span.start == 25)
  }

  @Test func anUnreadableCharacterIsOneError() {
    #expect(TreeText.codes("let a = 1 $ 2\nlet b = 2") == ["E0101"])
  }

  @Test func aMissingValueIsReportedOnItsLine() {
    let found = TreeText.parse("let a = \nlet b = 2").diagnostics
    #expect(found.map(\.code) == ["E0201"])
    #expect(found.first?.place?.span.start == 6)
  }

  @Test func theWholeTreeIsThereWhenNothingIsWrong() {
    #expect(TreeText.parse("a\nb\nc").tree.statements.count == 3)
  }
}
