import MDMREPL
import Testing

@Suite struct InputSplitterTests {
  /// Complete when all brackets are closed.
  let splitter = InputSplitter { text in
    let open = text.count { "{(".contains($0) } - text.count { "})".contains($0) }
    return open > 0 ? .incomplete(indent: 2 * open) : open < 0 ? .invalid : .complete
  }

  @Test func inputsOfSeveralLinesStayTogether() {
    #expect(splitter.inputs(of: "f(\n1)\n\ng()\n") == ["f(\n1)", "g()"])
  }

  @Test func aLineThatContinuesBelongsToTheOneBefore() {
    #expect(splitter.inputs(of: "x\n  |> f\n  .y\nz") == ["x\n  |> f\n  .y", "z"])
  }

  @Test func commandsStandAlone() {
    #expect(splitter.inputs(of: ":help (\n?f\nx") == [":help (", "?f", "x"])
  }

  @Test func invalidAndUnfinishedInputsAreHandedOn() {
    #expect(splitter.inputs(of: ")\nf(") == [")", "f("])
  }
}
