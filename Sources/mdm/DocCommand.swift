import ArgumentParser
import MDMSession

/// `mdm doc`: the reference of all functions as Markdown; docs/reference/functions.md is its output.
struct DocCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doc", abstract: "Print the reference of all functions as Markdown.")

  func run() throws { Terminal.write(FrontEnd().session.referencePage) }
}
