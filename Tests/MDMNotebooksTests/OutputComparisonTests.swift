import MDMJSON
import MDMNotebooks
import Testing

/// Stored outputs beside those of a new run.
@Suite struct OutputComparisonTests {
  private func differences(
    _ old: String, _ new: String, tolerance: Double = 1e-6
  ) -> [String] {
    OutputComparison(tolerance: tolerance).differences(
      [.stream(name: "stdout", text: old)], [.stream(name: "stdout", text: new)])
  }

  @Test(
    arguments: [
      ("reward 0.5000001", "reward 0.5"), ("a  1.0\nb 10.0\n", "a 1\nb   10\n"), ("nan", "nan"),
      ("1e-13", "0"), ("[1, 2.5e3]", "[1, 2500.001]"), ("x\n", "x"),
    ]) func numbersAreComparedAsNumbers(_ old: String, _ new: String)
  {
    #expect(differences(old, new) == [])
  }

  @Test(
    arguments: [
      ("reward 0.51", "reward 0.5"), ("a 1", "b 1"), ("1\n2", "1\n3"), ("1", "1\n2"), ("nan", "1"),
      ("x1", "x2"), ("1e999", "5"), ("lr 1e-7", "lr 5e-7"),
    ]) func everythingElseIsNot(_ old: String, _ new: String)
  {
    #expect(differences(old, new).count == 1)
  }

  @Test func aDifferenceNamesItsPlace() {
    #expect(
      differences("a\nscore 0.5 x\n", "a\nscore 0.75 x\n") == [
        "output 1: line 2 differs\n  was: score 0.5 x\n  is:  score 0.75 x"
      ])
  }

  @Test func plotsAreComparedByTheirData() throws {
    func plot(_ data: String, _ picture: String) throws -> NotebookOutput {
      .display(
        data: [
          .init(name: "image/png", value: .string(picture)),
          .init(
            name: "application/vnd.mdm.plot+json",
            value: try JSONNode(parsing: Array(data.utf8))),
        ], metadata: [])
    }
    let comparison = OutputComparison()
    let old = try plot(#"{"title": "t", "y": [1, 2]}"#, "aGk=")
    #expect(
      comparison.differences([old], [try plot(#"{"title": "t", "y": [1.0000001, 2]}"#, "aaaa")])
        == [])
    #expect(
      comparison.differences([old], [try plot(#"{"title": "t", "y": [1, 3]}"#, "aGk=")])
        == ["output 1: the plot.y[1]: 2 became 3"])
    #expect(
      comparison.differences([old], [try plot(#"{"title": "t", "y": [1]}"#, "aGk=")])
        == ["output 1: the plot.y: 2 elements became 1"])
  }

  @Test func kindsAndCountsOfOutputs() {
    let text = NotebookOutput.stream(name: "stdout", text: "1")
    let error = NotebookOutput.error(name: "E0404", value: "x", traceback: [])
    let comparison = OutputComparison()
    #expect(comparison.differences([text], []) == ["output 1, text for stdout, is gone"])
    #expect(comparison.differences([], [error]) == ["output 1, the error E0404, is new"])
    #expect(
      comparison.differences([text], [error])
        == ["output 1: it was text for stdout and is the error E0404"])
  }
}

/// `mdm nb diff`.
@Suite struct NotebookDifferenceTests {
  private func difference(_ before: String, _ after: String) -> String {
    NotebookDifference(
      Notebook(script: before), Notebook(script: after), comparison: OutputComparison()
    ).text
  }

  @Test func equalNotebooksDiffer() {
    #expect(difference("# %%\nx\n", "# %%\nx\n").isEmpty)
  }

  @Test func aChangedLineIsShownWithItsNeighbours() {
    #expect(
      difference("# %% Run\na\nb\nc\nd\n", "# %% Run\na\nb\nC\nd\n")
        == "cell 1 (Run)\n  b\n- c\n+ C\n  d\n")
  }

  @Test func cellsComeGoAndMove() {
    let before = "# %%\nfirst\n\n# %%\nsecond\n\n# %%\nthird\n"
    #expect(
      difference(before, "# %%\nfirst\n\n# %%\nnew\n\n# %%\nsecond\n\n# %%\nthird\n")
        == "cell 2 is new\n+ new\n")
    #expect(difference(before, "# %%\nfirst\n\n# %%\nthird\n") == "cell 2 is gone\n- second\n")
  }

  @Test func outputsAndMetadata() {
    var (before, after) = (Notebook(script: "# %%\nx\n"), Notebook(script: "# %% slow=true\nx\n"))
    before.cells[0].outputs = [.stream(name: "stdout", text: "1")]
    after.cells[0].outputs = [.stream(name: "stdout", text: "2")]
    let text = NotebookDifference(before, after, comparison: OutputComparison()).text
    #expect(text.contains("+ {\"slow\":true}") && text.contains("  is:  2"))
    #expect(!NotebookDifference(before, after, comparison: nil).text.contains("is:"))
  }
}
