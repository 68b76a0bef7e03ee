import MDMNotebooks
import Testing

/// Cells are checked before any of them runs, and only what is certain is reported.
@Suite struct NotebookCheckTests {
  /// `cell:line:column code` of each error; the cell counts from 1 among those that run.
  private func errors(_ cells: String..., options: NotebookRunner.Options = .init()) -> [String] {
    let script = cells.map { $0.hasPrefix("# %%") ? $0 : "# %%\n" + $0 }.joined(separator: "\n\n")
    return NotebookRunner(options).check(Notebook(script: script + "\n")).flatMap { fault in
      fault.diagnostics.filter { $0.severity == .error }.map { error in
        guard let (source, span) = error.place else { return error.code }
        let position = source.position(of: Int(span.start))
        return "\(source.name):\(position.line):\(position.column) \(error.code)"
      }
    }
  }

  private let raises = "# %% tags=[\"raises-exception\"]\n"
  private let skipped = "# %% tags=[\"skip-execution\"]\n"

  @Test func aWrongNameInTheLastCellIsFound() {
    #expect(errors("let x = 1", "let y = x", "\nprnt(y)") == ["cell[3]:2:1 E0301"])
    #expect(errors("let x = (", "x + nope") == ["cell[1]:1:9 E0202", "cell[2]:1:5 E0301"])
  }

  @Test func cellsSeeWhatEarlierOnesDeclare() {
    #expect(
      errors(
        "use experiments\nparam n: Int = 3\nlet [a, ..rest] = [1, 2]\nvar v = 1",
        "let a = n\nv = a",
        "fn f(x) { x }\nrest\nexperiments", "f(v)\n_\n_1", "let f = 3\nf", "f + 1") == [])
  }

  @Test func callsOfEarlierFunctionsAreChecked() {
    #expect(errors("fn f(a, b = 1) { a }", "f(1, c: 2)") == ["cell[2]:1:6 E0352"])
    #expect(errors("fn f(a) { a }", "let f = fn(..x) { x }", "f(1, 2)") == [])
    #expect(errors("use experiments as e", "e.nope") == ["cell[2]:1:3 E0312"])
    #expect(errors("let x = 1", "x = 2", "var x = 2", "x = 3") == ["cell[2]:1:1 E0304"])
  }

  @Test func whatALaterCellDeclaresIsNotThereYet() {
    #expect(errors("x", "let x = 1") == ["cell[1]:1:1 E0301"])
  }

  @Test func cellsThatMayFailAreNotReported() {
    #expect(errors(raises + "let x = nope", "x") == [])
    #expect(errors(raises + "let x = (", "x", "y") == ["cell[3]:1:1 E0301"])
  }

  @Test func namesOfSkippedCellsMayBeUsed() {
    #expect(errors(skipped + "let x = nope", "x = 2", "y") == ["cell[2]:1:1 E0301"])
  }

  @Test func whatACellMayWriteIsLookedUpInItsTurn() {
    #expect(errors("use \"./nobody.mdm\" as m\nm.f()") == ["cell[1]:1:5 E0313"])
    #expect(
      errors("write_text(\"nobody.mdm\", \"\")", "use \"./nobody.mdm\" as m\nm.f()", "m.g()") == [])
  }

  @Test func commandsAreCheckedToo() {
    #expect(errors(":time let q = 1", "q", "?q", "  :bench q + nope") == ["cell[4]:1:14 E0301"])
    #expect(errors("1", ":tiem 1") == ["E0814"])
    #expect(errors(":!ls") == ["E0814"])
    var options = NotebookRunner.Options()
    options.allowsShell = true
    #expect(errors(":!ls", "use \"./nobody.mdm\" as m", options: options) == [])
  }

  /// What is reported would also be reported by the cell itself, in the same words.
  @Test func aRunWouldSayTheSame() {
    for script in ["# %%\nlet x = 1\n\n# %%\nprnt(x)\n", "# %%\nlet a = 1\n\n# %%\na = 2\n"] {
      var notebook = Notebook(script: script)
      let found = NotebookRunner(.init()).check(notebook).flatMap(\.diagnostics).map(\.message)
      var said: [String] = []
      _ = NotebookRunner(.init()).run(&notebook) { _, _, result in
        said += result.diagnostics.map(\.message)
      }
      #expect(found == said && !found.isEmpty)
    }
  }

  @Test func linesOfAScriptAreKnown() {
    let script = "#!/usr/bin/env mdm\n\n# %% [markdown]\n# a\n\n# %%\n1\n\n# %%\r\n2"
    #expect(Notebook.firstLines(ofScript: script) == [4, 7, 10])
    #expect(Notebook.firstLines(ofScript: "1\n2\n") == [1])
    #expect(Notebook.firstLines(ofScript: "") == [])
  }
}
