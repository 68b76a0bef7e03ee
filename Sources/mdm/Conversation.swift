import MDMREPL
import MDMSession
import MDMSyntax

/// What the line editor talks to: chunks go to the session, commands are answered here.
final class Conversation: REPLSession {
  private let front: FrontEnd
  private var chunks = 0
  /// Whether any chunk failed, for the exit status of a pipe.
  private(set) var hasFailed = false

  init(_ front: FrontEnd) { self.front = front }

  func completions(of line: String, at cursor: Int) -> (from: Int, candidates: [String]) {
    let found = Completion.candidates(in: line, at: cursor, session: front.session)
    return (found.from, found.candidates)
  }

  func completeness(of text: String) -> InputCompleteness {
    switch Parser.completeness(of: text) {
    case .complete: .complete
    case .incomplete(let depth): .incomplete(indent: 2 * depth)
    case .invalid: .invalid
    }
  }

  func evaluate(_ text: String) {
    chunks += 1
    Interrupts.reset()
    let source = SourceText(name: "repl[\(chunks)]", text: text)
    let outcome = front.session.run(source, form: .chunk)
    front.progress.clear()
    switch outcome {
    case .finished(let value):
      if !value.isNone { Terminal.write(front.session.display(value) + "\n") }
    case .rejected, .failed: hasFailed = true
    }
  }

  func command(_ text: String) -> Bool {
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first else { return false }
    if first.hasPrefix("?") {
      let name = first.count > 1 ? String(first.dropFirst()) : words.dropFirst().first ?? ""
      answer(name)
      return true
    }
    switch first {
    case ":help", ":h": answer(words.dropFirst().first ?? "")
    case ":names": Terminal.write(front.session.bindings.joined(separator: "  ") + "\n")
    case ":quit", ":q", ":exit": Exit.now(Exit.success)
    default:
      guard first.hasPrefix(":") else { return false }
      Terminal.write("there is no command \(first); :help lists them\n")
    }
    return true
  }

  func interrupt() { front.session.interrupt.requestInterrupt() }

  private func answer(_ name: String) {
    if name.isEmpty {
      Terminal.write(
        """
        ?name        what a function does, with an example
        :names       what this session has bound
        :quit        leave (or Ctrl-D)
        |> f(…)      at the start of a line takes the last value, also called _
        Ctrl-C       ends a running training with its partial result; again: aborts
        Functions by family:

        """)
      for (family, names) in front.session.families {
        Terminal.write("  \(family): \(names.joined(separator: " "))\n")
      }
      for (module, functions) in front.session.standardModules {
        let names = functions.map { "\(module).\($0.name)" }
        Terminal.write("  use \(module): \(names.joined(separator: " "))\n")
      }
    } else if let help = front.session.help(name) {
      Terminal.write(help + "\n")
    } else {
      Terminal.write("nothing is called \(name); :help lists the functions\n")
    }
  }
}
