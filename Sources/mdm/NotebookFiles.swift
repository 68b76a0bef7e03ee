import MDMNotebooks
import MDMRuntime
import MDMSession
import MDMSyntax

/// Reads and writes notebooks by the ending of their names.
struct NotebookFiles {
  let front: FrontEnd

  /// The notebook in a file: `.ipynb`, or a script with `# %%` cells. Ends the program where it is
  /// none, or is for another language.
  ///
  /// - Parameter hint: what to do about a file that is no notebook.
  func read(_ path: String, hint: String? = nil) -> Notebook {
    do throws(ScriptError) { return try load(path, hint: hint) } catch { front.refuse(error) }
  }

  /// The same, with the error.
  func load(_ path: String, hint: String? = nil) throws(ScriptError) -> Notebook {
    let text = try text(path)
    return path.hasSuffix(".ipynb") ? try parse(text, path, hint) : Notebook(script: text)
  }

  private func text(_ path: String) throws(ScriptError) -> String {
    guard let text = try FileText.read(path, largest: Self.largest, called: "a notebook") else {
      throw ScriptError("E0801", "there is no file \(path)")
    }
    return text
  }

  /// What is wrong with the cells, found before any of them runs; each diagnostic tells its cell.
  func check(
    _ notebook: Notebook, of path: String, with runner: NotebookRunner
  ) -> [Diagnostic] {
    let faults = runner.check(notebook)
    guard !faults.isEmpty else { return [] }
    var lines: [Int] = []
    if !path.hasSuffix(".ipynb"), let text = try? text(path) {
      lines = Notebook.firstLines(ofScript: text)
    }
    let findings = faults.flatMap { fault in
      fault.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        let title = notebook.cells[fault.index].title.map { ", \($0)" } ?? ""
        let cell = "cell \(fault.index + 1) of \(path)\(title)"
        let isOwn = diagnostic.place.map { $0.source.name.hasPrefix("cell[") } ?? true
        if isOwn, lines.indices.contains(fault.index) {
          let line = diagnostic.place.map { $0.source.position(of: Int($0.span.start)).line } ?? 1
          diagnostic.notes.append("in \(cell): line \(lines[fault.index] + line - 1) of the file")
        } else {
          diagnostic.notes.append("in \(cell)")
        }
        return diagnostic
      }
    }
    return Self.shortened(findings)
  }

  /// A name that every cell gets wrong is not told a hundred times.
  private static func shortened(_ findings: [Diagnostic]) -> [Diagnostic] {
    var errors = 0
    var shown = findings.filter { finding in
      if finding.severity == .error { errors += 1 }
      return finding.severity != .error || errors <= Checker.maximumErrors
    }
    if errors > Checker.maximumErrors, let last = shown.lastIndex(where: { $0.severity == .error })
    {
      shown[last].notes.append("… and \(errors - Checker.maximumErrors) errors more")
    }
    return shown
  }

  /// The folder of a path, with `/` at its end; empty for the current one.
  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// Outputs make notebooks large.
  private static let largest = 512 << 20

  private func parse(
    _ text: String, _ path: String, _ hint: String?
  ) throws(ScriptError) -> Notebook {
    do throws(NotebookError) {
      let notebook = try Notebook(ipynb: Array(text.utf8))
      if let language = notebook.language, language != "mdm" {
        throw NotebookError(
          "its cells are written in \(NotebookError.quoted(language)), not in mdm",
          hint: "mdm nb new FILE makes a notebook for mdm")
      }
      return notebook
    } catch {
      throw ScriptError(
        "E0815", "\(path) cannot be used: \(error.message)", hint: hint ?? error.hint)
    }
  }

  /// Writes a notebook whole or not at all; an error ends the program.
  ///
  /// - Parameter input: the notebook's own file, beside which its pictures are.
  func write(_ notebook: Notebook, to path: String, from input: String) {
    let folder = Self.folder(of: input)
    front.write(
      text(of: notebook, for: path, folder.isEmpty ? "./" : folder), toFile: path)
  }

  private func text(of notebook: Notebook, for path: String, _ folder: String) -> String {
    if path.hasSuffix(".ipynb") { return String(decoding: notebook.ipynb, as: UTF8.self) }
    if path.hasSuffix(".mdm") { return notebook.script }
    if path.hasSuffix(".html") {
      let name = path.split(separator: "/").last.map { String($0.dropLast(5)) } ?? ""
      return NotebookPage(notebook, name: name, folder: folder).html
    }
    front.refuse(
      ScriptError(
        "E0815", "\(path) names no kind of notebook", hint: "end the path in .ipynb, .mdm or .html")
    )
  }
}
