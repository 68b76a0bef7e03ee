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
    do throws(ScriptError) {
      guard let text = try FileText.read(path, largest: Self.largest, called: "a notebook") else {
        throw ScriptError("E0801", "there is no file \(path)")
      }
      return path.hasSuffix(".ipynb") ? try parse(text, path, hint) : Notebook(script: text)
    } catch {
      front.refuse(error)
    }
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
    let folder = input.lastIndex(of: "/").map { String(input[...$0]) } ?? "./"
    front.write(text(of: notebook, for: path, folder), toFile: path)
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
