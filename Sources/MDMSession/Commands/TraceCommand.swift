import MDMBuiltins
import MDMSyntax

/// `:trace`.
enum TraceCommand {
  static let command = CellCommand(
    name: ":trace", usage: ":trace", summary: "The last error, with every call that was open."
  ) { _, evaluator, result in
    guard let (diagnostic, frames) = evaluator.lastError else {
      result.page = Presentation(text: "nothing has failed yet")
      return
    }
    var bare = diagnostic
    bare.trace = []
    var text = DiagnosticRenderer().render(bare)
    for (depth, frame) in frames.enumerated() {
      let (line, column) = frame.source.position(of: Int(frame.span.start))
      let code = CellCommands.trimmed(frame.source.line(line))
      text += "  \(depth + 1)  `\(frame.function)` at \(frame.source.name):\(line):\(column)\n"
      if !code.isEmpty { text += "       \(code)\n" }
    }
    while text.last == "\n" { text.removeLast() }
    result.page = Presentation(text: text)
  }
}
