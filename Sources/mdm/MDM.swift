import ArgumentParser

/// The executable: REPL without arguments, else a verb, a script or `-e CODE`.
@main
struct MDM: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "mdm",
    abstract: "Find the data mixture that a vision-language model should be trained on.",
    discussion: """
      mdm                     start the REPL
      mdm FILE [--name v]     run a script; --help after FILE lists its parameters
      mdm -e CODE             run CODE; -p CODE also prints its value
      mdm -                   run standard input
      """,
    version: "mdm \(version)",
    subcommands: [
      RunCommand.self, CheckCommand.self, TestCommand.self, FmtCommand.self, DocCommand.self,
      ExplainCommand.self, NotebookCommand.self, KernelCommand.self, RunsCommand.self,
      ServeCommand.self,
      LSPCommand.self, EditorsCommand.self, REPLCommand.self,
    ],
    defaultSubcommand: REPLCommand.self
  )

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parseAsRoot(withVerb(arguments))
      try command.run()
    } catch {
      // ArgumentParser says 64 for a usage error; mdm says 2 for all that is wrong before it runs.
      guard exitCode(for: error).rawValue == 64 else { exit(withError: error) }
      Terminal.write(fullMessage(for: error) + "\n", to: 2)
      Exit.now(Exit.usage)
    }
  }

  // A script, `-`, `-e` or `-p` may stand where a verb would.
  private static func withVerb(_ arguments: [String]) -> [String] {
    guard let first = arguments.first else { return [] }
    let verbs = configuration.subcommands.map { $0._commandName } + ["help"]
    let isOption = first.hasPrefix("-") && !["-", "-e", "-p"].contains(first)
    return verbs.contains(first) || isOption ? arguments : ["run"] + arguments
  }
}
