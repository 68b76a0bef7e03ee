import MDMREPL
import Testing

@Suite struct PromptTextTests {
  let text = PromptText()

  @Test func shownTextTurnsBackIntoPlainText() {
    let input = "fn f(x) {\n  x + 1\n}"
    let shown = Array(text.shown(input).unicodeScalars)
    #expect(shown.count == input.unicodeScalars.count + 2 * 5)
    #expect(text.plain(shown).text == input)
  }

  @Test func cursorsLeaveOutPrompts() {
    let shown = Array(text.shown("ab\ncd").unicodeScalars)
    #expect(text.plain(shown, cursor: 2).cursor == 2)
    #expect(text.plain(shown, cursor: 8).cursor == 3)
    #expect(text.plain(shown, cursor: shown.count).cursor == 5)
  }

  @Test func anIntactTextNeedsNoMending() {
    let shown = Array(text.shown("ab\ncd").unicodeScalars)
    #expect(text.mended(shown, cursor: shown.count, previousCursor: 0) == nil)
  }

  @Test func deletingIntoAPromptJoinsTheLines() {
    var shown = Array(text.shown("ab\n  cd").unicodeScalars)
    shown.remove(at: 7)  // the blank before the indent, as backspace at the line's start does
    let mended = text.mended(shown, cursor: 7, previousCursor: 8)
    #expect(mended.map { String(String.UnicodeScalarView($0.text)) } == "ab  cd")
    #expect(mended?.cursor == 2)
  }

  @Test func movingLeftIntoAPromptGoesToTheLineBefore() {
    let shown = Array(text.shown("ab\ncd").unicodeScalars)
    #expect(text.mended(shown, cursor: 7, previousCursor: 8)?.cursor == 2)
  }

  @Test func movingRightIntoAPromptGoesBehindIt() {
    let shown = Array(text.shown("ab\ncd").unicodeScalars)
    #expect(text.mended(shown, cursor: 3, previousCursor: 2)?.cursor == 8)
  }
}
