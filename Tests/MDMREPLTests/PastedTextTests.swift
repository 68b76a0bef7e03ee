import MDMREPL
import Testing

@Suite struct PastedTextTests {
  let pasted = PastedText()

  @Test func aSessionLosesItsPromptsAndOutput() {
    let text = "mdm> fn g(y) {\n...>   y * 2\n...> }\n3\nmdm> g(1)\n2\n"
    #expect(pasted.clean(text) == "fn g(y) {\n  y * 2\n}\ng(1)")
  }

  @Test func aSessionOfIPythonLosesItsPromptsAndOutput() {
    let text = "In [3]: f(\n   ...:   1)\nOut[3]: 5\n\nIn [14]: g()\n"
    #expect(pasted.clean(text) == "f(\n  1)\ng()")
  }

  @Test func aSessionOfPythonLosesItsPromptsAndOutput() {
    let text = ">>> for x in xs {\n...   f(x)\n... }\n1\n...\n>>> y\n"
    #expect(pasted.clean(text) == "for x in xs {\n  f(x)\n}\ny")
  }

  @Test func anIndentedSessionIsKnownToo() {
    #expect(pasted.clean("    mdm> 1 + 1\n    2\n") == "1 + 1")
  }

  @Test func aScriptStaysAsItIs() {
    #expect(pasted.clean("let a = 1\r\n\r\nlet b = 2\r\n") == "let a = 1\n\nlet b = 2")
    #expect(pasted.clean("..5\n...> x") == "..5\n...> x")
  }

  @Test func controlCharactersHaveNoPlaceInAnInput() {
    #expect(pasted.clean("a\u{7}\tb\u{1b}[1mc") == "a  b[1mc")
  }
}
