import ArgumentParser
import MDMNotebooks

/// `mdm nb diff`: what differs between two notebooks.
struct NotebookDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what differs between two notebooks.",
    discussion: """
      Cells belong together by their ids, else by their text. Numbers of outputs are compared within
      a tolerance, plots by their data. The exit status is 0 where nothing differs, 1 where something
      does.
      """)

  @Argument(help: "The older notebook, .ipynb or .mdm.") var before: String
  @Argument(help: "The newer one.") var after: String
  @Option(help: "How far apart numbers may be, as a share of the larger one.")
  var tolerance = 1e-6
  @Flag(help: "Compare cells only, not what they show.") var ignoreOutputs = false

  func validate() throws { try NotebookArguments.check(tolerance: tolerance) }

  func run() throws {
    let front = FrontEnd()
    let files = NotebookFiles(front: front)
    // A script has no outputs that could differ.
    let hasOutputs = before.hasSuffix(".ipynb") && after.hasSuffix(".ipynb")
    let difference = NotebookDifference(
      files.read(before), files.read(after),
      comparison: hasOutputs && !ignoreOutputs ? OutputComparison(tolerance: tolerance) : nil)
    guard !difference.text.isEmpty else { Exit.now(Exit.success) }
    front.write(difference.text)
    Exit.now(1)
  }
}
