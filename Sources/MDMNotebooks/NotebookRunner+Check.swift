import MDMSession
import MDMSyntax

/// Errors are found before the first cell runs, not after an hour of training.
extension NotebookRunner {
  /// What is wrong with one cell.
  public struct Fault: Sendable {
    /// The position of the cell among all cells, from 0.
    public let index: Int
    /// Errors and warnings, placed in `cell[N]` as running the cell would say it.
    public let diagnostics: [Diagnostic]
  }

  /// Checks all cells that a run would run, each as if those before it had run: syntax, names, calls
  /// and modules.
  ///
  /// Cells tagged `raises-exception` may be wrong, and those tagged `skip-execution` are not looked
  /// at; later cells may use the names of both. Call it before ``run(_:afterCell:)``.
  public func check(_ notebook: Notebook) -> [Fault] {
    var check = InputCheck(
      cells.session, named: Self.cellPrefix, allowsShell: options.allowsShell)
    var faults: [Fault] = []
    for (index, cell) in notebook.cells.enumerated() where cell.kind == .code {
      if !cell.isRun || cell.tags.contains("raises-exception") {
        check.pass(cell.source, runs: cell.isRun)
        continue
      }
      let diagnostics = check.check(cell.source)
      if !diagnostics.isEmpty { faults.append(Fault(index: index, diagnostics: diagnostics)) }
    }
    return faults
  }
}
