import ArgumentParser
import MDMNotebooks
import MDMSession

/// `mdm nb convert`: a notebook in the other form.
struct NotebookConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Convert between .mdm and .ipynb, without loss, or to .html.",
    discussion: """
      Cells, ids, titles, tags and metadata go both ways. Outputs have no place in a script: in an
      .ipynb that is there already they stay at the cells whose text is the same.
      """)

  @Argument(help: "The notebook.") var input: String
  @Argument(help: "Where the other form goes; by default beside it.") var output: String?
  @Flag(help: "Write no outputs, and keep none.") var withoutOutputs = false

  func run() throws {
    let files = NotebookFiles(front: FrontEnd())
    var notebook = files.read(input)
    let isScript = !input.hasSuffix(".ipynb")
    let stem = input.hasSuffix(".mdm") ? String(input.dropLast(4)) : input
    let target =
      output ?? (isScript ? stem + ".ipynb" : String(input.dropLast(".ipynb".count)) + ".mdm")
    if withoutOutputs {
      notebook = notebook.withoutOutputs
    } else if isScript, target.hasSuffix(".ipynb"), FileText.exists(target) {
      notebook.takeOutputs(
        from: files.read(target, hint: "--without-outputs writes over what is there"))
    }
    files.write(notebook, to: target, from: input)
  }
}
