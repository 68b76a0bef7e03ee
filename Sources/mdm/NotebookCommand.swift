import ArgumentParser

/// `mdm nb`: notebooks without Python.
struct NotebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nb",
    abstract: "Run, test, compare, convert and make notebooks (.mdm and .ipynb).",
    subcommands: [
      NotebookRunCommand.self, NotebookTestCommand.self, NotebookDiffCommand.self,
      NotebookConvertCommand.self, NotebookNewCommand.self,
    ])
}
