import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// A line for the prompt itself, such as `:time EXPR`; notebooks and the kernel know them too.
public struct CellCommand: Sendable {
  /// The first word: `:time`, or `?`.
  public let name: String
  /// How it is written: `:time EXPR`.
  public let usage: String
  /// One sentence.
  public let summary: String
  /// Takes what follows the name, and puts what there is to tell into the result.
  let run: @Sendable (_ argument: String, CellEvaluator, inout CellResult) -> Void
  /// The same without the machine, so that it answers on any thread while an input runs; nil for
  /// commands that need it.
  let answer: (@Sendable (_ argument: String, SessionView, inout CellResult) -> Void)?

  /// Whether its argument is code that it runs as an input.
  var takesCode: Bool { [":time", ":bench", ":profile"].contains(name) }

  init(
    name: String, usage: String, summary: String,
    run: @escaping @Sendable (_ argument: String, CellEvaluator, inout CellResult) -> Void
  ) {
    (self.name, self.usage, self.summary) = (name, usage, summary)
    self.run = run
    answer = nil
  }

  init(
    name: String, usage: String, summary: String,
    answer: @escaping @Sendable (_ argument: String, SessionView, inout CellResult) -> Void
  ) {
    (self.name, self.usage, self.summary) = (name, usage, summary)
    run = { answer($0, $1.view, &$2) }
    self.answer = answer
  }
}

extension SessionView {
  /// What an input answers that is a command such as `?name` or `:jobs`, on any thread and while an
  /// input runs; nil where it needs the machine.
  public func answer(_ input: String) -> CellResult? {
    guard let (command, argument) = CellCommands.find(input), let answer = command.answer else {
      return nil
    }
    var result = CellResult(number: 0, status: .finished)
    answer(argument, self, &result)
    return result
  }
}

/// All commands.
public enum CellCommands {
  /// In the order in which `:help` lists them.
  public static let all: [CellCommand] = [
    HelpCommands.inspect, HelpCommands.help, DocCommand.command, ExampleCommand.command,
    HelpCommands.names, JobsCommand.command, WhyCommand.command, TimeCommand.command,
    BenchCommand.command,
    ProfileCommand.command, TraceCommand.command, ReloadCommand.command, HistoryCommand.command,
    SaveCommand.command, ShellCommand.command, HelpCommands.quit,
  ]

  /// Other ways to write a command.
  private static let aliases = [":h": ":help", ":q": ":quit", ":exit": ":quit"]

  /// Whether an input is for the prompt itself.
  public static func isCommand(_ text: String) -> Bool {
    guard let first = text.first(where: { !$0.isWhitespace }) else { return false }
    return first == ":" || first == "?"
  }

  /// The command that an input begins with, and what follows it.
  static func find(_ text: String) -> (CellCommand, argument: String)? {
    guard isCommand(text) else { return nil }
    let line = trimmed(text)
    if line.hasPrefix("?") { return (HelpCommands.inspect, String(line.dropFirst())) }
    if line.hasPrefix(":!") {
      return all.first { $0.name == ":!" }.map { ($0, trimmed(line.dropFirst(2))) }
    }
    let word = line.prefix { !$0.isWhitespace }
    let name = aliases[String(word)] ?? String(word)
    return all.first { $0.name == name }.map { ($0, trimmed(line.dropFirst(word.count))) }
  }

  /// The error for an input that looks like a command, and is none.
  static func unknown(_ text: String) -> Diagnostic? {
    guard isCommand(text), find(text) == nil else { return nil }
    let word = trimmed(text).prefix { !$0.isWhitespace }
    let near = SpellingSuggestion.nearest(to: String(word), among: all.map(\.name))
    return Diagnostic(
      code: "E0814", "there is no command \(word)",
      hint: near.map { "did you mean `\($0)`?" } ?? ":help lists the commands")
  }

  static func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}

extension CellResult {
  /// Says that a command could not do its work.
  mutating func refuse(_ message: String, hint: String? = nil) {
    status = .rejected
    diagnostics.append(Diagnostic(code: "E0814", message, hint: hint))
  }
}
