import MDMJSON
import MDMNotebooks
import MDMSession
import Testing

/// Notebooks run without Jupyter.
@Suite struct NotebookRunnerTests {
  private func run(
    _ script: String, _ options: NotebookRunner.Options = .init()
  ) -> (notebook: Notebook, ending: NotebookRunner.Ending) {
    var notebook = Notebook(script: script)
    let ending = NotebookRunner(options).run(&notebook) { _, _, _ in }
    return (notebook, ending)
  }

  private func text(_ output: NotebookOutput) -> String? {
    if case .stream(_, let text) = output { return text }
    return output.data?["text/plain"]?.text
  }

  @Test func cellsShareNamesAndKeepWhatTheyShow() {
    let (notebook, ending) = run("# %%\nlet x = 20\nprint(x)\nprint(x + 1)\n\n# %%\nx * 2\n")
    #expect(ending == .finished)
    #expect(notebook.cells[0].outputs == [.stream(name: "stdout", text: "20\n21\n")])
    #expect(
      notebook.cells[1].outputs == [
        .result(count: 2, data: [.init(name: "text/plain", value: .string("40"))], metadata: [])
      ])
    #expect(notebook.cells.map(\.executionCount) == [1, 2])
  }

  @Test func anErrorEndsTheRunAndIsKept() {
    let (notebook, ending) = run("# %%\n[1][5]\n\n# %%\nprint(1)\n")
    #expect(ending == .failed(cell: 1, .failed))
    guard case .error(let name, let value, let lines)? = notebook.cells[0].outputs.last else {
      Issue.record("\(notebook.cells[0].outputs)")
      return
    }
    #expect(name == "E0404" && value.contains("5") && lines.joined().contains("cell[1]:1"))
    #expect(notebook.cells[1].outputs.isEmpty && notebook.cells[1].executionCount == nil)
  }

  @Test func someCellsMayFail() {
    let script = "# %% tags=[\"raises-exception\"]\nerror(\"x\")\n\n# %%\nprint(1)\n"
    #expect(run(script).ending == .finished)
    var options = NotebookRunner.Options()
    options.keepsGoing = true
    let (notebook, ending) = run("# %%\nerror(\"x\")\n\n# %%\nprint(1)\n", options)
    #expect(ending == .failed(cell: 1, .failed) && !notebook.cells[1].outputs.isEmpty)
  }

  @Test func parametersReplaceDefaults() {
    var options = NotebookRunner.Options()
    options.parameters = ["steps": "7"]
    let (notebook, _) = run(
      "# %%\nparam steps: Int = 3, \"how many\"\n\n# %%\nsteps * 2\n", options)
    #expect(text(notebook.cells[1].outputs[0]) == "14")
    #expect(NotebookRunner.parameters(of: notebook).map(\.name) == ["steps"])
  }

  @Test func aCellHasATimeLimit() {
    var options = NotebookRunner.Options()
    options.cellTimeLimit = 0.1
    let (notebook, ending) = run("# %%\nprint(1)\nwhile true { }\n\n# %%\n2\n", options)
    #expect(ending == .timeLimit(cell: 1))
    #expect(notebook.cells[0].outputs.first == .stream(name: "stdout", text: "1\n"))
  }

  @Test func theWholeNotebookHasATimeLimit() {
    var options = NotebookRunner.Options()
    options.timeLimit = 0.2
    options.keepsGoing = true
    let (notebook, ending) = run(
      "# %%\nwhile true { }\n\n# %%\nwhile true { }\n", options)
    #expect(ending == .timeLimit(cell: 1) && notebook.cells[1].outputs.isEmpty)
  }

  @Test func theNotebookIsHandedOutBehindEveryCell() {
    var notebook = Notebook(script: "# %%\n1\n\n# %%\n2\n")
    var seen: [[Int?]] = []
    _ = NotebookRunner(.init()).run(&notebook) { notebook, _, _ in
      seen.append(notebook.cells.map(\.executionCount))
    }
    #expect(seen == [[1, nil], [1, 2]])
  }

  @Test func aPlotCarriesPicturesTextAndData() {
    let (notebook, _) = run("# %%\nplot([1, 4, 9])\n")
    let data = notebook.cells[0].outputs.first?.data ?? []
    #expect(
      data.map(\.name) == [
        "image/svg+xml", "image/png", "application/vnd.mdm.plot+json", "text/plain",
      ])
    let series = data["application/vnd.mdm.plot+json"]?["chart"]?["series"]?.elements?.first
    #expect(series?["y"] == .array([.number(1), .number(4), .number(9)]))
  }

  @Test func aNameReplacesWhatWasShownUnderIt() {
    let (notebook, _) = run(
      "# %%\nfor i in 0..5 { display(i, id: \"step\") }\nclear_output(wait: true)\n")
    #expect(notebook.cells[0].outputs.compactMap(text) == ["4"])
    let (cleared, _) = run("# %%\nprint(1)\nclear_output()\nprint(2)\n")
    #expect(cleared.cells[0].outputs.compactMap(text) == ["2\n"])
  }

  @Test func aLaterCellReplacesWhatAnEarlierOneShows() {
    let (notebook, _) = run(
      "# %%\nprint(0)\ndisplay(1, id: \"a\")\n\n# %%\ndisplay(2, id: \"a\")\n")
    #expect(notebook.cells[0].outputs.compactMap(text) == ["0\n", "2"])
    #expect(notebook.cells[1].outputs.isEmpty)
    let (cleared, _) = run(
      "# %%\ndisplay(1, id: \"a\")\nclear_output()\n\n# %%\ndisplay(2, id: \"a\")\n")
    #expect(cleared.cells[0].outputs.isEmpty && cleared.cells[1].outputs.compactMap(text) == ["2"])
  }

  /// What was replaced takes no room.
  @Test func onlyTheLastOfManyUpdatesCounts() {
    var options = NotebookRunner.Options()
    options.outputLimit = 1000
    let (notebook, _) = run(
      "# %%\nfor i in 0..100 { display(\"a\" * 100 + str(i), id: \"x\") }\n", options)
    #expect(notebook.cells[0].outputs.compactMap(text).map { $0.hasSuffix("a99") } == [true])
  }

  @Test func tooManyDisplaysAreLeftOutAndSaidSo() {
    var options = NotebookRunner.Options()
    options.outputLimit = 2000
    let (notebook, ending) = run(
      "# %%\nfor i in 0..1000 { display(i) }\nprint(\"end\")\nerror(\"still here\")\n", options)
    let outputs = notebook.cells[0].outputs
    #expect(ending == .failed(cell: 1, .failed) && outputs.count < 100)
    #expect(outputs.compactMap(text).contains("end\n"))
    #expect(outputs.compactMap(text).contains { $0.hasPrefix("pictures or tables were left out") })
    #expect(outputs.contains { if case .error = $0 { true } else { false } })
  }

  @Test func nothingRunsWhenTheTimeIsOver() {
    var options = NotebookRunner.Options()
    options.timeLimit = 1e-9
    let (notebook, ending) = run("# %%\nprint(1)\n", options)
    #expect(ending == .timeLimit(cell: 1) && notebook.cells[0].outputs.isEmpty)
  }

  @Test func aRunThatIsStoppedEndsBehindItsCell() {
    var options = NotebookRunner.Options()
    options.isStopped = { true }
    let (notebook, ending) = run("# %%\nprint(1)\n\n# %%\nprint(2)\n", options)
    #expect(ending == .interrupted(cell: 1))
    #expect(notebook.cells.map { $0.outputs.count } == [1, 0])
  }

  @Test func tooMuchOutputIsCutAndSaidSo() {
    var options = NotebookRunner.Options()
    options.outputLimit = 1 << 20
    let (notebook, ending) = run("# %%\nfor i in 0..200 { print(\"a\" * 10_000) }\n", options)
    let output = text(notebook.cells[0].outputs[0]) ?? ""
    #expect(ending == .finished && output.utf8.count < 1 << 20 + 200)
    #expect(output.hasSuffix("… this cell's output was cut here, at 1 MiB\n"))
  }

  @Test func aShellNeedsLeave() {
    let (_, ending) = run("# %%\n:!echo hi\n")
    #expect(ending == .failed(cell: 1, .rejected))
  }

  @Test func outputsStayWithCellsThatStay() {
    let (old, _) = run("# %%\n1\n\n# %%\n2\n")
    var new = Notebook(script: "# %%\n0\n\n# %%\n2\n")
    new.takeOutputs(from: old)
    #expect(new.cells[0].outputs.isEmpty && new.cells[1].outputs == old.cells[1].outputs)
  }
}
