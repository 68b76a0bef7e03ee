import ArgumentParser
import MDMLanguageServer
import MDMRuntime
import MDMSession

/// `mdm editors FOLDER`: the files of the repository that are made from the lexer's tables.
struct EditorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "editors",
    abstract: "Write what editors and Jupyter know of the language's words.",
    shouldDisplay: false)

  @ArgumentParser.Argument(help: "The repository's folder.") var folder: String

  func run() throws {
    let front = FrontEnd()
    for file in EditorFiles.all {
      let path = folder + "/" + file.path
      do throws(ScriptError) {
        try FileText.makeFolder(above: path)
      } catch {
        front.refuse(error)
      }
      front.write(file.text, toFile: path)
      front.write(path + "\n")
    }
    Exit.now(Exit.success)
  }
}
