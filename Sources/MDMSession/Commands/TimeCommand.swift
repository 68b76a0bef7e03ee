import MDMSyntax

/// `:time EXPR`.
enum TimeCommand {
  static let command = CellCommand(
    name: ":time", usage: ":time EXPR", summary: "Runs it and says how long it took."
  ) { argument, evaluator, result in
    guard !argument.isEmpty else {
      return result.refuse(":time takes what to run", hint: "write :time sum(0..1000)")
    }
    let start = Stopwatch.now
    let run = evaluator.run(argument)
    let taken = Stopwatch.now - start
    result = run
    guard run.status != .rejected else { return }
    evaluator.session.machine.options.output(
      "\(DurationText.text(taken.wall)), of the processor \(DurationText.text(taken.processor))\n")
  }
}
