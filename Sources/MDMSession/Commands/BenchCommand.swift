import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// `:bench EXPR`.
enum BenchCommand {
  static let command = CellCommand(
    name: ":bench", usage: ":bench EXPR",
    summary: "Runs it many times: median and spread of one run, and its processor time.", run: run)

  /// How long measuring takes, apart from an expression that takes longer itself.
  private static let seconds = 1.0
  private static let mostSamples = 400
  private static let fewestSamples = 5
  /// A sample is at least so long: the clock and the call then weigh nothing.
  private static let shortestSample = 0.002

  @Sendable private static func run(
    _ argument: String, _ evaluator: CellEvaluator, _ result: inout CellResult
  ) {
    guard !argument.isEmpty else {
      return result.refuse(":bench takes what to run", hint: "write :bench sum(0..1000)")
    }
    // The expression alone first: messages then point into what was written.
    let source = SourceText(name: "\(evaluator.prefix)[\(evaluator.count)]", text: argument)
    let (_, diagnostics) = evaluator.session.check(source, form: .chunk)
    result.diagnostics += diagnostics
    guard result.error == nil else {
      result.status = .rejected
      return
    }
    do throws(ScriptError) {
      let loop = try function(argument, evaluator)
      let empty = try function("none", evaluator)
      try measure(loop, empty, evaluator, &result)
    } catch {
      result.diagnostics.append(error.diagnostic)
      result.status = CellEvaluator.status(.failed(error.kind))
    }
  }

  /// A function that runs a text so many times.
  private static func function(
    _ text: String, _ evaluator: CellEvaluator
  ) throws(ScriptError) -> FunctionHandle {
    let wrapped = "fn(runs__) { for run__ in 0..runs__ {\n\(text)\n} }"
    let source = SourceText(name: "\(evaluator.prefix)[\(evaluator.count)]", text: wrapped)
    let (tree, diagnostics) = evaluator.session.check(source, form: .chunk)
    if let first = diagnostics.first(where: { $0.severity == .error }) {
      throw ScriptError(.error, first)
    }
    return try evaluator.session.machine.run(tree)
  }

  private static func measure(
    _ loop: FunctionHandle, _ empty: FunctionHandle, _ evaluator: CellEvaluator,
    _ result: inout CellResult
  ) throws(ScriptError) {
    let machine = evaluator.session.machine
    func time(_ function: FunctionHandle, _ runs: Int) throws(ScriptError) -> Stopwatch {
      let start = Stopwatch.now
      _ = try machine.call(function, [.int(Int64(runs))])
      return Stopwatch.now - start
    }
    let begin = Stopwatch.now
    // The first run fills caches; it is measured only where there may be no second one.
    let first = try time(loop, 1)
    var runs = 1
    var probe = first.wall > shortestSample ? first : try time(loop, 1)
    while probe.wall < shortestSample, runs < 1 << 30 {
      let factor = probe.wall > 0 ? shortestSample / probe.wall * 1.2 : 100
      runs = max(runs * 2, Int(Double(runs) * min(factor, 100)))
      probe = try time(loop, runs)
    }
    var samples = first.wall > shortestSample ? [] : [probe]
    var isInterrupted = false
    do throws(ScriptError) {
      while samples.count < mostSamples {
        let spent = (Stopwatch.now - begin).wall
        if samples.count >= fewestSamples, spent > seconds { break }
        if samples.count >= 1, spent > 10 * seconds { break }
        samples.append(try time(loop, runs))
        if spent > 0.2 { machine.options.live("\(samples.count) samples of \(runs) runs") }
      }
    } catch {
      guard error.kind == .interrupt, !samples.isEmpty else { throw error }
      isInterrupted = true
    }
    machine.options.live("")
    // What the loop itself takes is no part of the expression.
    var turns: [Double] = []
    if !isInterrupted { for _ in 0..<3 { turns.append(try time(empty, runs).wall) } }
    let turn = turns.sorted().dropFirst().first ?? 0
    let walls = samples.map { max(0, ($0.wall - turn) / Double(runs)) }.sorted()
    let processors = samples.map { max(0, ($0.processor - turn) / Double(runs)) }.sorted()
    result.status = isInterrupted ? .interrupted : .finished
    result.page = page(walls, processors, runs: runs)
  }

  private static func page(
    _ walls: [Double], _ processors: [Double], runs: Int
  ) -> Presentation {
    func quantile(_ share: Double) -> Double { walls[Int(share * Double(walls.count - 1))] }
    let median = quantile(0.5)
    let processor = processors[processors.count / 2]
    let threads =
      median > 0 && processor > 1.5 * median
      ? " (\(DurationText.decimal(processor / median, 1)) threads)" : ""
    let times = runs == 1 ? "1 run" : "\(runs) runs"
    return Presentation(
      text: """
        median \(DurationText.text(median)), \
        half of the runs between \(DurationText.text(quantile(0.25))) and \
        \(DurationText.text(quantile(0.75))), fastest \(DurationText.text(walls[0]))
        processor \(DurationText.text(processor))\(threads); \
        \(walls.count) \(walls.count == 1 ? "sample" : "samples") of \(times)
        """)
  }
}
