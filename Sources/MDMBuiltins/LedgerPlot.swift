import MDMDeclarations
import MDMPlots
import MDMRuntime
import MDMTraining

/// `ledger_plot`: what became of a mixture, as bars.
enum LedgerPlot {
  static let function = NativeFunction(
    FunctionSignature(
      "ledger_plot",
      [
        ParameterDeclaration("run", .domain("Run"), "A run, a partial one too."),
        ParameterDeclaration("title", .string, default: "\"\"", "Shown above the picture."),
      ], returns: .domain("Plot"), family: TrainingBuiltins.name,
      "Draws each domain's share of what was asked, drawn, learned from, of tokens and of the gradient.",
      examples: [
        Example(
          "ledger_plot(train(policy(\"mini\"), uniform(load(\"mini\")), steps: 1, evaluate: 0))",
          prints: "Plot \"What became of the mixture, 1 step\"")
      ])
  ) { call in
    let run = try call.domain(0, as: RunValue.self).run
    let rows = run.ledger.rows
    let title = try call.string(1)
    let parts: [(String, (Ledger.Row) -> Double)] = [
      ("asked", \.asked), ("drawn", \.drawn), ("with a gradient", \.taughtShare),
      ("their tokens", \.tokenShare), ("pull on the loss", \.pullShare),
    ]
    // A share of nothing has no bar.
    let groups = parts.map { name, read in
      BarChart.Group(name, bars: rows.map { BarChart.Bar(read($0).isFinite ? read($0) : 0) })
    }
    return .domain(
      PlotValue(
        Figure(
          title: title.isEmpty
            ? "What became of the mixture, \(run.steps) step\(run.steps == 1 ? "" : "s")" : title,
          content: .bars(
            BarChart(
              categories: rows.map(\.domain), groups: groups, axis: Axis("share"), mark: .bar)))))
  }
}
