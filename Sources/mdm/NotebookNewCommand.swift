import ArgumentParser
import MDMNotebooks
import MDMRuntime
import MDMSession

/// `mdm nb new`: a notebook to begin with.
struct NotebookNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a notebook to begin with.")

  @Argument(help: "Its name, ending in .mdm or .ipynb.") var output: String

  private static let script = """
    # %% [markdown]
    # # What do I want to find out?
    # One sentence, and the number that would answer it.

    # %% Settings
    param steps: Int = 20, "optimiser steps"

    # %% Train on a mixture
    let suite = load("mini")
    let run = train(policy("mini"), uniform(suite), steps: steps, evaluate: 0)
    curves([run])

    """

  func run() throws {
    let files = NotebookFiles(front: FrontEnd())
    guard !FileText.exists(output) else {
      files.front.refuse(
        ScriptError("E0815", "\(output) is there already", hint: "choose another name"))
    }
    files.write(Notebook(script: Self.script), to: output, from: output)
  }
}
