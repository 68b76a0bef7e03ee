import ArgumentParser
import MDMReference
import MDMRuntime
import MDMSession
import MDMSyntax

/// `mdm doc [NAME|FILE]`: the reference of built-in functions, or of a user's module.
///
/// docs/reference/functions.md is its output without arguments.
struct DocCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case markdown, html, json }

  static let configuration = CommandConfiguration(
    commandName: "doc",
    abstract: "Print the reference of all functions, of one, or of a script's doc comments.",
    discussion: """
      mdm doc                      all built-in functions and the standard library
      mdm doc mean                 one function; stats.zscore, stats and strings work too
      mdm doc boxes.mdm            what a script documents with its ## lines; nothing of it runs
      """)

  @ArgumentParser.Argument(help: "A function, family, module, or a .mdm file.") var name: String?
  @Option(help: "markdown, html (one page that needs nothing else) or json.")
  var format: Format = .markdown
  @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file.", valueName: "file"))
  var output: String?

  func run() throws {
    let front = FrontEnd()
    let reference = reference(front)
    let text =
      switch format {
      case .markdown: reference.markdown
      case .html: reference.html
      case .json: reference.json
      }
    if let output { front.write(text, toFile: output) } else { front.write(text) }
  }

  private func reference(_ front: FrontEnd) -> Reference {
    guard let name else { return .builtIn(front.session) }
    if name.hasSuffix(".mdm") || name == "-" || name.contains("/") { return module(name, front) }
    let all = Reference.builtIn(front.session)
    if let found = all.only(name) { return found }
    let near = SpellingSuggestion.nearest(to: name, among: all.names)
    front.refuse(
      ScriptError(
        "E0812", "nothing is called `\(name)`",
        hint: near.map { "did you mean `\($0)`?" } ?? "mdm doc lists all; a script ends in .mdm"))
  }

  private func module(_ path: String, _ front: FrontEnd) -> Reference {
    let source = front.source(path)
    let parsed = Parser.parse(source)
    let errors = parsed.diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else {
      front.session.report(errors)
      Exit.now(Exit.usage)
    }
    return Reference(of: parsed.tree)
  }
}
